using System.Text.Json;
using Bifrost.Wire.Dialects.Replicate;

namespace Bifrost.Wire.Tests.Dialects.Replicate;

/// <summary>Our compact copies of models' schemas, by <c>owner/name</c>.</summary>
internal static class Schemas
{
    private const string Prefix = "Schemas.";

    public static IReadOnlyList<string> All =>
        [
            .. typeof(Schemas)
                .Assembly.GetManifestResourceNames()
                .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
                .Select(name => name[Prefix.Length..].Replace("--", "/", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal),
        ];

    public static ModelSchema Of(string slug)
    {
        using var document = JsonDocument.Parse(Text(slug) ?? throw new ArgumentException($"There is no schema of {slug}."));
        return Read(document.RootElement);
    }

    public static string? Text(string slug)
    {
        var name = Prefix + slug.Replace("/", "--", StringComparison.Ordinal);
        using var stream = typeof(Schemas).Assembly.GetManifestResourceStream(name);
        return stream is null ? null : new StreamReader(stream).ReadToEnd();
    }

    /// <summary>A schema with these input properties (a JSON object) and nothing required.</summary>
    public static ModelSchema With(string properties, string output = """{"type":"string","format":"uri"}""", string components = "{}")
    {
        var schemas = JsonDocument.Parse(components).RootElement.EnumerateObject().Select(c => $",\"{c.Name}\":{c.Value.GetRawText()}");
        using var document = JsonDocument.Parse(
            "{\"components\":{\"schemas\":{\"Input\":{\"type\":\"object\",\"properties\":"
                + properties
                + "},\"Output\":"
                + output
                + string.Concat(schemas)
                + "}}}"
        );
        return Read(document.RootElement);
    }

    private static ModelSchema Read(JsonElement openApi) =>
        ModelSchema.Read(openApi).Failed(out var fault, out var schema) ? throw new InvalidOperationException(fault.Message) : schema;
}
