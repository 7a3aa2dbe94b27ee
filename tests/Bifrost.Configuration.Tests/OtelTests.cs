using Bifrost.Observability.Traces;

namespace Bifrost.Configuration.Tests;

public sealed class OtelTests
{
    [Fact]
    public void Without_a_word_of_it_nothing_is_traced() => Assert.Null(AConfig.Read("{}").Traces);

    [Fact]
    public void The_published_shape_is_read()
    {
        var traces = Traces(
            """
            "service_name": "gate", "collector_url": "http://collector.example:4318/v1/traces", "trace_type": "genai_extension", "protocol": "http",
            "headers": {"authorization": "env.COLLECTOR_KEY"}, "insecure": true
            """,
            ("COLLECTOR_KEY", "Bearer c0ll3ct0r")
        );

        Assert.Equal("gate", traces.ServiceName);
        Assert.Equal("http://collector.example:4318/v1/traces", traces.Collector.AbsoluteUri);
        Assert.False(traces.Grpc);
        Assert.Equal("Bearer c0ll3ct0r", traces.Headers["authorization"].Reveal());
        Assert.Equal("***", traces.Headers["authorization"].ToString());
        Assert.Equal((1, true), (traces.SampleRatio, traces.FollowsCaller));
    }

    [Theory]
    [InlineData("http", "http://collector.example:4318", "http://collector.example:4318/v1/traces")]
    [InlineData("http", "https://collector.example/otel/v1/traces", "https://collector.example/otel/v1/traces")]
    [InlineData("grpc", "http://collector.example:4317", "http://collector.example:4317/")]
    [InlineData("grpc", "collector.example:4317", "http://collector.example:4317/")]
    public void An_address_is_completed_as_its_protocol_asks(string protocol, string written, string used) =>
        Assert.Equal(used, Traces($"\"protocol\": \"{protocol}\", \"collector_url\": \"{written}\"").Collector.AbsoluteUri);

    [Fact]
    public void A_grpc_address_without_scheme_is_secured_unless_insecure() =>
        Assert.Equal(
            "https://collector.example:4317/",
            Traces("""  "protocol": "grpc", "insecure": false, "collector_url": "collector.example:4317" """).Collector.AbsoluteUri
        );

    [Fact]
    public void What_is_said_stays_out_unless_the_file_lets_it_in()
    {
        const string collector = "\"collector_url\": \"http://127.0.0.1:4318\"";

        Assert.False(Traces(collector).Content);
        Assert.False(Traces(collector + ", \"disable_content_logging\": true").Content);
        Assert.True(Traces(collector + ", \"disable_content_logging\": false").Content);
    }

    [Fact]
    public void A_plugin_that_is_switched_off_traces_nothing_whatever_the_environment_says()
    {
        var reading = AConfig.Read(
            """{"plugins": [{"name": "otel", "enabled": false, "config": {"collector_url": "env.NOT_SET"}}]}""",
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318")
        );

        reading.Good();
        Assert.Null(reading.Traces);
    }

    [Fact]
    public void Other_plugins_are_warned_of() =>
        Assert.Equal(
            "`plugins[0]` is not served by this version of Bifrost and is ignored.",
            Assert.Single(AConfig.Read("""{"plugins": [{"name": "semantic_cache", "enabled": true, "config": {"ttl": "5m"}}]}""").Warnings)
        );

    [Theory]
    [InlineData("metrics_enabled", "true")]
    [InlineData("metrics_endpoint", "\"http://127.0.0.1\"")]
    [InlineData("profiles", "[]")]
    public void Keys_that_are_published_and_not_served_are_warned_of(string key, string value) =>
        Assert.Equal(
            $"`plugins[0].config.{key}` is not served by this version of Bifrost and is ignored.",
            Assert.Single(Read($"\"collector_url\": \"http://127.0.0.1:4318\", \"{key}\": {value}").Warnings)
        );

    [Theory]
    [InlineData("", "`collector_url`|plugins[0].config.collector_url: is missing.")]
    [InlineData("\"collector_url\": \"collector\"", "plugins[0].config.collector_url: the value (not shown) is not an absolute address.")]
    [InlineData("\"collector_url\": \"http://user:hunter2@host\"", "has a user name or password in it")]
    [InlineData("\"collector_url\": \"http://h\", \"protocol\": \"udp\"", "is not one of `http`, `grpc`.")]
    [InlineData("\"collector_url\": \"http://h\", \"sample_ratio\": 2", "Write a number from 0 to 1.")]
    [InlineData("\"collector_url\": \"http://h\", \"tls_ca_cert\": \"no-such-file.pem\"", "the file \"no-such-file.pem\" cannot be read.")]
    [InlineData("\"collector_url\": \"http://h\", \"servicename\": \"x\"", "Did you mean")]
    public void What_is_wrong_is_told(string members, string told)
    {
        var mistake = Read(members).Mistake();

        Assert.Contains(told[(told.IndexOf('|', StringComparison.Ordinal) + 1)..], mistake, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", mistake, StringComparison.Ordinal);
    }

    [Fact]
    public void An_endpoint_in_the_environment_is_enough()
    {
        var traces = ZeroConfig
            .Read(
                AConfig.Variables(
                    ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318"),
                    ("OTEL_EXPORTER_OTLP_HEADERS", "api-key=a%20b,other=c=d"),
                    ("OTEL_SERVICE_NAME", "gate"),
                    ("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=prod,team=core"),
                    ("OTEL_TRACES_SAMPLER", "parentbased_traceidratio"),
                    ("OTEL_TRACES_SAMPLER_ARG", "0.25")
                ),
                AConfig.Kinds
            )
            .Traces!;

        Assert.Equal("http://127.0.0.1:4318/v1/traces", traces.Collector.AbsoluteUri);
        Assert.Equal(("a b", "c=d"), (traces.Headers["api-key"].Reveal(), traces.Headers["other"].Reveal()));
        Assert.Equal(("gate", "prod"), (traces.ServiceName, traces.Resource["deployment.environment.name"]));
        Assert.Equal((0.25, true), (traces.SampleRatio, traces.FollowsCaller));
        Assert.False(traces.Content);
    }

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "nowhere", "is not an absolute address")]
    [InlineData("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json", "\"http/json\" is not served. Write grpc or http/protobuf.")]
    [InlineData("OTEL_TRACES_SAMPLER", "jaeger_remote", "is no sampler that is known here")]
    [InlineData("OTEL_EXPORTER_OTLP_HEADERS", "hunter2", "has something in it that is not name=value")]
    public void A_variable_that_cannot_be_read_is_a_mistake(string name, string value, string told)
    {
        var reading = AConfig.Read("{}", (name, value), ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318"));

        Assert.StartsWith(name, reading.Mistake(), StringComparison.Ordinal);
        Assert.Contains(told, reading.Mistake(), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", reading.Mistake(), StringComparison.Ordinal);
    }

    private static ConfigReading Read(string members, params (string, string)[] environment) =>
        AConfig.Read($$"""{"plugins": [{"name": "otel", "enabled": true, "config": { {{members}} } }]}""", environment);

    private static TraceOptions Traces(string members, params (string, string)[] environment)
    {
        var reading = Read(members, environment);
        reading.Good();
        Assert.Empty(reading.Warnings);
        return reading.Traces!;
    }
}
