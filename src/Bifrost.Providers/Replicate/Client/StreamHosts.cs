namespace Bifrost.Providers.Replicate;

/// <summary>Where a stream address may point: it comes from upstream and is called with the token.</summary>
internal static class StreamHosts
{
    /// <summary>Own hosts of Replicate over https, or the configured base's own host and port.</summary>
    public static bool Allows(Uri address, Uri configured)
    {
        if (!address.IsAbsoluteUri || address.UserInfo.Length > 0)
        {
            return false;
        }

        if (
            Uri.Compare(address, configured, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase)
            == 0
        )
        {
            return true;
        }

        // Hosts seen: stream.replicate.com, streaming-api.svc.<region>.c.replicate.net and the like.
        return address.Scheme == Uri.UriSchemeHttps
            && address.IsDefaultPort
            && (
                address.Host.EndsWith(".replicate.com", StringComparison.OrdinalIgnoreCase)
                || address.Host.EndsWith(".replicate.net", StringComparison.OrdinalIgnoreCase)
            );
    }
}
