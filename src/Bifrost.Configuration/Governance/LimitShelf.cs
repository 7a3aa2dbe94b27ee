using System.Text.Json.Nodes;
using Bifrost.Configuration.Documents;
using Bifrost.Governance.Objects;

namespace Bifrost.Configuration.Governance;

/// <summary>
/// The budgets and rate limits that stand apart from what they limit, and the reader of both kinds. One limit has one owner: shared by two, it
/// would be two limits or be counted twice.
/// </summary>
internal sealed class LimitShelf
{
    private readonly Findings _findings;
    private readonly Dictionary<string, SectionReading> _budgets;
    private readonly Dictionary<string, SectionReading> _rates;
    private readonly Dictionary<string, string> _owners = new(StringComparer.Ordinal);

    public LimitShelf(SectionReading governance, Findings findings)
    {
        _findings = findings;
        _budgets = ById(governance.Sections("budgets"), "budget");
        _rates = ById(governance.Sections("rate_limits"), "rate limit");
    }

    /// <param name="owner">What is limited.</param>
    /// <param name="kind">Of the owner, and the field by which a budget names an owner: <c>team</c> and <c>team_id</c>.</param>
    /// <param name="id">Of the owner.</param>
    /// <param name="pointer">The field of a separate budget that names this owner, or null.</param>
    /// <param name="aligned">Whether what is above the owner follows the calendar.</param>
    public OwnedLimits Of(SectionReading owner, string kind, string id, string? pointer, bool aligned = false)
    {
        var found = new Found(owner.Flag("calendar_aligned") ?? aligned);
        foreach (var (name, at) in Named(owner))
        {
            Take(_budgets, name, at, owner.Path, "budget", s => Add(found, s, Id(s, kind, id)));
        }

        foreach (var (name, section) in _budgets.Where(b => pointer is not null && Pointer(b.Value, pointer) == id))
        {
            Take(_budgets, name, section.PathOf(pointer!), owner.Path, "budget", s => Add(found, s, name));
        }

        IEnumerable<SectionReading> within = owner.Section("budget") is { } one
            ? [one, .. owner.Sections("budgets")]
            : owner.Sections("budgets");
        foreach (var section in within)
        {
            Add(found, section, Id(section, kind, id));
        }

        var rate = owner.Section("rate_limit");
        if (owner.Text("rate_limit_id") is { } reference)
        {
            Take(_rates, reference, owner.PathOf("rate_limit_id"), owner.Path, "rate limit", s => rate = s);
        }

        if (rate is not null)
        {
            found.Written.Add(LimitText.Compared(rate.Element));
            found.Places.Add(KeyValuePair.Create("rate_limit", rate.Path));
        }

        return new OwnedLimits(found.Budgets, rate is null ? null : Rate(rate, kind, id), found.Written, found.Places);
    }

    /// <summary>Warns of limits that limit nothing.</summary>
    public void WarnOfLeftOvers()
    {
        foreach (var (name, section) in _budgets.Where(b => !_owners.ContainsKey("budget " + b.Key)))
        {
            _findings.Warning($"`{section.Path}` ({JsonPath.Quoted(name)}) is nobody's budget and limits nothing.");
        }

        foreach (var (name, section) in _rates.Where(r => !_owners.ContainsKey("rate limit " + r.Key)))
        {
            _findings.Warning($"`{section.Path}` ({JsonPath.Quoted(name)}) is nobody's rate limit and limits nothing.");
        }
    }

    private static IEnumerable<(string Id, string Path)> Named(SectionReading owner)
    {
        if (owner.Text("budget_id") is { } one)
        {
            yield return (one, owner.PathOf("budget_id"));
        }

        var several = owner.Texts("budget_ids") ?? [];
        for (var i = 0; i < several.Count; i++)
        {
            yield return (several[i], JsonPath.Item(owner.PathOf("budget_ids"), i));
        }
    }

    private static string? Pointer(SectionReading budget, string pointer) =>
        pointer == "provider_config_id" ? budget.Whole(pointer)?.ToString() : budget.Text(pointer);

    private static string Id(SectionReading budget, string kind, string owner) =>
        budget.Text("id") ?? JsonText.StableId("budget", kind, owner, budget.Text("reset_duration") ?? "");

    private void Take(
        Dictionary<string, SectionReading> shelf,
        string name,
        string at,
        string owner,
        string kind,
        Action<SectionReading> use
    )
    {
        if (!shelf.TryGetValue(name, out var section))
        {
            var question = NearMiss.Question(name, shelf.Keys);
            _findings.Mistake(at, $"there is no {kind} {JsonPath.Quoted(name)} in this file.{question}");
        }
        else if (_owners.TryAdd($"{kind} {name}", owner))
        {
            use(section);
        }
        else if (_owners[$"{kind} {name}"] != owner)
        {
            _findings.Mistake(
                at,
                $"the {kind} {JsonPath.Quoted(name)} is that of `{_owners[$"{kind} {name}"]}` already. Give each owner one of its own."
            );
        }
    }

    private void Add(Found found, SectionReading section, string id)
    {
        if (section.Amount("max_limit") is not { } dollars || section.Text("reset_duration") is not { } duration)
        {
            return;
        }

        var nanodollars = dollars <= 9_000_000_000m ? dollars * 1_000_000_000m : -1;
        if (nanodollars <= 0 || nanodollars != decimal.Truncate(nanodollars))
        {
            _findings.Mistake(
                section.PathOf("max_limit"),
                "is no budget. Write dollars: more than 0, at most 9000000000, with at most nine decimals."
            );
            return;
        }

        found.Places.Add(KeyValuePair.Create($"budgets[{found.Budgets.Count}]", section.Path));
        found.Written.Add(LimitText.Compared(section.Element));
        found.Budgets.Add(
            new Budget
            {
                Id = id,
                MaxLimit = (long)nanodollars,
                ResetDuration = duration,
                // What the owner says goes for the periods that a calendar knows.
                CalendarAligned = section.Flag("calendar_aligned") ?? (found.Aligned && LimitText.KnowsCalendar(duration)),
                TimeZone = section.Text("time_zone") ?? "UTC",
                QuarterStartMonth =
                    section.Whole("quarter_start_month") ?? section.Section("reset_config")?.Whole("quarter_start_month") ?? 1,
                Enforcement = section.Text("enforcement") == "hard" ? Enforcement.Hard : Enforcement.Standard,
            }
        );
    }

    private static RateLimit Rate(SectionReading section, string kind, string owner) =>
        new()
        {
            Id = section.Text("id") ?? JsonText.StableId("rate_limit", kind, owner),
            TokenMaxLimit = section.Count("token_max_limit"),
            TokenResetDuration = section.Text("token_reset_duration"),
            RequestMaxLimit = section.Count("request_max_limit"),
            RequestResetDuration = section.Text("request_reset_duration"),
            ConcurrentMaxLimit = section.Count("concurrent_max_limit"),
        };

    private Dictionary<string, SectionReading> ById(IReadOnlyList<SectionReading> sections, string kind)
    {
        var byId = new Dictionary<string, SectionReading>(StringComparer.Ordinal);
        foreach (var section in sections)
        {
            if (section.Text("id") is not { } id)
            {
                if (!section.Has("id"))
                {
                    _findings.Mistake(section.PathOf("id"), $"is missing: a {kind} that stands here is named by it.");
                }
            }
            else if (!byId.TryAdd(id, section))
            {
                _findings.Mistake(
                    section.PathOf("id"),
                    $"{JsonPath.Quoted(id)} is the id of another {kind} too. Give each an id of its own."
                );
            }
        }

        return byId;
    }

    private sealed record Found(bool Aligned)
    {
        public List<Budget> Budgets { get; } = [];

        public JsonArray Written { get; } = [];

        public List<KeyValuePair<string, string>> Places { get; } = [];
    }
}
