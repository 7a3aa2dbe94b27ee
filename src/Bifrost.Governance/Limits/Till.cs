using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Bifrost.Governance.Objects;

namespace Bifrost.Governance.Limits;

/// <summary>
/// Every counter of every limit. One lock guards them all: a call is admitted by all of its limits or by none, and what is shown is what is
/// enforced. Memory only; nothing is awaited under the lock. Thread-safe.
/// </summary>
public sealed partial class Till(TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, BudgetMeter> _budgets = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RateMeter> _rates = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CounterState> _kept = new(StringComparer.Ordinal);
    private readonly Dictionary<(string, bool, string, int), Cadence> _cadences = [];
    private long _lastHold;
    private int _lastKey;

    /// <summary>Makes the counters of one owner's limits, or finds them: usage belongs to the id of a budget or a rate limit, and an edit keeps it.
    /// To edit, open the new limits and then close the old set; calls in flight on either count in the same meters.</summary>
    /// <param name="level">Whose limits.</param>
    /// <param name="ownerName">For refusals and views.</param>
    /// <param name="budgets">With valid durations (<see cref="Cadence.TryRead(Budget, out Cadence?, out string?)"/>), or it throws <see cref="ArgumentException"/>.</param>
    /// <param name="rate">Likewise.</param>
    /// <param name="carried">Gets what an edit moved from one period to another; written down, it is there after a restart.</param>
    public LimitSet Open(
        LimitLevel level,
        string ownerName,
        IReadOnlyList<Budget> budgets,
        RateLimit? rate,
        ICollection<MeterCharge>? carried = null
    )
    {
        lock (_gate)
        {
            var set = new LimitSet(level, ownerName, null);
            Fill(set, budgets, rate, Now(), carried);
            return set;
        }
    }

    /// <summary>The owner or its limits are gone. Counters that no open set needs are forgotten; calls in flight still end properly.</summary>
    public void Close(LimitSet set)
    {
        lock (_gate)
        {
            Drop(set);
        }
    }

    /// <summary>Takes over what was kept of earlier runs, for sets opened before or after. Called once, before the first call.</summary>
    public void Load(IReadOnlyList<CounterState> states)
    {
        lock (_gate)
        {
            foreach (var state in states)
            {
                _kept[state.MeterId] = state;
            }

            var now = Now();
            foreach (var meter in _budgets.Values)
            {
                Restore(meter, now);
            }

            foreach (var meter in _rates.Values)
            {
                Restore(meter, now);
            }
        }
    }

    private long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();

    private void Fill(LimitSet set, IReadOnlyList<Budget> budgets, RateLimit? rate, long now, ICollection<MeterCharge>? carried)
    {
        // Read first: what is written wrongly must leave no trace.
        var cadences = new Cadence[budgets.Count];
        for (var i = 0; i < budgets.Count; i++)
        {
            cadences[i] = CadenceOf(budgets[i]);
        }

        var (tokens, requests) = CadencesOf(rate);

        set.Budgets = budgets.Count == 0 ? [] : new BudgetMeter[budgets.Count];
        for (var i = 0; i < budgets.Count; i++)
        {
            set.Budgets[i] = Meter(budgets[i], cadences[i], set.Part, now, carried);
        }

        set.Rate = rate is null ? null : Meter(rate, tokens, requests, set.Part, now, carried);
    }

    private BudgetMeter Meter(Budget budget, Cadence cadence, string? part, long now, ICollection<MeterCharge>? carried)
    {
        var id = IdOf(budget.Id, part);
        if (_budgets.TryGetValue(id, out var meter))
        {
            if (meter.Redefine(budget, cadence, now) is { } amount)
            {
                carried?.Add(new MeterCharge(KeyOf(meter), meter.Start, meter.Epoch, amount));
            }
        }
        else
        {
            meter = new BudgetMeter(id);
            meter.Define(budget, cadence, now);
            Restore(meter, now);
            _budgets.Add(id, meter);
        }

        meter.Owners++;
        return meter;
    }

    private RateMeter Meter(RateLimit rate, Cadence? tokens, Cadence? requests, string? part, long now, ICollection<MeterCharge>? carried)
    {
        var id = IdOf(rate.Id, part);
        if (_rates.TryGetValue(id, out var meter))
        {
            var moved = meter.Define(rate, tokens, requests, now, _lastHold);
            if (moved.Tokens is { } tokensUsed)
            {
                carried?.Add(new MeterCharge(TokenKeyOf(meter), meter.Tokens.Start, 0, tokensUsed));
            }

            if (moved.Requests is { } requestsUsed)
            {
                carried?.Add(new MeterCharge(RequestKeyOf(meter), meter.Requests.Start, 0, requestsUsed));
            }

            // A limit that was not there at the start finds what was kept of an earlier one.
            Restore(meter, now);
        }
        else
        {
            meter = new RateMeter(id);
            meter.Define(rate, tokens, requests, now, _lastHold);
            Restore(meter, now);
            _rates.Add(id, meter);
        }

        meter.Owners++;
        return meter;
    }

    private void Drop(LimitSet set)
    {
        if (set.Closed)
        {
            return;
        }

        set.Closed = true;
        foreach (var meter in set.Budgets)
        {
            if (--meter.Owners == 0)
            {
                _budgets.Remove(meter.Id);
            }
        }

        if (set.Rate is { } rate && --rate.Owners == 0)
        {
            _rates.Remove(rate.Id);
        }
    }

    /// <param name="meter">Just defined, or with a limit more.</param>
    /// <param name="now">Unix milliseconds.</param>
    /// <param name="peek">What was kept stays, for the meter that will be opened.</param>
    private void Restore(BudgetMeter meter, long now, bool peek = false)
    {
        if (IsKept(meter.Id, peek, out var kept))
        {
            meter.Restore(kept, now);
        }
    }

    private void Restore(RateMeter meter, long now, bool peek = false)
    {
        if (_kept.Count == 0)
        {
            return;
        }

        if (meter.Tokens.Runs && IsKept(TokenId(meter), peek, out var tokens))
        {
            meter.Restore(tokens, MeterUnit.Tokens, now, _lastHold);
        }

        if (meter.Requests.Runs && IsKept(RequestId(meter), peek, out var requests))
        {
            meter.Restore(requests, MeterUnit.Requests, now, _lastHold);
        }
    }

    private bool IsKept(string id, bool peek, out CounterState kept) => peek ? _kept.TryGetValue(id, out kept) : _kept.Remove(id, out kept);

    private Cadence CadenceOf(Budget budget) =>
        CadenceOf(budget.ResetDuration, budget.CalendarAligned, budget.TimeZone, budget.QuarterStartMonth);

    private (Cadence? Tokens, Cadence? Requests) CadencesOf(RateLimit? rate) =>
        (
            rate is { TokenMaxLimit: not null, TokenResetDuration: { } tokens } ? CadenceOf(tokens, false, "UTC", 1) : null,
            rate is { RequestMaxLimit: not null, RequestResetDuration: { } requests } ? CadenceOf(requests, false, "UTC", 1) : null
        );

    /// <summary>One instance for each way of counting time, whoever's limit it is.</summary>
    private Cadence CadenceOf(string duration, bool aligned, string timeZone, int quarterStartMonth)
    {
        var how = (duration, aligned, timeZone, quarterStartMonth);
        if (!_cadences.TryGetValue(how, out var cadence))
        {
            if (!Cadence.TryRead(duration, aligned, timeZone, quarterStartMonth, out cadence, out var mistake))
            {
                throw new ArgumentException(
                    string.Create(CultureInfo.InvariantCulture, $"A limit was not validated: {mistake}."),
                    nameof(duration)
                );
            }

            _cadences.Add(how, cadence);
        }

        return cadence;
    }

    private MeterKey KeyOf(BudgetMeter meter) => meter.Key ??= new MeterKey(meter.Id, ++_lastKey, MeterUnit.Nanodollars);

    private MeterKey TokenKeyOf(RateMeter meter) => meter.TokenKey ??= new MeterKey(TokenId(meter), ++_lastKey, MeterUnit.Tokens);

    private MeterKey RequestKeyOf(RateMeter meter) => meter.RequestKey ??= new MeterKey(RequestId(meter), ++_lastKey, MeterUnit.Requests);

    private static string TokenId(RateMeter meter) => meter.Id + ":tokens";

    private static string RequestId(RateMeter meter) => meter.Id + ":requests";

    private static string IdOf(string id, string? part) => part is null ? id : $"{id}@{part}";
}
