using BenchmarkDotNet.Attributes;
using Bifrost.Governance.Limits;
using Bifrost.Governance.Objects;

namespace Bifrost.Benchmarks.Governance;

/// <summary>Holding and settling what a call costs, with the limits of 100,000 virtual keys loaded: one budget and one rate limit each.</summary>
[MemoryDiagnoser]
public class AdmissionBenchmarks
{
    private const int Keys = 100_000;
    private static readonly CallEstimate Estimate = new()
    {
        ExpectedCost = 1_000_000,
        ExpectedTokens = 500,
        MostFixedCost = 500_000,
        MostPerOutputToken = 1_000,
        Choices = 1,
        OutputCap = 1_000,
        CanLowerCap = true,
    };

    private readonly Till _till = new(TimeProvider.System);
    private readonly LimitSet[] _keys = new LimitSet[Keys];
    private readonly LimitSet[] _sets = new LimitSet[8];
    private readonly LimitSet[] _one = new LimitSet[1];
    private readonly List<MeterCharge> _charges = [];
    private int _next;

    /// <summary>Bytes in memory for each virtual key's counters, its ids not counted: they belong to the objects.</summary>
    [GlobalSetup]
    public void Load()
    {
        var budgets = new IReadOnlyList<Budget>[Keys];
        var rates = new RateLimit[Keys];
        for (var i = 0; i < Keys; i++)
        {
            budgets[i] = [Money(Guid.NewGuid().ToString(), Enforcement.Standard)];
            rates[i] = Rate(Guid.NewGuid().ToString());
        }

        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < Keys; i++)
        {
            _keys[i] = _till.Open(LimitLevel.VirtualKey, "key", budgets[i], rates[i]);
        }

        var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        Console.WriteLine($"// {bytes / 1_000_000.0:F1} MB for the counters of {Keys} virtual keys, {bytes / Keys} bytes each");
        GC.KeepAlive(budgets);
        GC.KeepAlive(rates);

        LimitLevel[] levels =
        [
            LimitLevel.Provider,
            LimitLevel.Model,
            LimitLevel.User,
            LimitLevel.VirtualKeyProvider,
            LimitLevel.VirtualKey,
            LimitLevel.Team,
            LimitLevel.BusinessUnit,
            LimitLevel.Customer,
        ];
        for (var i = 0; i < levels.Length; i++)
        {
            _sets[i] = _till.Open(
                levels[i],
                $"owner-{i}",
                [Money($"b{i}", i % 2 == 0 ? Enforcement.Hard : Enforcement.Standard)],
                Rate($"r{i}")
            );
        }
    }

    [Benchmark]
    public bool OneLevel()
    {
        _one[0] = _keys[_next++ % Keys];
        return HoldAndSettle(_one);
    }

    [Benchmark]
    public bool EightLevels()
    {
        _sets[4] = _keys[_next++ % Keys];
        return HoldAndSettle(_sets);
    }

    private bool HoldAndSettle(LimitSet[] sets)
    {
        if (_till.TryHold(sets, Estimate, _charges, out _).Failed(out var fault, out var hold))
        {
            throw new InvalidOperationException(fault.Message);
        }

        // Nothing is used up however long this runs.
        return _till.Settle(hold, 1, 1, _charges);
    }

    private static Budget Money(string id, Enforcement enforcement) =>
        new()
        {
            Id = id,
            MaxLimit = long.MaxValue / 2,
            ResetDuration = "1M",
            Enforcement = enforcement,
        };

    private static RateLimit Rate(string id) =>
        new()
        {
            Id = id,
            TokenMaxLimit = long.MaxValue / 2,
            TokenResetDuration = "1h",
            RequestMaxLimit = long.MaxValue / 2,
            RequestResetDuration = "1h",
        };
}
