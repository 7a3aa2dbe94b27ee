using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Bifrost.Simulator;

/// <summary>A prediction and its life so far. Safe to read from any thread.</summary>
#pragma warning disable CA1001 // The source has no timer, so it holds nothing; a prediction is read long after its work ended.
public sealed class SimulatedPrediction
#pragma warning restore CA1001
{
    private readonly Lock gate = new();
    private readonly List<StreamEvent> events = [];
    private readonly List<string> pieces = [];
    private readonly StringBuilder logs = new();
    private readonly string inputJson;
    private readonly CancellationTokenSource stop = new();
    private TaskCompletionSource changed = NewSignal();
    private string status = "starting";
    private string? output;
    private JsonNode? error;
    private JsonObject? metrics;
    private DateTimeOffset? startedAt;
    private DateTimeOffset? completedAt;
    private int step;
    private int connections;

    internal SimulatedPrediction(
        string id,
        string streamKey,
        long sequence,
        PredictionRequest request,
        PredictionPlan plan,
        DateTimeOffset now
    )
    {
        Id = id;
        StreamKey = streamKey;
        Sequence = sequence;
        Request = request;
        Plan = plan;
        CreatedAt = now;
        inputJson = request.Input.ToJsonString(Protocol.Json);
        HasStream = plan.HasStream ?? request.Model.Schema.Streams;
        _ = plan.Logs is null ? logs : logs.Append(plan.Logs);
    }

    /// <summary>The id.</summary>
    public string Id { get; }

    /// <summary><c>owner/name</c> of the model.</summary>
    public string Model => Request.Model.Id;

    /// <summary>The version as reported: 64 digits, <c>hidden</c>, or a deployment's.</summary>
    public string Version => Request.Version;

    /// <summary>The deployment it was created through, or null.</summary>
    public string? Deployment => Request.Deployment;

    /// <summary>The account that owns it.</summary>
    public string Account => Request.Account;

    /// <summary>A copy of the input exactly as it was sent, unknown keys included.</summary>
    public JsonObject Input => (JsonObject)JsonNode.Parse(inputJson)!;

    /// <summary>The deadline the caller asked for, or null.</summary>
    public TimeSpan? CancelAfter => Request.CancelAfter;

    /// <summary>Where webhooks go, or null.</summary>
    public Uri? Webhook => Request.Webhook;

    /// <summary>When it was created.</summary>
    public DateTimeOffset CreatedAt { get; }

    /// <summary>The status now.</summary>
    public string Status => Locked(() => status);

    /// <summary>Whether somebody called cancel before it ended.</summary>
    public bool Cancelled { get; private set; }

    /// <summary>How often its stream was opened.</summary>
    public int Connections => Volatile.Read(ref connections);

    /// <summary>Whether the status is final.</summary>
    public bool IsTerminal => IsFinal(Status);

    internal string StreamKey { get; }

    internal long Sequence { get; }

    internal PredictionRequest Request { get; }

    internal PredictionPlan Plan { get; }

    internal bool HasStream { get; }

    /// <summary>Ends the work on it.</summary>
    internal CancellationToken Stopped => stop.Token;

    internal DateTimeOffset? CompletedAt => Locked(() => completedAt);

    internal DateTimeOffset? StartedAt => Locked(() => startedAt);

    internal static bool IsFinal(string status) => status is "succeeded" or "failed" or "canceled" or "aborted";

    internal int NextConnection() => Interlocked.Increment(ref connections) - 1;

    internal void Start(DateTimeOffset now)
    {
        lock (gate)
        {
            if (status == "starting")
            {
                status = "processing";
                startedAt = now;
                Signal();
            }
        }
    }

    internal void AppendOutput(string piece)
    {
        lock (gate)
        {
            if (!IsFinal(status))
            {
                pieces.Add(piece);
                AddEvent("output", piece);
            }
        }
    }

    internal void AppendLogs(string text)
    {
        lock (gate)
        {
            if (!IsFinal(status) && Plan.Logs is null)
            {
                _ = logs.Append(text);
                Signal();
            }
        }
    }

    internal void SetOutput(JsonNode? node)
    {
        lock (gate)
        {
            if (!IsFinal(status))
            {
                output = node?.ToJsonString(Protocol.Json) ?? "null";
                foreach (var text in TextsOf(node))
                {
                    AddEvent("output", text);
                }

                Signal();
            }
        }
    }

    /// <summary>Ends it, once; false when it had ended before.</summary>
    internal bool Finish(string end, DateTimeOffset now, JsonNode? why = null, JsonObject? measured = null)
    {
        lock (gate)
        {
            if (IsFinal(status))
            {
                return false;
            }

            status = end;
            error = why?.DeepClone();
            completedAt = now;
            metrics = Plan.HasMetrics ? Plan.Metrics : measured;
            if (end == "failed")
            {
                events.Add(
                    new StreamEvent(null, "error", new JsonObject { ["detail"] = why?.ToString() ?? "" }.ToJsonString(Protocol.Json))
                );
            }

            var reason = end switch
            {
                "succeeded" => "{}",
                "failed" => "{\"reason\": \"error\"}",
                _ => "{\"reason\": \"canceled\"}",
            };
            events.Add(new StreamEvent(null, "done", reason));
            Signal();
        }

        stop.Cancel();
        return true;
    }

    /// <summary>Cancel as the caller asks for it.</summary>
    internal bool Cancel(DateTimeOffset now, JsonObject? measured)
    {
        if (!Finish("canceled", now, null, measured))
        {
            return false;
        }

        Cancelled = true;
        return true;
    }

    /// <summary>Takes the next scripted step; true when that ended the prediction.</summary>
    internal bool TakeStep(DateTimeOffset now, Func<JsonNode?> finalOutput, Func<JsonObject?> measured)
    {
        PredictionStep next;
        lock (gate)
        {
            if (Plan.Steps.IsEmpty || IsFinal(status))
            {
                return false;
            }

            next = Plan.Steps[Math.Min(step, Plan.Steps.Length - 1)];
            step++;
            if (next.Logs is not null)
            {
                _ = logs.Clear().Append(next.Logs);
            }

            output = next.Output?.ToJsonString(Protocol.Json) ?? output;
            Signal();
        }

        if (next.Status is not "starting")
        {
            Start(now);
        }

        if (!IsFinal(next.Status))
        {
            lock (gate)
            {
                status = IsFinal(status) ? status : next.Status;
            }

            return false;
        }

        if (next.Status == "succeeded" && next.Output is null)
        {
            SetOutput(finalOutput());
        }

        return Finish(
            next.Status,
            now,
            Plan.ErrorNode ?? (next.Status == "failed" ? Plan.Error ?? "The prediction failed." : null),
            measured()
        );
    }

    /// <summary>The events after the given number, and a task that completes when there are more.</summary>
    internal (StreamEvent[] New, bool Ended, Task More) EventsFrom(int known)
    {
        lock (gate)
        {
            return ([.. events.GetRange(known, events.Count - known)], IsFinal(status), changed.Task);
        }
    }

    /// <summary>Completes when the status is final; the caller bounds the wait.</summary>
    internal async Task EndedAsync(CancellationToken ct)
    {
        while (true)
        {
            Task more;
            lock (gate)
            {
                if (IsFinal(status))
                {
                    return;
                }

                more = changed.Task;
            }

            await more.WaitAsync(ct);
        }
    }

    internal PredictionSnapshot Snapshot()
    {
        lock (gate)
        {
            var shown = output ?? (pieces.Count > 0 ? PiecesJson() : null);
            return new PredictionSnapshot(
                status,
                shown,
                logs.ToString(),
                error?.DeepClone(),
                metrics?.DeepClone().AsObject(),
                startedAt,
                completedAt,
                inputJson
            );
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static IEnumerable<string> TextsOf(JsonNode? node) =>
        node switch
        {
            JsonValue value when value.GetValueKind() == System.Text.Json.JsonValueKind.String => [value.ToString()],
            JsonArray items => items.OfType<JsonValue>().Select(item => item.ToString()),
            _ => [],
        };

    private string PiecesJson()
    {
        var array = new JsonArray();
        foreach (var piece in pieces)
        {
            array.Add((JsonNode)JsonValue.Create(piece));
        }

        return array.ToJsonString(Protocol.Json);
    }

    private void AddEvent(string name, string data)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"{CreatedAt.ToUnixTimeSeconds()}:{events.Count}");
        events.Add(new StreamEvent(id, name, data));
        Signal();
    }

    private void Signal()
    {
        changed.TrySetResult();
        changed = NewSignal();
    }

    private T Locked<T>(Func<T> read)
    {
        lock (gate)
        {
            return read();
        }
    }
}
