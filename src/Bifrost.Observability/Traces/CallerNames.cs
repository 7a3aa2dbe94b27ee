using Bifrost.Core.Contracts;

namespace Bifrost.Observability.Traces;

/// <summary>Names of those whom a virtual key belongs to, as they are now.</summary>
internal sealed record CallerNames(Func<string, string?>? Team, Func<string, string?>? Customer)
{
    public string? TeamOf(Caller caller) => caller.TeamId is { } id ? Team?.Invoke(id) : null;

    public string? CustomerOf(Caller caller) => caller.CustomerId is { } id ? Customer?.Invoke(id) : null;
}
