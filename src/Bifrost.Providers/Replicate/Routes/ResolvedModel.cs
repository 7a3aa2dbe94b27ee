using Bifrost.Wire.Dialects.Replicate;

namespace Bifrost.Providers.Replicate;

/// <summary>A model, looked up: what it takes and where its predictions are created.</summary>
/// <param name="Reference">As asked for.</param>
/// <param name="Family">The model behind it: for a deployment, the one it runs now.</param>
/// <param name="Schema">What it takes and gives, or null when nobody says.</param>
/// <param name="CreatePath">Relative to the base.</param>
/// <param name="Version">To be sent in the body, or null: other endpoints than <c>predictions</c> refuse it.</param>
/// <param name="IsOfficial">As Replicate reports it, or null.</param>
internal sealed record ResolvedModel(
    ModelReference Reference,
    ModelReference Family,
    ModelSchema? Schema,
    string CreatePath,
    string? Version,
    bool? IsOfficial
)
{
    /// <summary>The newest version, when there is one.</summary>
    public string? LatestVersion { get; init; }

    /// <summary>The schema is our own copy; the live one could not be had.</summary>
    public bool FromSeed { get; init; }

    /// <summary>Named without a version and created without one: a refusal may mean that this is a community model.</summary>
    public bool Unversioned => Reference.Kind == ReferenceKind.Model && Version is null;

    /// <summary>The same model, created by its newest version.</summary>
    public ResolvedModel ByVersion(string version) =>
        this with
        {
            CreatePath = Reference.WithVersion(version).CreatePath,
            Version = version,
        };
}
