using Bifrost.Governance.Stores;

namespace Bifrost.Configuration.Settings;

/// <summary>An edit under way: what would be in force, and what the store would have to take.</summary>
internal sealed class Draft(SettingsState before)
{
    public SettingsState Next { get; set; } = before;

    public List<ObjectChange> Changes { get; } = [];

    public Findings Findings { get; } = new();

    /// <summary>Of what was added.</summary>
    public string? Id { get; set; }

    /// <summary>Makes a part of the edit as if it stood alone: mistakes elsewhere hide none in it. Its own are told with paths below the part's.</summary>
    public void Part(string path, Action<Draft> change)
    {
        var part = new Draft(Next);
        change(part);
        part.Findings.Relocate("", $"{path}.");
        Next = part.Next;
        Changes.AddRange(part.Changes);
        Findings.Add(part.Findings);
    }
}
