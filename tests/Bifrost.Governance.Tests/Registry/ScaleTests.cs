using System.Diagnostics;
using Bifrost.Governance.Objects;
using Bifrost.Governance.Registry;
using Bifrost.Governance.Stores;

namespace Bifrost.Governance.Tests.Registry;

/// <summary>100,000 virtual keys with a budget, a rate limit and a provider config each, in 5,000 teams. Bounds are wide, for machines with other things to do; what was
/// measured is written out.</summary>
public sealed class ScaleTests(ITestOutputHelper output)
{
    private const int Keys = 100_000;
    private const int Teams = 5_000;

    [Fact]
    public async Task A_hundred_thousand_keys_are_there_soon_and_small_and_a_single_edit_stays_small()
    {
        var cancel = TestContext.Current.CancellationToken;
        var store = new MemoryObjectStore();
        var hash = await ImportAsync(store);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        var watch = Stopwatch.StartNew();
        using var registry = await ARegistry.OpenAsync(store);
        var start = watch.Elapsed;
        var megabytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / 1e6;
        output.WriteLine($"start {start.TotalMilliseconds:N0} ms, {megabytes:N0} MB");

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
        Assert.True(start < TimeSpan.FromSeconds(10), $"The start took {start}.");
        Assert.True(megabytes < 200, $"The registry takes {megabytes} MB.");
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
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20));
        return keys[7].ValueHash;
    }

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
