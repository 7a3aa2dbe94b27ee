using BenchmarkDotNet.Attributes;
using Bifrost.Core.Contracts;
using Bifrost.Governance.Limits;
using Bifrost.Governance.Objects;
using Bifrost.Governance.Registry;
using Bifrost.Governance.Stores;
using Bifrost.Governance.VirtualKeys;
using Microsoft.AspNetCore.Http;

namespace Bifrost.Benchmarks.Governance;

/// <summary>Finding who calls, and which limits bind the call, among 100,000 virtual keys in 5,000 teams.</summary>
[MemoryDiagnoser]
public class CallerLookupBenchmarks
{
    private const int Keys = 100_000;
    private const int Teams = 5_000;

    private readonly string[] _values = new string[Keys];
    private readonly HeaderDictionary _headers = [];
    private readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();
    private GovernanceRegistry _registry = null!;
    private Caller _one = null!;
    private int _next;

    [GlobalSetup]
    public async Task LoadAsync()
    {
        _registry = await GovernanceRegistry.OpenAsync(new Forgetful(), new Till(TimeProvider.System), TimeProvider.System, default);
        var edits = new List<Edit>(Keys + Teams);
        for (var i = 0; i < Teams; i++)
        {
            var team = new Team
            {
                Id = $"team-{i}",
                Name = $"Team {i}",
                Budgets = [Money(100)],
            };
            edits.Add(new Edit(ObjectKinds.Team, team.Id, team));
        }

        for (var i = 0; i < Keys; i++)
        {
            var value = VirtualKeyValue.New();
            _values[i] = value.Value;
            var key = new VirtualKey
            {
                Id = Guid.NewGuid().ToString(),
                Name = $"Key {i}",
                ValueHash = value.Hash,
                ValuePreview = value.Preview,
                TeamId = $"team-{i % Teams}",
                Budgets = [Money(1)],
            };
            edits.Add(new Edit(ObjectKinds.VirtualKey, key.Id, key));
        }

        var mistakes = await _registry.ApplyAsync(edits, default);
        if (mistakes.Count > 0)
        {
            throw new InvalidOperationException(mistakes[0].ToString());
        }

        _one = _registry.Find(_values[0], _now)!;
    }

    /// <summary>The hash alone.</summary>
    [Benchmark(Baseline = true)]
    public KeyHash? Hash() => KeyHash.Of(_values[0]);

    /// <summary>Another key each time, so that the processor's caches do not help.</summary>
    [Benchmark]
    public Caller? Find() => _registry.Find(_values[_next = (_next + 7919) % Keys], _now);

    /// <summary>The limits of a caller that asked the same before.</summary>
    [Benchmark]
    public LimitChain? Chain() => _registry.ChainFor(_one, "openai", "openai/gpt-4o", "gpt-4o", _headers).Value;

    /// <summary>Both, for another key each time.</summary>
    [Benchmark]
    public LimitChain? FindAndChain() => _registry.ChainFor(Find(), "openai", "openai/gpt-4o", "gpt-4o", _headers).Value;

    private static Budget Money(long dollars) =>
        new()
        {
            Id = Guid.NewGuid().ToString(),
            MaxLimit = dollars * 1_000_000_000,
            ResetDuration = "1d",
        };

    private sealed class Forgetful : IObjectStore
    {
        public Task<IReadOnlyList<StoredObject>> LoadAsync(CancellationToken cancel) => Task.FromResult<IReadOnlyList<StoredObject>>([]);

        public Task SaveAsync(IReadOnlyList<ObjectChange> changes, CancellationToken cancel) => Task.CompletedTask;
    }
}
