using Bifrost.Governance.Limits;
using Bifrost.Governance.Objects;
using Bifrost.Governance.VirtualKeys;
using Microsoft.AspNetCore.Http;

namespace Bifrost.Governance.Tests.Registry;

/// <summary>After a start the counters of a virtual key sleep until somebody asks for them.</summary>
public sealed class SleepTests
{
    private static readonly CounterState Spent = new("b", ARegistry.Noon.ToUnixTimeMilliseconds(), 0, 300_000_000);

    [Fact]
    public async Task What_a_sleeping_key_had_used_counts_when_it_is_first_asked_for()
    {
        using var registry = await AfterARestartAsync(Key("k", "b"));

        Assert.Equal(Spent.Used, UsedBy(registry, "k"));
    }

    [Fact]
    public async Task What_a_sleeping_key_had_used_counts_against_its_next_call()
    {
        var value = VirtualKeyValue.New();
        using var registry = await AfterARestartAsync(ARegistry.AKey("k", value) with { Budgets = [ARegistry.ABudget("b")] });

        var caller = registry.Registry.Find(value.Value, ARegistry.Noon);
        var chain = registry.Registry.ChainFor(caller, "openai", "gpt-4o", "gpt-4o", new HeaderDictionary()).Value!;

        Assert.Null(registry.Till.TryHold(chain.Sets, Costing(800_000_000), [], out _).Fault);
        Assert.NotNull(registry.Till.TryHold(chain.Sets, Costing(1), [], out _).Fault);
    }

    [Fact]
    public async Task What_a_sleeping_key_had_used_is_shown_without_waking_it()
    {
        using var registry = await AfterARestartAsync(Key("k", "b"));
        var budget = registry.Now.VirtualKeys["k"].Budgets[0];

        Assert.Equal(Spent.Used, registry.Till.StandingOf(budget).Used);
        Assert.Equal(Spent.Used, registry.Till.StandingOf(budget).Used);
        Assert.Equal(Spent.Used, UsedBy(registry, "k"));
    }

    [Fact]
    public async Task What_a_sleeping_key_had_asked_for_is_shown_without_waking_it()
    {
        using var registry = await AfterARestartAsync(ARegistry.AKey("k") with { RateLimit = ARegistry.ARate("r") });
        registry.Till.Load([new CounterState("r:requests", ARegistry.Noon.ToUnixTimeMilliseconds(), 0, 3)]);
        var rate = registry.Now.VirtualKeys["k"].RateLimit!;

        Assert.Equal(3, registry.Till.StandingOf(rate).Requests?.Used);
        Assert.Equal(3, registry.Till.StandingOf(rate).Requests?.Used);
        Assert.Equal(3, registry.Registry.LimitsOf(registry.Now.VirtualKeys["k"]).Single(l => l.Kind == LimitKind.Requests).Used);
    }

    [Fact]
    public async Task An_edit_of_a_sleeping_key_keeps_what_was_used()
    {
        using var registry = await AfterARestartAsync(Key("k", "b"));

        await registry.SetAsync(registry.Now.VirtualKeys["k"] with { Description = "edited in its sleep" });

        Assert.Equal(Spent.Used, UsedBy(registry, "k"));
    }

    [Fact]
    public async Task A_budget_that_moves_from_one_sleeping_key_to_another_keeps_what_was_used()
    {
        using var registry = await AfterARestartAsync(Key("k", "b"), Key("other", "c"));
        var (giver, taker) = (registry.Now.VirtualKeys["k"], registry.Now.VirtualKeys["other"]);

        await registry.SetAsync(giver with { Budgets = [] }, taker with { Budgets = giver.Budgets });

        Assert.Equal(Spent.Used, UsedBy(registry, "other"));
    }

    [Fact]
    public async Task A_sleeping_key_that_goes_takes_its_counters_along()
    {
        using var registry = await AfterARestartAsync(Key("k", "b"));

        await registry.DeleteAsync(registry.Now.VirtualKeys["k"]);
        await registry.SetAsync(Key("new", "b"));

        Assert.Equal(0, UsedBy(registry, "new"));
    }

    [Fact]
    public async Task The_first_edit_after_a_start_knows_the_names_and_ids_that_are_taken()
    {
        using var registry = await AfterARestartAsync(Key("k", "b"));

        var mistakes = await registry.TryAsync(ARegistry.Set(Key("l", "b") with { Name = "KEY k" }));

        Assert.Equal(["budgets[0].id", "name"], mistakes.Select(m => m.Path).Order(StringComparer.Ordinal));
    }

    private static async Task<ARegistry> AfterARestartAsync(params VirtualKey[] keys)
    {
        var store = new MemoryObjectStore();
        using (var before = await ARegistry.OpenAsync(store))
        {
            await before.SetAsync([.. keys]);
        }

        var registry = await ARegistry.OpenAsync(store);
        registry.Till.Load([Spent]);
        return registry;
    }

    private static VirtualKey Key(string id, string budget) => ARegistry.AKey(id) with { Budgets = [ARegistry.ABudget(budget)] };

    private static long UsedBy(ARegistry registry, string id) =>
        Assert.Single(registry.Registry.LimitsOf(registry.Now.VirtualKeys[id])).Used;

    private static CallEstimate Costing(long cost) => new() { ExpectedCost = cost, Choices = 1 };
}
