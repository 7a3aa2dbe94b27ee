using Bifrost.Configuration.Tests.Settings;
using Bifrost.Governance.Limits;
using Bifrost.Governance.Registry;
using Bifrost.Governance.Stores;

namespace Bifrost.Configuration.Tests.Governance;

/// <summary>Whole starts, with the real registry.</summary>
public sealed class SeedTests : IAsyncDisposable
{
    private readonly AStart _start = new();

    [Theory]
    [InlineData("version-1.4", 2)]
    [InlineData("version-1.5", 3)]
    public async Task A_published_file_with_governance_starts(string name, int keys)
    {
        var (outcome, registry) = await StartAsync(Text(name));

        Assert.Empty(outcome.Mistakes.Select(m => m.ToString()));
        Assert.Equal(keys, registry.Now.VirtualKeys.Count);
        Assert.NotNull(
            registry.Find(
                name == "version-1.4" ? "sk-bf-aaaaaaaa-2222-4333-8444-555555555555" : "sk-bf-11111111-2222-4333-8444-555555555555",
                DateTimeOffset.UnixEpoch
            )
        );
        Assert.DoesNotContain("4333-8444", await _start.StoredAsync());
    }

    [Fact]
    public async Task A_value_is_made_once()
    {
        var (first, _) = await StartAsync(Text("version-1.4"));
        var value = Assert.Single(first.NewKeys).Value.Value;

        var (second, registry) = await StartAsync(Text("version-1.4").Replace("Unnamed value", "Named now", StringComparison.Ordinal));

        Assert.Empty(second.NewKeys);
        Assert.Equal("Named now", registry.Find(value, DateTimeOffset.UnixEpoch)!.Name);
    }

    [Fact]
    public async Task An_edit_of_the_API_survives_a_start_with_the_same_file()
    {
        var (_, registry) = await StartAsync(Text("version-1.5"));
        var team = registry.Now.Teams["team-a"] with { Name = "Renamed" };
        Assert.Empty(await registry.ApplyAsync([new Edit(ObjectKinds.Team, team.Id, team)], CancellationToken.None));

        (_, registry) = await StartAsync(Text("version-1.5"));

        Assert.Equal("Renamed", registry.Now.Teams["team-a"].Name);
    }

    [Fact]
    public async Task What_the_registry_finds_wrong_is_told_with_its_place_and_nothing_is_kept()
    {
        var (outcome, registry) = await StartAsync(
            """{"governance": {"teams": [{"id": "t", "name": "t", "customer_id": "nobody", "budget_id": "b"}], "budgets": [{"id": "b", "max_limit": 1, "reset_duration": "1x"}]}}"""
        );

        Assert.Equal(
            ["governance.budgets[0].reset_duration", "governance.teams[0].customer_id"],
            outcome.Mistakes.Select(m => m.Path).Order(StringComparer.Ordinal)
        );
        Assert.Empty(registry.Now.Teams);
    }

    public ValueTask DisposeAsync() => _start.DisposeAsync();

    private async Task<(SeedOutcome Outcome, GovernanceRegistry Registry)> StartAsync(string json)
    {
        var settings = await _start.OpenAsync(json);
        var registry = await GovernanceRegistry.OpenAsync(
            _start.Store,
            new Till(TimeProvider.System),
            TimeProvider.System,
            CancellationToken.None
        );
        var outcome = await Bootstrap.SeedAsync(
            AConfig.Read(json, AStart.Environment),
            settings,
            registry,
            TimeProvider.System,
            CancellationToken.None
        );
        return (outcome, registry);
    }

    private static string Text(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Fixtures", name + ".json"));
}
