using Bifrost.Core;
using Bifrost.Core.Contracts;
using Bifrost.Wire.Canonical;
using Bifrost.Wire.Faults;

namespace Bifrost.Observability.RequestLog;

/// <summary>What is taken down of an exchange while its request is still there: references and numbers. Everything that takes time is made of it later, on
/// the writer's thread.</summary>
internal sealed class LogDraft
{
    private LogDraft(Exchange exchange, LogPolicy policy)
    {
        Policy = policy;
        var clock = exchange.Clock;
        var latency = clock.GetElapsedTime(exchange.StartedAt, exchange.EndedAt);
        Latency = Micros(latency);
        At = (clock.GetUtcNow() - latency).UtcTicks / TimeSpan.TicksPerMicrosecond - UnixEpochMicros;
        Accepted = Between(exchange, exchange.StartedAt, exchange.AcceptedAt);
        Planned = Between(exchange, exchange.AcceptedAt, exchange.TriedAt);
        Waited = Between(exchange, exchange.TriedAt, exchange.AnsweredAt);
        FirstByte = exchange.FirstByte is { } first ? Micros(first) : null;

        Id = exchange.Id;
        TraceId = exchange.Trace?.TraceId;
        Operation = exchange.Operation;
        Streams = exchange.Streams;
        WasSent = exchange.TriedAt != 0;
        Caller = exchange.Caller;
        Target = exchange.Target;
        TargetIndex = exchange.TargetIndex;
        AskedModel = exchange.AskedModel;
        AnsweredModel = exchange.AnsweredModel;
        UpstreamId = exchange.UpstreamId;
        Attempts = exchange.Attempts;
        Notes = exchange.Notes;
        Usage = exchange.Usage;
        Charge = exchange.Charge;
        Dimensions = exchange.Reservation.Dimensions;
        RequestBytes = exchange.Body.Length;
        ResponseBytes = exchange.ResponseBytes;
        Chunks = exchange.Chunks;
        if (exchange.Fault is { } fault)
        {
            // Not the fault itself: it may hold the provider's whole answer.
            (Fault, Message) = (fault.Kind, fault.Message);
        }

        HttpStatus = StatusOf(exchange);
    }

    private const long UnixEpochMicros = 62_135_596_800_000_000;

    public LogPolicy Policy { get; }
    public long At { get; }
    public long Latency { get; }
    public long Accepted { get; }
    public long Planned { get; }
    public long Waited { get; }
    public long? FirstByte { get; }
    public string Id { get; }
    public string? TraceId { get; }
    public Operation Operation { get; }
    public bool Streams { get; }
    public bool WasSent { get; }
    public Caller? Caller { get; }
    public Target? Target { get; }
    public int TargetIndex { get; }
    public string AskedModel { get; }
    public string? AnsweredModel { get; }
    public string? UpstreamId { get; }
    public IReadOnlyList<AttemptRecord> Attempts { get; }
    public IReadOnlyList<ParameterNote> Notes { get; }
    public Usage? Usage { get; }
    public Charge? Charge { get; }
    public string? Dimensions { get; }
    public long RequestBytes { get; }
    public long ResponseBytes { get; }
    public long Chunks { get; }
    public FaultKind? Fault { get; }
    public string? Message { get; }
    public int HttpStatus { get; }

    /// <summary>Headers of the request that the policy selects, as they came.</summary>
    public List<KeyValuePair<string, string>>? Headers { get; init; }

    public ContentCopy? Request { get; set; }

    public ContentCopy? Answer { get; set; }

    /// <summary>Bytes of memory in <see cref="Request"/> and <see cref="Answer"/>.</summary>
    public int ContentBytes { get; set; }

    public static LogDraft Of(Exchange exchange, LogPolicy policy) =>
        new(exchange, policy) { Headers = SelectedHeaders.Of(exchange.Http.Request.Headers, policy.Config.Headers) };

    public void DropContent()
    {
        Request?.Dispose();
        Answer?.Dispose();
        (Request, Answer, ContentBytes) = (null, null, 0);
    }

    private static int StatusOf(Exchange exchange)
    {
        var response = exchange.Http.Response;
        return response.HasStarted || exchange.Fault is null ? response.StatusCode : exchange.Fault.Status;
    }

    private static long Between(Exchange exchange, long from, long to) =>
        from == 0 || to == 0 ? 0 : Micros(exchange.Clock.GetElapsedTime(from, to));

    private static long Micros(TimeSpan time) => time.Ticks / TimeSpan.TicksPerMicrosecond;
}
