using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Bifrost.Core;
using Bifrost.Core.Contracts;
using Bifrost.Core.Outbound;
using Bifrost.Core.World;
using Bifrost.Providers.Replicate;
using Bifrost.Simulator;
using Bifrost.Testing;
using Bifrost.Wire.Dialects;
using Bifrost.Wire.Dialects.OpenAIChat;
using Bifrost.Wire.Dialects.OpenAICompletions;
using Bifrost.Wire.Dialects.OpenAIResponses;
using Bifrost.Wire.Faults;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bifrost.Providers.Tests.Replicate;

/// <summary>The provider on one side, a simulated Replicate on a real socket on the other.</summary>
internal sealed class Stage : IAsyncDisposable
{
    public const string Llama = "meta/meta-llama-3-8b-instruct";
    public const string Token = "r8_test";

    private readonly GuardedHttp _outbound;

    private Stage(ReplicateSimulator sim, StageOptions options)
    {
        Sim = sim;
        GatewayWorld? world = null;
        _outbound = new GuardedHttp(() => world!.TrustedHosts);
        Provider = new ReplicateProvider(
            new ReplicateServices(options.Clock, _outbound, NullLoggerFactory.Instance)
            {
                Pace = new WaitPace { Scale = options.Pace, FailedPolls = options.FailedPolls },
            }
        );
        World = world = new WorldBuilder([Provider], []).Build(
            new GatewayConfig
            {
                Providers = new Dictionary<string, ProviderConfig>
                {
                    ["replicate"] = new()
                    {
                        Kind = "replicate",
                        Keys =
                        [
                            new KeyConfig
                            {
                                Name = "main",
                                Value = new Secret(Token),
                                Extras = options.Extras,
                            },
                        ],
                        Network = new NetworkConfig
                        {
                            BaseUrl = options.BaseUrl ?? sim.BaseUrl,
                            RequestTimeoutSeconds = options.PatienceSeconds,
                            StreamIdleTimeoutSeconds = options.IdleSeconds,
                        },
                    },
                },
            }
        );
        Clock = options.Clock;
    }

    public ReplicateSimulator Sim { get; }

    public ReplicateProvider Provider { get; }

    public GatewayWorld World { get; }

    public ReplicateRuntime Runtime => Provider.Runtime;

    public TimeProvider Clock { get; }

    public ProviderModel Model => World.Providers["replicate"];

    public KeyModel Key => Model.Keys[0];

    /// <summary>The exchange asked last.</summary>
    public Exchange Last { get; private set; } = null!;

    public static async Task<Stage> OpenAsync(StageOptions? options = null, SimulatorOptions? simulator = null) =>
        new(await ReplicateSimulator.StartAsync(simulator), options ?? new StageOptions());

    /// <summary>Asks for a whole answer.</summary>
    public async Task<Told> AskAsync(Operation operation, JsonObject body, Asking asking = default)
    {
        var (exchange, target) = Prepare(operation, body, asking, streams: false);
        var outcome = await Carrier(operation).CarryAsync(exchange, target, asking.Cancel);
        if (outcome.Failed(out var fault, out var answer))
        {
            return new Told(null, fault);
        }

        await using (answer)
        {
            var output = new ArrayBufferWriter<byte>();
            ((WrittenAnswer)answer).Write(exchange.CallerSpeaks, output);
            return new Told(JsonNode.Parse(output.WrittenSpan)!.AsObject(), null);
        }
    }

    /// <summary>Asks for a stream and reads it to its end.</summary>
    public async Task<Heard> StreamAsync(Operation operation, JsonObject body, Asking asking = default)
    {
        var opened = await OpenStreamAsync(operation, body, asking);
        if (opened.Failed(out var fault, out var stream))
        {
            return new Heard("", fault, Committed: false);
        }

        await using (stream)
        {
            var output = new ArrayBufferWriter<byte>();
            var committed = false;
            while (await stream.WaitAsync(asking.Cancel))
            {
                if (stream.Failure is { } failure)
                {
                    return new Heard(Encoding.UTF8.GetString(output.WrittenSpan), failure, committed);
                }

                committed |= !stream.IsOpening;
                stream.Write(output);
            }

            stream.Finish(output);
            return new Heard(Encoding.UTF8.GetString(output.WrittenSpan), null, committed);
        }
    }

    /// <summary>Asks for a stream and leaves the reading to the test.</summary>
    public async Task<Outcome<StreamedAnswer>> OpenStreamAsync(Operation operation, JsonObject body, Asking asking = default)
    {
        body["stream"] = true;
        var (exchange, target) = Prepare(operation, body, asking, streams: true);
        var outcome = await Carrier(operation).CarryAsync(exchange, target, asking.Cancel);
        return outcome.Failed(out var fault, out var answer) ? fault : (StreamedAnswer)answer;
    }

    /// <summary>A chat body with one user turn.</summary>
    public static JsonObject Chat(string text = "Say hello.", string model = Llama) =>
        new() { ["model"] = "replicate/" + model, ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = text }) };

    public Task<Told> ChatAsync(JsonObject? body = null, Asking asking = default) => AskAsync(Operation.Chat, body ?? Chat(), asking);

    public Task<Heard> ChatStreamAsync(JsonObject? body = null, Asking asking = default) =>
        StreamAsync(Operation.Chat, body ?? Chat(), asking);

    /// <summary>Creates that arrived, whatever their endpoint.</summary>
    public IReadOnlyList<RecordedRequest> Creates =>
        [.. Sim.Requests.Where(r => r.Method == "POST" && r.PathOnly.EndsWith("/predictions", StringComparison.Ordinal))];

    public IReadOnlyList<RecordedRequest> CancelCalls =>
        [.. Sim.Requests.Where(r => r.Method == "POST" && r.PathOnly.EndsWith("/cancel", StringComparison.Ordinal))];

    public IReadOnlyList<RecordedRequest> StreamCalls => Sim.RequestsTo("GET", "/v1/streams/");

    /// <summary>GETs of predictions.</summary>
    public IReadOnlyList<RecordedRequest> Polls => Sim.RequestsTo("GET", "/v1/predictions/");

    public async ValueTask DisposeAsync()
    {
        await Provider.DisposeAsync();
        await Sim.DisposeAsync();
        _outbound.Dispose();
    }

    private ICarrier Carrier(Operation operation) => ((CarriedOffer)Provider.OfferFor(operation)!).Carrier;

    private (Exchange, Target) Prepare(Operation operation, JsonObject body, Asking asking, bool streams)
    {
        var asked = body["model"]?.ToString() ?? "";
        var exchange = new AnExchange
        {
            World = World,
            Operation = operation,
            CallerSpeaks = Dialect(operation),
            Body = body.ToJsonString(),
            Model = asked,
            Streams = streams,
            Strict = asking.Strict,
            PathId = asking.PathId,
            Pinned = asking.PathId is { } id ? PinnedId.Open("resp_", id, World, null) : null,
            Clock = Clock,
        }.Build(asking.Cancel);
        Last = exchange;
        var model = asked.StartsWith("replicate/", StringComparison.Ordinal) ? asked["replicate/".Length..] : asked;
        var key = asking.Key ?? Key;
        return (exchange, new Target(Model, Provider.OfferFor(operation)!, key.Sent(model), key, Lane.Translated));
    }

    private static IDialect Dialect(Operation operation) =>
        operation switch
        {
            Operation.Completion => OpenAICompletionsDialect.Instance,
            Operation.ImageGeneration => Bifrost.Wire.Dialects.OpenAIImages.OpenAIImagesDialect.Instance,
            Operation.Response or Operation.ResponseGet or Operation.ResponseCancel => OpenAIResponsesDialect.Instance,
            _ => OpenAIChatDialect.Instance,
        };
}

internal sealed record StageOptions
{
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    public double Pace { get; init; }

    public int FailedPolls { get; init; } = 10;

    public int PatienceSeconds { get; init; } = 60;

    public int IdleSeconds { get; init; } = 60;

    public Uri? BaseUrl { get; init; }

    public System.Text.Json.JsonElement? Extras { get; init; }
}

/// <summary>How a request is asked.</summary>
internal readonly record struct Asking(bool Strict, string? PathId, KeyModel? Key, CancellationToken Cancel);

/// <summary>A whole answer, or the fault instead.</summary>
internal sealed record Told(JsonObject? Reply, Fault? Fault)
{
    public string Content => Reply!["choices"]![0]!["message"]!["content"]!.ToString();

    public string Finish => Reply!["choices"]![0]!["finish_reason"]!.ToString();
}

/// <summary>A stream that was read to its end.</summary>
/// <param name="Text">All events as the caller would get them.</param>
/// <param name="Fault">What ended it, or null.</param>
/// <param name="Committed">Something of substance came before the fault.</param>
internal sealed record Heard(string Text, Fault? Fault, bool Committed)
{
    /// <summary>The JSON of every event, without <c>[DONE]</c>.</summary>
    public IReadOnlyList<JsonObject> Events =>
        [
            .. Text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
                .Select(frame => frame.Split('\n').First(line => line.StartsWith("data: ", StringComparison.Ordinal))["data: ".Length..])
                .Where(data => data != "[DONE]")
                .Select(data => JsonNode.Parse(data)!.AsObject()),
        ];

    /// <summary>The content of the first choice, joined.</summary>
    public string Content => Joined("content");

    public string Reasoning => Joined("reasoning_content");

    public IReadOnlyList<string> FinishReasons =>
        [.. Events.SelectMany(e => e["choices"]?.AsArray() ?? []).Select(choice => choice!["finish_reason"]?.ToString()).OfType<string>()];

    private string Joined(string field) =>
        string.Concat(
            Events
                .SelectMany(e => e["choices"]?.AsArray() ?? [])
                .Where(choice => choice!["index"]!.GetValue<int>() == 0)
                .Select(choice => choice!["delta"]?[field]?.ToString())
        );
}
