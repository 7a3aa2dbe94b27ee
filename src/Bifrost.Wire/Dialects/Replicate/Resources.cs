using System.Text.Json;

namespace Bifrost.Wire.Dialects.Replicate;

/// <summary>Opens the JSON files embedded from this folder.</summary>
internal static class Resources
{
    private const string Prefix = "Replicate.";

    /// <param name="name">Path below this folder with dots between its parts.</param>
    public static JsonDocument Open(string name) =>
        TryOpen(name) ?? throw new InvalidOperationException($"The resource {name} is not embedded in this build.");

    public static JsonDocument? TryOpen(string name)
    {
        using var stream = typeof(Resources).Assembly.GetManifestResourceStream(Prefix + name);
        return stream is null ? null : JsonDocument.Parse(stream);
    }
}
