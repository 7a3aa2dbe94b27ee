using Bifrost.Configuration.Governance;
using Bifrost.Configuration.Tests.Settings;
using Bifrost.Governance.Objects;
using Bifrost.Governance.Registry;

namespace Bifrost.Configuration.Tests.Governance;

/// <summary>Files of both published shapes, as people have them.</summary>
public sealed class GovernanceFileTests
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Limits_that_stand_apart_find_their_owners()
    {
        var objects = Objects("version-1.4");

        var key = (VirtualKey)objects["vk-1"];
        Assert.Equal(("budget-vk", 10_000_000_000L, "1d"), (key.Budgets[0].Id, key.Budgets[0].MaxLimit, key.Budgets[0].ResetDuration));
        Assert.Equal(100_000, key.RateLimit!.TokenMaxLimit);
        Assert.Equal("team-1", key.TeamId);
        var team = (Team)objects["team-1"];
        Assert.Equal(50_250_000_000L, team.Budgets[0].MaxLimit);
        Assert.True(team.Budgets[0].CalendarAligned);
        Assert.Equal(500_000_000_000L, ((Customer)objects["customer-1"]).Budgets[0].MaxLimit);
        Assert.Equal("budget-model", ((ModelLimit)objects["model-1"]).Budgets[0].Id);
    }

    [Fact]
    public void In_the_older_version_empty_lists_allow_everything()
    {
        var objects = Objects("version-1.4");

        var access = Assert.Single(((VirtualKey)objects["vk-1"]).ProviderConfigs!);
        Assert.Null(access.AllowedModels);
        Assert.Equal(1, access.Weight);
        Assert.Equal(["id of team-key"], access.KeyIds);
        Assert.Equal("budget-vk-openai", access.Budgets[0].Id);
        Assert.Null(((VirtualKey)objects["vk-2"]).ProviderConfigs);
    }

    [Fact]
    public void In_the_newer_version_they_allow_nothing_and_what_is_absent_everything()
    {
        var objects = Objects("version-1.5");

        Assert.Empty(((VirtualKey)objects["vk-none"]).ProviderConfigs!);
        Assert.Null(((VirtualKey)objects["vk-all"]).ProviderConfigs);
    }

    [Fact]
    public void Budgets_may_name_their_owner()
    {
        var objects = Objects("version-1.5");

        var key = (VirtualKey)objects["vk-a"];
        Assert.Equal(["b-vk-day", "b-vk-month"], key.Budgets.Select(b => b.Id));
        Assert.All(key.Budgets, b => Assert.True(b.CalendarAligned));
        Assert.Equal(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero), key.ExpiresAt);
        Assert.Equal((7, "b-access"), (key.ProviderConfigs![0].Id, key.ProviderConfigs[0].Budgets[0].Id));
        Assert.Equal(["b-team"], ((Team)objects["team-a"]).Budgets.Select(b => b.Id));
        Assert.Equal("bu-a", ((Team)objects["team-a"]).BusinessUnitId);
        Assert.Equal(["b-model-1", "b-model-2"], ((ModelLimit)objects["m-a"]).Budgets.Select(b => b.Id));
    }

    [Fact]
    public void A_calendar_named_for_the_owner_goes_for_the_periods_it_knows()
    {
        var customer = (Customer)Objects("version-1.5")["cust-a"];

        Assert.Equal([true, false], customer.Budgets.Select(b => b.CalendarAligned));
        Assert.Equal(2, customer.Budgets.Select(b => b.Id).Distinct().Count());
    }

    [Fact]
    public void A_key_without_a_value_gets_one()
    {
        var seed = Seed(Reading("version-1.4").Governance, GovernanceSnapshot.Empty, (_, _) => null);

        var made = Assert.Single(seed.NewKeys);
        Assert.Equal("vk-2", made.Id);
        Assert.StartsWith("sk-bf-", made.Value.Value, StringComparison.Ordinal);
        Assert.Equal(made.Value.Hash, ((VirtualKey)seed.Edits.Single(e => e.Id == "vk-2").Value!).ValueHash);
    }

    [Fact]
    public void What_the_file_has_not_changed_is_left_alone()
    {
        var file = Reading("version-1.5").Governance;
        var hashes = Seed(file, GovernanceSnapshot.Empty, (_, _) => null).Edits.ToDictionary(e => (e.Kind, e.Id), e => e.FileHash);

        Assert.Empty(Seed(Reading("version-1.5").Governance, GovernanceSnapshot.Empty, (k, i) => hashes[(k, i)]).Edits);
    }

    [Fact]
    public void What_the_file_has_changed_keeps_its_age_its_value_and_its_counters()
    {
        var old = new VirtualKey
        {
            Id = "vk-2",
            Name = "old name",
            ValueHash = "hash",
            ValuePreview = "preview",
            CreatedAt = Now.AddDays(-30),
            Budgets =
            [
                new Budget
                {
                    Id = "b",
                    MaxLimit = 1,
                    ResetDuration = "1d",
                    Anchor = Now.AddDays(-30),
                    UsageEpoch = 3,
                },
            ],
        };
        var there = GovernanceSnapshot.Empty with { VirtualKeys = GovernanceSnapshot.Empty.VirtualKeys.Add(old.Id, old) };
        var file = AConfig.Read(
            """{"governance": {"virtual_keys": [{"id": "vk-2", "name": "new name", "budgets": [{"id": "b", "max_limit": 2, "reset_duration": "1d"}]}]}}"""
        );

        var seed = Seed(file.Governance, there, (_, _) => "another hash");

        Assert.Empty(seed.NewKeys);
        var key = (VirtualKey)Assert.Single(seed.Edits).Value!;
        Assert.Equal(("new name", "hash", Now.AddDays(-30), Now), (key.Name, key.ValueHash, key.CreatedAt, key.UpdatedAt));
        Assert.Equal((2_000_000_000L, Now.AddDays(-30), 3), (key.Budgets[0].MaxLimit, key.Budgets[0].Anchor, key.Budgets[0].UsageEpoch));
    }

    [Fact]
    public void Another_value_in_a_variable_is_a_change_and_stands_in_no_hash()
    {
        const string File = """{"governance": {"virtual_keys": [{"id": "v", "name": "n", "value": "env.VK"}]}}""";
        string Hash(string value) =>
            Seed(AConfig.Read(File, ("VK", value)).Governance, GovernanceSnapshot.Empty, (_, _) => null).Edits[0].FileHash!;

        Assert.NotEqual(Hash("sk-bf-one"), Hash("sk-bf-two"));
        Assert.Equal(Hash("sk-bf-one"), Hash("sk-bf-one"));
    }

    [Theory]
    [InlineData(
        """{"teams": [{"id": "a", "name": "a", "budget_id": "bugdet-1"}], "budgets": [{"id": "budget-1", "max_limit": 1, "reset_duration": "1d"}]}""",
        "governance.teams[0].budget_id: there is no budget \"bugdet-1\" in this file. Did you mean `budget-1`?"
    )]
    [InlineData(
        """{"teams": [{"id": "a", "name": "a", "budget_id": "b"}, {"id": "c", "name": "c", "budget_id": "b"}], "budgets": [{"id": "b", "max_limit": 1, "reset_duration": "1d"}]}""",
        "governance.teams[1].budget_id: the budget \"b\" is that of `governance.teams[0]` already. Give each owner one of its own."
    )]
    [InlineData(
        """{"virtual_keys": [{"name": "a", "provider_configs": [{"provider": "opneai"}]}]}""",
        "governance.virtual_keys[0].provider_configs[0].provider: \"opneai\" is not a provider of this file, nor one that Bifrost knows."
    )]
    [InlineData(
        """{"customers": [{"name": "a", "budgets": [{"max_limit": 0.0000000001, "reset_duration": "1d"}]}]}""",
        "governance.customers[0].budgets[0].max_limit: is no budget. Write dollars: more than 0, at most 9000000000, with at most nine decimals."
    )]
    [InlineData("""{"virtual_key": []}""", "governance.virtual_key: there is no such key here. Did you mean `virtual_keys`?")]
    [InlineData("""{"teams": [{"id": "a"}]}""", "governance.teams[0]: `name` is missing.")]
    public void A_mistake_is_told_with_its_place(string governance, string mistake) =>
        Assert.Equal(mistake, AConfig.Read($$"""{"governance": {{governance}} }""").Mistake());

    [Fact]
    public void A_limit_that_nobody_has_is_warned_of() =>
        Assert.Equal(
            "`governance.budgets[0]` (\"b\") is nobody's budget and limits nothing.",
            Assert.Single(AConfig.Read("""{"governance": {"budgets": [{"id": "b", "max_limit": 1, "reset_duration": "1d"}]}}""").Warnings)
        );

    [Fact]
    public void A_mistake_the_registry_finds_is_told_where_the_limit_is_written()
    {
        var file = Reading("version-1.4").Governance;

        var located = file.Located([
            new("governance.teams[0].budgets[0].reset_duration", "m"),
            new("governance.virtual_keys[0].rate_limit", "r"),
        ]);

        Assert.Equal(["governance.budgets[1].reset_duration", "governance.rate_limits[0]"], located.Select(m => m.Path));
    }

    [Fact]
    public void A_key_of_a_provider_that_is_not_there_is_a_mistake()
    {
        var seed = Reading("version-1.4").Governance.Edits(GovernanceSnapshot.Empty, (_, _) => null, (_, _) => null, Now);

        Assert.Equal(
            "governance.virtual_keys[0].provider_configs[0].allowed_keys[0]: `openai` has no key named \"team-key\".",
            Assert.Single(seed.Mistakes).ToString()
        );
    }

    private static ConfigReading Reading(string name)
    {
        var reading = AConfig.Read(
            File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Fixtures", name + ".json")),
            AStart.Environment
        );
        reading.Good();
        return reading;
    }

    private static Dictionary<string, GovernanceObject> Objects(string name) =>
        Seed(Reading(name).Governance, GovernanceSnapshot.Empty, (_, _) => null).Edits.ToDictionary(e => e.Id, e => e.Value!);

    private static GovernanceSeed Seed(GovernanceFile file, GovernanceSnapshot now, Func<string, string, string?> hashes)
    {
        var seed = file.Edits(now, hashes, (_, name) => $"id of {name}", Now);
        Assert.Empty(seed.Mistakes);
        return seed;
    }
}
