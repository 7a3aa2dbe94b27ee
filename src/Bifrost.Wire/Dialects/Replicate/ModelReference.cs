using System.Buffers;
using Bifrost.Wire.Faults;

namespace Bifrost.Wire.Dialects.Replicate;

/// <summary>Which kind of thing a model string names.</summary>
public enum ReferenceKind
{
    /// <summary><c>owner/name</c>: an official model, or the newest version of a community model.</summary>
    Model,

    /// <summary><c>owner/name:version</c>, or a version id alone.</summary>
    Version,

    /// <summary><c>deployments/owner/name</c>.</summary>
    Deployment,
}

/// <summary>A model string taken apart. Its parts are safe to put into a path.</summary>
public sealed record ModelReference
{
    private const string Prefix = "replicate/";
    private const string Deployments = "deployments/";
    private const int MaxPart = 100;
    private const int VersionLength = 64;

    private static readonly SearchValues<char> Forbidden = SearchValues.Create("/:?#%\\\"<>{}|^`;&=+,@[]()*'!$~");
    private static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdef");

    private ModelReference(ReferenceKind kind, string? owner, string? name, string? version) =>
        (Kind, Owner, Name, Version) = (kind, owner, name, version);

    public ReferenceKind Kind { get; private init; }

    /// <summary>Null for a version id alone.</summary>
    public string? Owner { get; private init; }

    /// <summary>Null for a version id alone.</summary>
    public string? Name { get; private init; }

    /// <summary>64 hexadecimal digits, or null.</summary>
    public string? Version { get; private init; }

    /// <summary><c>owner/name</c>, or null for a version id alone.</summary>
    public string? Slug => Owner is null ? null : $"{Owner}/{Name}";

    /// <summary>Where predictions are created, relative to the API's <c>/v1/</c>.</summary>
    public string CreatePath =>
        Kind switch
        {
            ReferenceKind.Model => $"models/{Owner}/{Name}/predictions",
            ReferenceKind.Deployment => $"deployments/{Owner}/{Name}/predictions",
            _ => "predictions",
        };

    /// <summary>Where the model (or deployment) describes itself, relative to <c>/v1/</c>; null for a version id alone, which has no such place.</summary>
    public string? ModelPath =>
        Owner is null ? null
        : Kind == ReferenceKind.Deployment ? $"deployments/{Owner}/{Name}"
        : $"models/{Owner}/{Name}";

    /// <summary>Where a pinned version of a known model describes itself; else null.</summary>
    public string? VersionPath => Owner is null || Version is null ? null : $"models/{Owner}/{Name}/versions/{Version}";

    /// <summary>The same model pinned to a version, which is created by version.</summary>
    public ModelReference WithVersion(string version) => this with { Kind = ReferenceKind.Version, Version = version };

    /// <summary>As in a model string, without <c>replicate/</c>.</summary>
    public override string ToString() =>
        Kind switch
        {
            ReferenceKind.Deployment => Deployments + Slug,
            ReferenceKind.Version when Owner is null => Version!,
            ReferenceKind.Version => $"{Slug}:{Version}",
            _ => Slug!,
        };

    /// <summary>Reads <c>owner/name</c>, <c>owner/name:version</c>, a bare version id or <c>deployments/owner/name</c>, each with or without
    /// <c>replicate/</c> before it.</summary>
    public static Outcome<ModelReference> Parse(string model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var text = model.StartsWith(Prefix, StringComparison.Ordinal) ? model[Prefix.Length..] : model;
        if (IsVersion(text))
        {
            return new ModelReference(ReferenceKind.Version, null, null, text);
        }

        // A model may belong to somebody called "deployments" only if nothing else follows.
        if (text.StartsWith(Deployments, StringComparison.Ordinal) && text.AsSpan(Deployments.Length).Contains('/'))
        {
            return OfSlug(model, text[Deployments.Length..], ReferenceKind.Deployment, null);
        }

        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            return OfSlug(model, text, ReferenceKind.Model, null);
        }

        var version = text[(colon + 1)..];
        return IsVersion(version)
            ? OfSlug(model, text[..colon], ReferenceKind.Version, version)
            : Refuse(model, "what follows the colon must be a version id of 64 hexadecimal digits");
    }

    private static Outcome<ModelReference> OfSlug(string model, string slug, ReferenceKind kind, string? version)
    {
        var slash = slug.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0)
        {
            return Refuse(model, "it must be owner/name, owner/name:version, a version id, or deployments/owner/name");
        }

        var (owner, name) = (slug[..slash], slug[(slash + 1)..]);
        return IsPart(owner) && IsPart(name)
            ? new ModelReference(kind, owner, name, version)
            : Refuse(model, "owner and name must be letters, digits, dots, dashes or underscores");
    }

    private static bool IsVersion(string text) => text.Length == VersionLength && !text.AsSpan().ContainsAnyExcept(Hex);

    private static bool IsPart(string part)
    {
        if (part.Length is 0 or > MaxPart || part is "." or ".." || part.AsSpan().ContainsAny(Forbidden))
        {
            return false;
        }

        foreach (var letter in part)
        {
            if (letter is <= ' ' or >= '\x7f')
            {
                return false;
            }
        }

        return true;
    }

    private static Fault Refuse(string model, string why)
    {
        var shown = model.Length <= 80 ? model : $"{model.AsSpan(0, 80)}…";
        return Fault.Invalid($"The model \"{shown}\" is no Replicate model: {why}.", "model", "model_not_found") with
        {
            Kind = FaultKind.ModelNotFound,
        };
    }
}
