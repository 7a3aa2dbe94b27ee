using Bifrost.Governance.Objects;
using Bifrost.Governance.Registry;
using Bifrost.Governance.Stores;
using Bifrost.Governance.VirtualKeys;

namespace Bifrost.Governance.Tests.Registry;

public sealed class ChangeTests
{
    private readonly VirtualKeyValue _value = VirtualKeyValue.New();

    [Fact]
    public async Task What_is_set_is_there_at_once_in_memory_and_in_the_store_and_what_goes_is_gone()
    {
        using var registry = await ARegistry.OpenAsync();
        var team = new Team { Id = "1", Name = "a" };

        await registry.SetAsync(team);
        Assert.Equal("a", registry.Now.Teams["1"].Name);
        await registry.SetAsync(team with { Name = "b" });
        Assert.Equal("b", registry.Now.Teams["1"].Name);
        Assert.NotNull(registry.Store.Find(ObjectKinds.Team, "1"));
        await registry.DeleteAsync(team);

        Assert.Empty(registry.Now.Teams);
        Assert.Empty(registry.Store.Objects);
    }

    [Fact]
    public async Task A_restart_finds_the_same_objects_in_memory_as_before()
    {
        using var before = await ARegistry.WithAsync(
            new Customer
            {
                Id = "c",
                Name = "c",
                Budgets = [ARegistry.ABudget("b1")],
            },
            new Team
            {
                Id = "t",
                Name = "t",
                CustomerId = "c",
            },
            ARegistry.AKey("k", _value) with
            {
                TeamId = "t",
                ProviderConfigs = [new VirtualKeyProvider { Id = 1, Provider = "openai" }],
            }
        );

        using var after = await ARegistry.OpenAsync(before.Store);

        Assert.Equivalent(before.Now.Customers.Values, after.Now.Customers.Values, strict: true);
        Assert.Equivalent(before.Now.Teams.Values, after.Now.Teams.Values, strict: true);
        Assert.Equivalent(before.Now.VirtualKeys.Values, after.Now.VirtualKeys.Values, strict: true);
        Assert.Equal(["Customer c"], after.Binding(_value));
        Assert.NotEmpty(await after.TryAsync(ARegistry.Set(new Team { Id = "2", Name = "T" })));
    }

    [Fact]
    public async Task When_the_store_fails_nothing_has_changed_and_the_next_change_works()
    {
        using var registry = await ARegistry.WithAsync(
            new Team
            {
                Id = "t",
                Name = "t",
                Budgets = [ARegistry.ABudget("b")],
            }
        );
        var before = registry.Now;
        registry.Store.IsBroken = true;

        await Assert.ThrowsAsync<IOException>(() =>
            registry.TryAsync(
                ARegistry.Delete(new Team { Id = "t", Name = "t" }),
                ARegistry.Set(ARegistry.AKey("k", _value) with { Budgets = [ARegistry.ABudget("b")] })
            )
        );

        Assert.Same(before, registry.Now);
        Assert.Null(registry.Registry.Find(_value.Value, ARegistry.Noon));
        Assert.Single(registry.Registry.LimitsOf(before.Teams["t"]));
        registry.Store.IsBroken = false;
        Assert.NotEmpty(await registry.TryAsync(ARegistry.Set(new Team { Id = "u", Name = "T" })));
        await registry.SetAsync(ARegistry.AKey("k", _value));
    }

    [Fact]
    public async Task One_mistake_keeps_the_whole_batch_out()
    {
        using var registry = await ARegistry.OpenAsync();

        await registry.TryAsync(ARegistry.Set(new Team { Id = "1", Name = "good" }), ARegistry.Set(new Team { Id = "2", Name = "" }));

        Assert.Empty(registry.Now.Teams);
        Assert.Equal(0, registry.Store.Saves);
    }

    [Fact]
    public async Task Times_are_set_here()
    {
        using var registry = await ARegistry.WithAsync(
            new Team
            {
                Id = "1",
                Name = "a",
                CreatedAt = DateTimeOffset.MinValue,
                Budgets = [ARegistry.ABudget("b")],
            }
        );
        registry.Clock.Move(TimeSpan.FromHours(3));
        await registry.SetAsync(
            registry.Now.Teams["1"] with
            {
                CreatedAt = default,
                Budgets = [ARegistry.ABudget("b"), ARegistry.ABudget("c", 1, "1d") with { Override = new BudgetOverride(1, default, 1) }],
            }
        );

        var team = registry.Now.Teams["1"];
        var later = ARegistry.Noon.AddHours(3);
        Assert.Equal((ARegistry.Noon, later), (team.CreatedAt, team.UpdatedAt));
        Assert.Equal([ARegistry.Noon, later], team.Budgets.Select(budget => budget.Anchor));
        Assert.Equal(later, team.Budgets[1].Override!.From);
    }

    [Fact]
    public async Task A_provider_config_without_an_id_gets_one_that_none_has_or_had()
    {
        using var registry = await ARegistry.WithAsync(
            ARegistry.AKey("k") with
            {
                ProviderConfigs = [Config(0, "openai"), Config(7, "replicate")],
            }
        );
        await registry.SetAsync(registry.Now.VirtualKeys["k"] with { ProviderConfigs = [Config(8, "openai"), Config(0, "groq")] });

        Assert.Equal([8, 9], registry.Now.VirtualKeys["k"].ProviderConfigs!.Select(config => config.Id));
    }

    [Fact]
    public async Task The_file_hash_stays_until_another_one_is_given()
    {
        using var registry = await ARegistry.OpenAsync();
        var team = new Team { Id = "1", Name = "a" };

        await registry.TryAsync(ARegistry.Set(team) with { FileHash = "f1" });
        await registry.SetAsync(team with { Name = "b" });
        Assert.Equal("f1", registry.Registry.FileHashOf(ObjectKinds.Team, "1"));
        Assert.Equal("f1", registry.Store.Find(ObjectKinds.Team, "1")!.FileHash);
        using var after = await ARegistry.OpenAsync(registry.Store);
        Assert.Equal("f1", after.Registry.FileHashOf(ObjectKinds.Team, "1"));
        await registry.TryAsync(ARegistry.Set(team) with { FileHash = "f2" });
        Assert.Equal("f2", registry.Registry.FileHashOf(ObjectKinds.Team, "1"));
        await registry.DeleteAsync(team);
        Assert.Null(registry.Registry.FileHashOf(ObjectKinds.Team, "1"));
    }

    [Fact]
    public async Task Concurrent_changes_made_from_how_things_stand_are_not_lost()
    {
        using var registry = await ARegistry.WithAsync(ARegistry.AKey("k"));

        await Task.WhenAll(
            Enumerable
                .Range(0, 40)
                .Select(i =>
                    registry.Registry.ApplyAsync(
                        now => [ARegistry.Set(now.VirtualKeys["k"] with { Tags = [.. now.VirtualKeys["k"].Tags, $"t{i}"] })],
                        TestContext.Current.CancellationToken
                    )
                )
        );

        Assert.Equal(40, registry.Now.VirtualKeys["k"].Tags.Count);
    }

    [Fact]
    public async Task Deleting_a_team_leaves_its_keys_working_without_it()
    {
        using var registry = await ARegistry.WithAsync(
            new Team
            {
                Id = "t",
                Name = "t",
                Budgets = [ARegistry.ABudget("b")],
            },
            ARegistry.AKey("k", _value) with
            {
                TeamId = "t",
            }
        );
        var team = registry.Now.Teams["t"];

        await registry.DeleteAsync(team);

        Assert.Null(registry.Now.VirtualKeys["k"].TeamId);
        Assert.Null(registry.Registry.Find(_value.Value, ARegistry.Noon)!.Refusal(ARegistry.Noon));
        Assert.Empty(registry.Binding(_value));
        Assert.Empty(registry.Registry.LimitsOf(team));
        using var after = await ARegistry.OpenAsync(registry.Store);
        Assert.Null(after.Now.VirtualKeys["k"].TeamId);
    }

    [Fact]
    public async Task Deleting_a_customer_loosens_keys_teams_and_business_units()
    {
        var customer = new Customer
        {
            Id = "c",
            Name = "c",
            Budgets = [ARegistry.ABudget("b")],
        };
        using var registry = await ARegistry.WithAsync(
            customer,
            new BusinessUnit
            {
                Id = "u",
                Name = "u",
                CustomerId = "c",
            },
            new Team
            {
                Id = "t",
                Name = "t",
                CustomerId = "c",
                BusinessUnitId = "u",
            },
            ARegistry.AKey("k", _value) with
            {
                CustomerId = "c",
            }
        );

        await registry.DeleteAsync(customer);

        Assert.Null(registry.Now.VirtualKeys["k"].CustomerId);
        Assert.Null(registry.Now.Teams["t"].CustomerId);
        Assert.Null(registry.Now.BusinessUnits["u"].CustomerId);
        Assert.Empty(registry.Binding(_value));
        Assert.Empty(registry.Registry.LimitsOf(customer));
    }

    [Fact]
    public async Task Deleting_a_business_unit_and_its_customer_at_once_loosens_the_team_from_both()
    {
        var customer = new Customer { Id = "c", Name = "c" };
        var unit = new BusinessUnit { Id = "u", Name = "u" };
        using var registry = await ARegistry.WithAsync(
            customer,
            unit,
            new Team
            {
                Id = "t",
                Name = "t",
                CustomerId = "c",
                BusinessUnitId = "u",
            }
        );

        Assert.Empty(await registry.TryAsync(ARegistry.Delete(customer), ARegistry.Delete(unit)));

        Assert.Equal((null, null), (registry.Now.Teams["t"].CustomerId, registry.Now.Teams["t"].BusinessUnitId));
    }

    [Fact]
    public async Task Deleting_a_user_takes_their_model_limits_along_and_leaves_their_keys()
    {
        var user = new User
        {
            Id = "u",
            Name = "u",
            Budgets = [ARegistry.ABudget("b1")],
        };
        using var registry = await ARegistry.WithAsync(
            user,
            new ModelLimit
            {
                Id = "m",
                ModelName = "gpt-4o",
                UserId = "u",
                Budgets = [ARegistry.ABudget("b2")],
            },
            ARegistry.AKey("k", _value) with
            {
                UserId = "u",
            }
        );

        await registry.DeleteAsync(user);

        Assert.Empty(registry.Now.ModelLimits);
        Assert.Null(registry.Now.VirtualKeys["k"].UserId);
        Assert.Empty(registry.Binding(_value));
        Assert.Single(registry.Store.Objects);
    }

    [Fact]
    public async Task Deleting_a_key_removes_everything_of_it()
    {
        var key = ARegistry.AKey("k", _value) with
        {
            Budgets = [ARegistry.ABudget("b1")],
            RateLimit = ARegistry.ARate("r1"),
            ProviderConfigs = [Config(1, "openai") with { Budgets = [ARegistry.ABudget("b2")], RateLimit = ARegistry.ARate("r2") }],
        };
        using var registry = await ARegistry.WithAsync(
            key,
            new DimensionLimit
            {
                Id = "d",
                Name = "d",
                Header = "x-run",
                VirtualKeyId = "k",
                Budgets = [ARegistry.ABudget("b3")],
            }
        );
        Assert.Equal(4, registry.Registry.LimitsOf(key).Count);

        await registry.DeleteAsync(key);

        Assert.Null(registry.Registry.Find(_value.Value, ARegistry.Noon));
        Assert.Empty(registry.Registry.LimitsOf(key));
        Assert.Empty(registry.Now.DimensionLimits);
        Assert.Empty(registry.Store.Objects);
        await registry.SetAsync(key with { Name = "again" });
    }

    private static VirtualKeyProvider Config(int id, string provider) => new() { Id = id, Provider = provider };
}
