using System.Collections.Immutable;
using System.Text;

namespace Bifrost.Simulator;

/// <summary>
/// Exactly what one connection of a stream sends. Immutable: every method returns a longer script. A script that says neither
/// <see cref="Done"/> nor how it breaks ends the connection in order after its last event.
/// </summary>
public sealed record StreamScript
{
    /// <summary>A script that sends nothing.</summary>
    public static readonly StreamScript Empty = new();

    internal ImmutableArray<StreamAct> Acts { get; init; } = [];

    internal string Newline { get; init; } = "\n";

    internal int ChunkBytes { get; init; }

    internal ImmutableArray<int> SplitsAt { get; init; } = [];

    internal bool HonoursLastEventId { get; init; }

    internal int? HttpStatus { get; init; }

    internal string? ContentTypeOverride { get; init; }

    /// <summary>An <c>output</c> event with the next id; newlines become several data lines.</summary>
    public StreamScript Output(string text) => Add(new StreamAct.Event("output", text, Numbered: true));

    /// <summary>Many <c>output</c> events.</summary>
    public StreamScript Outputs(params ReadOnlySpan<string> texts)
    {
        var script = this;
        foreach (var text in texts)
        {
            script = script.Output(text);
        }

        return script;
    }

    /// <summary>A <c>logs</c> event.</summary>
    public StreamScript Logs(string text) => Add(new StreamAct.Event("logs", text, Numbered: true));

    /// <summary>Any event; a null id or name leaves the line out.</summary>
    public StreamScript Event(string? id, string? name, string data) => Add(new StreamAct.Event(name, data, Numbered: false) { Id = id });

    /// <summary>An <c>error</c> event with <c>{"detail": ...}</c>; the prediction fails with that text.</summary>
    public StreamScript Error(string detail) => Add(new StreamAct.Failure(detail));

    /// <summary>The <c>done</c> event: <c>{}</c>, or with a reason such as <c>canceled</c> or <c>error</c>.</summary>
    public StreamScript Done(string? reason = null) => Add(new StreamAct.Finish(reason));

    /// <summary>A comment line.</summary>
    public StreamScript Comment(string text) => Raw(":" + text + Newline + Newline);

    /// <summary>The comment Replicate sends when a stream idles for 30 seconds, and the end of the connection.</summary>
    public StreamScript RequestTimeout() => Comment("408: 408 Request Timeout").End();

    /// <summary>Bytes as they are.</summary>
    public StreamScript Raw(string text) => Raw(Encoding.UTF8.GetBytes(text));

    /// <summary>Bytes as they are.</summary>
    public StreamScript Raw(byte[] bytes) => Add(new StreamAct.Raw(bytes));

    /// <summary>Waits by the simulator's clock, after everything before was flushed.</summary>
    public StreamScript Pause(TimeSpan time) => Add(new StreamAct.Pause(time));

    /// <summary>Sends nothing more until the caller gives up or the simulator stops.</summary>
    public StreamScript Stall() => Add(new StreamAct.Break(Ending.Stall));

    /// <summary>Closes the connection in the middle of the body.</summary>
    public StreamScript Cut() => Add(new StreamAct.Break(Ending.Cut));

    /// <summary>Resets the connection (RST).</summary>
    public StreamScript Reset() => Add(new StreamAct.Break(Ending.Reset));

    /// <summary>Ends the body in order, without <c>done</c>.</summary>
    public StreamScript End() => Add(new StreamAct.Break(Ending.None));

    /// <summary>Line ends of everything after this call: <c>\n</c> (default), <c>\r\n</c> or <c>\r</c>.</summary>
    public StreamScript LineEnds(string newline) => this with { Newline = newline };

    /// <summary>Sends the bytes in pieces of this size, each flushed by itself.</summary>
    public StreamScript ChunksOf(int bytes) => this with { ChunkBytes = bytes };

    /// <summary>Sends every byte by itself.</summary>
    public StreamScript PerByte() => ChunksOf(1);

    /// <summary>Splits the bytes at these offsets, counted from the start of the stream, in rising order.</summary>
    public StreamScript SplitAt(params int[] offsets) => this with { SplitsAt = [.. offsets] };

    /// <summary>On a request with <c>Last-Event-ID</c>, leaves out the events up to and including that id. Without this everything is replayed.</summary>
    public StreamScript HonourLastEventId() => this with { HonoursLastEventId = true };

    /// <summary>Refuses the stream with this status and a problem body.</summary>
    public StreamScript Refuse(int status) => this with { HttpStatus = status };

    /// <summary>Labels the stream with another content type.</summary>
    public StreamScript ContentType(string contentType) => this with { ContentTypeOverride = contentType };

    /// <summary>All output text of the script, joined.</summary>
    internal ImmutableArray<string> OutputTexts()
    {
        var texts = ImmutableArray.CreateBuilder<string>();
        foreach (var act in Acts)
        {
            if (act is StreamAct.Event { Name: "output" } output)
            {
                texts.Add(output.Data);
            }
        }

        return texts.ToImmutable();
    }

    private StreamScript Add(StreamAct act) => this with { Acts = Acts.Add(act with { Newline = Newline }) };
}
