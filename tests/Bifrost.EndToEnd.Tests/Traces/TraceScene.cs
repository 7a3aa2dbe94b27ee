using Bifrost.Testing;
using Bifrost.Testing.Governed;
using Bifrost.Testing.Traces;

namespace Bifrost.EndToEnd.Tests.Traces;

/// <summary>Two providers, a governed gateway in front of them, and a collector that its spans go to.</summary>
internal sealed class TraceScene : IAsyncDisposable
{
    public const string Secret = "c0ll3ct0r-s3cr3t";

    private TraceScene(FakeUpstream openAI, FakeUpstream other, OtlpReceiver collector, GovernedGateway gateway) =>
        (OpenAI, Other, Collector, Gateway) = (openAI, other, collector, gateway);

    public FakeUpstream OpenAI { get; }

    public FakeUpstream Other { get; }

    public OtlpReceiver Collector { get; }

    public GovernedGateway Gateway { get; }

    /// <param name="members">Of the plugin's <c>config</c>, besides address and headers.</param>
    /// <param name="grpc">Spans go by gRPC.</param>
    /// <param name="client">The <c>client</c> section.</param>
    /// <param name="collectorAt">Instead of the collector that there is.</param>
    public static async Task<TraceScene> StartAsync(
        string members = "",
        bool grpc = false,
        string client = "{}",
        string? collectorAt = null
    )
    {
        var openAI = await MeteredUpstream.StartAsync();
        var other = await MeteredUpstream.StartAsync();
        var collector = await OtlpReceiver.StartAsync();
        var address = collectorAt ?? (grpc ? collector.Grpc : collector.Http).AbsoluteUri;
        var gateway = await AGateway
            .Governed()
            .Provider("openai", openAI)
            .Provider("other", other)
            .Client(client)
            .Plugins(
                $$"""
                [{"name": "otel", "enabled": true, "config": {"collector_url": "{{address}}", "protocol": "{{(grpc ? "grpc" : "http")}}",
                "headers": {"x-collector-key": "{{Secret}}"} {{(members.Length > 0 ? "," : "")}}{{members}} } }]
                """
            )
            .StartAsync(store: null);
        return new TraceScene(openAI, other, collector, gateway);
    }

    /// <summary>The spans of the only exchange there was: its own first, then its tries in their order.</summary>
    public async Task<IReadOnlyList<SeenSpan>> SpansAsync(int count)
    {
        await Eventually.IsTrueAsync(() =>
        {
            Gateway.Plane.FlushTraces(TimeSpan.FromSeconds(5));
            return Collector.Spans.Count >= count;
        });
        Assert.Equal(count, Collector.Spans.Count);
        return [.. Collector.Spans.OrderBy(s => s.Kind).ThenBy(s => s.Start)];
    }

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Collector.DisposeAsync();
        await OpenAI.DisposeAsync();
        await Other.DisposeAsync();
    }
}
