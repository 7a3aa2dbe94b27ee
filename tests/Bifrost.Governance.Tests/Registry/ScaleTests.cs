using System.Diagnostics;
using Bifrost.Governance.Objects;
using Bifrost.Governance.Registry;
using Bifrost.Governance.Stores;

namespace Bifrost.Governance.Tests.Registry;

/// <summary>Virtual keys with a budget, a rate limit and a provider config each, a fifth of the 100,000 that a large installation has (those are in bench/results). Bytes
/// are counted for each key, and alone, so that the bounds can be tight on any machine; bounds of time are wide. What was measured is written out.</summary>
[Collection(Alone)]
public sealed class ScaleTests(ITestOutputHelper output)
{
    private const string Alone = "scale";
    private const int Keys = 20_000;
    private const int Teams = 1_000;

    [Fact]
    public async Task Many_keys_are_small_and_soon_there_and_a_single_edit_stays_small()
    {
        var cancel = TestContext.Current.CancellationToken;
        var store = new MemoryObjectStore();
        var hash = await ImportAsync(store);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var allocatedBefore = GC.GetTotalAllocatedBytes(precise: true);

        var watch = Stopwatch.StartNew();
        using var registry = await ARegistry.OpenAsync(store);
        var start = watch.Elapsed;
        var allocated = (GC.GetTotalAllocatedBytes(precise: true) - allocatedBefore) / Keys;
        var asleep = (GC.GetTotalMemory(forceFullCollection: true) - before) / Keys;
        registry.Registry.List<VirtualKey>(new ListQuery { Limit = 1, OrderBy = ListOrder.BudgetSpent });
        var awake = (GC.GetTotalMemory(forceFullCollection: true) - before) / Keys;
        output.WriteLine(
            $"start {start.TotalMilliseconds:N0} ms; for each key {asleep} bytes, {awake} once all were used, {allocated} allocated"
        );

        var times = new List<double>();
        for (var i = 0; i < 50; i++)
        {
            watch.Restart();
            await registry.SetAsync(registry.Now.VirtualKeys[$"{i:x32}"] with { Description = $"edit {i}" });
            times.Add(watch.Elapsed.TotalMilliseconds);
        }

        output.WriteLine($"single edit, median {times.Order().ElementAt(25):N2} ms, slowest {times.Max():N2} ms");
        watch.Restart();
        registry.Registry.List<VirtualKey>(new ListQuery { Limit = 1 });
        output.WriteLine($"first list {watch.Elapsed.TotalMilliseconds:N0} ms");
        await registry.SetAsync(registry.Now.VirtualKeys[$"{60:x32}"] with { Name = "renamed" });
        watch.Restart();
        var page = registry.Registry.List<VirtualKey>(new ListQuery { Limit = 50, Search = "999" });
        var firstPage = watch.Elapsed;
        watch.Restart();
        registry.Registry.List<VirtualKey>(
            new ListQuery
            {
                Limit = 50,
                Search = "999",
                After = page.Next,
            }
        );
        var nextPage = watch.Elapsed;
        output.WriteLine($"first page after an edit {firstPage.TotalMilliseconds:N0} ms, next {nextPage.TotalMilliseconds:N0} ms");
        watch.Restart();
        var gone = await registry.Registry.ApplyAsync([new Edit(ObjectKinds.Team, "team-1", null)], cancel);
        output.WriteLine($"a team goes {watch.Elapsed.TotalMilliseconds:N1} ms");

        Assert.Empty(gone);
        Assert.Equal(Keys, registry.Now.VirtualKeys.Count);
        Assert.Equal(hash, registry.Now.VirtualKeys[$"{7:x32}"].ValueHash);
        Assert.True(start < TimeSpan.FromSeconds(5), $"The start took {start}.");
        Assert.True(asleep < 1250, $"A key that sleeps takes {asleep} bytes.");
        Assert.True(awake < 1800, $"A key that was used takes {awake} bytes.");
        Assert.True(allocated < 2500, $"To read a key allocates {allocated} bytes.");
        Assert.True(times.Order().ElementAt(25) < 20, "A single edit looks at everything.");
        Assert.True(firstPage < TimeSpan.FromSeconds(2) && nextPage < TimeSpan.FromSeconds(1));
    }

    private async Task<string> ImportAsync(MemoryObjectStore store)
    {
        using var registry = await ARegistry.OpenAsync(store);
        await registry.SetAsync([
            .. Enumerable
                .Range(0, Teams)
                .Select(i => new Team
                {
                    Id = $"team-{i}",
                    Name = $"Team {i}",
                    Budgets = [ARegistry.ABudget($"tb-{i}", 100, "1M")],
                }),
        ]);
        VirtualKey[] keys = [.. Enumerable.Range(0, Keys).Select(AKey)];
        var watch = Stopwatch.StartNew();
        await registry.SetAsync(keys);
        output.WriteLine($"import of {Keys} keys in one go {watch.Elapsed.TotalMilliseconds:N0} ms");
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10));
        return keys[7].ValueHash;
    }

    /// <summary>What others allocate meanwhile would be counted.</summary>
    [CollectionDefinition(Alone, DisableParallelization = true)]
    public sealed class Definition;

    private static VirtualKey AKey(int i) =>
        ARegistry.AKey($"{i:x32}") with
        {
            Name = $"Key {i}",
            TeamId = $"team-{i % Teams}",
            Tags = ["production"],
            Budgets = [ARegistry.ABudget($"{i:x8}-budget-of-a-virtual-key-0000", 10, "1d")],
            RateLimit = ARegistry.ARate($"{i:x8}-rates-of-a-virtual-key-000"),
            ProviderConfigs =
            [
                new VirtualKeyProvider
                {
                    Id = 1,
                    Provider = "openai",
                    Weight = 1,
                    AllowedModels = ["gpt-4o", "gpt-4o-mini"],
                    KeyIds = ["*"],
                },
            ],
        };
}
