using System.Security.Cryptography;

namespace Bifrost.Simulator;

/// <summary>Every prediction the simulator still knows, newest last.</summary>
internal sealed class PredictionStore(int kept)
{
    private const string Letters = "0123456789abcdefghjkmnpqrstvwxyz";
    private readonly Lock gate = new();
    private readonly Dictionary<string, SimulatedPrediction> byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SimulatedPrediction> byStream = new(StringComparer.Ordinal);
    private readonly LinkedList<SimulatedPrediction> ordered = new();
    private long sequence;

    public SimulatedPrediction[] All
    {
        get
        {
            lock (gate)
            {
                return [.. ordered];
            }
        }
    }

    public SimulatedPrediction Add(PredictionRequest request, PredictionPlan plan, DateTimeOffset now)
    {
        var prediction = new SimulatedPrediction(
            RandomNumberGenerator.GetString(Letters, 26),
            RandomNumberGenerator.GetString(Letters, 55),
            Interlocked.Increment(ref sequence),
            request,
            plan,
            now
        );
        lock (gate)
        {
            byId[prediction.Id] = prediction;
            byStream[prediction.StreamKey] = prediction;
            _ = ordered.AddLast(prediction);
            while (ordered.Count > kept && ordered.First!.Value is { IsTerminal: true } oldest)
            {
                ordered.RemoveFirst();
                _ = byId.Remove(oldest.Id);
                _ = byStream.Remove(oldest.StreamKey);
            }
        }

        return prediction;
    }

    public SimulatedPrediction? Find(string id, string account)
    {
        lock (gate)
        {
            return byId.TryGetValue(id, out var prediction) && prediction.Account == account ? prediction : null;
        }
    }

    public SimulatedPrediction? FindStream(string key)
    {
        lock (gate)
        {
            return byStream.GetValueOrDefault(key);
        }
    }

    public void Clear()
    {
        SimulatedPrediction[] gone;
        lock (gate)
        {
            gone = [.. ordered];
            byId.Clear();
            byStream.Clear();
            ordered.Clear();
        }

        foreach (var prediction in gone)
        {
            _ = prediction.Finish("canceled", prediction.CreatedAt);
        }
    }
}
