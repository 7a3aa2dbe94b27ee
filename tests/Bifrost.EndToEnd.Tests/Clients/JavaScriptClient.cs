using System.Text.Json;
using System.Text.Json.Nodes;
using Bifrost.Core.World;
using Bifrost.Simulator;
using Bifrost.Testing;

namespace Bifrost.EndToEnd.Tests.Clients;

/// <summary>Node ran once for each base address, each time against a gateway and a simulator of its own.</summary>
public sealed class JavaScriptClient : IAsyncLifetime
{
    private readonly Dictionary<string, IReadOnlyDictionary<string, NodeOutcome>> _outcomes = new(StringComparer.Ordinal);

    /// <summary>Node with the official client, which is unchanged but for the address.</summary>
    internal static NodeSuite Suite { get; } = new(Checkout.Clients, ["openai", "hyparquet"], TimeSpan.FromSeconds(120));

    private readonly Dictionary<string, string> _told = new(StringComparer.Ordinal);

    /// <summary>The base addresses a client may be given.</summary>
    public static IReadOnlyList<string> Surfaces { get; } = ["/v1", "/openai", "/openai/v1"];

    public async ValueTask InitializeAsync()
    {
        await Suite.PrepareAsync();
        foreach (var surface in Surfaces)
        {
            await using var simulator = await ReplicateSimulator.StartAsync();
            Script(simulator);
            await using var gateway = await AGateway
                .With()
                .Network(n => n with { MaxRetries = 0 })
                .Replicate(simulator, Key())
                .StartAsync();
            (_outcomes[surface], _told[surface]) = await Suite.RunAsync(("BASE_URL", new Uri(gateway.Address, surface).AbsoluteUri));
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    internal NodeOutcome? Outcome(string surface, string name) => _outcomes[surface].GetValueOrDefault(name);

    internal IEnumerable<string> Names(string surface) => _outcomes[surface].Keys;

    /// <summary>What node printed besides the outcomes.</summary>
    internal string Told(string surface) => _told[surface];

    // With these two a key can sign the addresses of file contents.
    private static KeyConfig Key()
    {
        var options = new SimulatorOptions();
        return new KeyConfig
        {
            Name = "main",
            Value = new Secret("sk-upstream"),
            Extras = JsonSerializer.SerializeToElement(
                new Dictionary<string, string> { ["account"] = options.AccountName, ["files_signing_secret"] = options.FilesSigningSecret }
            ),
        };
    }

    // The tests cannot reach the simulator; words in brackets within a prompt tell it how to misbehave.
    private static void Script(ReplicateSimulator simulator)
    {
        var script = simulator.Script;
        script.Model("*").When(Says("[fail]")).Fails("This is a simulated failure.");
        script.Model("*").When(Says("[never finish]")).NeverFinishes();
        script.Model("*").When(Says("[indecent]")).Fails("NSFW content detected. Try running it again, or try a different prompt.");
        script
            .Model("*")
            .When(Says("[break the stream]"))
            .Streams(s => s.Output("Half an ans").Error("This is a simulated failure.").Done("error"));
        script.On("POST", "*").When(r => r.Text.Contains("[throttle]", StringComparison.Ordinal)).Answer(Problem.Throttled(1));
        script
            .On("POST", "*")
            .When(r => r.Text.Contains("[throttle once]", StringComparison.Ordinal))
            .Answer(Problem.Throttled(1))
            .Times(1);
        simulator.Models.Add(
            SimulatorModel.From(
                "simulated/video-to-video",
                """
                {"type":"object","required":["prompt"],"properties":{
                  "prompt":{"type":"string"},
                  "video":{"type":"string","format":"uri"},
                  "duration":{"type":"integer","default":5}}}
                """,
                """{"type":"string","format":"uri"}"""
            )
        );
    }

    private static Func<JsonObject, bool> Says(string words) =>
        input => input["prompt"]?.ToString().Contains(words, StringComparison.Ordinal) == true;
}
