using Bifrost.Governance.Limits;
using Bifrost.Governance.Objects;
using Bifrost.Wire.Faults;
using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace Bifrost.Governance.Tests.Limits;

/// <summary>The till does what the sequential model does, step by step, whatever is done in whatever order.</summary>
public sealed class TillModelTests
{
    private static readonly Gen<Step> Steps = Gen.Select(
        Gen.Int[0, 99],
        Gen.Int[0, 9999],
        Gen.Int[0, 9999],
        Gen.Int[0, 9999],
        (k, a, b, c) => new Step(k, a, b, c)
    );

    [Fact]
    public void Any_history_of_calls_cuts_edits_restarts_and_clock_jumps_ends_as_in_the_sequential_model() =>
        Gen.Select(Gen.Int[0, 9999].Array[40], Steps.Array[1, 120])
            .Sample(
                (shape, steps) =>
                {
                    var history = new TillHistory(shape);
                    foreach (var step in steps)
                    {
                        history.Do(step);
                        history.Compare();
                    }
                },
                iter: 3_000,
                print: picked => string.Join(", ", picked.Item2.Select(step => step.ToString()))
            );
}

internal sealed record Step(int Kind, int A, int B, int C);

internal sealed class TillHistory
{
    private static readonly long[] Jumps = [1, 1_000, 600_000, 3_600_000, 5 * 3_600_000, 86_400_000, 40L * 86_400_000];

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(ModelPeriod.First).AddDays(10));
    private readonly SequentialModel _model = new();
    private readonly Dictionary<ModelOwner, (List<Budget> Budgets, RateLimit? Rate, LimitSet Set)> _real = [];
    private readonly Dictionary<ModelCall, Hold> _holds = [];
    private readonly KeptCounters _kept = new();
    private readonly List<MeterCharge> _charges = [];
    private Dictionary<string, Int128> _hardTotals = [];
    private DateTime _latest;
    private Till _till;

    public TillHistory(int[] shape)
    {
        _till = new Till(_clock);
        // A clock of our own, for this one must be able to go back.
        _model.Now = _latest = _clock.GetUtcNow().UtcDateTime;
        var pick = new Queue<int>(shape);
        LimitLevel[] levels =
        [
            LimitLevel.Provider,
            LimitLevel.Model,
            LimitLevel.User,
            LimitLevel.VirtualKey,
            LimitLevel.VirtualKey,
            LimitLevel.Team,
        ];
        for (var i = 0; i < levels.Length; i++)
        {
            AddOwner(levels[i], $"owner-{i}", pick);
        }
    }

    public void Do(Step step)
    {
        var open = _model.Open.Count == 0 ? null : _model.Open[step.A % _model.Open.Count];
        switch (step.Kind)
        {
            case < 45:
                Call(step);
                break;
            case < 60 when open is not null:
                Settle(open, step);
                break;
            case < 67 when open is not null:
                Release(open, step.B % 2 == 0);
                break;
            case < 74 when open is not null:
                Stream(open, step);
                break;
            case < 84:
                Jump(Jumps[step.A % Jumps.Length] * (1 + step.B % 3));
                break;
            case < 87:
                Jump(-Jumps[step.A % 5]);
                break;
            case < 96:
                Edit(step);
                break;
            default:
                Restart();
                break;
        }
    }

    public void Compare()
    {
        var totals = new Dictionary<string, Int128>();
        foreach (var owner in _model.Owners)
        {
            var views = _till.View(_real[owner].Set);
            for (var i = 0; i < owner.Budgets.Count; i++)
            {
                var (budget, view) = (owner.Budgets[i], views[i]);
                Assert.Equal(Nanos(budget.Used), view.Used);
                Assert.Equal(Nanos(_model.Held(budget)), view.Reserved);
                Assert.Equal(Nanos(budget.LimitAt(_model.Now)), view.EffectiveLimit);
                Assert.Equal(budget.Window.End == DateTime.MaxValue ? null : budget.Window.End, view.PeriodEnd?.UtcDateTime);
                NothingPassesHard(budget, view, totals);
            }

            if (owner.Rate is { } rate)
            {
                Same(views, LimitKind.Tokens, rate.Tokens, _model.HeldTokens(rate));
                Same(views, LimitKind.Requests, rate.Requests, 0);
                Assert.Equal(
                    rate.Concurrent is null ? null : _model.Running(rate),
                    views.SingleOrDefault(view => view.Kind == LimitKind.Concurrent)?.Used
                );
            }
        }

        _hardTotals = totals;
    }

    /// <summary>Without asking the model: what is spent and held under a hard limit never grows past it.</summary>
    private void NothingPassesHard(ModelBudget budget, LimitView view, Dictionary<string, Int128> totals)
    {
        var heldAsStandard = _model.Open.Any(call =>
            call.Held.TryGetValue(budget, out var held) && held < call.Most || (call.Held.ContainsKey(budget) && !call.AskedHard)
        );
        if (!budget.Hard || heldAsStandard)
        {
            return;
        }

        var total = (Int128)view.Used + view.Reserved;
        var before = _hardTotals.GetValueOrDefault(view.Id, Int128.MaxValue);
        Assert.True(total <= view.EffectiveLimit || total <= before, $"{view.Id}: {total} of {view.EffectiveLimit}, before {before}");
        totals[view.Id] = total;
    }

    private static void Same(IReadOnlyList<LimitView> views, LimitKind kind, ModelWindow window, long held)
    {
        var view = views.SingleOrDefault(view => view.Kind == kind);
        Assert.Equal(window.Limit, view?.Limit);
        if (view is not null)
        {
            Assert.Equal((long)window.Used, view.Used);
            Assert.Equal(held, view.Reserved);
            Assert.Equal(window.End, view.PeriodEnd?.UtcDateTime ?? DateTime.MaxValue);
        }
    }

    private void Call(Step step)
    {
        var owners = _model.Owners.Where((_, i) => i is not (3 or 4) || i == 3 + step.A % 2).ToList();
        var call = new ModelCall
        {
            Owners = owners,
            ExpectedCost = step.B % 40 * 0.001m,
            ExpectedTokens = step.C % 300,
            Fixed = step.A % 17 == 0 ? null : step.B % 25 * 0.001m,
            PerToken = step.C % 4 * 0.0001m,
            CanLower = step.A % 5 != 0,
            Cap = step.B % 7 == 0 ? null : step.A % 250,
        };
        var estimate = new CallEstimate
        {
            ExpectedCost = Nanos(call.ExpectedCost),
            ExpectedTokens = call.ExpectedTokens,
            MostFixedCost = call.Fixed is { } sure ? Nanos(sure) : null,
            MostPerOutputToken = Nanos(call.PerToken) / 2,
            Choices = 2,
            OutputCap = call.Cap,
            CanLowerCap = call.CanLower,
        };
        var refused = _model.Admit(call);
        var outcome = _till.TryHold([.. owners.Select(owner => _real[owner].Set)], estimate, _charges, out _);
        if (outcome.Failed(out var fault, out var hold))
        {
            Assert.Equal(
                refused,
                $"{Word(fault)} at {_model.Owners.Single(owner => fault.Message.Contains($"'{owner.Name}'", StringComparison.Ordinal)).Name}"
            );
            return;
        }

        Assert.Null(refused);
        Assert.Equal(call.Lowered ? call.Cap : null, hold.OutputCap);
        Assert.Equal(Nanos(call.Estimate), hold.EstimatedCost);
        _holds.Add(call, hold);
    }

    private void Settle(ModelCall call, Step step)
    {
        // A provider keeps to the cap; what it charges in standard mode is anything.
        var cost = call.AskedHard ? call.Most * (step.B % 11) / 10 : call.ExpectedCost * (step.B % 25) / 10;
        Settle(call, decimal.Round(cost, 9, MidpointRounding.ToZero), step.C % 400);
    }

    private void Settle(ModelCall call, decimal cost, long tokens)
    {
        _model.Settle(call, cost, tokens);
        Assert.True(_till.Settle(_holds[call], Nanos(cost), tokens, _charges));
        Ended(call);
    }

    private void Release(ModelCall call, bool keepRequest)
    {
        _model.Release(call, keepRequest);
        Assert.True(_till.Release(_holds[call], keepRequest, _charges));
        Ended(call);
    }

    private void Ended(ModelCall call)
    {
        _kept.Add(_charges);
        Assert.False(_till.Settle(_holds[call], 1_000_000, 1, _charges));
        Assert.Empty(_charges);
        _holds.Remove(call);
    }

    /// <summary>A stream that costs more and more, cut when the money is gone and charged for what came through.</summary>
    private void Stream(ModelCall call, Step step)
    {
        var (paid, cost) = (0m, 0m);
        for (var i = 0; i < 5; i++)
        {
            cost += step.B % 50 * 0.001m;
            var covered = _model.Covers(call, cost);
            Assert.Equal(covered, _till.Covers(_holds[call], Nanos(cost)));
            if (!covered)
            {
                break;
            }

            paid = cost;
        }

        if (step.C % 2 == 0)
        {
            Settle(call, paid, step.C % 100);
        }
    }

    private void Jump(long milliseconds)
    {
        var to = _model.Now.AddMilliseconds(milliseconds);
        if (to < ModelPeriod.First || to > ModelPeriod.First.AddYears(3))
        {
            return;
        }

        _model.Now = to;
        _latest = to > _latest ? to : _latest;
        _clock.AdjustTime(new DateTimeOffset(to));
        _model.TouchAll();
        foreach (var (_, _, set) in _real.Values)
        {
            _ = _till.View(set);
        }
    }

    private void Edit(Step step)
    {
        var owner = _model.Owners[step.A % _model.Owners.Count];
        var (budgets, rate, set) = _real[owner];
        if (owner.Budgets.Count > 0 && step.B % 3 != 0)
        {
            var i = step.B % owner.Budgets.Count;
            budgets[i] = EditBudget(owner.Budgets[i], budgets[i], step);
            _hardTotals.Clear();
        }
        else if (rate is not null)
        {
            rate = EditRate(owner.Rate!, rate, step);
        }

        _charges.Clear();
        var opened = _till.Open(owner.Level, owner.Name, budgets, rate, _charges);
        _kept.Add(_charges);
        _till.Close(set);
        _real[owner] = (budgets, rate, opened);
    }

    private Budget EditBudget(ModelBudget model, Budget budget, Step step)
    {
        switch (step.C % 5)
        {
            case 0:
                model.Limit = 0.001m * (1 + step.B % 500);
                return budget with { MaxLimit = Nanos(model.Limit) };
            case 1:
                model.Hard = !model.Hard;
                return budget with { Enforcement = model.Hard ? Enforcement.Hard : Enforcement.Standard };
            case 2:
                model.Window.Charged.Clear();
                return budget with { UsageEpoch = budget.UsageEpoch + 1 };
            case 3:
                var kind = ModelPeriod.All[step.B % ModelPeriod.All.Length];
                model.Window.Change(kind, _model.Now);
                return budget with { ResetDuration = kind.Written, CalendarAligned = kind.Aligned };
            default:
                int? cycles = step.B % 4 == 0 ? null : step.B % 4;
                model.Override = step.B % 5 == 0 ? null : (0.001m * (step.B % 300), _model.Now, cycles);
                return budget with
                {
                    Override = model.Override is { } granted
                        ? new BudgetOverride(Nanos(granted.Amount), new DateTimeOffset(granted.From), granted.Cycles)
                        : null,
                };
        }
    }

    private RateLimit EditRate(ModelRate model, RateLimit rate, Step step)
    {
        switch (step.C % 4)
        {
            case 0:
                model.Concurrent = step.B % 4 == 0 ? null : step.B % 9;
                break;
            case 1:
                model.Tokens.Limit = step.B % 5 == 0 ? null : 1 + step.B % 3000;
                break;
            case 2:
                model.Requests.Limit = step.B % 5 == 0 ? null : 1 + step.B % 12;
                break;
            default:
                if (model.Requests.Limit is not null)
                {
                    model.Requests.Change(ModelPeriod.All[step.B % 3], _model.Now);
                }

                if (model.Tokens.Limit is not null)
                {
                    model.Tokens.Change(ModelPeriod.All[step.A % 3], _model.Now);
                }

                break;
        }

        return Real(model, rate.Id);
    }

    /// <summary>What was written down is all there is after a restart; with the clock behind, an earlier period may be found running again;
    /// and windows without a limit are not to be seen.</summary>
    private void Restart()
    {
        if (_model.Now < _latest || _model.Owners.Any(owner => owner.Rate is { Tokens.Limit: null } or { Requests.Limit: null }))
        {
            return;
        }

        foreach (var call in _model.Open.ToList())
        {
            Settle(call, call.Estimate, call.ExpectedTokens);
        }

        _till = new Till(_clock);
        foreach (var (owner, (budgets, rate, _)) in _real.ToList())
        {
            _real[owner] = (budgets, rate, _till.Open(owner.Level, owner.Name, budgets, rate));
        }

        _till.Load(_kept.States);
        foreach (var owner in _model.Owners)
        {
            var views = _till.View(_real[owner].Set);
            owner.Budgets.Zip(views).ToList().ForEach(pair => pair.First.Window.Start = pair.Second.PeriodStart!.Value.UtcDateTime);
            if (owner.Rate is { } rate)
            {
                rate.Tokens.Start = views.Single(view => view.Kind == LimitKind.Tokens).PeriodStart!.Value.UtcDateTime;
                rate.Requests.Start = views.Single(view => view.Kind == LimitKind.Requests).PeriodStart!.Value.UtcDateTime;
            }
        }
    }

    private void AddOwner(LimitLevel level, string name, Queue<int> pick)
    {
        var owner = new ModelOwner { Level = level, Name = name };
        var budgets = new List<Budget>();
        for (var i = pick.Dequeue() % 3; i > 0; i--)
        {
            var (size, kind) = (pick.Dequeue(), ModelPeriod.All[pick.Dequeue() % ModelPeriod.All.Length]);
            var model = new ModelBudget
            {
                Limit = 0.001m * (1 + size % 500),
                Hard = size % 2 == 0,
                Window = new ModelWindow { Kind = kind },
            };
            model.Window.Begin(_model.Now);
            owner.Budgets.Add(model);
            budgets.Add(
                new Budget
                {
                    Id = $"{name}-budget-{i}",
                    MaxLimit = Nanos(model.Limit),
                    ResetDuration = kind.Written,
                    CalendarAligned = kind.Aligned,
                    Enforcement = model.Hard ? Enforcement.Hard : Enforcement.Standard,
                    Anchor = new DateTimeOffset(ModelPeriod.First),
                }
            );
        }

        RateLimit? rate = null;
        if (pick.Count > 0 && pick.Dequeue() is var limits && limits % 3 != 0)
        {
            owner.Rate = new ModelRate
            {
                Tokens = new ModelWindow { Kind = ModelPeriod.All[limits % 3], Limit = 200 + limits % 4000 },
                Requests = new ModelWindow { Kind = ModelPeriod.All[limits % 2], Limit = 1 + limits % 15 },
                Concurrent = limits % 4 == 0 ? null : 1 + limits % 6,
            };
            owner.Rate.Tokens.Begin(_model.Now);
            owner.Rate.Requests.Begin(_model.Now);
            rate = Real(owner.Rate, $"{name}-rate");
        }

        _model.Owners.Add(owner);
        _real[owner] = (budgets, rate, _till.Open(level, name, budgets, rate));
    }

    private static RateLimit Real(ModelRate model, string id) =>
        new()
        {
            Id = id,
            TokenMaxLimit = model.Tokens.Limit,
            TokenResetDuration = model.Tokens.Limit is null ? null : model.Tokens.Kind.Written,
            RequestMaxLimit = model.Requests.Limit,
            RequestResetDuration = model.Requests.Limit is null ? null : model.Requests.Kind.Written,
            ConcurrentMaxLimit = model.Concurrent,
            Anchor = new DateTimeOffset(ModelPeriod.First),
        };

    private static string? Word(Fault fault) => fault.Code ?? fault.Rule.Code;

    private static long Nanos(decimal dollars) => (long)(dollars * 1_000_000_000m);
}
