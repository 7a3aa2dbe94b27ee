using System.Net;
using System.Security.Cryptography.X509Certificates;
using Bifrost.Core.World;

namespace Bifrost.Core.Outbound;

/// <summary>Makes the sender for one configured provider. No cookies, no redirects (a credential must not travel on), no proxy by surprise.</summary>
public static class ProviderHttp
{
    public static HttpMessageInvoker Create(NetworkConfig network, ProxyConfig? proxy = null)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = proxy is not null,
            Proxy = proxy is null ? null : new ConfiguredProxy(proxy),
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            MaxConnectionsPerServer = network.MaxConnectionsPerHost,
            // Long enough to be rarely paid, short enough to follow a provider's DNS.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(90),
            ConnectTimeout = TimeSpan.FromSeconds(10),
            // A stream that nobody reads any more is closed, not listened to for two more seconds.
            ResponseDrainTimeout = TimeSpan.Zero,
        };
        if (network.InsecureSkipVerify || proxy?.InsecureSkipVerify == true)
        {
#pragma warning disable CA5359 // The operator asked for it by name (`network_config.insecure_skip_verify`, or the proxy's `skip_tls_verify`).
            handler.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        }
        else if (network.CaCertPem is { Length: > 0 } pem)
        {
            var extra = new X509Certificate2Collection();
            extra.ImportFromPem(pem);
            handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust };
            handler.SslOptions.CertificateChainPolicy.CustomTrustStore.AddRange(extra);
        }

        return new HttpMessageInvoker(handler);
    }
}
