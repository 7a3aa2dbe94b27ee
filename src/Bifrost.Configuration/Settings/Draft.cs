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
}
