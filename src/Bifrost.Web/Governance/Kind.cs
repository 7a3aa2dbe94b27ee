namespace Bifrost.Web.Governance;

/// <summary>A kind of thing that has limits: where the API keeps it, what it is called, and what is asked when one is made.</summary>
/// <param name="Path">In addresses of the API and, for those with a page of their own, of the page.</param>
/// <param name="One">The member that holds one in answers, and the kind's name in lists of limits.</param>
/// <param name="Words">In sentences.</param>
/// <param name="Title">Of several, as a heading.</param>
/// <param name="Lede">What it is for, in a line.</param>
/// <param name="Teach">What it is for, for somebody who has none yet.</param>
/// <param name="Asked">Its own fields.</param>
public sealed record Kind(string Path, string One, string Words, string Title, string Lede, string Teach, params Asked[] Asked)
{
    public string Many => $"{One}s";

    /// <summary>The kind as lists of all limits call it.</summary>
    public string OwnerType { get; init; } = One;

    /// <summary>The parameter by which virtual keys are found that belong to one; null: none do.</summary>
    public string? KeyFilter { get; init; }

    /// <summary>The parameter by which the log finds its calls.</summary>
    public string? LogFilter { get; init; }

    /// <summary>Whether its limits are made by setting them, under the name of what they limit.</summary>
    public bool IsSetByName { get; init; }
}

/// <summary>A field that is asked.</summary>
/// <param name="Name">As the API calls it.</param>
/// <param name="Label">As the page calls it.</param>
/// <param name="Help">One line below it.</param>
/// <param name="PickFrom">The path of a kind that it points to; null: text.</param>
public sealed record Asked(string Name, string Label, string? Help = null, string? PickFrom = null)
{
    public bool IsRequired { get; init; }
}
