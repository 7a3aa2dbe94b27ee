using System.Globalization;
using Bifrost.Wire.Faults;
using Microsoft.AspNetCore.Http;

namespace Bifrost.Providers.Replicate;

/// <summary>Which files are wanted.</summary>
/// <param name="Limit">1 to 10000. Default 10000.</param>
/// <param name="After">A cursor of ours, or the id of the last file seen, or null.</param>
/// <param name="Ascending">Oldest first.</param>
/// <param name="Purpose">Only files with this purpose, or null.</param>
internal sealed record FileQuery(int Limit, string? After, bool Ascending, string? Purpose)
{
    private const int MaxLimit = 10_000;

    public static Outcome<FileQuery> Read(IQueryCollection query)
    {
        var limit = MaxLimit;
        if (
            query.TryGetValue("limit", out var written)
            && (!int.TryParse(written, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > MaxLimit)
        )
        {
            return Fault.Invalid(
                $"`limit` is \"{Clipped(written)}\"; it must be a whole number between 1 and {MaxLimit}.",
                "limit",
                "invalid_value"
            );
        }

        string? order = query["order"];
        return order is null or "asc" or "desc"
            ? new FileQuery(limit, Text(query["after"]), order == "asc", Text(query["purpose"]))
            : Fault.Invalid($"`order` is \"{Clipped(order)}\"; it must be asc or desc.", "order", "invalid_value");
    }

    private static string? Text(string? value) => string.IsNullOrEmpty(value) ? null : value;

    private static string Clipped(string? text) => text is { Length: > 60 } ? $"{text.AsSpan(0, 60)}…" : text ?? "";
}
