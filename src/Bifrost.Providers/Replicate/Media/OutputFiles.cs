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

    public static bool IsDataUrl(string address) => address.StartsWith("data:", StringComparison.OrdinalIgnoreCase);

    /// <summary>The content of a base64 data URL.</summary>
    public static Outcome<FetchedContent> Decode(string dataUrl)
    {
        const string marker = ";base64";
        var comma = dataUrl.IndexOf(',', StringComparison.Ordinal);
        var head = comma < 0 ? "" : dataUrl[5..comma];
        var bytes = new byte[dataUrl.Length];
        if (
            !head.EndsWith(marker, StringComparison.OrdinalIgnoreCase)
            || !Convert.TryFromBase64Chars(dataUrl.AsSpan(comma + 1), bytes, out var length)
        )
        {
            return new Fault(FaultKind.UpstreamInvalid, "The model answered with a data URL that cannot be read.");
        }

        var mediaType = head[..^marker.Length].Split(';')[0];
        return new FetchedContent(bytes.AsMemory(0, length), mediaType.Length > 0 ? mediaType : null);
    }

    /// <summary>Fetches a file, or decodes it when it is its own address.</summary>
    public static async Task<Outcome<FetchedContent>> DownloadAsync(
        string address,
        GuardedHttp http,
        long maxBytes,
        CancellationToken cancel
    )
    {
        if (IsDataUrl(address))
        {
            return Decode(address);
        }

        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri))
        {
            return new Fault(FaultKind.UpstreamInvalid, "The model's output is no address.");
        }

        return (await http.DownloadAsync(uri, maxBytes, cancel)).Failed(out var fault, out var content) ? Blame(fault) : content;
    }
}
