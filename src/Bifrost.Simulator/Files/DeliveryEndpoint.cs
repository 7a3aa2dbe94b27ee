using System.Globalization;

namespace Bifrost.Simulator;

/// <summary>Serves output files the way replicate.delivery does: no token, HEAD and single byte ranges.</summary>
internal sealed class DeliveryEndpoint(DeliveryStore store)
{
    public Reply Get(Call call, string key, string fileName)
    {
        if (store.Find(key, fileName) is not var (recipe, bytes))
        {
            return Reply.Text(404, "Not Found", "text/plain");
        }

        var whole = new Reply
        {
            Status = 200,
            ContentType = recipe.ContentType,
            Body = bytes,
        }
            .With("Accept-Ranges", "bytes")
            .With("Cache-Control", "public, max-age=3600")
            .With("Access-Control-Allow-Origin", "*");
        var asked = call.Request.Header("Range");
        if (asked is null || !asked.StartsWith("bytes=", StringComparison.OrdinalIgnoreCase))
        {
            return whole;
        }

        if (!TryRange(asked[6..], bytes.Length, out var from, out var to))
        {
            return Reply.Empty(416).With("Content-Range", string.Create(CultureInfo.InvariantCulture, $"bytes */{bytes.Length}"));
        }

        var range = string.Create(CultureInfo.InvariantCulture, $"bytes {from}-{to}/{bytes.Length}");
        return (whole with { Status = 206, Body = bytes.AsMemory(from..(to + 1)) }).With("Content-Range", range);
    }

    private static bool TryRange(string text, int length, out int from, out int to)
    {
        from = to = 0;
        if (text.Split('-') is not [var first, var last])
        {
            return false;
        }

        if (first.Length == 0)
        {
            to = length - 1;
            var suffix = int.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0;
            from = Math.Max(0, length - count);
            return suffix;
        }

        to = length - 1;
        var bounded = last.Length == 0 || int.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out to);
        to = Math.Min(to, length - 1);
        return int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out from) && bounded && from <= to;
    }
}
