using System.Buffers;
using System.Net;
using System.Text;
using System.Text.Json;
using Bifrost.Wire.Faults;
using Bifrost.Wire.Framing;

namespace Bifrost.Providers.Replicate;

internal enum EventKind
{
    /// <summary>The next piece of the output.</summary>
    Output,

    /// <summary>What went wrong, in Replicate's words; <see cref="Done"/> follows.</summary>
    Error,

    /// <summary>The end, with a reason unless all is well.</summary>
    Done,

    /// <summary>The connection is over and the prediction may not be.</summary>
    Lost,
}

/// <param name="Kind">What it says.</param>
/// <param name="Text">Output, detail or reason.</param>
/// <param name="Id">The event's id, or empty.</param>
internal readonly record struct PredictionEvent(EventKind Kind, string Text, string Id);

/// <summary>One connection to a prediction's event stream. However it breaks (end, reset, silence, nonsense), it ends with
/// <see cref="EventKind.Lost"/>.</summary>
internal sealed class PredictionEvents : ISseSink, IAsyncDisposable
{
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(1);

    private readonly HttpResponseMessage _response;
    private readonly TimeSpan _idle;
    private readonly TimeProvider _clock;

    // One for the whole line, wound up again before each read.
    private readonly CancellationTokenSource _silence;
    private readonly CancellationTokenRegistration _leaving;
    private readonly SseReader _reader = new();
    private readonly SentText? _text;
    private readonly bool _inPieces;
    private readonly Queue<PredictionEvent> _ready = new();
    private readonly byte[] _block = ArrayPool<byte>.Shared.Rent(16 * 1024);
    private Stream? _body;
    private bool _hasText;
    private bool _givenUp;
    private bool _done;
    private bool _over;

    private PredictionEvents(
        HttpResponseMessage response,
        SentText? text,
        bool inPieces,
        TimeSpan idle,
        TimeProvider clock,
        CancellationToken cancel
    )
    {
        (_response, _text, _inPieces, _idle, _clock) = (response, text, inPieces, idle, clock);
        _silence = new CancellationTokenSource(idle, clock);
        _leaving = cancel.UnsafeRegister(static silence => ((CancellationTokenSource)silence!).Cancel(), _silence);
    }

    /// <summary>Null when the stream could not be opened but another try may do; a fault when its address must not be followed.</summary>
    /// <param name="client">The account.</param>
    /// <param name="address">As the prediction names it.</param>
    /// <param name="text">Where it is to go on, and hears the output: events then bring what is new. Null: they bring what they say.</param>
    /// <param name="inPieces">With <paramref name="text"/>: one event for each of the stream's; else one for all that came at once.</param>
    /// <param name="cancel">When nobody listens any more.</param>
    public static async Task<(PredictionEvents? Line, Fault? Fault)> OpenAsync(
        PredictionClient client,
        string address,
        SentText? text,
        bool inPieces,
        CancellationToken cancel
    )
    {
        var opened = await client.OpenStreamAsync(address, text?.LastId is { Length: > 0 } last ? last : null, cancel);
        if (opened.Failed(out var fault, out var response))
        {
            return (null, fault.Kind == FaultKind.UpstreamInvalid ? fault : null);
        }

        if (response.StatusCode != HttpStatusCode.OK || response.Content.Headers.ContentType?.MediaType != "text/event-stream")
        {
            response.Dispose();
            return (null, null);
        }

        var idle = TimeSpan.FromSeconds(client.Provider.Network.StreamIdleTimeoutSeconds);
        return (new PredictionEvents(response, text, inPieces, idle, client.Runtime.Clock, cancel), null);
    }

    /// <summary>The next event. Throws only when <paramref name="cancel"/> is cancelled.</summary>
    public async ValueTask<PredictionEvent> NextAsync(CancellationToken cancel)
    {
        while (true)
        {
            if (_ready.TryDequeue(out var next))
            {
                return next;
            }

            if (_hasText)
            {
                _hasText = false;
                return new PredictionEvent(EventKind.Output, _text!.TakeNew(), "");
            }

            if (_over || !await FillAsync(cancel))
            {
                return new PredictionEvent(EventKind.Lost, "", "");
            }
        }
    }

    public void OnEvent(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data, ReadOnlySpan<byte> id)
    {
        if (name.SequenceEqual("output"u8))
        {
            if (_text is not null)
            {
                Hear(data, id);
                return;
            }

            _ready.Enqueue(new PredictionEvent(EventKind.Output, Encoding.UTF8.GetString(data), Encoding.UTF8.GetString(id)));
        }
        else if (name.SequenceEqual("error"u8))
        {
            _ready.Enqueue(new PredictionEvent(EventKind.Error, Member(data, "detail") ?? Encoding.UTF8.GetString(data), ""));
        }
        else if (name.SequenceEqual("done"u8))
        {
            _done = true;
            _ready.Enqueue(new PredictionEvent(EventKind.Done, Member(data, "reason") ?? "", ""));
        }
    }

    public void OnComment(ReadOnlySpan<byte> text)
    {
        // ":408: 408 Request Timeout": the server has given this connection up. What follows is its end.
        if (text.StartsWith("408"u8))
        {
            _givenUp = true;
            _ready.Enqueue(new PredictionEvent(EventKind.Lost, "", ""));
        }
    }

    public async ValueTask DisposeAsync()
    {
        // A body that is read to its end leaves its connection for the next prediction. That end follows `done` at once, and nobody waits for it.
        if (_done && !_over)
        {
            _ = EndAsync();
            return;
        }

        await CloseAsync();
    }

    private async Task EndAsync()
    {
        using var patience = new CancellationTokenSource(EndPatience, _clock);
        try
        {
            while (await _body!.ReadAsync(_block, patience.Token) > 0) { }
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException or OperationCanceledException)
        {
            // Then the connection is not used again; that is all.
        }

        await CloseAsync();
    }

    private async ValueTask CloseAsync()
    {
        if (_body is not null)
        {
            await _body.DisposeAsync();
        }

        await _leaving.DisposeAsync();
        _silence.Dispose();
        _response.Dispose();
        ArrayPool<byte>.Shared.Return(_block);
    }

    private async ValueTask<bool> FillAsync(CancellationToken cancel)
    {
        try
        {
            _silence.CancelAfter(_idle);
            _body ??= await _response.Content.ReadAsStreamAsync(_silence.Token);
            var read = await _body.ReadAsync(_block, _silence.Token);
            _over = read == 0 || !_reader.Read(_block.AsSpan(0, read), this);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            _over = true;
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException)
        {
            _over = true;
        }

        return !_over || _hasText || _ready.Count > 0;
    }

    private void Hear(ReadOnlySpan<byte> data, ReadOnlySpan<byte> id)
    {
        // What comes behind the end, or on a line that is given up, is not the answer's.
        if (_done || _givenUp)
        {
            return;
        }

        _text!.Hear(data, id);
        if (!_inPieces)
        {
            _hasText = true;
        }
        else if (_text.TakeNew() is { Length: > 0 } piece)
        {
            _ready.Enqueue(new PredictionEvent(EventKind.Output, piece, ""));
        }
    }

    private static string? Member(ReadOnlySpan<byte> data, string name)
    {
        try
        {
            var reader = new Utf8JsonReader(data);
            using var document = JsonDocument.ParseValue(ref reader);
            return
                document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty(name, out var value)
                && value.ValueKind == JsonValueKind.String
                ? value.GetString()
                : null;
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: an escape is half a character.
            return null;
        }
    }
}
