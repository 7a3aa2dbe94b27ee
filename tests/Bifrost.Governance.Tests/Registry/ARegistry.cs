using Bifrost.Core.World;
using Bifrost.Governance.Limits;
using Bifrost.Governance.Objects;
using Bifrost.Governance.Registry;
using Bifrost.Governance.VirtualKeys;
using Microsoft.AspNetCore.Http;

namespace Bifrost.Governance.Tests.Registry;

/// <summary>A registry over a store in memory, and short ways to fill it.</summary>
internal sealed class ARegistry : IDisposable
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private ARegistry(MemoryObjectStore store, Till till, HandClock clock, GovernanceRegistry registry) =>
        (Store, Till, Clock, Registry) = (store, till, clock, registry);

    public MemoryObjectStore Store { get; }

    public Till Till { get; }

    public HandClock Clock { get; }

    public GovernanceRegistry Registry { get; }

    public GovernanceSnapshot Now => Registry.Now;

    public static async Task<ARegistry> OpenAsync(MemoryObjectStore? store = null)
    {
        var clock = new HandClock(Noon);
        var till = new Till(clock);
        store ??= new MemoryObjectStore();
        return new ARegistry(
            store,
            till,
            clock,
            await GovernanceRegistry.OpenAsync(store, till, clock, TestContext.Current.CancellationToken)
        );
    }

    public static async Task<ARegistry> WithAsync(params GovernanceObject[] objects)
    {
        var registry = await OpenAsync();
        await registry.SetAsync(objects);
        return registry;
    }

    public static Budget ABudget(string id, long dollars = 1, string reset = "1h") =>
        new()
        {
            Id = id,
            MaxLimit = dollars * 1_000_000_000,
            ResetDuration = reset,
        };

    public static RateLimit ARate(string id, long requests = 10) =>
        new()
        {
            Id = id,
            RequestMaxLimit = requests,
            RequestResetDuration = "1m",
        };

    public static VirtualKey AKey(string id, VirtualKeyValue? value = null)
    {
        value ??= VirtualKeyValue.New();
        return new VirtualKey
        {
            Id = id,
            Name = "key " + id,
            ValueHash = value.Hash,
            ValuePreview = value.Preview,
        };
    }

    public static Edit Set(GovernanceObject value) => new(ObjectRef.KindOf(value), value.Id, value);

    public static Edit Delete(GovernanceObject value) => new(ObjectRef.KindOf(value), value.Id, null);

    public Task<IReadOnlyList<Mistake>> TryAsync(params Edit[] edits) => Registry.ApplyAsync(edits, TestContext.Current.CancellationToken);

    /// <summary>Expects no mistake.</summary>
    public async Task SetAsync(params GovernanceObject[] objects) => Assert.Empty(await TryAsync([.. objects.Select(Set)]));

    /// <summary>Expects no mistake.</summary>
    public async Task DeleteAsync(GovernanceObject value) => Assert.Empty(await TryAsync(Delete(value)));

    /// <summary>The levels and owners that bind a call.</summary>
    public string[] Binding(
        VirtualKeyValue? value,
        string provider = "openai",
        string model = "gpt-4o",
        IHeaderDictionary? headers = null,
        string? sent = null
    )
    {
        var caller = value is null ? null : Registry.Find(value.Value, Clock.GetUtcNow());
        Assert.Equal(value is null, caller is null);
        var outcome = Registry.ChainFor(caller, provider, model, sent ?? model, headers ?? new HeaderDictionary());
        Assert.Null(outcome.Fault);
        return [.. outcome.Value!.Sets.ToArray().Select(set => $"{set.Level} {set.OwnerName}{(set.Part is null ? "" : "=" + set.Part)}")];
    }

    public void Dispose() => Registry.Dispose();
}

/// <summary>Stands still until it is moved.</summary>
internal sealed class HandClock(DateTimeOffset now) : TimeProvider
{
    private DateTimeOffset _now = now;

    public override DateTimeOffset GetUtcNow() => _now;

    public void Move(TimeSpan by) => _now += by;
}
