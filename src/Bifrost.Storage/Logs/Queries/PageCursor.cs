using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Bifrost.Observability.Stores;

namespace Bifrost.Storage.Logs.Queries;

/// <summary>Where a page ended: the order, and the place in it of the last row. Rows that come or go meanwhile do not move it.</summary>
internal static class PageCursor
{
    public static string Write(LogSort sort, bool descending, long value, long key) =>
        Base64Url.EncodeToString(
            Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"1.{(int)sort}.{(descending ? 1 : 0)}.{value}.{key}"))
        );

    /// <exception cref="FormatException">It is none of ours, or belongs to another order.</exception>
    public static Place Read(string cursor, LogSort sort, bool descending)
    {
        if (Base64Url.IsValid(cursor))
        {
            var parts = Encoding.ASCII.GetString(Base64Url.DecodeFromChars(cursor)).Split('.');
            if (
                parts.Length == 5
                && parts[0] == "1"
                && parts[1] == ((int)sort).ToString(CultureInfo.InvariantCulture)
                && parts[2] == (descending ? "1" : "0")
                && long.TryParse(parts[3], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
                && long.TryParse(parts[4], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var key)
            )
            {
                return new Place(value, key, descending);
            }
        }

        throw new FormatException("The cursor belongs to another list, or to none.");
    }
}
