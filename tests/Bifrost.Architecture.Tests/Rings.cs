namespace Bifrost.Architecture.Tests;

/// <summary>Who may know whom. A project may reference projects of lower rings, never its own ring or a higher one.</summary>
internal static class Rings
{
    public static readonly IReadOnlyDictionary<string, int> Of = new Dictionary<string, int>
    {
        ["Bifrost.Wire"] = 0,
        ["Bifrost.Core"] = 1,
        ["Bifrost.Governance"] = 2,
        ["Bifrost.Observability"] = 2,
        ["Bifrost.Providers"] = 2,
        // Plays the providers' side of the wire, and would prove nothing if it shared their code: see StandsAlone.
        ["Bifrost.Simulator"] = 3,
        ["Bifrost.Configuration"] = 3,
        ["Bifrost.Storage"] = 3,
        ["Bifrost.Admin"] = 4,
        ["Bifrost.Web"] = 4,
        ["Bifrost.Server"] = 5,
    };

    public const string StandsAlone = "Bifrost.Simulator";

    public static IEnumerable<string> Violations(IEnumerable<ProjectFile> projects)
    {
        foreach (var project in projects)
        {
            if (!Of.TryGetValue(project.Name, out var ring))
            {
                yield return $"{project.Name} has no ring; give it one in Rings.cs.";
                continue;
            }

            foreach (var known in project.Projects)
            {
                if (project.Name == StandsAlone || !Of.TryGetValue(known, out var lower) || lower >= ring)
                {
                    yield return $"{project.Name} must not know {known}.";
                }
            }
        }
    }
}
