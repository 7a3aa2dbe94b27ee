namespace Bifrost.Web.Api;

/// <summary>What the management API said: a value, or why there is none.</summary>
public sealed record Answer<T>(T? Value, Problem? Problem)
{
    /// <summary>Which version of the thing this is, for whoever wants to change just this one; null where the API tells none.</summary>
    public string? Version { get; init; }

    /// <summary>No provider is called by this gateway, and nothing is charged.</summary>
    public bool IsSimulated { get; init; }

    /// <summary>Whether there is a value.</summary>
    public bool IsGood => Problem is null;
}

/// <summary>Why something was refused, in words for a person.</summary>
/// <param name="Status">HTTP's; 0 when nothing was answered.</param>
/// <param name="Message">What is wrong and what to do.</param>
/// <param name="Mistakes">Each mistake with the field it is in; empty when the request as a whole was refused.</param>
public sealed record Problem(int Status, string Message, IReadOnlyList<Mistake> Mistakes)
{
    /// <summary>Somebody else has changed the same thing since it was read.</summary>
    public bool IsStale => Status == 412;
}

/// <summary>One mistake.</summary>
/// <param name="Path">The field, such as <c>budgets[0].max_limit</c>.</param>
/// <param name="Message">What is wrong with it.</param>
public sealed record Mistake(string Path, string Message);
