using Bifrost.Web.Api;

namespace Bifrost.Web.Playground;

/// <summary>One model's side of what is tried.</summary>
public sealed class Lane
{
    /// <summary>As <c>provider/model</c>.</summary>
    public string Model { get; set; } = "";

    /// <summary>The oldest first.</summary>
    public List<Turn> Turns { get; } = [];
}

/// <summary>What was asked, and what a model answered.</summary>
/// <param name="Prompt">As it was typed.</param>
public sealed class Turn(string prompt)
{
    /// <summary>As it was typed.</summary>
    public string Prompt { get; } = prompt;

    /// <summary>Which model was asked.</summary>
    public string Model { get; init; } = "";

    /// <summary>How far it is.</summary>
    public TurnState State { get; set; }

    /// <summary>What has come so far.</summary>
    public string Text { get; set; } = "";

    /// <summary>What a model thought aloud before it answered.</summary>
    public string Thought { get; set; } = "";

    /// <summary>What is done while there is nothing to show yet.</summary>
    public string? Doing { get; set; }

    /// <summary>0 to 100, or null where nobody says.</summary>
    public int? Progress { get; set; }

    /// <summary>Pictures and films.</summary>
    public List<Medium> Media { get; } = [];

    /// <summary>Why there is no answer.</summary>
    public Problem? Problem { get; set; }

    /// <summary>The gateway's word for what went wrong, such as <c>virtual_key_required</c>.</summary>
    public string? ProblemWord { get; set; }

    /// <summary>How the request log calls it.</summary>
    public string? RequestId { get; set; }

    /// <summary>Tokens in.</summary>
    public long? TokensIn { get; set; }

    /// <summary>Tokens out.</summary>
    public long? TokensOut { get; set; }

    /// <summary>In dollars.</summary>
    public decimal? Cost { get; set; }

    /// <summary>Whether the cost had to be estimated.</summary>
    public bool IsCostEstimated { get; set; }

    /// <summary>Milliseconds until the first words.</summary>
    public double? FirstAfter { get; set; }

    /// <summary>Milliseconds until the end.</summary>
    public double? Took { get; set; }

    /// <summary>Why the answer ends, as the model says: <c>stop</c>, <c>length</c> …</summary>
    public string? Finish { get; set; }

    /// <summary>Whether it is still going on.</summary>
    public bool IsRunning => State == TurnState.Running;
}

/// <summary>How far an answer is.</summary>
public enum TurnState
{
    /// <summary>Asked.</summary>
    Running,

    /// <summary>Complete.</summary>
    Done,

    /// <summary>The person had enough.</summary>
    Stopped,

    /// <summary>There is none.</summary>
    Failed,
}

/// <summary>A picture or a film: its bytes, or where it is.</summary>
/// <param name="Type">Its media type.</param>
/// <param name="Bytes">Null when only its address is known.</param>
/// <param name="Url">Null when its bytes are here.</param>
public sealed record Medium(string Type, byte[]? Bytes, string? Url)
{
    /// <summary>Else it is a picture.</summary>
    public bool IsVideo => Type.StartsWith("video/", StringComparison.Ordinal);

    /// <summary>A picture's kind by its first bytes.</summary>
    public static Medium Picture(byte[] bytes) =>
        new(
            bytes switch
            {
                [0xFF, 0xD8, ..] => "image/jpeg",
                [(byte)'R', (byte)'I', (byte)'F', (byte)'F', ..] => "image/webp",
                [(byte)'G', (byte)'I', (byte)'F', ..] => "image/gif",
                [(byte)'<', ..] => "image/svg+xml",
                _ => "image/png",
            },
            bytes,
            null
        );
}
