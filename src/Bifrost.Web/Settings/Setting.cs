namespace Bifrost.Web.Settings;

/// <summary>One thing that can be set.</summary>
/// <param name="Section">The tab it stands in.</param>
/// <param name="Group">The heading it stands under.</param>
/// <param name="Part"><c>client_config</c>, <c>auth_config</c> or <c>proxy_config</c>.</param>
/// <param name="Name">The API's name of it.</param>
/// <param name="Kind">How it is entered.</param>
/// <param name="Title">Its label.</param>
/// <param name="Help">What it does, in a sentence or two.</param>
public sealed record Setting(string Section, string Group, string Part, string Name, SettingKind Kind, string Title, string Help)
{
    /// <summary>What an empty field stands for.</summary>
    public string? Usual { get; init; }

    /// <summary>The words to choose from, and what they mean.</summary>
    public IReadOnlyList<(string Value, string Words)> Choices { get; init; } = [];

    /// <summary>What holds when nothing is set, for what is on or off.</summary>
    public bool IsUsuallyOn { get; init; }

    /// <summary>Where the API tells mistakes in it.</summary>
    public string Path => $"{Part}.{Name}";

    /// <summary>Of the field.</summary>
    public string Id => Path.Replace('.', '-').Replace('_', '-');
}

/// <summary>How a setting is entered.</summary>
public enum SettingKind
{
    /// <summary>On or off.</summary>
    Flag,

    /// <summary>On where the API says off.</summary>
    NotFlag,

    /// <summary>A whole number.</summary>
    Whole,

    /// <summary>A line of text.</summary>
    Text,

    /// <summary>Never shown; entered to be changed.</summary>
    Secret,

    /// <summary>One of a few words.</summary>
    Choice,

    /// <summary>Several texts, one on a line.</summary>
    Lines,
}
