using System.Text.Json;
using System.Text.Json.Nodes;
using Bifrost.Admin.Bodies;
using Bifrost.Admin.Http;
using Bifrost.Configuration;
using Bifrost.Core.Contracts;
using Bifrost.Core.World;
using Bifrost.Governance.Estimates;
using Bifrost.Observability.RequestLog;
using Bifrost.Observability.Stores;
using Bifrost.Wire.Canonical;
using FieldKind = Bifrost.Admin.Bodies.FieldKind;

namespace Bifrost.Admin.Logs;

/// <summary>
/// Costs in the log, computed again with the prices that hold now. Only the log changes, and what it adds up to: the ledger says what was charged when the
/// call was made, which is what budgets were kept by and callers were told, and that stays as it was. The answer says by how much the two differ from now on.
/// </summary>
internal sealed class RepriceRoutes(LogParts log)
{
    private const int Usual = 200;
    private const int Most = 1000;
    private const int MostCounted = 100_000;

    private static readonly Shape Asked = new(
        "RecalculateCost",
        [
            new("filters", FieldKind.Json, "Which requests: the parameters of the list, as an object of texts, numbers or lists."),
            new("limit", FieldKind.Whole, $"Requests to look at: {Usual}, at most {Most}.") { Least = 1, Most = Most },
            new("after", FieldKind.Text, "`next_after` of the answer before: goes on there."),
            new("all", FieldKind.Flag, "Those too that have a cost already. Usual: only those without."),
            new("dry_run", FieldKind.Flag, "Only says what would change."),
        ]
    );

    public IEnumerable<Route> All() =>
        [
            new("POST", "/api/logs/recalculate-cost", "Computes costs in the log again, with the prices that hold now.", RepriceAsync)
            {
                Group = LogRoutes.Group,
                Body = Asked,
                BodyOptional = true,
                Answer =
                    "`total_matched`, `updated`, `skipped` (by reason in `skipped_by`), `unchanged`, `remaining`, `next_after` while there are any, and "
                    + "`cost_before`, `cost_after` of what was updated. The ledger and budgets stay as they are.",
                Refusals = [400, 413, 415],
            },
        ];

    private async Task<Reply> RepriceAsync(Call call)
    {
        var mistakes = new List<Mistake>();
        var filter = call.Body.Json("filters").Value is { } filters ? Filter(filters, mistakes) : new LogFilter();
        if (mistakes.Count > 0)
        {
            return Reply.Bad(mistakes);
        }

        filter = call.Body.Flag("all").Value is true ? filter : filter with { MissingCostOnly = true };
        var limit = (int)(call.Body.Whole("limit").Value ?? Usual);
        var after = call.Body.Text("after").Value;
        var matched = after is null ? await log.Store.CountAsync(filter, MostCounted, call.Cancel) : (long?)null;
        LogPage page;
        try
        {
            page = await log.Store.PageAsync(new LogPageQuery(filter, LogSort.Time, Descending: false, limit, after), call.Cancel);
        }
        catch (FormatException) when (after is not null)
        {
            return Reply.Bad("after", $"{Shown.Quoted(after)} is no `next_after` of an answer to this.");
        }

        var tally = new Tally();
        foreach (var row in page.Rows)
        {
            tally.Add(row, PriceOf(row));
        }

        if (tally.Repriced.Count > 0 && call.Body.Flag("dry_run").Value is not true)
        {
            await log.Store.RepriceAsync(tally.Repriced, call.Cancel);
        }

        return Reply.Ok(tally.View(page, matched, matched == MostCounted));
    }

    private PastCost PriceOf(LogRow row) =>
        row is { Provider: { } provider, SentModel: { } model, Lane: not null } && Words.TryGetValue(row.Operation, out var operation)
            ? log.Price(
                new PastCall(provider, model, operation, Micros.Time(row.At), UsageOf(row))
                {
                    ProviderKey = row.ProviderKeyId,
                    VirtualKey = row.VirtualKeyId,
                    Failed = row.Status != LogStatus.Success,
                    AudioTokens = row.AudioTokens,
                }
            )
            : new PastCost(null, PastDoubt.NoPrice);

    private static Usage UsageOf(LogRow row) =>
        new()
        {
            InputTokens = row.InputTokens,
            OutputTokens = row.OutputTokens,
            CachedReadTokens = row.CachedReadTokens,
            CachedWriteTokens = row.CachedWriteTokens,
            ReasoningTokens = row.ReasoningTokens,
            Images = row.Images,
            VideoSeconds = row.VideoMilliseconds / 1000.0,
            ComputeSeconds = row.ComputeMilliseconds / 1000.0,
            Estimated = row.Estimated,
        };

    private static LogFilter Filter(JsonElement filters, List<Mistake> mistakes)
    {
        if (filters.ValueKind != JsonValueKind.Object)
        {
            mistakes.Add(new Mistake("filters", "is no object. Write the parameters of the list as its members."));
            return new LogFilter();
        }

        var given = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var member in filters.EnumerateObject())
        {
            if (!FilterReading.Parameters.Any(p => p.Admits(member.Name)))
            {
                var question = NearMiss.Question(member.Name, FilterReading.Parameters.Select(static p => p.Name));
                mistakes.Add(new Mistake($"filters.{Shown.Short(member.Name)}", $"there is no such filter.{question}"));
                continue;
            }

            given[member.Name] =
                member.Value.ValueKind == JsonValueKind.Array
                    ? [.. member.Value.EnumerateArray().Select(static v => v.ToString())]
                    : [member.Value.ToString()];
        }

        var wrong = new List<Mistake>();
        var filter = new FilterReading(given, wrong).Read();
        mistakes.AddRange(wrong.Select(static m => m with { Path = $"filters.{m.Path}" }));
        return filter;
    }

    private static readonly Dictionary<string, Operation> Words = Enum.GetValues<Operation>().ToDictionary(static o => o.Word());

    /// <summary>What came of it, row by row.</summary>
    private sealed class Tally
    {
        private readonly SortedDictionary<string, int> _skipped = new(StringComparer.Ordinal);
        private long _before;
        private long _after;
        private int _unchanged;

        public List<RepricedRow> Repriced { get; } = [];

        public void Add(LogRow row, PastCost cost)
        {
            if (cost.Charge is not { } charge)
            {
                var reason = WordOf(cost.Doubt!.Value);
                _skipped[reason] = _skipped.GetValueOrDefault(reason) + 1;
            }
            else if (row.Cost == charge.Nanodollars && row.PriceVersion == charge.PriceVersion)
            {
                _unchanged++;
            }
            else
            {
                Repriced.Add(new RepricedRow(row.Id, charge.Nanodollars, charge.PriceVersion ?? "", CostText.Of(charge.Lines)));
                _before += row.Cost ?? 0;
                _after += charge.Nanodollars;
            }
        }

        public JsonObject View(LogPage page, long? matched, bool isCapped)
        {
            var skipped = _skipped.Values.Sum();
            return new JsonObject
            {
                ["total_matched"] = matched,
                ["total_matched_capped"] = isCapped,
                ["updated"] = Repriced.Count,
                ["skipped"] = skipped,
                ["skipped_by"] = new JsonObject(_skipped.Select(static s => KeyValuePair.Create(s.Key, (JsonNode?)s.Value))),
                ["unchanged"] = _unchanged,
                ["remaining"] = matched - page.Rows.Count,
                ["next_after"] = page.Next,
                ["cost_before"] = Dollars.Write(_before),
                ["cost_after"] = Dollars.Write(_after),
            };
        }

        private static string WordOf(PastDoubt doubt) =>
            doubt switch
            {
                PastDoubt.NoPrice => "no_price",
                PastDoubt.Settings => "depends_on_settings",
                PastDoubt.Quantities => "quantities_not_kept",
                _ => "unknown_hardware",
            };
    }
}
