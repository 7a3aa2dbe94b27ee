using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Bifrost.Simulator;

/// <summary>A rule for the predictions of a model, built fluently; everything it does not say stays healthy.</summary>
public sealed class ModelRule
{
    private readonly string model;
    private readonly Allowance allowance = new();
    private readonly Lock gate = new();
    private Func<JsonObject, bool>? condition;
    private PredictionPlan? plan;
    private int hits;

    internal ModelRule(string model) => this.model = model;

    /// <summary>How many predictions followed the rule.</summary>
    public int Hits => Volatile.Read(ref hits);

    /// <summary>Applies to at most this many predictions.</summary>
    public ModelRule Times(int times)
    {
        allowance.Limit(times);
        return this;
    }

    /// <summary>Applies with this probability, repeatably for a seed.</summary>
    public ModelRule WithProbability(double probability, int seed)
    {
        allowance.Roll(probability, seed);
        return this;
    }

    /// <summary>Applies only when the prediction's input fits.</summary>
    public ModelRule When(Func<JsonObject, bool> fits)
    {
        condition = fits;
        return this;
    }

    /// <summary>Each GET shows the next step; time plays no part. The create shows <c>starting</c>.</summary>
    public ModelRule Steps(params PredictionStep[] steps) => Do(known => known with { Steps = [.. steps] });

    /// <summary>Ends <c>failed</c> with this error text, before any output.</summary>
    public ModelRule Fails(string error) => Do(known => known with { EndStatus = "failed", Error = error });

    /// <summary>Ends <c>failed</c> with an error that is not a string.</summary>
    public ModelRule FailsWith(JsonNode error) => Do(known => known with { EndStatus = "failed", ErrorNode = error });

    /// <summary>Ends <c>canceled</c> although nobody asked.</summary>
    public ModelRule Cancels() => Do(known => known with { EndStatus = "canceled" });

    /// <summary>Ends <c>aborted</c>: it never started.</summary>
    public ModelRule Aborts() => Do(known => known with { EndStatus = "aborted" });

    /// <summary>Succeeds, but input and output are already purged when anybody looks.</summary>
    public ModelRule DataRemoved() => Do(known => known with { DataRemoved = true });

    /// <summary>Succeeds with this output; null is possible.</summary>
    public ModelRule Output(JsonNode? output) => Do(known => known with { HasOutput = true, Output = output });

    /// <summary>Reports these metrics and no others.</summary>
    public ModelRule Metrics(JsonObject metrics) => Do(known => known with { HasMetrics = true, Metrics = metrics });

    /// <summary>Reports no metrics at all.</summary>
    public ModelRule NoMetrics() => Do(known => known with { HasMetrics = true, Metrics = null });

    /// <summary>Replaces the logs.</summary>
    public ModelRule Logs(string logs) => Do(known => known with { Logs = logs });

    /// <summary>The create answers 201, <c>processing</c>, the whole output and no metrics; a GET then shows the end.</summary>
    public ModelRule CreateShowsOutput() => Do(known => known with { CreateShowsOutput = true });

    /// <summary>The create answers at once with this code and <c>starting</c>, whatever <c>Prefer</c> asked.</summary>
    public ModelRule CreateAnswers(int statusCode) => Do(known => known with { CreateStatusCode = statusCode, IgnoresPrefer = true });

    /// <summary>There is no <c>urls.stream</c>.</summary>
    public ModelRule WithoutStream() => Do(known => known with { HasStream = false });

    /// <summary>There is a <c>urls.stream</c> even if the schema does not stream.</summary>
    public ModelRule WithStream() => Do(known => known with { HasStream = true });

    /// <summary><c>urls.stream</c> says this.</summary>
    public ModelRule StreamAt(string url) => Do(known => known with { HasStream = true, StreamUrl = url });

    /// <summary>Timestamps carry nine fractional digits.</summary>
    public ModelRule NanoTimestamps() => Do(known => known with { NanoTimestamps = true });

    /// <summary>Stays <c>starting</c> until canceled or past its deadline.</summary>
    public ModelRule NeverStarts() => Do(known => known with { NeverStarts = true });

    /// <summary>Stays <c>processing</c> until canceled or past its deadline.</summary>
    public ModelRule NeverFinishes() => Do(known => known with { NeverFinishes = true });

    /// <summary>Files come back as data URLs.</summary>
    public ModelRule DataUrls() => Do(known => known with { DataUrls = true });

    /// <summary>Exact time in <c>starting</c>, not scaled by the speed.</summary>
    public ModelRule ColdStart(TimeSpan time) => Do(known => known with { ColdStart = time });

    /// <summary>Exact time in <c>processing</c> before the output, not scaled by the speed.</summary>
    public ModelRule RunTime(TimeSpan time) => Do(known => known with { RunTime = time });

    /// <summary>Edits every prediction object before it is sent.</summary>
    public ModelRule Edit(Action<JsonObject> edit) => Do(known => known with { Edit = edit });

    /// <summary>Scripts the stream. Used again for a later connection unless <see cref="ThenStreams"/> says otherwise.</summary>
    public ModelRule Streams(Func<StreamScript, StreamScript> script) =>
        Do(known => known with { HasStream = known.HasStream ?? true, Streams = [script(StreamScript.Empty)] });

    /// <summary>Scripts the stream of the next connection.</summary>
    public ModelRule ThenStreams(Func<StreamScript, StreamScript> script) =>
        Do(known => known with { Streams = known.Streams.Add(script(StreamScript.Empty)) });

    /// <summary>
    /// Scripts each connection (counted from 0) of each prediction by a function, which must be safe to call concurrently. It is also asked for
    /// connection <see cref="int.MaxValue"/>, whose output texts become the output of the prediction.
    /// </summary>
    public ModelRule StreamsEach(Func<SimulatedPrediction, int, StreamScript> script) =>
        Do(known => known with { HasStream = known.HasStream ?? true, Stream = script.Invoke });

    internal PredictionPlan? TryTake(string wanted, JsonObject input)
    {
        var ready = Volatile.Read(ref plan);
        if (ready is null || (model != "*" && model != wanted) || condition?.Invoke(input) == false || !allowance.TryTake())
        {
            return null;
        }

        _ = Interlocked.Increment(ref hits);
        return ready;
    }

    private ModelRule Do(Func<PredictionPlan, PredictionPlan> change)
    {
        lock (gate)
        {
            Volatile.Write(ref plan, change(plan ?? PredictionPlan.Healthy));
        }

        return this;
    }
}
