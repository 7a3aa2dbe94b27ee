using Bifrost.Core.Outbound;
using Bifrost.Wire.Faults;

namespace Bifrost.Providers.Replicate;

/// <summary>Opens what a model made. Its address is the provider's word: no token goes there, and nothing private is reached.</summary>
internal static class OutputFiles
{
    /// <summary>A fault that the fetching found in an address of the provider's is the provider's, not the caller's.</summary>
    public static Fault Blame(Fault fault) =>
        fault.Kind == FaultKind.InvalidRequest && fault.Param is null
            ? new Fault(FaultKind.UpstreamInvalid, $"The model's output cannot be fetched: {fault.Message}") { Code = fault.Code }
            : fault;

    public static async Task<Outcome<FetchedContent>> DownloadAsync(string address, GuardedHttp http, long maxBytes, CancellationToken cancel)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri))
        {
            return new Fault(FaultKind.UpstreamInvalid, "The model's output is no address.");
        }

        return (await http.DownloadAsync(uri, maxBytes, cancel)).Failed(out var fault, out var content) ? Blame(fault) : content;
    }
}
