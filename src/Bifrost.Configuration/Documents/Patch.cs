using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bifrost.Configuration.Documents;

/// <summary>Lays a sparse change over a document: what is not mentioned stays, null takes away, sections are merged, everything else is replaced.</summary>
internal static class Patch
{
    public static JsonObject Applied(JsonObject document, JsonObject patch, Section shape)
    {
        var result = document.DeepClone().AsObject();
        foreach (var (name, value) in patch)
        {
            var field = shape.Find(name);
            var kept = field?.SameAs ?? name;
            if (value is null)
            {
                result.Remove(kept);
            }
            else if (field is { Kind: FieldKind.Section, Inside: { } inside } && value is JsonObject members)
            {
                result[kept] = Applied(result[kept] as JsonObject ?? [], members, inside);
            }
            else
            {
                result[kept] = value.DeepClone();
            }
        }

        return result;
    }

    /// <summary>The body as an object; null, with mistakes told, when it is none or names a key twice.</summary>
    public static JsonObject? Body(JsonElement body, Findings findings)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            findings.Mistake("", "The body is not a JSON object. Write one with the fields to change.");
            return null;
        }

        return HasNameTwice(body, "", findings) ? null : JsonText.ToObject(body);
    }

    public static bool HasNameTwice(JsonElement element) => HasNameTwice(element, "", new Findings());

    private static bool HasNameTwice(JsonElement element, string path, Findings findings)
    {
        var found = false;
        if (element.ValueKind == JsonValueKind.Object)
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (var member in element.EnumerateObject())
            {
                var at = JsonPath.Member(path, member.Name);
                if (!seen.Add(member.Name))
                {
                    findings.Mistake(at, "is written twice. Keep one of the two.");
                    found = true;
                }

                found |= HasNameTwice(member.Value, at, findings);
            }
        }
        else if (element.ValueKind == JsonValueKind.Array)
        {
            var index = 0;
            foreach (var item in element.EnumerateArray())
            {
                found |= HasNameTwice(item, JsonPath.Item(path, index++), findings);
            }
        }

        return found;
    }
}
