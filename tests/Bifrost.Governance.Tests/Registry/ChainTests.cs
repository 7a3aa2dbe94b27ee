using Bifrost.Governance.Limits;
using Bifrost.Governance.Objects;
using Bifrost.Governance.VirtualKeys;
using Microsoft.AspNetCore.Http;

namespace Bifrost.Governance.Tests.Registry;

public sealed class ChainTests
{
    private readonly VirtualKeyValue _value = VirtualKeyValue.New();
    private int _budgets;

    [Fact]
    public async Task All_levels_bind_in_the_order_of_checking()
    {
        using var registry = await ARegistry.WithAsync(
            new ProviderLimit { Id = "OpenAI", Budgets = [B()] },
            new ModelLimit
            {
                Id = "m1",
                ModelName = "gpt-4o",
                Budgets = [B()],
            },
            new ModelLimit
            {
                Id = "m2",
                ModelName = "gpt-4o",
                Provider = "openai",
                Budgets = [B()],
            },
            new User
            {
                Id = "u",
                Name = "Ute",
                Budgets = [B()],
            },
            new DimensionLimit
            {
                Id = "d",
                Name = "project",
                Header = "x-project",
                Budgets = [B()],
            },
            new Customer
            {
                Id = "c",
                Name = "Corp",
                Budgets = [B()],
            },
            new BusinessUnit
            {
                Id = "bu",
                Name = "Unit",
                CustomerId = "c",
                Budgets = [B()],
            },
            new Team
            {
                Id = "t",
                Name = "Team",
                BusinessUnitId = "bu",
                CustomerId = "c",
                Budgets = [B()],
            },
            ARegistry.AKey("k", _value) with
            {
                TeamId = "t",
                UserId = "u",
                Budgets = [B()],
                ProviderConfigs =
                [
                    new VirtualKeyProvider
                    {
                        Id = 1,
                        Provider = "openai",
                        Budgets = [B()],
                    },
                ],
            }
        );

        var binding = registry.Binding(_value, headers: new HeaderDictionary { ["X-Project"] = " apollo " });

        Assert.Equal(
            [
                "Provider openai",
                "Model gpt-4o",
                "Model gpt-4o",
                "User Ute",
                "Dimension project=apollo",
                "VirtualKeyProvider openai",
                "VirtualKey key k",
                "Team Team",
                "BusinessUnit Unit",
                "Customer Corp",
            ],
            binding
        );
        Assert.Equal(
            ["Model gpt-4o"],
            registry.Binding(_value, "replicate", "openai/gpt-4o").Where(word => word.StartsWith("Model", StringComparison.Ordinal))
        );
        Assert.DoesNotContain("VirtualKeyProvider openai", registry.Binding(_value, "replicate"));
        Assert.Equal(["Provider openai", "Model gpt-4o", "Model gpt-4o"], registry.Binding(null));
    }

    [Fact]
    public async Task The_owners_are_told_with_the_nearest_customer()
    {
        using var registry = await ARegistry.WithAsync(
            new Customer
            {
                Id = "c1",
                Name = "near",
                Budgets = [B()],
            },
            new Customer
            {
                Id = "c2",
                Name = "far",
                Budgets = [B()],
            },
            new BusinessUnit
            {
                Id = "bu",
                Name = "Unit",
                CustomerId = "c2",
            },
            new User { Id = "u", Name = "Ute" },
            new Team
            {
                Id = "t",
                Name = "Team",
                BusinessUnitId = "bu",
                CustomerId = "c1",
            },
            ARegistry.AKey("k", _value) with
            {
                TeamId = "t",
                UserId = "u",
            }
        );

        var chain = registry
            .Registry.ChainFor(registry.Registry.Find(_value.Value, ARegistry.Noon), "openai", "m", "m", new HeaderDictionary())
            .Value!;

        var owners = chain.Owners;
        Assert.Equal(
            ("k", "t", "bu", "c1", "u"),
            (owners.VirtualKeyId, owners.TeamId, owners.BusinessUnitId, owners.CustomerId, owners.UserId)
        );
        Assert.Equal(["Customer near", "Customer far"], registry.Binding(_value));
        Assert.Null(chain.Dimensions);
    }

    [Fact]
    public async Task A_key_moved_to_another_team_or_customer_is_bound_by_that_one_at_once()
    {
        using var registry = await ARegistry.WithAsync(
            new Customer
            {
                Id = "c1",
                Name = "c1",
                Budgets = [B()],
            },
            new Customer
            {
                Id = "c2",
                Name = "c2",
                Budgets = [B()],
            },
            new Team
            {
                Id = "t1",
                Name = "t1",
                CustomerId = "c1",
                Budgets = [B()],
            },
            new Team
            {
                Id = "t2",
                Name = "t2",
                CustomerId = "c2",
                Budgets = [B()],
            },
            ARegistry.AKey("k", _value) with
            {
                TeamId = "t1",
            }
        );
        Assert.Equal(["Team t1", "Customer c1"], registry.Binding(_value));

        await registry.SetAsync(registry.Now.VirtualKeys["k"] with { TeamId = "t2" });
        Assert.Equal(["Team t2", "Customer c2"], registry.Binding(_value));
        await registry.SetAsync(registry.Now.VirtualKeys["k"] with { TeamId = null, CustomerId = "c1" });
        Assert.Equal(["Customer c1"], registry.Binding(_value));
        await registry.SetAsync(registry.Now.VirtualKeys["k"] with { CustomerId = "c2" });
        Assert.Equal(["Customer c2"], registry.Binding(_value));
    }

    [Fact]
    public async Task A_limit_added_above_a_key_binds_it_at_once_and_one_taken_away_does_not()
    {
        using var registry = await ARegistry.WithAsync(
            new Team { Id = "t", Name = "t" },
            ARegistry.AKey("k", _value) with
            {
                TeamId = "t",
            }
        );
        Assert.Empty(registry.Binding(_value));

        await registry.SetAsync(registry.Now.Teams["t"] with { RateLimit = ARegistry.ARate("r") });
        Assert.Equal(["Team t"], registry.Binding(_value));
        await registry.SetAsync(registry.Now.Teams["t"] with { RateLimit = null });
        Assert.Empty(registry.Binding(_value));
    }

    [Theory]
    [InlineData("gpt-4o", "openai", "gpt-4o", true)]
    [InlineData("gpt-4o", "openai", "openai/gpt-4o", true)]
    [InlineData("GPT-4o", "openai", "gpt-4o", true)]
    [InlineData("openai/gpt-4o", "openrouter", "gpt-4o", true)]
    [InlineData("claude-3-haiku-20240307-v1:0", "bedrock", "us.anthropic.claude-3-haiku-20240307-v1:0", true)]
    [InlineData("meta-llama-3-8b", "replicate", "replicate/meta/meta-llama-3-8b", true)]
    [InlineData("*", "openai", "anything", true)]
    [InlineData("gpt-4", "openai", "gpt-4o", false)]
    [InlineData("gpt-4o", "openai", "gpt-4o-mini", false)]
    public async Task A_limit_at_every_provider_binds_the_model_under_any_makers_name(
        string limited,
        string provider,
        string asked,
        bool binds
    )
    {
        using var registry = await ARegistry.WithAsync(
            new ModelLimit
            {
                Id = "m",
                ModelName = limited,
                Budgets = [B()],
            }
        );

        Assert.Equal(binds, registry.Binding(null, provider, asked).Length == 1);
    }

    [Theory]
    [InlineData("gpt-4o", "openai", "openai/gpt-4o", true)]
    [InlineData("gpt-4o", "OpenAI", "gpt-4o", true)]
    [InlineData("gpt-4o", "azure", "gpt-4o", false)]
    [InlineData("gpt-4o", "openai", "vendor/gpt-4o", false)]
    public async Task A_limit_at_one_provider_binds_the_model_by_its_very_name(string limited, string provider, string asked, bool binds)
    {
        using var registry = await ARegistry.WithAsync(
            new ModelLimit
            {
                Id = "m",
                ModelName = limited,
                Provider = "openai",
                Budgets = [B()],
            }
        );

        Assert.Equal(binds, registry.Binding(null, provider, asked).Length == 1);
    }

    [Fact]
    public async Task An_alias_is_bound_by_limits_on_the_model_behind_it()
    {
        using var registry = await ARegistry.WithAsync(
            new ModelLimit
            {
                Id = "m",
                ModelName = "gpt-4o",
                Provider = "openai",
                Budgets = [B()],
            }
        );

        Assert.Single(registry.Binding(null, "openai", "fast", sent: "gpt-4o"));
    }

    [Fact]
    public async Task A_users_model_limit_binds_that_user_alone()
    {
        var other = VirtualKeyValue.New();
        using var registry = await ARegistry.WithAsync(
            new User { Id = "u", Name = "u" },
            new ModelLimit
            {
                Id = "m",
                ModelName = "gpt-4o",
                UserId = "u",
                Budgets = [B()],
            },
            ARegistry.AKey("1", _value) with
            {
                UserId = "u",
            },
            ARegistry.AKey("2", other)
        );

        Assert.Single(registry.Binding(_value));
        Assert.Empty(registry.Binding(other));
        Assert.Empty(registry.Binding(null));
    }

    [Fact]
    public async Task Each_value_of_a_dimension_has_counters_of_its_own_and_is_on_record()
    {
        using var registry = await ARegistry.WithAsync(
            new DimensionLimit
            {
                Id = "1",
                Name = "project",
                Header = "x-project",
                Budgets = [B()],
            },
            new DimensionLimit
            {
                Id = "2",
                Name = "run",
                Header = "x-run",
                Value = "7",
                Budgets = [B()],
            },
            new DimensionLimit
            {
                Id = "3",
                Name = "mine",
                Header = "x-run",
                VirtualKeyId = "k",
                Budgets = [B()],
            },
            ARegistry.AKey("k", _value)
        );

        Assert.Empty(registry.Binding(null));
        Assert.Empty(registry.Binding(null, headers: new HeaderDictionary { ["x-project"] = "  ", ["x-run"] = "8" }));
        Assert.Equal(["Dimension run=7"], registry.Binding(null, headers: new HeaderDictionary { ["x-run"] = "7" }));
        Assert.Equal(
            ["Dimension mine=7", "Dimension project=a,b", "Dimension run=7"],
            registry.Binding(_value, headers: new HeaderDictionary { ["x-run"] = "7", ["x-project"] = "a,b" })
        );
        var headers = new HeaderDictionary { ["x-project"] = "a,b", ["x-run"] = "7" };
        Assert.Equal("project=a%2Cb,run=7", registry.Registry.ChainFor(null, "openai", "m", "m", headers).Value!.Dimensions);
    }

    [Fact]
    public async Task A_value_of_a_dimension_that_is_too_long_is_a_fault_and_not_unlimited()
    {
        using var registry = await ARegistry.WithAsync(
            new DimensionLimit
            {
                Id = "1",
                Name = "project",
                Header = "x-project",
                Budgets = [B()],
            }
        );
        var headers = new HeaderDictionary { ["x-project"] = new string('a', Till.LongestPart + 1) };

        Assert.NotNull(registry.Registry.ChainFor(null, "openai", "m", "m", headers).Fault);
    }

    [Fact]
    public async Task Asking_again_gives_the_same_chain_and_allocates_nothing()
    {
        using var registry = await ARegistry.WithAsync(
            new Team
            {
                Id = "t",
                Name = "t",
                Budgets = [B()],
            },
            ARegistry.AKey("k", _value) with
            {
                TeamId = "t",
            }
        );
        var caller = registry.Registry.Find(_value.Value, ARegistry.Noon);
        var headers = new HeaderDictionary();
        var first = registry.Registry.ChainFor(caller, "openai", "m", "m", headers).Value;

        var before = GC.GetAllocatedBytesForCurrentThread();
        var second = registry.Registry.ChainFor(caller, "openai", "m", "m", headers).Value;

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Same(first, second);
    }

    [Fact]
    public async Task An_edit_keeps_what_was_used()
    {
        using var registry = await ARegistry.WithAsync(ARegistry.AKey("k", _value) with { Budgets = [ARegistry.ABudget("b")] });
        Spend(registry, 400_000_000);

        await registry.SetAsync(
            registry.Now.VirtualKeys["k"] with
            {
                Budgets = [registry.Now.VirtualKeys["k"].Budgets[0] with { MaxLimit = 5_000_000_000 }],
            }
        );

        var view = Assert.Single(registry.Registry.LimitsOf(registry.Now.VirtualKeys["k"]));
        Assert.Equal((5_000_000_000, 400_000_000), (view.Limit, view.Used));
    }

    [Fact]
    public async Task The_tightest_limit_is_explained_first_and_a_quota_holds_only_the_keys_own()
    {
        using var registry = await ARegistry.WithAsync(
            new ProviderLimit { Id = "replicate", Budgets = [B()] },
            new ProviderLimit { Id = "openai", Budgets = [ARegistry.ABudget("wide", 1000)] },
            new Team
            {
                Id = "t",
                Name = "t",
                Budgets = [ARegistry.ABudget("tight", 1)],
            },
            ARegistry.AKey("k", _value) with
            {
                TeamId = "t",
                Budgets = [ARegistry.ABudget("middle", 2)],
                ProviderConfigs = [new VirtualKeyProvider { Id = 1, Provider = "openai" }],
            }
        );
        Spend(registry, 500_000_000);

        Assert.Equal(["tight", "middle", "wide"], registry.Registry.Explain("k")!.Select(view => view.Id));
        Assert.Equal(["tight", "middle", "wide"], registry.Registry.Explain("k", "openai", "m")!.Select(view => view.Id));
        Assert.Null(registry.Registry.Explain("nobody"));
        var quota = registry.Registry.QuotaOf(registry.Registry.Find(_value.Value, ARegistry.Noon)!)!;
        Assert.Equal(("k", true, "middle"), (quota.Id, quota.IsActive, Assert.Single(quota.Limits).Id));
    }

    private void Spend(ARegistry registry, long cost)
    {
        var chain = registry
            .Registry.ChainFor(registry.Registry.Find(_value.Value, ARegistry.Noon), "openai", "m", "m", new HeaderDictionary())
            .Value!;
        var charges = new List<MeterCharge>();
        var hold = registry.Till.TryHold(chain.Sets, new CallEstimate { Choices = 1 }, charges, out _).Value!;
        Assert.True(registry.Till.Settle(hold, cost, 0, charges));
    }

    private Budget B() => ARegistry.ABudget($"budget {++_budgets}");
}
