using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Bifrost.Core.Outbound.Http1;
using Bifrost.Core.World;

namespace Bifrost.Core.Outbound;

/// <summary>Makes the sender for one configured provider. No cookies, no redirects (a credential must not travel on), no proxy by surprise.</summary>
public static class ProviderHttp
{
    public static HttpMessageInvoker Create(NetworkConfig network, ProxyConfig? proxy = null) =>
        new(
            proxy is null
                ? new Http1Handler(
                    new Http1Options { MaxConnections = network.MaxConnectionsPerHost, Trust = how => Trust(how, network, proxy) }
                )
                : ThroughProxy(network, proxy)
        );

    private static SocketsHttpHandler ThroughProxy(NetworkConfig network, ProxyConfig proxy)
    {
        var usual = new Http1Options();
        var handler = new SocketsHttpHandler
        {
            UseProxy = true,
            Proxy = new ConfiguredProxy(proxy),
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            MaxConnectionsPerServer = network.MaxConnectionsPerHost,
            PooledConnectionLifetime = usual.Lifetime,
            PooledConnectionIdleTimeout = usual.IdleTimeout,
            ConnectTimeout = usual.ConnectTimeout,
            // A stream that nobody reads any more is closed, not listened to for two more seconds.
            ResponseDrainTimeout = TimeSpan.Zero,
        };
        Trust(handler.SslOptions, network, proxy);
        return handler;
    }

    private static void Trust(SslClientAuthenticationOptions how, NetworkConfig network, ProxyConfig? proxy)
    {
        if (network.InsecureSkipVerify || proxy?.InsecureSkipVerify == true)
        {
#pragma warning disable CA5359 // The operator asked for it by name (`network_config.insecure_skip_verify`, or the proxy's `skip_tls_verify`).
            how.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        }
        else if (network.CaCertPem is { Length: > 0 } pem)
        {
            var extra = new X509Certificate2Collection();
            extra.ImportFromPem(pem);
            how.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust };
            how.CertificateChainPolicy.CustomTrustStore.AddRange(extra);
        }
    }
}
