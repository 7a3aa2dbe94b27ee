using Bifrost.Core.Contracts;
using Bifrost.Governance.Objects;
using Bifrost.Governance.Tests.Registry;
using Bifrost.Governance.VirtualKeys;
using Bifrost.Wire.Faults;

namespace Bifrost.Governance.Tests.VirtualKeys;

public sealed class CallerTests
{
    private readonly VirtualKeyValue _value = VirtualKeyValue.New();

    [Fact]
    public async Task A_value_finds_its_key_and_another_one_nobody()
    {
        using var registry = await ARegistry.WithAsync(ARegistry.AKey("1", _value));

        Assert.Equal("1", Find(registry, _value)!.Id);
        Assert.Null(Find(registry, VirtualKeyValue.New()));
        Assert.Null(registry.Registry.Find("nonsense", ARegistry.Noon));
    }

    [Fact]
    public async Task An_active_key_is_not_refused()
    {
        using var registry = await ARegistry.WithAsync(ARegistry.AKey("1", _value));

        Assert.Null(Find(registry, _value)!.Refusal(ARegistry.Noon));
    }

    [Fact]
    public async Task A_key_switched_off_is_blocked_at_once_and_switched_on_is_not()
    {
        using var registry = await ARegistry.WithAsync(ARegistry.AKey("1", _value));

        await registry.SetAsync(registry.Now.VirtualKeys["1"] with { IsActive = false });
        var refusal = Find(registry, _value)!.Refusal(ARegistry.Noon);
        await registry.SetAsync(registry.Now.VirtualKeys["1"] with { IsActive = true });

        Assert.Equal(FaultKind.VirtualKeyBlocked, refusal!.Kind);
        Assert.Contains("inactive", refusal.Message, StringComparison.Ordinal);
        Assert.Null(Find(registry, _value)!.Refusal(ARegistry.Noon));
    }

    [Fact]
    public async Task A_key_is_blocked_from_the_moment_it_expires_and_says_when_that_was()
    {
        using var registry = await ARegistry.WithAsync(ARegistry.AKey("1", _value) with { ExpiresAt = ARegistry.Noon });
        var caller = Find(registry, _value)!;

        Assert.Null(caller.Refusal(ARegistry.Noon - TimeSpan.FromTicks(1)));
        var refusal = caller.Refusal(ARegistry.Noon)!;
        Assert.Equal(FaultKind.VirtualKeyBlocked, refusal.Kind);
        Assert.Contains("2026-11-22 at 12:00:00 UTC", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_provider_configs_every_provider_is_open_and_with_an_empty_list_none()
    {
        var none = VirtualKeyValue.New();
        using var registry = await ARegistry.WithAsync(
            ARegistry.AKey("1", _value),
            ARegistry.AKey("2", none) with
            {
                ProviderConfigs = [],
            }
        );

        Assert.Same(ProviderAccess.Unrestricted, Find(registry, _value)!.AccessTo("openai"));
        Assert.Null(Find(registry, none)!.AccessTo("openai"));
    }

    [Fact]
    public async Task A_star_is_everything_and_an_empty_list_nothing()
    {
        using var registry = await ARegistry.WithAsync(
            ARegistry.AKey("1", _value) with
            {
                ProviderConfigs =
                [
                    new VirtualKeyProvider
                    {
                        Id = 1,
                        Provider = "openai",
                        AllowedModels = ["*"],
                        KeyIds = ["*"],
                        Weight = 2,
                    },
                    new VirtualKeyProvider
                    {
                        Id = 2,
                        Provider = "replicate",
                        AllowedModels = [],
                        KeyIds = [],
                    },
                ],
            }
        );
        var caller = Find(registry, _value)!;

        Assert.True(caller.AccessTo("openai")!.Allows("gpt-4o"));
        Assert.True(caller.AccessTo("openai")!.AllowsKey("k"));
        Assert.Equal(2, caller.AccessTo("openai")!.Weight);
        Assert.False(caller.AccessTo("replicate")!.Allows("llama"));
        Assert.False(caller.AccessTo("replicate")!.AllowsKey("k"));
    }

    [Fact]
    public async Task After_a_rotation_with_grace_both_values_count_until_it_ends()
    {
        using var registry = await ARegistry.WithAsync(ARegistry.AKey("1", _value) with { Budgets = [ARegistry.ABudget("b")] });

        var (rotated, mistakes) = await registry.Registry.RotateAsync(["1"], TimeSpan.FromHours(1), TestContext.Current.CancellationToken);

        Assert.Empty(mistakes);
        var (key, value) = Assert.Single(rotated);
        Assert.Equal(("1", value.Preview, "b"), (key.Id, key.ValuePreview, key.Budgets[0].Id));
        Assert.Equal("1", Find(registry, value)!.Id);
        Assert.Equal("1", Find(registry, _value)!.Id);
        registry.Clock.Move(TimeSpan.FromHours(1));
        Assert.Null(Find(registry, _value));
        Assert.Equal("1", Find(registry, value)!.Id);
    }

    [Fact]
    public async Task After_a_rotation_without_grace_the_old_value_finds_nobody()
    {
        using var registry = await ARegistry.WithAsync(ARegistry.AKey("1", _value));

        await registry.Registry.RotateAsync(["1"], TimeSpan.Zero, TestContext.Current.CancellationToken);

        Assert.Null(Find(registry, _value));
    }

    [Fact]
    public async Task Many_keys_are_rotated_at_once_or_none()
    {
        using var registry = await ARegistry.WithAsync(ARegistry.AKey("1", _value), ARegistry.AKey("2"));

        var (none, mistakes) = await registry.Registry.RotateAsync(["1", "3"], TimeSpan.Zero, TestContext.Current.CancellationToken);
        var first = Find(registry, _value);
        var (both, _) = await registry.Registry.RotateAsync(["1", "2"], TimeSpan.Zero, TestContext.Current.CancellationToken);

        Assert.Empty(none);
        Assert.Contains("There is no virtual key \"3\"", Assert.Single(mistakes).Message, StringComparison.Ordinal);
        Assert.NotNull(first);
        Assert.Equal(["1", "2"], both.Select(one => Find(registry, one.Value)!.Id));
    }

    [Fact]
    public async Task Two_keys_may_swap_their_values()
    {
        var other = VirtualKeyValue.New();
        using var registry = await ARegistry.WithAsync(ARegistry.AKey("1", _value), ARegistry.AKey("2", other));

        await registry.SetAsync(ARegistry.AKey("1", other), ARegistry.AKey("2", _value));

        Assert.Equal("2", Find(registry, _value)!.Id);
        Assert.Equal("1", Find(registry, other)!.Id);
    }

    [Fact]
    public async Task Finding_a_caller_allocates_nothing()
    {
        using var registry = await ARegistry.WithAsync(ARegistry.AKey("1", _value));
        Find(registry, _value);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var found = registry.Registry.Find(_value.Value, ARegistry.Noon);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.NotNull(found);
    }

    private static Caller? Find(ARegistry registry, VirtualKeyValue value) =>
        registry.Registry.Find(value.Value, registry.Clock.GetUtcNow());
}
