namespace Bifrost.Configuration.Tests;

public sealed class MistakeTests
{
    [Theory]
    [InlineData("""{"client": []}""", "client: is a list. Write an object.")]
    [InlineData("""{"client": {"strict_parameters": "yes"}}""", "client.strict_parameters: is \"yes\". Write true or false.")]
    [InlineData(
        """{"client": {"shutdown_seconds": -1}}""",
        "client.shutdown_seconds: is -1. Write a whole number from 0 to 3600 (seconds)."
    )]
    [InlineData(
        """{"client": {"shutdown_seconds": 1.5}}""",
        "client.shutdown_seconds: is 1.5. Write a whole number from 0 to 3600 (seconds)."
    )]
    [InlineData(
        """{"client": {"max_request_body_size_mb": 0}}""",
        "client.max_request_body_size_mb: is 0. Write a whole number from 1 to 10240 (MiB)."
    )]
    [InlineData("""{"client": {"allowed_origins": "*"}}""", "client.allowed_origins: is a string. Write a list of strings.")]
    [InlineData("""{"client": {"required_headers": [7]}}""", "client.required_headers[0]: is 7. Write a string.")]
    [InlineData(
        """{"client": {"required_headers": ["a b"]}}""",
        "client.required_headers[0]: \"a b\" is not a header name. Write one such as x-team."
    )]
    [InlineData(
        """{"client": {"required_headers": ["X-A", "x-a"]}}""",
        "client.required_headers[1]: \"x-a\" stands in this list twice. Keep one of the two."
    )]
    [InlineData(
        """{"client": {"public_url": "http://a.example"}}""",
        "client.public_url: \"http://a.example\" does not begin with https://. Write the https address under which the world reaches this gateway."
    )]
    [InlineData(
        """{"client": {"log_secret_patterns": ["ok", "card-([0-9]+"]}}""",
        "client.log_secret_patterns[1]: \"card-([0-9]+\" is no regular expression: at character 12: Not enough )'s."
    )]
    [InlineData(
        """{"client": {"log_secret_patterns": ["[0-9]*"]}}""",
        "client.log_secret_patterns[0]: \"[0-9]*\" matches the empty text, so it would be found everywhere."
    )]
    [InlineData(
        """{"client": {"prometheus_labels": ["project", "2nd-team"]}}""",
        "client.prometheus_labels[1]: \"2nd-team\" cannot be the name of a label. Write one such as project: letters, digits and underscores, and no digit first."
    )]
    [InlineData(
        """{"client": {"prometheus_labels": ["model"]}}""",
        "client.prometheus_labels[0]: \"model\" is a label that metrics have already. Choose another name."
    )]
    [InlineData(
        """{"client": {"log_retention_days": 0}}""",
        "client.log_retention_days: is 0. Write a whole number from 1 to 36500 (days)."
    )]
    [InlineData("""{"providers": []}""", "providers: is a list. Write an object with one entry for each provider.")]
    [InlineData("""{"providers": {"openai": 3}}""", "providers.openai: is a number. Write an object.")]
    [InlineData("""{"providers": {"openai": {"keys": {}}}}""", "providers.openai.keys: is an object. Write a list of objects.")]
    [InlineData("""{"providers": {"openai": {"keys": ["sk-a"]}}}""", "providers.openai.keys[0]: is a string. Write an object.")]
    [InlineData("""{"providers": {"openai": {"keys": [{"value": "sk-a"}]}}}""", "providers.openai.keys[0]: `name` is missing.")]
    [InlineData(
        """{"providers": {"openai": {"keys": [{"name": " ", "value": "sk-a"}]}}}""",
        "providers.openai.keys[0].name: \" \" is blank."
    )]
    [InlineData(
        """{"providers": {"openai": {"keys": [{"name": "a"}]}}}""",
        "providers.openai.keys[0].value: is missing. Write the key, or \"env.OPENAI_API_KEY\" to take it from the environment."
    )]
    [InlineData("""{"providers": {"openai": {"keys": [{"name": "a", "value": ""}]}}}""", "providers.openai.keys[0].value: is missing.")]
    public void Each_mistake_says_where_what_and_what_would_be_right(string json, string said) =>
        Assert.StartsWith(said, AConfig.Read(json).Mistake());

    [Theory]
    [InlineData("\"weight\": -1", "weight: is -1. Write a number of 0 or more.")]
    [InlineData("\"weight\": \"1\"", "weight: is \"1\". Write a number of 0 or more.")]
    [InlineData("\"weight\": 1e999", "weight: is 1e999. Write a number of 0 or more.")]
    [InlineData("\"enabled\": 1", "enabled: is 1. Write true or false.")]
    [InlineData("\"models\": [\"*\", \"gpt-4o\"]", "models: has \"*\" beside names. Write [\"*\"] for all models, or the names alone.")]
    [InlineData("\"models\": [\"a\", \"a\"]", "models[1]: \"a\" stands in this list twice. Keep one of the two.")]
    [InlineData("\"models\": [\"gpt 4\"]", "models[0]: \"gpt 4\" has a space or a control character in it.")]
    [InlineData("\"models\": {\"gpt-4o\": true}", "models: is an object. Write a list of strings.")]
    [InlineData(
        "\"blacklisted_models\": [\"*\"]",
        "blacklisted_models: has \"*\" in it. To switch the whole key off, write \"enabled\": false."
    )]
    [InlineData("\"aliases\": {\"a\": 1}", "aliases.a: is 1. Write a string.")]
    [InlineData("\"aliases\": {\"a\": \"\"}", "aliases.a: \"\" is blank.")]
    [InlineData("\"aliases\": [\"a\"]", "aliases: is a list. Write an object of strings.")]
    public void So_do_those_of_a_key(string member, string said) =>
        Assert.StartsWith($"providers.openai.keys[0].{said}", AConfig.Read(AConfig.WithKey(member)).Mistake());

    [Theory]
    [InlineData(
        "\"stream_idle_timeout_in_seconds\": 4",
        "stream_idle_timeout_in_seconds: is 4. Write a whole number from 5 to 3600 (seconds)."
    )]
    [InlineData("\"stream_idle_timeout_in_seconds\": 3601", "stream_idle_timeout_in_seconds: is 3601.")]
    [InlineData("\"max_conns_per_host\": 0", "max_conns_per_host: is 0. Write a whole number from 1 to 10000 (connections).")]
    [InlineData("\"max_conns_per_host\": 10001", "max_conns_per_host: is 10001.")]
    [InlineData("\"max_retries\": -1", "max_retries: is -1.")]
    [InlineData("\"default_request_timeout_in_seconds\": 0", "default_request_timeout_in_seconds: is 0.")]
    [InlineData(
        "\"default_request_timeout_in_seconds\": \"30s\"",
        "default_request_timeout_in_seconds: is \"30s\". Write a whole number from 1 to 86400 (seconds)."
    )]
    [InlineData("\"base_url\": \"api.example.com\"", "base_url: \"api.example.com\" is not an absolute address.")]
    [InlineData("\"base_url\": \"ftp://api.example.com\"", "base_url: \"ftp://api.example.com\" is not an absolute address.")]
    [InlineData("\"base_url\": \"/v1\"", "base_url: \"/v1\" is not an absolute address.")]
    [InlineData("\"base_url\": 7", "base_url: is a number. Write a string.")]
    [InlineData("\"base_url\": \"https://me:pass@api.example.com\"", "base_url: the value (not shown) has a user name or password in it.")]
    [InlineData("\"base_url\": \"https://api.example.com?key=abc\"", "base_url: the value (not shown) has a query or a fragment.")]
    [InlineData("\"ca_cert_pem\": \"certs/root.pem\"", "ca_cert_pem: the value (not shown) has no certificate in PEM form in it.")]
    [InlineData(
        "\"ca_cert_pem\": \"-----BEGIN CERTIFICATE-----\\nAAAA\\n-----END CERTIFICATE-----\"",
        "ca_cert_pem: the value (not shown) is not a certificate that can be read."
    )]
    [InlineData("\"extra_headers\": {\"Host\": \"a\"}", "extra_headers.Host: \"Host\" is a header that Bifrost itself sets. Leave it out.")]
    [InlineData("\"extra_headers\": {\"a b\": \"a\"}", "extra_headers[\"a b\"]: \"a b\" is not a header name.")]
    [InlineData("\"extra_headers\": {\"x-a\": \"a\\nb\"}", "extra_headers.x-a: the value (not shown) has a line break")]
    [InlineData(
        "\"retry_backoff_initial\": 900, \"retry_backoff_max\": 800",
        "retry_backoff_initial: is 900, more than `retry_backoff_max`, which is 800."
    )]
    [InlineData(
        "\"retry_backoff_max\": 1, \"retry_backoff_max_ms\": 1",
        "retry_backoff_max_ms: is another spelling of a key that stands beside it. Keep one of the two."
    )]
    public void So_do_those_of_the_network(string members, string said) =>
        Assert.StartsWith($"providers.openai.network_config.{said}", AConfig.Read(AConfig.WithNetwork(members)).Mistake());

    [Theory]
    [InlineData("https://app.example.com/")]
    [InlineData("app.example.com")]
    [InlineData("https://")]
    [InlineData("")]
    public void An_origin_is_what_a_browser_sends(string origin) =>
        Assert.Contains(
            "is not an origin. Write * or an origin such as https://app.example.com",
            AConfig.Read(AConfig.WithClient($"\"allowed_origins\": [\"{origin}\"]")).Mistake()
        );

    [Fact]
    public void A_lone_backoff_lives_with_the_default_of_the_other() =>
        AConfig.Read(AConfig.WithNetwork("\"retry_backoff_max\": 100")).Good();

    [Fact]
    public void Two_keys_of_a_provider_need_two_names()
    {
        var json = """{"providers": {"openai": {"keys": [{"name": "a", "value": "sk-a"}, {"name": "a", "value": "sk-b"}]}}}""";

        Assert.Equal(
            "providers.openai.keys[1].name: \"a\" is the name of another key too. Give each key a name of its own.",
            AConfig.Read(json).Mistake()
        );
    }

    [Fact]
    public void Two_keys_of_a_provider_need_two_ids()
    {
        var json =
            """{"providers": {"openai": {"keys": [{"name": "a", "id": "1", "value": "sk-a"}, {"name": "b", "id": "1", "value": "sk-b"}]}}}""";

        Assert.StartsWith("providers.openai.keys[1].id: \"1\" is the id of another key too.", AConfig.Read(json).Mistake());
    }

    [Fact]
    public void Keys_of_two_providers_may_share_a_name() =>
        AConfig
            .Read(
                """{"providers": {"openai": {"keys": [{"name": "a", "value": "x"}]}, "replicate": {"keys": [{"name": "a", "value": "y"}]}}}"""
            )
            .Good();

    [Theory]
    [InlineData("""{"client": {}, "client": {}}""", "client")]
    [InlineData("""{"providers": {"openai": {"keys": []}, "openai": {"keys": []}}}""", "providers.openai")]
    [InlineData(
        """{"providers": {"openai": {"keys": [], "network_config": {"max_retries": 1, "max_retries": 2}}}}""",
        "providers.openai.network_config.max_retries"
    )]
    [InlineData(
        """{"providers": {"openai": {"keys": [], "network_config": {"extra_headers": {"a": "1", "a": "2"}}}}}""",
        "providers.openai.network_config.extra_headers.a"
    )]
    public void What_is_written_twice_is_a_mistake(string json, string path) =>
        Assert.Equal($"{path}: is written twice. Keep one of the two.", AConfig.Read(json).Mistake());

    [Theory]
    [InlineData("""{"cleint": {}}""", "cleint: there is no such key here. Did you mean `client`?")]
    [InlineData("""{"provider": {}}""", "provider: there is no such key here. Did you mean `providers`?")]
    [InlineData(
        """{"client": {"strict_parameter": true}}""",
        "client.strict_parameter: there is no such key here. Did you mean `strict_parameters`?"
    )]
    [InlineData(
        """{"client": {"Shutdown_Seconds": 3}}""",
        "client.Shutdown_Seconds: there is no such key here. Did you mean `shutdown_seconds`?"
    )]
    [InlineData("""{"client": {"zzzzzz": 3}}""", "client.zzzzzz: there is no such key here.")]
    [InlineData(
        """{"providers": {"openai": {"keys": [], "netwrok_config": {}}}}""",
        "providers.openai.netwrok_config: there is no such key here. Did you mean `network_config`?"
    )]
    [InlineData("""{"two words": 1}""", "[\"two words\"]: there is no such key here.")]
    public void An_unknown_key_is_a_mistake_with_a_guess(string json, string said) => Assert.Equal(said, AConfig.Read(json).Mistake());

    [Fact]
    public void All_mistakes_are_told_at_once()
    {
        var reading = AConfig.Read(
            """
            {
              "cleint": {},
              "client": {"shutdown_seconds": "soon"},
              "providers": {
                "opnai": {"keys": []},
                "openai": {
                  "keys": [{"name": "a", "value": "env.NOT_THERE", "weight": -1}, {"nam": "b"}],
                  "network_config": {"max_conns_per_host": 0, "base_url": "nowhere"}
                }
              }
            }
            """
        );

        Assert.Equal(
            [
                "cleint",
                "client.shutdown_seconds",
                "providers.openai.keys[0].value",
                "providers.openai.keys[0].weight",
                "providers.openai.keys[1]",
                "providers.openai.keys[1].nam",
                "providers.openai.keys[1].value",
                "providers.openai.network_config.base_url",
                "providers.openai.network_config.max_conns_per_host",
                "providers.opnai",
            ],
            reading.Mistakes.Select(m => m.Path).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void What_would_command_a_terminal_is_not_repeated()
    {
        var said = AConfig.Read("""{"client": {"required_headers": ["\u001b[31mred"]}, "providers": {}}""").Mistake();

        Assert.DoesNotContain('\e', said);
    }
}
