using Bifrost.Admin.Bodies;

namespace Bifrost.Admin.Http;

/// <summary>One address of the management API: what answers, who may ask, and what the reference says of it. Everything is in one place so that
/// the reference cannot say anything else than what is done.</summary>
/// <param name="Method">In capitals.</param>
/// <param name="Pattern">Segments divided by slashes; <c>{name}</c> stands for any one segment.</param>
/// <param name="Summary">One line for the reference.</param>
/// <param name="Handle">Answers.</param>
internal sealed record Route(string Method, string Pattern, string Summary, Func<Call, Task<Reply>> Handle)
{
    /// <summary>The heading it stands under in the reference.</summary>
    public required string Group { get; init; }

    public Guard Guard { get; init; } = Guard.Session;

    /// <summary>What the body must look like; null: none is read.</summary>
    public Shape? Body { get; init; }

    /// <summary>No body is as good as an empty object.</summary>
    public bool BodyOptional { get; init; }

    public IReadOnlyList<Parameter> Query { get; init; } = [];

    /// <summary>What a good answer holds.</summary>
    public required string Answer { get; init; }

    /// <summary>The status of a good answer.</summary>
    public int Status { get; init; } = StatusCodes.Status200OK;

    /// <summary>What it may refuse with, apart from what every route may.</summary>
    public IReadOnlyList<int> Refusals { get; init; } = [];

    /// <summary><c>If-Match</c> is heeded.</summary>
    public bool Versioned { get; init; }
}

/// <param name="Name">As it stands in the query.</param>
/// <param name="Meaning">For the reference.</param>
/// <param name="Kind">What its value must be.</param>
internal sealed record Parameter(string Name, string Meaning, FieldKind Kind = FieldKind.Text)
{
    /// <summary>Stands for every name that begins with <see cref="Name"/>.</summary>
    public bool IsPrefix { get; init; }

    public bool Admits(string name) =>
        IsPrefix ? name.Length > Name.Length && name.StartsWith(Name, StringComparison.Ordinal) : name == Name;
}

/// <summary>Who may use a route.</summary>
internal enum Guard
{
    /// <summary>Whoever is signed in; everybody on this machine as long as there is no account.</summary>
    Session,

    /// <summary>The same, or whoever shows a ticket in the query: a browser can give neither a WebSocket nor an event source a header.</summary>
    Ticket,

    /// <summary>Everybody.</summary>
    Open,

    /// <summary>Whoever shows a virtual key.</summary>
    VirtualKey,
}
