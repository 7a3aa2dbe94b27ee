namespace Bifrost.Simulator;

/// <summary>How a connection ends early.</summary>
internal enum Ending
{
    /// <summary>It does not.</summary>
    None,

    /// <summary>The socket closes in order (FIN) before the answer is whole.</summary>
    Cut,

    /// <summary>The socket is reset (RST).</summary>
    Reset,

    /// <summary>Nothing more is sent until the caller gives up.</summary>
    Stall,
}

/// <summary>What a request rule does, in this order: wait, answer or let the real handler answer, rewrite, send all or the first bytes, end.</summary>
internal sealed record RequestAction
{
    public TimeSpan Delay { get; init; }

    public Func<RecordedRequest, Reply>? Answer { get; init; }

    public Func<Reply, Reply>? Rewrite { get; init; }

    /// <summary>Bytes of the body that are sent before the end; null sends nothing at all, not even headers.</summary>
    public int? SentBytes { get; init; }

    public Ending Ending { get; init; }
}
