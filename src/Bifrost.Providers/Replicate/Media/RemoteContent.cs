using System.Net;
using System.Net.Http.Headers;
using Bifrost.Core.Outbound;
using Bifrost.Wire.Faults;

namespace Bifrost.Providers.Replicate;

/// <summary>A file elsewhere, opened and not yet read. Owned by whoever opened it.</summary>
internal sealed record RemoteContent(HttpResponseMessage Response, Stream Body, string ContentType)
{
    public int Status => (int)Response.StatusCode;

    public long? Length => Response.Content.Headers.ContentLength;

    public string? ContentRange => Response.Content.Headers.ContentRange?.ToString();

    public bool AcceptsRanges => Response.Headers.AcceptRanges.Contains("bytes");

    /// <summary>Opens an address without a credential. A range that cannot be read is ignored, as RFC 9110 asks; one that the file does not
    /// have is the caller's fault.</summary>
    public static async Task<Outcome<RemoteContent>> OpenAsync(GuardedHttp http, Uri address, string? range, CancellationToken cancel)
    {
        _ = RangeHeaderValue.TryParse(range, out var wanted);
        if ((await http.GetAsync(address, wanted, cancel)).Failed(out var fault, out var response))
        {
            return fault;
        }

        if (response.StatusCode is HttpStatusCode.OK or HttpStatusCode.PartialContent)
        {
            var body = await response.Content.ReadAsStreamAsync(cancel);
            var type = response.Content.Headers.ContentType?.ToString() ?? "application/octet-stream";
            return new RemoteContent(response, body, type);
        }

        using (response)
        {
            return response.StatusCode switch
            {
                HttpStatusCode.RequestedRangeNotSatisfiable => new Fault(
                    FaultKind.UpstreamRejected,
                    $"The file does not have the range \"{range}\" that was asked for."
                )
                {
                    Param = "Range",
                    Code = "invalid_range",
                    UpstreamStatus = (int)response.StatusCode,
                },
                HttpStatusCode.NotFound or HttpStatusCode.Gone or HttpStatusCode.Forbidden => new Fault(
                    FaultKind.Gone,
                    "The file is no longer kept by the provider."
                )
                {
                    UpstreamStatus = (int)response.StatusCode,
                },
                _ => new Fault(FaultKind.UpstreamError, $"Fetching from {address.Host} failed with status {(int)response.StatusCode}.")
                {
                    UpstreamStatus = (int)response.StatusCode,
                },
            };
        }
    }
}
