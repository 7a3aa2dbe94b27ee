using Bifrost.Governance.Objects;

namespace Bifrost.Governance.Registry;

/// <summary>What becomes of one object.</summary>
internal sealed class Change
{
    public required ObjectRef Ref { get; init; }

    /// <summary>What it was; null: it is new.</summary>
    public required GovernanceObject? Old { get; init; }

    /// <summary>What it will be; null: it goes.</summary>
    public required GovernanceObject? New { get; set; }

    /// <summary>See <see cref="Edit.FileHash"/>.</summary>
    public string? FileHash { get; init; }

    /// <summary>Begins the path of mistakes in it.</summary>
    public string Path { get; init; } = "";

    /// <summary>Nobody asked for it: something that it refers to goes.</summary>
    public bool Followed { get; init; }

    public string At(string member) => Path.Length == 0 ? member : $"{Path}.{member}";
}
