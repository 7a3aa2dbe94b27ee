namespace Bifrost.Web.Shell;

/// <summary>A page that the menu and the palette lead to.</summary>
/// <param name="Group">Under which heading it stands.</param>
/// <param name="Title">Its name, the same everywhere.</param>
/// <param name="Path">Relative to the pages' root.</param>
/// <param name="Words">What else somebody may look for it by.</param>
public sealed record Place(string Group, string Title, string Path, string Words)
{
    /// <summary>Every page there is, in the menu's order.</summary>
    public static IReadOnlyList<Place> All { get; } =
    [
        new("Observe", "Dashboard", "dashboard", "overview charts requests cost latency tokens spend usage"),
        new("Observe", "Logs", "logs", "requests history trace errors live search"),
        new("Observe", "Playground", "playground", "try chat image video prompt compare"),
        new("Models", "Providers", "providers", "replicate openai keys tokens network"),
        new("Models", "Models and prices", "models", "catalogue pricing override cost"),
        new("Governance", "Virtual keys", "virtual-keys", "sk-bf api keys access rotate expiry"),
        new("Governance", "Teams", "teams", "organisation owners"),
        new("Governance", "Customers", "customers", "organisation tenants"),
        new("Governance", "Business units", "business-units", "organisation departments"),
        new("Governance", "Users", "users", "people"),
        new("Governance", "Budgets and limits", "limits", "spend rate forecast burn money"),
        new("Gateway", "Settings", "settings", "security cors logging retention config password export import"),
        new("Gateway", "About", "about", "version health storage queues design system"),
    ];
}
