namespace Bifrost.Configuration.Tests;

public sealed class PublishedExampleTests
{
    private const string Everything = """
        {
          "$schema": "https://www.getbifrost.ai/schema",
          "encryption_key": "env.ENCRYPTION_KEY",
          "auth_config": {"is_enabled": true, "admin_username": "env.ADMIN", "admin_password": "env.ADMIN_PASSWORD"},
          "client": {
            "drop_excess_requests": false, "initial_pool_size": 300, "prometheus_labels": ["team"], "allowed_origins": ["*"], "allowed_headers": [],
            "enable_logging": true, "disable_content_logging": false, "disable_db_pings_in_health": false, "log_retention_days": 30,
            "enforce_auth_on_inference": false, "allow_direct_keys": true, "max_request_body_size_mb": 100, "enable_litellm_fallbacks": false,
            "header_filter_config": {"allowlist": [], "denylist": ["x-internal"]}, "async_job_result_ttl": 3600, "required_headers": [],
            "logging_headers": ["x-user"], "hide_deleted_virtual_keys_in_filters": false, "mcp_agent_depth": 10, "mcp_tool_execution_timeout": 30,
            "mcp_code_mode_binding_level": "server", "mcp_tool_sync_interval": 10, "whitelisted_routes": []
          },
          "framework": {"pricing": {"pricing_url": "https://example.com/prices.json", "pricing_sync_interval": 86400}},
          "providers": {
            "openai": {
              "keys": [
                {"name": "first", "value": "env.OPENAI_API_KEY", "models": ["*"], "weight": 0.7, "use_for_batch_api": true},
                {"name": "second", "value": "sk-two", "models": ["gpt-4o"], "blacklisted_models": ["gpt-4"], "weight": 0.3, "enabled": false}
              ],
              "network_config": {
                "default_request_timeout_in_seconds": 30, "max_retries": 3, "retry_backoff_initial_ms": 500, "retry_backoff_max_ms": 5000,
                "extra_headers": {"x-org": "ours"}, "insecure_skip_verify": false, "stream_idle_timeout_in_seconds": 60,
                "max_conns_per_host": 5000, "enforce_http2": true, "beta_header_overrides": {}
              },
              "concurrency_and_buffer_size": {"concurrency": 100, "buffer_size": 1000},
              "proxy_config": {"type": "http", "url": "http://proxy.example:3128"},
              "send_back_raw_request": false, "send_back_raw_response": true, "store_raw_request_response": false,
              "openai_config": {"disable_store": true}, "pricing_overrides": []
            },
            "anthropic": {"keys": [{"name": "a", "value": "env.ANTHROPIC_API_KEY", "models": [], "weight": 1}], "anything": {"at": "all"}},
            "azure": {"keys": [{"name": "a", "weight": 1, "azure_key_config": {"endpoint": "env.AZURE_ENDPOINT", "deployments": {"gpt-4o": "mine"}}}]},
            "bedrock": {"keys": [{"bedrock_key_config": {"region": "us-east-1"}}]},
            "replicate": {
              "keys": [{"name": "r", "value": "env.REPLICATE_API_TOKEN", "models": ["*"], "weight": 1, "replicate_key_config": {"deployments": {"img": "acme/img"}}}]
            },
            "our-claude": {"keys": [], "custom_provider_config": {"base_provider_type": "anthropic"}},
            "our-llm": {
              "keys": [{"name": "k", "value": "env.OUR_KEY", "models": ["*"], "weight": 1, "vllm_key_config": {"url": "http://127.0.0.1:8000"}}],
              "network_config": {"base_url": "https://llm.example.com"},
              "custom_provider_config": {
                "base_provider_type": "openai", "is_key_less": false, "allowed_requests": {"chat_completion": true}, "request_path_overrides": {}
              }
            }
          },
          "governance": {
            "budgets": [{"id": "b", "max_limit": 100, "reset_duration": "1M"}],
            "virtual_keys": [{"id": "v", "name": "team", "value": "env.VK", "budget_id": "b", "provider_configs": [{"provider": "openai", "weight": 1}]}],
            "routing_rules": []
          },
          "mcp": {"client_configs": [{"name": "files", "connection_type": "stdio"}], "tool_manager_config": {"tool_execution_timeout": "30s"}},
          "vector_store": {"enabled": true, "type": "redis", "config": {"addr": "127.0.0.1:6379"}},
          "config_store": {"enabled": true, "type": "sqlite", "config": {"path": "config.db"}},
          "logs_store": {"enabled": true, "type": "postgres", "config": {
            "host": "env.PG_HOST", "port": "5432", "user": "bifrost", "password": "env.PG_PASSWORD", "db_name": "logs", "ssl_mode": "disable"
          }},
          "cluster_config": {"enabled": false}, "saml_config": {}, "load_balancer_config": {}, "guardrails_config": {},
          "plugins": [{"enabled": true, "name": "semantic_cache", "config": {"provider": "openai"}}],
          "audit_logs": {"disabled": true}, "large_payload_optimization": {}, "websocket": {"max_connections_per_user": 100}
        }
        """;

    private static readonly (string, string)[] Environment =
    [
        ("OPENAI_API_KEY", "sk-one"),
        ("REPLICATE_API_TOKEN", "r8"),
        ("OUR_KEY", "k"),
        ("ENCRYPTION_KEY", "a long passphrase"),
        ("PG_HOST", "db.example"),
        ("PG_PASSWORD", "correct battery"),
        ("ADMIN", "admin"),
        ("ADMIN_PASSWORD", "correct horse"),
        ("VK", "sk-bf-11111111-2222-4333-8444-555555555555"),
    ];

    [Fact]
    public void It_starts()
    {
        var config = AConfig.Read(Everything, Environment).Good();

        Assert.Equal(["openai", "our-llm", "replicate"], config.Providers.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("sk-one", config.Providers["openai"].Keys[0].Value.Reveal());
        Assert.Equal(3, config.Providers["openai"].Network.MaxRetries);
        Assert.False(config.Client.HideDeletedInFilters);
        Assert.Equal(
            (30, true, "x-user"),
            (config.Client.Log.RetentionDays, config.Client.Log.Content, config.Client.Log.Headers.Single())
        );
        Assert.Equal("deployments/acme/img", config.Providers["replicate"].Keys[0].Aliases["img"]);
    }

    [Fact]
    public void Its_request_log_is_kept_apart()
    {
        var store = AConfig.Read(Everything, Environment).LogStore;

        Assert.Equal((StoreKind.Postgres, "db.example", "logs"), (store!.Kind, store.Host, store.Database));
        Assert.Equal("correct battery", store.Password.Reveal());
    }

    [Fact]
    public void What_is_not_served_is_warned_of_exactly_once()
    {
        string[] expected =
        [
            .. new[]
            {
                "mcp",
                "vector_store",
                "cluster_config",
                "saml_config",
                "load_balancer_config",
                "guardrails_config",
                "plugins[0]",
                "audit_logs",
                "large_payload_optimization",
                "websocket",
            },
            .. new[]
            {
                "drop_excess_requests",
                "initial_pool_size",
                "disable_db_pings_in_health",
                "enable_litellm_fallbacks",
                "header_filter_config",
                "async_job_result_ttl",
                "mcp_agent_depth",
                "mcp_tool_execution_timeout",
                "mcp_code_mode_binding_level",
                "mcp_tool_sync_interval",
                "whitelisted_routes",
            }.Select(n => $"client.{n}"),
            .. new[]
            {
                "keys[0].use_for_batch_api",
                "network_config.enforce_http2",
                "network_config.beta_header_overrides",
                "concurrency_and_buffer_size",
                "proxy_config",
                "send_back_raw_request",
                "send_back_raw_response",
                "store_raw_request_response",
                "openai_config",
            }.Select(n => $"providers.openai.{n}"),
            .. new[]
            {
                "keys[0].vllm_key_config",
                "custom_provider_config.allowed_requests",
                "custom_provider_config.request_path_overrides",
            }.Select(n => $"providers.our-llm.{n}"),
            .. new[] { "anthropic", "azure", "bedrock" }.Select(n => $"providers.{n}"),
            "framework.pricing.pricing_url",
            "framework.pricing.pricing_sync_interval",
            "governance.routing_rules",
        ];

        var warnings = AConfig.Read(Everything, Environment).Warnings;

        Assert.Equal(
            expected
                .Select(p => $"`{p}` is not served by this version of Bifrost and is ignored.")
                .Append("`providers.our-claude` is built on `anthropic`, which is not served by this version of Bifrost, and is ignored.")
                .Order(StringComparer.Ordinal),
            warnings.Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData("\"models\": []", "`providers.openai.keys[0].models` is empty: this key serves no model. Write [\"*\"] for all of them.")]
    public void What_means_something_else_than_it_may_seem_is_warned_of(string member, string warning) =>
        Assert.Equal(warning, Assert.Single(AConfig.Read(AConfig.WithKey(member)).Warnings));

    [Fact]
    public void Certificates_that_are_not_checked_are_warned_of() =>
        Assert.StartsWith(
            "`providers.openai.network_config.insecure_skip_verify` is on",
            Assert.Single(AConfig.Read(AConfig.WithNetwork("\"insecure_skip_verify\": true")).Warnings)
        );

    [Fact]
    public void A_provider_without_keys_is_warned_of() =>
        Assert.Equal(
            "`providers.openai` has no keys: only callers who send a key of their own can use it.",
            Assert.Single(AConfig.Read("""{"providers": {"openai": {}}}""").Warnings)
        );

    [Fact]
    public void A_doubtful_address_is_warned_of() =>
        Assert.Equal(
            "`providers.openai.network_config.base_url`: api.wrong.example is no address of ours.",
            Assert.Single(AConfig.Read(AConfig.WithNetwork("\"base_url\": \"https://api.wrong.example\"")).Warnings)
        );
}
