using Bifrost.Governance.Limits;
using Bifrost.Governance.Objects;
using static Bifrost.Governance.Tests.Limits.TillFixture;

namespace Bifrost.Governance.Tests.Limits;

/// <summary>Real threads, all at once.</summary>
public sealed class TillStormTests
{
    private const int Threads = 8;
    private readonly TillFixture _at = new();

    [Fact]
    public async Task Of_a_thousand_concurrent_calls_of_a_cent_exactly_a_hundred_fit_a_dollar()
    {
        var set = _at.Open(Hard(Dollar));
        var admitted = 0;
        await Together(
            1000,
            async (_, charges) =>
            {
                if (_at.Till.TryHold([set], Costs(Cent), charges, out var _).Failed(out var _, out var hold))
                {
                    return;
                }

                Interlocked.Increment(ref admitted);
                await Task.Yield();
                _at.Till.Settle(hold, Cent, 0, charges);
            }
        );

        Assert.Equal(100, admitted);
        Assert.Equal((Dollar, 0), (_at.Used(set), _at.View(set).Reserved));
    }

    [Fact]
    public async Task A_standard_budget_is_passed_by_less_than_one_call_when_estimates_are_right()
    {
        var set = _at.Open(Budget(Dollar));
        await Together(
            2000,
            async (i, charges) =>
            {
                var cost = 1 + i % 7 * Cent / 3;
                if (!_at.Till.TryHold([set], Costs(cost), charges, out var _).Failed(out var _, out var hold))
                {
                    await Task.Yield();
                    _at.Till.Settle(hold, cost, 0, charges);
                }
            }
        );

        Assert.InRange(_at.Used(set), Dollar, Dollar + 2 * Cent);
    }

    [Fact]
    public async Task Whatever_is_held_settled_cut_released_and_edited_at_once_adds_up()
    {
        var keys = new LimitSet[4];
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = _at.Open(
                LimitLevel.VirtualKey,
                $"key-{i}",
                [Budget(50 * Dollar, id: $"k{i}")],
                Rate(1_000_000, 1_000_000, 6, id: $"r{i}")
            );
        }

        var team = _at.Open(LimitLevel.Team, "team", [Hard(20 * Dollar, id: "hard"), Budget(60 * Dollar, "1d", id: "day")]);
        var (paid, requests, tokens, written) = (new long[keys.Length], new long[keys.Length], new long[keys.Length], 0L);
        var most = 0L;
        await Together(
            20_000,
            async (i, charges) =>
            {
                var key = i % keys.Length;
                if (i % 500 == 0)
                {
                    // An edit: the limits come back with the same ids, and the calls in flight go on in them.
                    var again = _at.Open(
                        LimitLevel.VirtualKey,
                        $"key-{key}",
                        [Budget((50 + i % 9) * Dollar, id: $"k{key}")],
                        Rate(1_000_000, 1_000_000, 6, id: $"r{key}")
                    );
                    _at.Till.Close(Interlocked.Exchange(ref keys[key], again));
                }

                var estimate = Costs(i % 5 * Cent / 10, i % 50);
                if (_at.Till.TryHold([Volatile.Read(ref keys[key]), team], estimate, charges, out var _).Failed(out var _, out var hold))
                {
                    return;
                }

                var views = _at.Till.View(team);
                Assert.True(views[0].Used + views[0].Reserved <= 20 * Dollar);
                await Task.Yield();
                var cost = estimate.ExpectedCost;
                if (i % 11 == 0 && _at.Till.Covers(hold, cost + 7))
                {
                    cost += 7;
                }

                var keep = i % 3 == 0;
                _ = i % 4 == 0 ? _at.Till.Release(hold, keep, charges) : _at.Till.Settle(hold, cost, i % 60, charges);
                Interlocked.Add(ref most, 1);
                foreach (var charge in charges)
                {
                    Interlocked.Add(ref written, charge.Meter.Id == "hard" ? charge.Amount : 0);
                }

                if (i % 4 != 0)
                {
                    Interlocked.Add(ref paid[key], cost);
                    Interlocked.Add(ref tokens[key], i % 60);
                }

                Interlocked.Add(ref requests[key], i % 4 != 0 || keep ? 1 : 0);
            }
        );

        Assert.True(most > 1000);
        Assert.Equal(paid.Sum(), written);
        Assert.All(_at.Till.View(team), view => Assert.Equal((paid.Sum(), 0), (view.Used, view.Reserved)));
        for (var i = 0; i < keys.Length; i++)
        {
            Assert.Equal((paid[i], 0), (_at.Used(keys[i]), _at.View(keys[i]).Reserved));
            Assert.Equal((tokens[i], 0), (_at.Used(keys[i], LimitKind.Tokens), _at.View(keys[i], LimitKind.Tokens).Reserved));
            Assert.Equal(requests[i], _at.Used(keys[i], LimitKind.Requests));
            Assert.Equal(0, _at.Used(keys[i], LimitKind.Concurrent));
        }
    }

    [Fact]
    public async Task Values_of_a_dimension_that_come_and_go_never_lose_what_was_spent()
    {
        var limit = new DimensionLimit
        {
            Id = "d",
            Name = "run",
            Header = "x-run",
            Budgets = [Hard(Dollar, "1d")],
        };
        var admitted = new int[5];
        await Together(
            5000,
            async (i, charges) =>
            {
                var set = _at.Till.OpenPart(limit, $"run-{i % 5}").Value!;
                if (!_at.Till.TryHold([set], Costs(Cent), charges, out var _).Failed(out var _, out var hold))
                {
                    await Task.Yield();
                    Interlocked.Increment(ref admitted[i % 5]);
                    _at.Till.Settle(hold, Cent, 0, charges);
                }
            }
        );

        Assert.All(admitted, count => Assert.Equal(100, count));
    }

    private static async Task Together(int calls, Func<int, List<MeterCharge>, Task> call)
    {
        using var start = new Barrier(Threads);
        var next = -1;
        var threads = Enumerable
            .Range(0, Threads)
            .Select(_ =>
                Task.Factory.StartNew(
                        async () =>
                        {
                            start.SignalAndWait();
                            for (var i = Interlocked.Increment(ref next); i < calls; i = Interlocked.Increment(ref next))
                            {
                                await call(i, []);
                            }
                        },
                        CancellationToken.None,
                        TaskCreationOptions.LongRunning,
                        TaskScheduler.Default
                    )
                    .Unwrap()
            )
            .ToList();
        await Task.WhenAll(threads);
    }
}
