namespace Bifrost.Configuration.Tests;

public sealed class ConfigFileTests
{
    [Fact]
    public void An_empty_object_is_all_defaults()
    {
        var config = AConfig.Read("{}").Good();

        Assert.Empty(config.Providers);
        Assert.Equal(100, config.Client.MaxRequestBodySizeMb);
        Assert.Equal(["*"], config.Client.AllowedOrigins);
        Assert.Equal(30, config.Client.ShutdownSeconds);
        Assert.Null(config.Client.AllowDirectKeys);
    }

    [Fact]
    public void A_byte_order_mark_is_skipped() => AConfig.Read([0xEF, 0xBB, 0xBF, .. "{}"u8]).Good();

    [Fact]
    public void Every_setting_of_the_client_is_read()
    {
        var client = AConfig
            .Read(
                AConfig.WithClient(
                    """
                    "allow_direct_keys": true, "max_request_body_size_mb": 20, "allowed_origins": ["https://*.example.com", "http://localhost:3000"],
                    "allowed_headers": ["x-team"], "required_headers": ["X-User"], "strict_parameters": true,
                    "public_url": "https://gateway.example.com", "shutdown_seconds": 5
                    """
                )
            )
            .Good()
            .Client;

        Assert.True(client.AllowDirectKeys);
        Assert.Equal(20, client.MaxRequestBodySizeMb);
        Assert.Equal(["https://*.example.com", "http://localhost:3000"], client.AllowedOrigins);
        Assert.Equal(["x-team"], client.AllowedHeaders);
        Assert.Equal(["X-User"], client.RequiredHeaders);
        Assert.True(client.StrictParameters);
        Assert.Equal(new Uri("https://gateway.example.com"), client.PublicUrl);
        Assert.Equal(5, client.ShutdownSeconds);
    }

    [Fact]
    public void Every_setting_of_the_network_is_read()
    {
        var network = AConfig
            .Read(
                AConfig.WithNetwork(
                    """
                    "base_url": "http://127.0.0.1:9000/v1", "extra_headers": {"x-org": "ours"}, "default_request_timeout_in_seconds": 45,
                    "stream_idle_timeout_in_seconds": 90, "max_retries": 4, "retry_backoff_initial": 100, "retry_backoff_max": 2000,
                    "max_conns_per_host": 12
                    """
                )
            )
            .Good()
            .Providers["openai"]
            .Network;

        Assert.Equal(new Uri("http://127.0.0.1:9000/v1"), network.BaseUrl);
        Assert.Equal("ours", network.ExtraHeaders["x-org"]);
        Assert.Equal(45, network.RequestTimeoutSeconds);
        Assert.Equal(90, network.StreamIdleTimeoutSeconds);
        Assert.Equal(4, network.MaxRetries);
        Assert.Equal(100, network.RetryBackoffInitialMs);
        Assert.Equal(2000, network.RetryBackoffMaxMs);
        Assert.Equal(12, network.MaxConnectionsPerHost);
        Assert.False(network.InsecureSkipVerify);
    }

    [Fact]
    public void A_network_that_says_nothing_keeps_the_defaults()
    {
        var network = AConfig.Read(AConfig.WithNetwork("")).Good().Providers["openai"].Network;

        Assert.Null(network.RequestTimeoutSeconds);
        Assert.Equal(60, network.StreamIdleTimeoutSeconds);
        Assert.Equal(2, network.MaxRetries);
        Assert.Equal(500, network.RetryBackoffInitialMs);
        Assert.Equal(5000, network.RetryBackoffMaxMs);
    }

    [Fact]
    public void The_documented_spelling_of_the_backoff_works_too()
    {
        var network = AConfig
            .Read(AConfig.WithNetwork("""  "retry_backoff_initial_ms": 7, "retry_backoff_max_ms": 70 """))
            .Good()
            .Providers["openai"]
            .Network;

        Assert.Equal(7, network.RetryBackoffInitialMs);
        Assert.Equal(70, network.RetryBackoffMaxMs);
    }

    [Fact]
    public void Every_setting_of_a_key_is_read()
    {
        var key = AConfig
            .Read(
                AConfig.WithKey(
                    """
                    "id": "k1", "models": ["gpt-4o"], "blacklisted_models": ["gpt-4"], "weight": 0.25, "enabled": true,
                    "aliases": {"fast": "gpt-4o-mini"}, "description": "of the team"
                    """
                )
            )
            .Good()
            .Providers["openai"]
            .Keys.Single();

        Assert.Equal("main", key.Name);
        Assert.Equal("k1", key.Id);
        Assert.Equal("sk-main", key.Value.Reveal());
        Assert.Equal(["gpt-4o"], key.Models);
        Assert.Equal(["gpt-4"], key.BlacklistedModels);
        Assert.Equal(0.25, key.Weight);
        Assert.True(key.Enabled);
        Assert.Equal("gpt-4o-mini", key.Aliases["fast"]);
        Assert.Null(key.Extras);
    }

    [Fact]
    public void A_key_may_say_nothing_but_name_and_value()
    {
        var key = AConfig
            .Read("""{"providers": {"openai": {"keys": [{"name": "a", "value": "sk-a"}]}}}""")
            .Good()
            .Providers["openai"]
            .Keys.Single();

        Assert.Equal(1, key.Weight);
        Assert.Null(key.Models);
        Assert.True(key.Enabled);
    }

    [Fact]
    public void Null_means_not_written()
    {
        var config = AConfig.Read(
            """{"client": null, "governance": null, "providers": {"openai": {"network_config": null, "keys": [{"name": "a", "value": "sk-a", "weight": null}]}}}"""
        );

        Assert.Equal(1, config.Good().Providers["openai"].Keys.Single().Weight);
        Assert.Empty(config.Warnings);
    }

    [Fact]
    public void A_provider_that_is_null_is_not_mentioned() =>
        Assert.Equal(
            "sk-1",
            AConfig
                .Read("""{"providers": {"openai": null}}""", ("OPENAI_API_KEY", "sk-1"))
                .Good()
                .Providers["openai"]
                .Keys[0]
                .Value.Reveal()
        );

    [Fact]
    public void Providers_may_be_null() => Assert.Empty(AConfig.Read("""{"providers": null}""").Good().Providers);

    [Fact]
    public void The_schema_is_no_matter_of_ours() =>
        Assert.Empty(AConfig.Read("""{"$schema": "https://www.getbifrost.ai/schema"}""").Warnings);

    [Fact]
    public void A_certificate_is_taken_as_it_is()
    {
        using var rsa = System.Security.Cryptography.RSA.Create(2048);
        var request = new System.Security.Cryptography.X509Certificates.CertificateRequest(
            "CN=test",
            rsa,
            System.Security.Cryptography.HashAlgorithmName.SHA256,
            System.Security.Cryptography.RSASignaturePadding.Pkcs1
        );
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(1));
        var pem = certificate.ExportCertificatePem();

        var config = AConfig.Read(AConfig.WithNetwork("""  "ca_cert_pem": "env.ROOT" """), ("ROOT", pem)).Good();

        Assert.Equal(pem, config.Providers["openai"].Network.CaCertPem);
    }
}
