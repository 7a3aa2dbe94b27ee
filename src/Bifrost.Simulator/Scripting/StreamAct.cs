namespace Bifrost.Simulator;

/// <summary>One act of a stream script.</summary>
internal abstract record StreamAct
{
    public string Newline { get; init; } = "\n";

    /// <summary>An event; a numbered one gets the next id of the connection.</summary>
    internal sealed record Event(string? Name, string Data, bool Numbered) : StreamAct
    {
        public string? Id { get; init; }
    }

    /// <summary>The error event.</summary>
    internal sealed record Failure(string Detail) : StreamAct;

    /// <summary>The done event.</summary>
    internal sealed record Finish(string? Reason) : StreamAct;

    /// <summary>Bytes as they are.</summary>
    internal sealed record Raw(byte[] Bytes) : StreamAct;

    /// <summary>A wait.</summary>
    internal sealed record Pause(TimeSpan Time) : StreamAct;

    /// <summary>How the connection ends.</summary>
    internal sealed record Break(Ending Ending) : StreamAct;
}
