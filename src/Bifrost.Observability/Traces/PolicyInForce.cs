using Bifrost.Core;
using Bifrost.Core.World;
using Bifrost.Observability.Redaction;
using Bifrost.Observability.RequestLog;

namespace Bifrost.Observability.Traces;

/// <summary>What may be kept, as the operator says it now; spans follow the request log. Any thread.</summary>
internal sealed class PolicyInForce
{
    private LogPolicy _policy = new(new LogConfig());

    /// <summary>Takes secrets out of what goes to the collector.</summary>
    public Redactor Redactor => Volatile.Read(ref _policy).Redactor;

    public LogPolicy Of(Exchange exchange)
    {
        var policy = Volatile.Read(ref _policy);
        var config = exchange.World.Client.Log;
        if (!ReferenceEquals(policy.Config, config))
        {
            policy = new LogPolicy(config);
            Volatile.Write(ref _policy, policy);
        }

        return policy;
    }
}
