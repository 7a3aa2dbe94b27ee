using System.Globalization;
using System.Runtime.CompilerServices;
using Bifrost.Core.Contracts;
using Bifrost.Core.World;
using Bifrost.Wire.Canonical;
using Bifrost.Wire.Dialects;
using Bifrost.Wire.Faults;
using Bifrost.Wire.Json;
using Microsoft.AspNetCore.Http;

namespace Bifrost.Core;

/// <summary>One request and its answer, and what is known about them. Every property names the room that writes it; all others only read.
/// Used by one request at a time, not thread-safe.</summary>
public sealed class Exchange
{
    private static long _given;
    private string? _id;
    private object? _request;
    private List<ParameterNote>? _notes;
    private List<AttemptRecord>? _attempts;
    private Kept _kept;
    private int _keptCount;
    private List<IDisposable>? _keptMore;

    public Exchange(HttpContext http, GatewayWorld world, TimeProvider clock)
    {
        Http = http;
        World = world;
        Clock = clock;
        StartedAt = clock.GetTimestamp();
    }

    public HttpContext Http { get; }

    /// <summary>The world this exchange sees from start to end.</summary>
    public GatewayWorld World { get; }

    public TimeProvider Clock { get; }

    /// <summary>Timestamp of <see cref="TimeProvider.GetTimestamp"/>.</summary>
    public long StartedAt { get; }

    // Marks on the way, as timestamps of the clock; 0 where the exchange did not come by.

    /// <summary>Accept: the request was read.</summary>
    public long AcceptedAt { get; internal set; }

    /// <summary>Attempt: the first target was tried.</summary>
    public long TriedAt { get; internal set; }

    /// <summary>Attempt: a target started to answer.</summary>
    public long AnsweredAt { get; internal set; }

    /// <summary>Settle: the last byte went out.</summary>
    public long EndedAt { get; internal set; }

    public TimeSpan Elapsed => Clock.GetElapsedTime(StartedAt);

    /// <summary>Cancelled when the caller goes away.</summary>
    public CancellationToken CallerLeft => Http.RequestAborted;

    /// <summary>Joins what the ledger and the request log keep of this exchange: unique, also where a caller gives the same <see cref="RequestId"/> to many
    /// requests. The gateway's own ids stay as they are, given ones are what precedes the last <c>~</c>.</summary>
    public string Id => _id ??= RequestIdWasGiven ? OneOfMany() : RequestId;

    /// <summary>Accept: joins the log line, the caller's header <c>x-request-id</c> and the log row (<see cref="Id"/>).</summary>
    public string RequestId { get; internal set; } = "";

    /// <summary>Accept: the caller chose <see cref="RequestId"/>, so it need not be unique.</summary>
    public bool RequestIdWasGiven { get; internal set; }

    /// <summary>Accept: the address is one where something is served. Without it there is no <see cref="Operation"/>.</summary>
    public bool HasOperation { get; internal set; }

    /// <summary>Accept.</summary>
    public Operation Operation { get; internal set; }

    /// <summary>Accept: <c>openai</c> on that surface, else null. Bare model names belong to it.</summary>
    public string? SurfaceProvider { get; internal set; }

    /// <summary>Accept.</summary>
    public IDialect CallerSpeaks { get; internal set; } = null!;

    /// <summary>Accept: the id in the path (a model, file, video or response), decoded, or null.</summary>
    public string? PathId { get; internal set; }

    /// <summary>Accept: the whole body; empty for GET and DELETE. Valid until the exchange is over.</summary>
    public ReadOnlyMemory<byte> Body { get; internal set; }

    /// <summary>Accept: where things are in the body.</summary>
    public Envelope Envelope { get; internal set; } = new();

    /// <summary>Accept: the model as the caller wrote it, empty when the operation has none.</summary>
    public string AskedModel { get; internal set; } = "";

    /// <summary>Accept: the form field <c>provider</c> of an upload, or null.</summary>
    internal string? FormProvider { get; set; }

    /// <summary>Accept: the caller asked for a stream.</summary>
    public bool Streams { get; internal set; }

    /// <summary>Admit: a credential that the caller brought and that may be a provider's key, or null. Never stored or logged.</summary>
    internal string? Presented { get; set; }

    /// <summary>A greeter: how others follow this exchange, or null where nobody does.</summary>
    public ExchangeTrace? Trace { get; set; }

    /// <summary>Plan: the provider key that the caller brought, or null.</summary>
    public KeyModel? DirectKey { get; internal set; }

    /// <summary>Admit: whose virtual key came with the request, or null.</summary>
    public Caller? Caller { get; internal set; }

    /// <summary>Admit: refuse parameters that a model cannot take, instead of dropping them with a note.</summary>
    public bool Strict { get; internal set; }

    /// <summary>Plan: the job that an id of ours names, or null.</summary>
    public PinnedJob? Pinned { get; internal set; }

    /// <summary>Attempt: what is being or was tried last.</summary>
    public Target? Target { get; internal set; }

    /// <summary>Attempt: where <see cref="Target"/> stands in the plan; 0 is first.</summary>
    public int TargetIndex { get; internal set; }

    /// <summary>Attempt: what is held for the current target. Settle ends it.</summary>
    public Reservation Reservation { get; internal set; } = Reservation.None;

    /// <summary>Attempt: how the limits stand that refused the last target, or null. Written by <see cref="IReservations"/>.</summary>
    public RateLimitsView? RefusedBy { get; set; }

    /// <summary>Attempt: the stream was asked to end with usage that the caller did not ask for and must not see.</summary>
    internal bool UsageIsOurs { get; set; }

    /// <summary>Attempt: cancelled when the caller leaves or the target's patience ends; Deliver re-arms it while a stream flows.</summary>
    internal CancellationTokenSource? Deadline { get; set; }

    /// <summary>Attempt: every try that failed, in order.</summary>
    public IReadOnlyList<AttemptRecord> Attempts => _attempts ?? (IReadOnlyList<AttemptRecord>)[];

    /// <summary>Attempt, Deliver: the model that answered, as the provider names it.</summary>
    public string? AnsweredModel { get; set; }

    /// <summary>Attempt, Deliver: what the answer consumed, when known.</summary>
    public Usage? Usage { get; set; }

    /// <summary>Deliver: bytes of generated text that were seen, in UTF-8; of an answer in one piece, all its bytes. Counted only while something is
    /// reserved.</summary>
    public long OutputBytes { get; internal set; }

    /// <summary>Deliver: bytes of the answer's body that were written, as the caller sees them before any framing of the connection.</summary>
    public long ResponseBytes { get; internal set; }

    /// <summary>Deliver: pieces of a streamed answer: events of a relayed one, deltas of a translated one; else 0.</summary>
    public long Chunks { get; internal set; }

    /// <summary>Deliver: what is kept of the answer, or null.</summary>
    public ContentCopy? AnswerCopy { get; internal set; }

    /// <summary>Settle: what it cost, or null when nobody keeps accounts. Written by the reservation, read by the other settlers.</summary>
    public Charge? Charge { get; set; }

    /// <summary>Attempt: the provider's own id of the work (a prediction id), for the log and the caller's header.</summary>
    public string? UpstreamId { get; set; }

    /// <summary>Parameters that were dropped or changed on the way. Attempt.</summary>
    public IReadOnlyList<ParameterNote> Notes => _notes ?? (IReadOnlyList<ParameterNote>)[];

    /// <summary>Any room that refuses; Deliver when a stream breaks.</summary>
    public Fault? Fault { get; internal set; }

    /// <summary>Deliver: when the first byte of the answer went out, or null.</summary>
    public TimeSpan? FirstByte { get; internal set; }

    /// <summary>The request in canonical form, read once by the caller's dialect. It asks for no more output than <see cref="Reservation"/> pays for.</summary>
    public Outcome<T> Read<T>()
        where T : class
    {
        if (_request is not T read)
        {
            var outcome = ((IRequestReader<T>)CallerSpeaks).ReadRequest(new RequestBytes(Body, Http.Request.ContentType));
            if (outcome.Failed(out var unreadable, out read!))
            {
                return unreadable;
            }

            _request = read;
        }

        return Reservation.OutputCap is { } cap ? Attempt.OutputCaps.Lower(this, cap, read) : read;
    }

    /// <summary>Adds a note once; a retry that finds the same thing adds nothing.</summary>
    public void Note(ParameterNote note)
    {
        _notes ??= [];
        if (!_notes.Contains(note))
        {
            _notes.Add(note);
        }
    }

    /// <summary>Disposes of something (a pooled buffer, a timer) when the exchange is over.</summary>
    public void Keep(IDisposable kept)
    {
        if (_keptCount < Kept.Room)
        {
            _kept[_keptCount++] = kept;
            return;
        }

        (_keptMore ??= []).Add(kept);
    }

    /// <summary>Hands <see cref="AnswerCopy"/> over: whoever takes it disposes of it.</summary>
    public ContentCopy? TakeAnswerCopy()
    {
        var copy = AnswerCopy;
        AnswerCopy = null;
        return copy;
    }

    internal void Release()
    {
        for (var i = 0; i < _keptCount; i++)
        {
            _kept[i]!.Dispose();
        }

        foreach (var kept in _keptMore ?? [])
        {
            kept.Dispose();
        }

        (_keptCount, _keptMore) = (0, null);
        TakeAnswerCopy()?.Dispose();
    }

    private string OneOfMany()
    {
        var now = Clock.GetUtcNow().UtcTicks / TimeSpan.TicksPerMicrosecond;
        return string.Create(CultureInfo.InvariantCulture, $"{RequestId}~{now:x}{Interlocked.Increment(ref _given) & 0xFFF:x3}");
    }

    internal void Record(AttemptRecord attempt) => (_attempts ??= []).Add(attempt);

    /// <summary>Room for what a plain exchange keeps (its body, the patched body, its deadline) without a list.</summary>
    [InlineArray(Room)]
    private struct Kept
    {
        public const int Room = 3;

        private IDisposable? _first;
    }
}

/// <summary>A parameter that did not reach the model as the caller wrote it.</summary>
/// <param name="Parameter">In the caller's spelling.</param>
/// <param name="Change">dropped, changed or moved.</param>
/// <param name="Message">Why, and what became of it.</param>
public sealed record ParameterNote(string Parameter, string Change, string Message);

/// <summary>A try that failed.</summary>
public sealed record AttemptRecord(string Provider, string Model, string Key, FaultKind Fault, TimeSpan Took)
{
    /// <summary>A limit stood in the way; nothing was sent.</summary>
    public bool Refused { get; init; }
}
