using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bifrost.Wire.Dialects.Replicate;

/// <summary>Turns a value into the type an input takes, as far as nothing is lost by it.</summary>
internal static class Coercion
{
    /// <summary>The value in the input's type and spelling, or null with the reason why it cannot be.</summary>
    public static JsonNode? Exact(SchemaInput input, JsonNode value, out string reason)
    {
        reason = "";
        if (input.Choices.Count > 0)
        {
            if (Choice(input, value) is { } choice)
            {
                return Nodes.Of(choice);
            }

            reason = $"must be one of {Choices(input)}";
            return null;
        }

        var typed = Typed(input.Kind, value);
        if (typed is null)
        {
            reason = $"must be {Describe(input.Kind)}";
            return null;
        }

        if (Nodes.TryNumber(typed, out var number) && (number < input.Minimum || number > input.Maximum))
        {
            reason = Range(input);
            return null;
        }

        return typed;
    }

    /// <summary>The choice that means the same as the value: "4" and 4 do, "PNG" and "png" do.</summary>
    public static JsonElement? Choice(SchemaInput input, JsonNode value)
    {
        var wanted = Nodes.Text(value) ?? value.ToJsonString();
        JsonElement? loose = null;
        foreach (var choice in input.Choices)
        {
            var word = SchemaReader.Words(choice) ?? choice.GetRawText();
            if (word == wanted)
            {
                return choice;
            }

            if (loose is null && (word.Equals(wanted, StringComparison.OrdinalIgnoreCase) || SameNumber(word, wanted)))
            {
                loose = choice;
            }
        }

        return loose;
    }

    /// <summary>The number moved into the input's range; the range's ends when it has any.</summary>
    public static double Clamp(SchemaInput input, double number)
    {
        if (number < input.Minimum)
        {
            return input.Minimum.Value;
        }

        return number > input.Maximum ? input.Maximum.Value : number;
    }

    public static string Choices(SchemaInput input)
    {
        const int shown = 20;
        var words = new List<string>(shown);
        foreach (var choice in input.Choices)
        {
            if (words.Count == shown)
            {
                words.Add("…");
                break;
            }

            words.Add(Nodes.Show(choice));
        }

        return string.Join(", ", words);
    }

    private static JsonNode? Typed(InputKind kind, JsonNode value)
    {
        var text = Nodes.Text(value);
        switch (kind)
        {
            case InputKind.Integer:
                return Number(value, text) is { } whole && Math.Floor(whole) == whole ? WholeNode(value, whole) : null;
            case InputKind.Number:
                return Number(value, text) is { } real ? (text is null ? value : Nodes.Of(real)) : null;
            case InputKind.Flag:
                return value.GetValueKind() is JsonValueKind.True or JsonValueKind.False ? value
                    : bool.TryParse(text, out var flag) ? JsonValue.Create(flag)
                    : null;
            case InputKind.Text:
                return text is not null ? value
                    : value.GetValueKind() is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False
                        ? Nodes.Of(value.ToJsonString())
                    : Nodes.Of(Nodes.Raw(value));
            case InputKind.File:
                return text is not null && IsAddress(text) ? value : null;
            case InputKind.Files:
                return Addresses(value, text);
            case InputKind.List:
                return value.GetValueKind() == JsonValueKind.Array ? value : null;
            case InputKind.Object:
                return value.GetValueKind() == JsonValueKind.Object ? value : null;
            default:
                return value;
        }
    }

    // Integers beyond 2^53 keep their digits.
    private static JsonNode WholeNode(JsonNode value, double whole) =>
        value.GetValueKind() == JsonValueKind.Number && long.TryParse(value.ToJsonString(), CultureInfo.InvariantCulture, out _)
            ? value
            : Nodes.Of(whole);

    private static double? Number(JsonNode value, string? text)
    {
        if (text is not null)
        {
            return Nodes.TryNumber(text, out var parsed) ? parsed : null;
        }

        return Nodes.TryNumber(value, out var number) ? number : null;
    }

    private static JsonNode? Addresses(JsonNode value, string? text)
    {
        if (text is not null)
        {
            return IsAddress(text) ? new JsonArray(value.DeepClone()) : null;
        }

        if (value is not JsonArray list)
        {
            return null;
        }

        foreach (var item in list)
        {
            if (item is null || Nodes.Text(item) is not { } address || !IsAddress(address))
            {
                return null;
            }
        }

        return value;
    }

    private static bool IsAddress(string text) =>
        text.StartsWith("https://", StringComparison.OrdinalIgnoreCase)
        || text.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
        || text.StartsWith("data:", StringComparison.OrdinalIgnoreCase);

    private static bool SameNumber(string left, string right) =>
        Nodes.TryNumber(left, out var a) && Nodes.TryNumber(right, out var b) && a.Equals(b);

    private static string Describe(InputKind kind) =>
        kind switch
        {
            InputKind.Integer => "a whole number",
            InputKind.Number => "a number",
            InputKind.Flag => "true or false",
            InputKind.File => "an http(s) or data URL",
            InputKind.Files => "a list of http(s) or data URLs",
            InputKind.List => "an array",
            InputKind.Object => "an object",
            _ => "a string",
        };

    private static string Range(SchemaInput input) =>
        (input.Minimum, input.Maximum) switch
        {
            ({ } min, { } max) => string.Create(CultureInfo.InvariantCulture, $"must be between {min} and {max}"),
            ({ } min, null) => string.Create(CultureInfo.InvariantCulture, $"must be at least {min}"),
            (_, var max) => string.Create(CultureInfo.InvariantCulture, $"must be at most {max}"),
        };
}
