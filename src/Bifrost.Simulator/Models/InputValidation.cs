using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bifrost.Simulator;

/// <summary>
/// Judges an <c>input</c> by a model's schema in the words of Replicate's validator. Unknown keys pass: Cog drops them silently.
/// </summary>
internal static class InputValidation
{
    public static IReadOnlyList<InvalidField> Check(JsonObject input, ModelSchema schema)
    {
        var faults = new List<InvalidField>();
        foreach (var field in schema.Inputs.Values.Where(field => field.Required && !input.ContainsKey(field.Name)))
        {
            faults.Add(new InvalidField("required", "input", field.Name + " is required"));
        }

        foreach (var (name, value) in input)
        {
            if (schema.Inputs.TryGetValue(name, out var field) && !(value is null && field.Nullable))
            {
                CheckValue(field, value, faults);
            }
        }

        return faults;
    }

    private static void CheckValue(InputField field, JsonNode? value, List<InvalidField> faults)
    {
        var at = "input." + field.Name;
        if (field.Type is { } type && !Fits(type, value))
        {
            faults.Add(new InvalidField("invalid_type", at, $"Invalid type. Expected: {type}, given: {NameOf(value)}"));
            return;
        }

        if (field.Enum is { } allowed && !Contains(allowed, value))
        {
            var list = string.Join(", ", allowed.EnumerateArray().Select(item => item.GetRawText()));
            faults.Add(new InvalidField("enum", at, $"{field.Name} must be one of the following: {list}"));
        }

        if (value is JsonValue number && number.GetValueKind() == JsonValueKind.Number)
        {
            CheckRange(field, number.GetValue<JsonElement>().GetDouble(), at, faults);
        }

        if (field.Format == "uri" && value is JsonValue text && !IsUri(text.ToString()))
        {
            faults.Add(new InvalidField("format", at, "Does not match format 'uri'"));
        }

        if (value is JsonArray items && field.Schema.TryGetProperty("items", out var item) && item.TryGetProperty("type", out var itemType))
        {
            for (var i = 0; i < items.Count; i++)
            {
                if (!Fits(itemType.GetString()!, items[i]))
                {
                    var place = string.Create(CultureInfo.InvariantCulture, $"{at}.{i}");
                    faults.Add(
                        new InvalidField(
                            "invalid_type",
                            place,
                            $"Invalid type. Expected: {itemType.GetString()}, given: {NameOf(items[i])}"
                        )
                    );
                }
            }
        }
    }

    private static void CheckRange(InputField field, double number, string at, List<InvalidField> faults)
    {
        if (field.Minimum is { } minimum && number < minimum)
        {
            faults.Add(new InvalidField("number_gte", at, $"Must be greater than or equal to {Plain(minimum)}"));
        }

        if (field.Maximum is { } maximum && number > maximum)
        {
            faults.Add(new InvalidField("number_lte", at, $"Must be less than or equal to {Plain(maximum)}"));
        }
    }

    private static string Plain(double number) => number.ToString(CultureInfo.InvariantCulture);

    private static bool IsUri(string text) => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme.Length > 1;

    private static bool Contains(JsonElement allowed, JsonNode? value) =>
        allowed
            .EnumerateArray()
            .Any(item =>
                value is JsonValue given
                && given.GetValueKind() == item.ValueKind
                && (
                    item.ValueKind == JsonValueKind.String
                        ? given.ToString() == item.GetString()
                        : given.ToJsonString() == item.GetRawText()
                )
            );

    private static bool Fits(string type, JsonNode? value) =>
        (type, value?.GetValueKind() ?? JsonValueKind.Null) switch
        {
            ("string", JsonValueKind.String) => true,
            ("number", JsonValueKind.Number) => true,
            ("integer", JsonValueKind.Number) => double.IsInteger(value!.GetValue<JsonElement>().GetDouble()),
            ("boolean", JsonValueKind.True or JsonValueKind.False) => true,
            ("array", JsonValueKind.Array) => true,
            ("object", JsonValueKind.Object) => true,
            ("string" or "number" or "integer" or "boolean" or "array" or "object", _) => false,
            _ => true,
        };

    private static string NameOf(JsonNode? value) =>
        (value?.GetValueKind() ?? JsonValueKind.Null) switch
        {
            JsonValueKind.String => "string",
            JsonValueKind.Number => double.IsInteger(value!.GetValue<JsonElement>().GetDouble()) ? "integer" : "number",
            JsonValueKind.True or JsonValueKind.False => "boolean",
            JsonValueKind.Array => "array",
            JsonValueKind.Object => "object",
            _ => "null",
        };
}
