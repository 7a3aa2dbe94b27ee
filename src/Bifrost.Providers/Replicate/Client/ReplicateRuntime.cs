using System.Runtime.CompilerServices;
using Bifrost.Core;
using Bifrost.Core.Contracts;
using Bifrost.Core.Outbound;
using Bifrost.Core.World;
using Microsoft.Extensions.Logging;

namespace Bifrost.Providers.Replicate;

/// <summary>What all carriers share: clock, logs, and the state that outlives a request.</summary>
internal sealed partial class ReplicateRuntime
{
    private readonly ReplicateServices _services;
    private readonly ConditionalWeakTable<KeyModel, PollGate> _gates = [];
    private readonly ILogger _log;

    public ReplicateRuntime(ReplicateServices services)
    {
        _services = services;
        _log = services.Logs.CreateLogger("Bifrost.Providers.Replicate");
        Routes = new ModelRoutes(this);
    }

    public TimeProvider Clock => _services.Clock;

    public WaitPace Pace => _services.Pace;

    public GuardedHttp Outbound => _services.Outbound;

    public ILogger Log => _log;

    public DetachedCancels Cancels { get; } = new();

    public ModelRoutes Routes { get; }

    public PredictionWaiters Waiters { get; } = new();

    public PredictionClient ClientOf(ProviderModel provider, KeyModel key) => new(provider, key, this);

    public PredictionClient ClientOf(Target target) => ClientOf(target.Provider, target.Key);

    public PollGate GateOf(KeyModel key) => _gates.GetValue(key, _ => new PollGate(Clock));

    /// <summary>What is left of the time that one request may take.</summary>
    public static TimeSpan BudgetOf(Exchange exchange, Target target) => target.Provider.Patience - exchange.Elapsed;

    [LoggerMessage(Level = LogLevel.Warning, Message = "Prediction {Id} could not be cancelled; it ends by its own deadline.")]
    public partial void CancelFailed(string id);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Key {Key} is short of credit at Replicate: it may create only a few predictions a minute until it is topped up."
    )]
    public partial void LowCredit(string key);
}
