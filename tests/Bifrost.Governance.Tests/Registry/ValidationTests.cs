using Bifrost.Governance.Objects;
using Bifrost.Governance.Registry;
using Bifrost.Governance.Stores;
using Bifrost.Governance.VirtualKeys;

namespace Bifrost.Governance.Tests.Registry;

/// <summary>Each row: an object with one mistake in it, and where the mistake is.</summary>
public sealed class ValidationTests
{
    private static readonly Budget Good = ARegistry.ABudget("b");
    private static readonly RateLimit GoodRate = ARegistry.ARate("r");

    public static TheoryData<string, GovernanceObject> Mistaken { get; } =
        new()
        {
            { "budgets[0].max_limit", Team(Good with { MaxLimit = 0 }) },
            { "budgets[0].max_limit", Team(Good with { MaxLimit = -1 }) },
            { "budgets[0].max_limit", Team(Good with { MaxLimit = 9_000_000_000_000_000_001 }) },
            { "budgets[0].id", Team(Good with { Id = " " }) },
            { "budgets[0].reset_duration", Team(Good with { ResetDuration = "often" }) },
            { "budgets[0].reset_duration", Team(Good with { ResetDuration = "0h" }) },
            { "budgets[0].reset_duration", Team(Good with { ResetDuration = "1D" }) },
            { "budgets[0].calendar_aligned", Team(Good with { CalendarAligned = true }) },
            { "budgets[0].calendar_aligned", Team(Good with { ResetDuration = "never", CalendarAligned = true }) },
            { "budgets[0].time_zone", Team(Good with { TimeZone = "Europe/Atlantis" }) },
            { "budgets[0].quarter_start_month", Team(Good with { ResetDuration = "1Q", CalendarAligned = true, QuarterStartMonth = 13 }) },
            { "budgets[0].enforcement", Team(Good with { Enforcement = (Enforcement)7 }) },
            { "budgets[0].usage_epoch", Team(Good with { UsageEpoch = -1 }) },
            { "budgets[0].override.amount", Team(Good with { Override = new BudgetOverride(0, default, 1) }) },
            { "budgets[0].override.amount", Team(Good with { Override = new BudgetOverride(9_000_000_000_000_000_000, default, 1) }) },
            { "budgets[0].override.cycles", Team(Good with { Override = new BudgetOverride(1, default, 0) }) },
            { "budgets[1].reset_duration", Team(Good, Good with { Id = "c" }) },
            { "budgets[1].id", Team(Good, Good with { ResetDuration = "1d" }) },
            { "rate_limit.request_max_limit", Team() with { RateLimit = GoodRate with { RequestMaxLimit = 0 } } },
            { "rate_limit.request_max_limit", Team() with { RateLimit = GoodRate with { RequestMaxLimit = null } } },
            { "rate_limit.token_reset_duration", Team() with { RateLimit = GoodRate with { TokenMaxLimit = 5 } } },
            { "rate_limit.token_max_limit", Team() with { RateLimit = GoodRate with { TokenMaxLimit = -5, TokenResetDuration = "1h" } } },
            { "rate_limit.request_reset_duration", Team() with { RateLimit = GoodRate with { RequestResetDuration = "soon" } } },
            { "rate_limit.concurrent_max_limit", Team() with { RateLimit = GoodRate with { ConcurrentMaxLimit = 0 } } },
            { "rate_limit", Team() with { RateLimit = new RateLimit { Id = "r" } } },
            { "rate_limit.id", Team(Good) with { RateLimit = GoodRate with { Id = "b" } } },
            { "name", Team() with { Name = "" } },
            { "name", Team() with { Name = "a\nb" } },
            { "name", Team() with { Name = new string('a', 256) } },
            { "customer_id", Team() with { CustomerId = "nobody" } },
            { "business_unit_id", Team() with { BusinessUnitId = "nobody" } },
            {
                "customer_id",
                new BusinessUnit
                {
                    Id = "1",
                    Name = "a",
                    CustomerId = "nobody",
                }
            },
            {
                "email",
                new User
                {
                    Id = "1",
                    Name = "a",
                    Email = "",
                }
            },
            { "team_id", Key() with { TeamId = "nobody" } },
            { "customer_id", Key() with { CustomerId = "nobody" } },
            { "user_id", Key() with { UserId = "nobody" } },
            { "customer_id", Key() with { TeamId = "t", CustomerId = "c" } },
            { "value", Key() with { ValueHash = "sk-bf-in-clear" } },
            { "value", Key() with { ValuePreview = "" } },
            { "previous_value", Key() with { PreviousValueHash = new string('0', 64) } },
            { "previous_value", Key() with { PreviousValueHash = "short", PreviousValueUntil = ARegistry.Noon } },
            { "description", Key() with { Description = new string('a', 4001) } },
            { "tags", Key() with { Tags = [.. Enumerable.Range(0, 51).Select(i => $"t{i}")] } },
            { "tags[1]", Key() with { Tags = ["a", "a"] } },
            { "tags[0]", Key() with { Tags = [""] } },
            { "provider_configs[0].id", Key(Config() with { Id = -1 }) },
            { "provider_configs[1].id", Key(Config(), Config() with { Provider = "replicate" }) },
            { "provider_configs[1].provider", Key(Config(), Config() with { Id = 2, Provider = "OpenAI" }) },
            { "provider_configs[0].provider", Key(Config() with { Provider = "" }) },
            { "provider_configs[0].provider", Key(Config() with { Provider = "*" }) },
            { "provider_configs[0].weight", Key(Config() with { Weight = -0.1 }) },
            { "provider_configs[0].weight", Key(Config() with { Weight = double.NaN }) },
            { "provider_configs[0].weight", Key(Config() with { Weight = double.PositiveInfinity }) },
            { "provider_configs[0].allowed_models", Key(Config() with { AllowedModels = ["*", "gpt-4o"] }) },
            { "provider_configs[0].allowed_models[1]", Key(Config() with { AllowedModels = ["gpt-4o", "gpt-4o"] }) },
            { "provider_configs[0].key_ids", Key(Config() with { KeyIds = ["k", "*"] }) },
            { "provider_configs[0].key_ids[0]", Key(Config() with { KeyIds = [" "] }) },
            { "provider_configs[0].budgets[0].max_limit", Key(Config() with { Budgets = [Good with { MaxLimit = 0 }] }) },
            {
                "model_name",
                new ModelLimit { Id = "1", ModelName = "" }
            },
            {
                "provider",
                new ModelLimit
                {
                    Id = "1",
                    ModelName = "m",
                    Provider = "",
                }
            },
            {
                "user_id",
                new ModelLimit
                {
                    Id = "1",
                    ModelName = "m",
                    UserId = "nobody",
                }
            },
            { "header", Dimension() with { Header = "x project" } },
            { "header", Dimension() with { Header = "Authorization" } },
            { "value", Dimension() with { Value = " a" } },
            { "virtual_key_id", Dimension() with { VirtualKeyId = "nobody" } },
            {
                "id",
                new ProviderLimit { Id = "" }
            },
        };

    [Theory, MemberData(nameof(Mistaken), DisableDiscoveryEnumeration = true)]
    public async Task What_is_wrong_is_told_where_it_is(string path, GovernanceObject value)
    {
        using var registry = await ARegistry.WithAsync(new Customer { Id = "c", Name = "c" }, new Team { Id = "t", Name = "t" });

        var mistakes = await registry.TryAsync(ARegistry.Set(value));

        Assert.Equal([path], mistakes.Select(mistake => mistake.Path.TrimEnd('.')).Distinct());
        Assert.Null(registry.Now.Find(ObjectRef.KindOf(value), value.Id));
        Assert.Equal(1, registry.Store.Saves);
    }

    [Fact]
    public async Task The_greatest_and_the_smallest_of_everything_is_fine()
    {
        using var registry = await ARegistry.WithAsync(
            Team(
                Good with
                {
                    MaxLimit = 1,
                    ResetDuration = "1Q",
                    CalendarAligned = true,
                    TimeZone = "Europe/Berlin",
                    QuarterStartMonth = 12,
                    Override = new BudgetOverride(8_999_999_999_999_999_999, default, null),
                },
                Good with
                {
                    Id = "c",
                    MaxLimit = 9_000_000_000_000_000_000,
                    ResetDuration = "never",
                }
            ) with
            {
                Name = new string('a', 255),
            },
            Key(Config() with { Weight = 0, AllowedModels = ["*"], KeyIds = [] }) with
            {
                ExpiresAt = ARegistry.Noon.AddYears(-1),
                Tags = [.. Enumerable.Range(0, 50).Select(i => $"t{i}")],
            }
        );

        Assert.Single(registry.Now.VirtualKeys);
    }

    [Fact]
    public async Task Every_mistake_of_a_batch_is_told_with_kind_and_id()
    {
        using var registry = await ARegistry.OpenAsync();

        var mistakes = await registry.TryAsync(
            ARegistry.Set(Team(Good with { MaxLimit = 0, ResetDuration = "x" })),
            ARegistry.Set(new Customer { Id = "9", Name = "" }) with
            {
                Path = "governance.customers[3]",
            }
        );

        Assert.Equal(
            ["team.1.budgets[0].max_limit", "team.1.budgets[0].reset_duration", "governance.customers[3].name"],
            mistakes.Select(mistake => mistake.Path)
        );
        Assert.Equal(GovernanceSnapshot.Empty, registry.Now);
    }

    [Theory]
    [InlineData("alpha", "Alpha")]
    [InlineData("ärger", "ÄRGER")]
    public async Task A_name_is_there_once_whatever_its_case(string one, string other)
    {
        using var registry = await ARegistry.WithAsync(new Team { Id = "1", Name = one });

        var mistakes = await registry.TryAsync(ARegistry.Set(new Team { Id = "2", Name = other }));
        var together = await registry.TryAsync(
            ARegistry.Set(new Customer { Id = "1", Name = one }),
            ARegistry.Set(new Customer { Id = "2", Name = other })
        );

        Assert.Equal("name", Assert.Single(mistakes).Path);
        Assert.Equal("customer.2.name", Assert.Single(together).Path);
    }

    [Fact]
    public async Task Names_may_be_swapped_or_taken_over_within_a_batch()
    {
        using var registry = await ARegistry.WithAsync(new Team { Id = "1", Name = "a" }, new Team { Id = "2", Name = "b" });

        await registry.SetAsync(new Team { Id = "1", Name = "b" }, new Team { Id = "2", Name = "a" });
        var taken = await registry.TryAsync(
            ARegistry.Delete(new Team { Id = "1", Name = "" }),
            ARegistry.Set(new Team { Id = "3", Name = "b" })
        );

        Assert.Empty(taken);
        Assert.Equal(["a", "b"], registry.Now.Teams.Values.Select(team => team.Name).Order());
        Assert.NotEmpty(await registry.TryAsync(ARegistry.Set(new Team { Id = "4", Name = "B" })));
    }

    [Fact]
    public async Task Ids_of_limits_are_unique_over_everything()
    {
        using var registry = await ARegistry.WithAsync(Team(Good) with { RateLimit = GoodRate });

        var budget = await registry.TryAsync(ARegistry.Set(Key(Config() with { Budgets = [Good] })));
        var rate = await registry.TryAsync(ARegistry.Set(Key() with { RateLimit = GoodRate with { Id = "b" } }));
        var moved = await registry.TryAsync(ARegistry.Set(Team()), ARegistry.Set(Key() with { Budgets = [Good] }));

        Assert.Equal("provider_configs[0].budgets[0].id", Assert.Single(budget).Path);
        Assert.Equal("rate_limit.id", Assert.Single(rate).Path);
        Assert.Empty(moved);
    }

    [Fact]
    public async Task Values_of_keys_are_unique_and_so_are_those_before_a_rotation()
    {
        var value = VirtualKeyValue.New();
        using var registry = await ARegistry.WithAsync(ARegistry.AKey("1", value));
        await registry.Registry.RotateAsync(["1"], TimeSpan.FromHours(1), TestContext.Current.CancellationToken);

        var mistakes = await registry.TryAsync(ARegistry.Set(ARegistry.AKey("2", value)));

        Assert.Equal("value", Assert.Single(mistakes).Path);
    }

    [Fact]
    public async Task A_model_provider_and_user_have_one_limit()
    {
        var limit = new ModelLimit
        {
            Id = "1",
            ModelName = "gpt-4o",
            Provider = "openai",
        };
        using var registry = await ARegistry.WithAsync(limit, limit with { Id = "2", Provider = null });

        var mistakes = await registry.TryAsync(ARegistry.Set(limit with { Id = "3" }));

        Assert.Equal("model_name", Assert.Single(mistakes).Path);
    }

    [Fact]
    public async Task What_is_not_there_cannot_go()
    {
        using var registry = await ARegistry.OpenAsync();

        Assert.Contains(
            "There is no team \"1\"",
            Assert.Single(await registry.TryAsync(ARegistry.Delete(Team()))).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Kind_and_id_stay_and_other_kinds_are_not_taken()
    {
        using var registry = await ARegistry.OpenAsync();

        Assert.Single(await registry.TryAsync(new Edit(ObjectKinds.Team, "2", Team())));
        Assert.Single(await registry.TryAsync(new Edit(ObjectKinds.Customer, "1", Team())));
        Assert.Single(await registry.TryAsync(new Edit(ObjectKinds.Session, "1", Team())));
        Assert.Contains(
            "twice",
            Assert.Single(await registry.TryAsync(ARegistry.Set(Team()), ARegistry.Set(Team()))).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_reference_to_what_comes_in_the_same_batch_is_fine_and_to_what_goes_is_not()
    {
        using var registry = await ARegistry.OpenAsync();

        await registry.SetAsync(Key() with { TeamId = "1" }, Team());
        var mistakes = await registry.TryAsync(ARegistry.Delete(Team()), ARegistry.Set(registry.Now.VirtualKeys["k"]));

        Assert.Equal("virtual_key.k.team_id", Assert.Single(mistakes).Path);
    }

    private static Team Team(params Budget[] budgets) =>
        new()
        {
            Id = "1",
            Name = "a",
            Budgets = budgets,
        };

    private static VirtualKey Key(params VirtualKeyProvider[] configs) =>
        ARegistry.AKey("k") with
        {
            ProviderConfigs = configs.Length == 0 ? null : configs,
        };

    private static VirtualKeyProvider Config() => new() { Id = 1, Provider = "openai" };

    private static DimensionLimit Dimension() =>
        new()
        {
            Id = "1",
            Name = "project",
            Header = "x-bf-project-id",
        };
}
