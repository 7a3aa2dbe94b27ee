using System.Globalization;
using System.Text;

namespace Bifrost.Web.VirtualKeys;

/// <summary>Virtual keys as a table for a spreadsheet, without what opens anything.</summary>
internal static class KeyCsv
{
    public static string Of(IEnumerable<VirtualKey> keys, DateTimeOffset now)
    {
        var text = new StringBuilder(
            "id,name,description,status,team,customer,user_id,tags,value_preview,expires_at,created_at,budgets\r\n"
        );
        foreach (var key in keys)
        {
            var budgets = key.Budgets.Select(b =>
                string.Create(CultureInfo.InvariantCulture, $"{b.CurrentUsage} of {b.EffectiveMaxLimit} USD per {b.ResetDuration}")
            );
            string?[] cells =
            [
                key.Id,
                key.Name,
                key.Description,
                key.StateAt(now).ToString().ToLowerInvariant(),
                key.Team?.Name,
                key.Customer?.Name,
                key.UserId,
                string.Join(' ', key.Tags),
                key.ValuePreview,
                key.ExpiresAt?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
                key.CreatedAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
                string.Join("; ", budgets),
            ];
            text.AppendJoin(',', cells.Select(Cell)).Append("\r\n");
        }

        return text.ToString();
    }

    // A spreadsheet must not take a name for a formula.
    private static string Cell(string? text)
    {
        var safe = text is { Length: > 0 } && "=+-@\t\r".Contains(text[0], StringComparison.Ordinal) ? $"'{text}" : text ?? "";
        return $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
