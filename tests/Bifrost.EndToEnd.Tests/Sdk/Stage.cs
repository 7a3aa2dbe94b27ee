using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bifrost.Core.World;
using Bifrost.Simulator;
using Bifrost.Testing;
using OpenAI;

namespace Bifrost.EndToEnd.Tests.Sdk;

/// <summary>A simulated Replicate, a gateway in front of it, and OpenAI's SDK pointed at the gateway by nothing but address and key.</summary>
internal sealed class Stage : IAsyncDisposable
{
    private Stage(ReplicateSimulator simulator, RunningGateway gateway) => (Simulator, Gateway) = (simulator, gateway);

    /// <summary>Everywhere the gateway speaks OpenAI's words.</summary>
    public static TheoryData<string> Surfaces => new("/v1", "/openai", "/openai/v1");

    public ReplicateSimulator Simulator { get; }

    public RunningGateway Gateway { get; }

    /// <summary>What asked the simulator for a prediction, oldest first.</summary>
    public IReadOnlyList<RecordedRequest> Creates =>
        [.. Simulator.Requests.Where(r => r.Method == "POST" && r.PathOnly.EndsWith("/predictions", StringComparison.Ordinal))];

    public RecordedRequest Create => Creates.Single();

    public JsonObject Input => Create.Input()!;

    public static async Task<Stage> StartAsync(SimulatorOptions? options = null, params KeyConfig[] keys)
    {
        options ??= new SimulatorOptions();
        var simulator = await ReplicateSimulator.StartAsync(options);
        var gateway = await AGateway
            .With()
            .Replicate(simulator, keys.Length > 0 ? keys : [Key("main", "r8_main", options.AccountName, options.FilesSigningSecret)])
            .StartAsync();
        return new Stage(simulator, gateway);
    }

    /// <summary>A key that can sign downloads of its account's files.</summary>
    public static KeyConfig Key(string name, string value, string account, string? signingSecret = null) =>
        new()
        {
            Name = name,
            Value = new Secret(value),
            Extras = JsonSerializer.SerializeToElement(
                new Dictionary<string, string>
                {
                    ["account"] = account,
                    ["files_signing_secret"] = signingSecret ?? new SimulatorOptions().FilesSigningSecret,
                }
            ),
        };

    public OpenAIClient Sdk(string surface = "/v1", string key = "unused") => Sdk(Gateway, surface, key);

    public static OpenAIClient Sdk(RunningGateway gateway, string surface, string key = "unused") =>
        new(new ApiKeyCredential(key), new OpenAIClientOptions { Endpoint = new Uri(gateway.Address, surface) });

    /// <summary>Call options of the SDK with one more header.</summary>
    public static RequestOptions With(string header, string value)
    {
        var options = new RequestOptions();
        options.SetHeader(header, value);
        return options;
    }

    public static BinaryContent Json(string json) => BinaryContent.Create(BinaryData.FromString(json));

    public static JsonElement JsonOf(ClientResult result) =>
        JsonDocument.Parse(result.GetRawResponse().Content.ToMemory()).RootElement.Clone();

    public static string? HeaderOf(ClientResult result, string name) =>
        result.GetRawResponse().Headers.TryGetValue(name, out var value) ? value : null;

    /// <summary>The data of each event, in order, of a stream that the test asked for by hand.</summary>
    public static async Task<List<string>> EventsOfAsync(HttpResponseMessage response)
    {
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        var events = new List<string>();
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                events.Add(line["data: ".Length..]);
            }
        }

        return events;
    }

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Simulator.DisposeAsync();
    }
}
