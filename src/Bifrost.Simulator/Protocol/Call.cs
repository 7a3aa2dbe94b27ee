using Microsoft.AspNetCore.Http;

namespace Bifrost.Simulator;

/// <summary>One request on its way through the simulator. <see cref="Gone"/> fires when the caller leaves or the simulator stops.</summary>
internal sealed record Call(HttpContext Http, RecordedRequest Request, string Account, CancellationToken Gone)
{
    public string? Query(string name) => Http.Request.Query.TryGetValue(name, out var value) ? value.ToString() : null;
}
