using System.Globalization;
using Bifrost.Wire.Canonical.Videos;
using Bifrost.Wire.Faults;
using Microsoft.AspNetCore.Http;

namespace Bifrost.Providers.Replicate;

internal static class VideoQuery
{
    private const int MaxLimit = 100;

    public static Outcome<PageRequest> Read(IQueryCollection query)
    {
        var limit = 20;
        if (
            query.TryGetValue("limit", out var written)
            && (!int.TryParse(written, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > MaxLimit)
        )
        {
            return Fault.Invalid($"`limit` must be a whole number between 1 and {MaxLimit}.", "limit", "invalid_value");
        }

        string? order = query["order"];
        string? after = query["after"];
        return order is null or "asc" or "desc"
            ? new PageRequest(limit, string.IsNullOrEmpty(after) ? null : after, order == "asc")
            : Fault.Invalid("`order` must be asc or desc.", "order", "invalid_value");
    }
}
