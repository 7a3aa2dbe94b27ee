using System.Globalization;
using System.Text;
using Bifrost.Web.Parts;
using Microsoft.AspNetCore.WebUtilities;

namespace Bifrost.Web.Logs;

/// <summary>What the address says about the list: filters under the API's own names, so that other pages can link here; the period, the order, the page.</summary>
public sealed class LogQuery
{
    /// <summary>Rows on a page.</summary>
    public const int PageSize = 50;

    /// <summary>Words that prompt or answer hold.</summary>
    public const string Words = "content_search";

    private const string Metadata = "metadata_";

    /// <summary>The filters there are, and what each is called; those of dimensions take many values.</summary>
    public static IReadOnlyList<(string Name, string Title, bool TakesMany)> Filters { get; } =
    [
        (Words, "Words", false),
        ("status", "Status", true),
        ("providers", "Provider", true),
        ("models", "Model", true),
        ("virtual_key_ids", "Virtual key", true),
        ("objects", "Type", true),
        ("selected_key_ids", "Provider key", true),
        ("team_ids", "Team", true),
        ("customer_ids", "Customer", true),
        ("business_unit_ids", "Business unit", true),
        ("user_ids", "User", true),
        ("fault", "Fault", true),
        ("lane", "Lane", true),
        ("stream", "Stream", true),
        ("min_latency", "Latency at least", false),
        ("max_latency", "Latency at most", false),
        ("min_tokens", "Tokens at least", false),
        ("max_tokens", "Tokens at most", false),
        ("min_cost", "Cost at least", false),
        ("max_cost", "Cost at most", false),
        ("missing_cost_only", "Without a cost", false),
    ];

    private readonly List<KeyValuePair<string, string>> _given;
    private readonly bool _hasEnd;

    private LogQuery(List<KeyValuePair<string, string>> given, DateTimeOffset now)
    {
        _given = given;
        // Whole minutes, so that the first picture of a page and the live one ask for the same.
        var minute = new DateTimeOffset(now.Ticks - (now.Ticks % TimeSpan.TicksPerMinute), now.Offset);
        Period = Period.Of(this["period"], this["from"], this["to"], minute);
        _hasEnd = Period.Name is null && this["to"] is not null;
        Sort = this["sort_by"] is "latency" or "tokens" or "cost" ? this["sort_by"]! : "timestamp";
        Descending = this["order"] != "asc";
        Page =
            int.TryParse(this["page"], NumberStyles.None, CultureInfo.InvariantCulture, out var page)
            && page > 1
            && this["after"] is not null
                ? page
                : 1;
        After = Page > 1 ? this["after"] : null;
        Active =
        [
            .. _given.Where(static p =>
                p.Value.Length > 0 && Filters.Any(f => f.Name == p.Key) && (p.Key, p.Value) != ("missing_cost_only", "false")
            ),
            .. _given.Where(static p => p.Value.Length > 0 && p.Key.StartsWith(Metadata, StringComparison.Ordinal)),
        ];
    }

    /// <summary>Name and value of every filter but the period.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Active { get; }

    /// <summary>The stretch of time.</summary>
    public Period Period { get; }

    /// <summary>timestamp, latency, tokens or cost.</summary>
    public string Sort { get; }

    /// <summary>The newest, or the most, first.</summary>
    public bool Descending { get; }

    /// <summary>From one on.</summary>
    public int Page { get; }

    /// <summary>Where the page before ended; null on the first.</summary>
    public string? After { get; }

    /// <summary>Whether rows that come are wanted on top.</summary>
    public bool WantsLive => this["live"] == "true";

    /// <summary>Why new rows cannot come on top, in words; null when they can.</summary>
    public string? NoLive =>
        this[Words] is { Length: > 0 } ? "New requests cannot be searched for words as they come."
        : _hasEnd ? "The period chosen is over."
        : Sort != "timestamp" || !Descending ? "Sort by time, newest first, to follow what comes."
        : Page > 1 ? "Go to the newest to follow what comes."
        : null;

    /// <summary>Whether they come.</summary>
    public bool IsLive => WantsLive && NoLive is null;

    /// <summary>A parameter, or null.</summary>
    public string? this[string name] => _given.FirstOrDefault(p => p.Key == name).Value;

    /// <summary>Filters as the API takes them; the live feed takes no time.</summary>
    public string Filter(bool withTime = true)
    {
        var query = new StringBuilder();
        foreach (var (name, value) in Active)
        {
            query.Append('&').Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value));
        }

        if (withTime)
        {
            query.Append('&').Append(_hasEnd ? Period.Query : Period.Query.Split('&')[0]);
        }

        return query.ToString();
    }

    /// <summary>The same as an object, for a body.</summary>
    public Dictionary<string, string> FilterBody()
    {
        var body = Active.ToDictionary(static a => a.Key, static a => a.Value);
        foreach (var part in (_hasEnd ? Period.Query : Period.Query.Split('&')[0]).Split('&'))
        {
            var at = part.IndexOf('=', StringComparison.Ordinal);
            body[part[..at]] = Uri.UnescapeDataString(part[(at + 1)..]);
        }

        return body;
    }

    /// <summary>Where the rows of this page are. They are not added up with them: that would keep them waiting.</summary>
    public string RowsPath(string? after, int offset = 0, int limit = PageSize) =>
        $"api/logs?limit={limit}&stats=false&sort_by={Sort}&order={(Descending ? "desc" : "asc")}"
        + (after is null ? "" : $"&after={Uri.EscapeDataString(after)}")
        + (offset == 0 ? "" : $"&offset={offset.ToString(CultureInfo.InvariantCulture)}")
        + Filter();

    /// <summary>The values chosen of a filter that takes many.</summary>
    public IReadOnlyList<string> Chosen(string name) => this[name]?.Split(',', StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>The address with something changed; null takes a parameter away.</summary>
    public string With(params (string Name, string? Value)[] changes)
    {
        var kept = _given
            .Where(p => p.Value.Length > 0 && changes.All(c => c.Name != p.Key))
            .Select(static p => (Name: p.Key, (string?)p.Value));
        var all = kept.Concat(changes)
            .Where(static p => p.Item2 is { Length: > 0 })
            .Select(static p => $"{p.Name}={Uri.EscapeDataString(p.Item2!)}");
        var query = string.Join('&', all);
        return query.Length == 0 ? "logs" : $"logs?{query}";
    }

    /// <summary>The first page of another list.</summary>
    public string Other(params (string Name, string? Value)[] changes) =>
        With([("after", null), ("page", null), ("id", null), ("view", null), .. changes]);

    /// <summary>The list without any filter.</summary>
    public string Unfiltered => Other([.. Active.Select(static a => (a.Key, (string?)null))]);

    /// <summary>What makes a list worth coming back to: all but what is opened in it.</summary>
    public string Lasting => Other(("live", null), ("recalculate", null));

    /// <summary>Whether the values of a filter are separated by commas.</summary>
    public static bool TakesMany(string name) => Filters.Any(f => f.Name == name && f.TakesMany);

    /// <summary>Reads an address.</summary>
    public static LogQuery Of(string address, DateTimeOffset now)
    {
        var at = address.IndexOf('?', StringComparison.Ordinal);
        var given = at < 0 ? [] : QueryHelpers.ParseQuery(address[at..].Split('#')[0]);
        return new LogQuery([.. given.Select(static g => KeyValuePair.Create(g.Key, string.Join(',', g.Value.OfType<string>())))], now);
    }
}
