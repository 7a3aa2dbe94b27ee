using System.Net.Http.Headers;
using Bifrost.Wire.Faults;

namespace Bifrost.Core.Contracts;

/// <summary>An exchange as a tracing system follows it, from a greeter to a settler. Used by one request at a time, as is the exchange.</summary>
public abstract class ExchangeTrace
{
    /// <summary>32 hexadecimal digits: joins log lines to the trace.</summary>
    public abstract string TraceId { get; }

    /// <summary>A target is tried from now on. Called before each try.</summary>
    public abstract void Trying(Exchange exchange, Target target);

    /// <summary>The try failed.</summary>
    public abstract void Failed(Exchange exchange, Fault fault);

    /// <summary>Adds what tells the provider which trace this is.</summary>
    public abstract void WriteTo(HttpRequestHeaders headers);
}
