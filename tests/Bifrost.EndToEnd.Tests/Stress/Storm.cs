using Bifrost.EndToEnd.Tests.Recordings;
using Bifrost.Simulator;
using Bifrost.Testing;

namespace Bifrost.EndToEnd.Tests.Stress;

/// <summary>A Replicate whose streams are cut, stalled, reset, refused and split at random, whose polls fail now and then, and a gateway before
/// it. Everything follows from the seed.</summary>
internal sealed class Storm : IAsyncDisposable
{
    public const string Model = "meta/meta-llama-3-8b-instruct";

    private Storm(ReplicateSimulator sim, RunningGateway gateway) => (Sim, Gateway) = (sim, gateway);

    public ReplicateSimulator Sim { get; }

    public RunningGateway Gateway { get; }

    public static async Task<Storm> RiseAsync(int seed)
    {
        var sim = await ReplicateSimulator.StartAsync();
        sim.Script.On("GET", "/v1/predictions/*").WithProbability(0.1, seed).Answer(Problem.Of(502, null, "Bad gateway."));
        sim.Script.On("POST", "/v1/models/*").WithProbability(0.05, seed).Answer(Problem.Of(503, null, "Try again."));
        // Some are over before their stream is, some long after.
        sim.Script.Model(Model).WithProbability(0.5, seed).StreamsEach((p, nth) => Connection(seed, p, nth));
        sim.Script.Model(Model).RunTime(TimeSpan.FromMilliseconds(400)).StreamsEach((p, nth) => Connection(seed, p, nth));
        var gateway = await AGateway
            .With()
            .Network(n => n with { StreamIdleTimeoutSeconds = 1, MaxRetries = 5 })
            .Replicate(sim)
            .StartAsync();
        return new Storm(sim, gateway);
    }

    /// <summary>Whether the model itself fails with this story, so that no gateway can give it whole.</summary>
    public static bool Fails(int number) => number % 9 == 0;

    public static string FailureOf(int number) => $"the pen of {number} broke";

    public Task<Heard> ChatAsync(int number) =>
        Heard.OfAsync(
            Gateway.PostAsync(
                "/v1/chat/completions",
                $$"""{"model":"replicate/{{Model}}","stream":true,"messages":[{"role":"user","content":"{{Tale.PromptFor(number)}}"}]}"""
            )
        );

    public Task<Heard> RespondAsync(int number) =>
        Heard.OfAsync(
            Gateway.PostAsync("/v1/responses", $$"""{"model":"replicate/{{Model}}","stream":true,"input":"{{Tale.PromptFor(number)}}"}""")
        );

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Sim.DisposeAsync();
    }

    private static StreamScript Connection(int seed, SimulatedPrediction prediction, int nth)
    {
        var number = Tale.NumberIn(prediction.Input["prompt"]!.ToString());
        var pieces = Tale.PiecesOf(number);
        if (nth == int.MaxValue)
        {
            return Fails(number) ? StreamScript.Empty.Error(FailureOf(number)).Done("error") : StreamScript.Empty.Outputs(pieces).Done();
        }

        var dice = new Random(unchecked((seed * 31) + (number * 101) + nth));
        var script = dice.Next(2) == 0 ? StreamScript.Empty : StreamScript.Empty.HonourLastEventId();
        script = dice.Next(3) == 0 ? script.ChunksOf(dice.Next(1, 9)) : script;
        script = dice.Next(3) == 0 ? script.LineEnds("\r\n") : script;
        var sent = dice.Next(pieces.Length);
        var some = script.Outputs(pieces.AsSpan(0, sent));
        if (Fails(number))
        {
            return some.Error(FailureOf(number)).Done("error");
        }

        return dice.Next(10) switch
        {
            0 => some.Cut(),
            1 => some.Reset(),
            2 => some.Stall(),
            3 => some.End(),
            4 => some.RequestTimeout(),
            5 => script.Refuse(500),
            6 => some.Pause(TimeSpan.FromMilliseconds(dice.Next(300))).Outputs(pieces.AsSpan(sent)).Done(),
            _ => script.Outputs(pieces).Done(),
        };
    }
}
