using System.Text.Json;

namespace Bifrost.Configuration;

/// <summary>Compares JSON with the shape it should have and takes the values out, noting every mistake on the way.</summary>
/// <param name="findings">Where mistakes and warnings go.</param>
/// <param name="environment">The process's environment variables.</param>
public sealed class SectionWalker(Findings findings, Func<string, string?> environment)
{
    private const string Prefix = "env.";

    public Findings Findings => findings;

    /// <param name="element">What stands there.</param>
    /// <param name="section">What may stand there.</param>
    /// <param name="path">Where that is.</param>
    /// <param name="needsVariables">False: a variable that is not set is no mistake, for what needs it is switched off.</param>
    public SectionReading Walk(JsonElement element, Section section, string path, bool needsVariables = true)
    {
        var reading = new SectionReading(path, element);
        if (!Is(JsonValueKind.Object, element, path, "an object"))
        {
            return reading;
        }

        foreach (var (name, value) in Members(element, path))
        {
            var at = JsonPath.Member(path, name);
            if (section.Find(name) is not { } field)
            {
                var known = section.Fields.Select(f => f.Name);
                findings.Mistake(at, $"there is no such key here.{NearMiss.Question(name, known)}");
            }
            else if (value.ValueKind == JsonValueKind.Null)
            {
                continue;
            }
            else if (!field.Served)
            {
                findings.NotServed(at);
            }
            else if (!reading.Touch(field.SameAs ?? name))
            {
                findings.Mistake(at, "is another spelling of a key that stands beside it. Keep one of the two.");
            }
            else
            {
                reading.Set(field.SameAs ?? name, Value(field, value, at, needsVariables));
            }
        }

        foreach (var missing in section.Fields.Where(f => f.Required && !reading.Has(f.Name)))
        {
            findings.Mistake(path, $"`{missing.Name}` is missing.");
        }

        return reading;
    }

    /// <summary>The members of an object, each once; one that is written twice is a mistake, for readers disagree on which counts.</summary>
    public IEnumerable<(string Name, JsonElement Value)> Members(JsonElement element, string path)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in element.EnumerateObject())
        {
            if (seen.Add(member.Name))
            {
                yield return (member.Name, member.Value);
            }
            else
            {
                findings.Mistake(JsonPath.Member(path, member.Name), "is written twice. Keep one of the two.");
            }
        }
    }

    /// <summary>Notes the mistake when it is something else. Shows no value: what stands in the wrong place may be a secret.</summary>
    public bool Is(JsonValueKind kind, JsonElement element, string path, string right)
    {
        if (element.ValueKind == kind)
        {
            return true;
        }

        findings.Mistake(path, $"{(path.Length == 0 ? "The file's content " : "")}is {Named(element)}. Write {right}.");
        return false;
    }

    private object? Value(Field field, JsonElement value, string at, bool needsVariables) =>
        field.Kind switch
        {
            FieldKind.Text => Text(field, value, at, needsVariables),
            FieldKind.Flag => Flag(field, value, at),
            FieldKind.Whole or FieldKind.Number => Number(field, value, at),
            FieldKind.Amount => Amount(field, value, at),
            FieldKind.AmountMap => AmountMap(field, value, at),
            FieldKind.Texts => Texts(field, value, at),
            FieldKind.TextMap => TextMap(field, value, at, needsVariables),
            FieldKind.Section => Walk(value, field.Inside!, at, needsVariables),
            FieldKind.Sections => Sections(field, value, at),
            _ => null,
        };

    private string? Text(Field field, JsonElement value, string at, bool needsVariables)
    {
        var number = field.TakesNumber && value.ValueKind == JsonValueKind.Number;
        if (value.ValueKind != JsonValueKind.String && !number)
        {
            findings.Mistake(at, $"is {Shown(field, value)}. Write a string.");
            return null;
        }

        var text = number ? value.GetRawText() : value.GetString()!;
        var shown = field.Secret || MayHoldPassword(text) ? "the value (not shown)" : JsonPath.Quoted(text);
        if (field.FromEnvironment && text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            var name = text[Prefix.Length..];
            shown = $"the value of {name}";
            if (environment(name) is not { Length: > 0 } found)
            {
                if (needsVariables)
                {
                    findings.Mistake(at, $"the environment variable {JsonPath.Quoted(name)} is not set. Set it before Bifrost starts.");
                }

                return null;
            }

            text = found;
        }

        // Files and variables often bring a line break along; no value of ours begins or ends with a blank.
        text = text.Trim();
        if (field.Rule?.Invoke(text) is not { } wrong)
        {
            return text;
        }

        findings.Mistake(at, $"{shown} {wrong}");
        return null;
    }

    private bool? Flag(Field field, JsonElement value, string at)
    {
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return value.ValueKind == JsonValueKind.True;
        }

        findings.Mistake(at, $"is {Shown(field, value)}. Write true or false.");
        return null;
    }

    private double? Number(Field field, JsonElement value, string at)
    {
        var whole = field.Kind == FieldKind.Whole;
        if (
            value.ValueKind == JsonValueKind.Number
            && value.TryGetDouble(out var number)
            && double.IsFinite(number)
            && number >= field.Least
            && number <= field.Most
            && (!whole || double.IsInteger(number))
        )
        {
            return number;
        }

        var range = field.Most == double.MaxValue ? $"of {field.Least} or more" : $"from {field.Least} to {field.Most}";
        var unit = field.Unit is null ? "" : $" ({field.Unit})";
        findings.Mistake(at, $"is {Shown(field, value)}. Write a {(whole ? "whole number" : "number")} {range}{unit}.");
        return null;
    }

    private decimal? Amount(Field field, JsonElement value, string at)
    {
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var amount) && amount >= 0)
        {
            return amount;
        }

        var unit = field.Unit is null ? "" : $" ({field.Unit})";
        findings.Mistake(at, $"is {Shown(field, value)}. Write a number of 0 or more{unit}.");
        return null;
    }

    private Dictionary<string, decimal>? AmountMap(Field field, JsonElement value, string at)
    {
        if (!Is(JsonValueKind.Object, value, at, "an object of numbers"))
        {
            return null;
        }

        var map = new Dictionary<string, decimal>(StringComparer.Ordinal);
        foreach (var (name, item) in Members(value, at))
        {
            var place = JsonPath.Member(at, name);
            if (field.NameRule?.Invoke(name) is { } wrong)
            {
                findings.Mistake(place, $"{JsonPath.Quoted(name)} {wrong}");
            }

            map[name] = Amount(field, item, place) ?? 0;
        }

        return map;
    }

    private List<string>? Texts(Field field, JsonElement value, string at)
    {
        if (!Is(JsonValueKind.Array, value, at, "a list of strings"))
        {
            return null;
        }

        var texts = new List<string>();
        var seen = new HashSet<string>(field.Comparer);
        foreach (var item in value.EnumerateArray())
        {
            var place = JsonPath.Item(at, texts.Count);
            var text = Text(field, item, place, needsVariables: true);
            texts.Add(text ?? "");
            if (text is not null && !seen.Add(text))
            {
                findings.Mistake(place, $"{JsonPath.Quoted(text)} stands in this list twice. Keep one of the two.");
            }
        }

        return texts;
    }

    private Dictionary<string, string>? TextMap(Field field, JsonElement value, string at, bool needsVariables)
    {
        if (!Is(JsonValueKind.Object, value, at, "an object of strings"))
        {
            return null;
        }

        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, item) in Members(value, at))
        {
            var place = JsonPath.Member(at, name);
            if (field.NameRule?.Invoke(name) is { } wrong)
            {
                findings.Mistake(place, $"{JsonPath.Quoted(name)} {wrong}");
            }

            map[name] = Text(field, item, place, needsVariables) ?? "";
        }

        return map;
    }

    private List<SectionReading>? Sections(Field field, JsonElement value, string at)
    {
        if (!Is(JsonValueKind.Array, value, at, "a list of objects"))
        {
            return null;
        }

        var sections = new List<SectionReading>();
        var index = 0;
        foreach (var item in value.EnumerateArray())
        {
            var place = JsonPath.Item(at, index++);
            if (Is(JsonValueKind.Object, item, place, "an object"))
            {
                sections.Add(Walk(item, field.Inside!, place, !IsSwitchedOff(item)));
            }
        }

        return sections;
    }

    private static bool IsSwitchedOff(JsonElement item) =>
        item.ValueKind == JsonValueKind.Object
        && item.TryGetProperty("enabled", out var enabled)
        && enabled.ValueKind == JsonValueKind.False;

    private static string Shown(Field field, JsonElement value) =>
        field.Secret || field.FromEnvironment ? Named(value)
        : value.ValueKind == JsonValueKind.String ? JsonPath.Quoted(value.GetString()!)
        : value.ValueKind is JsonValueKind.Number ? Short(value.GetRawText())
        : Named(value);

    private static string Short(string text) => text.Length <= 40 ? text : text[..40] + "…";

    private static string Named(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => "a list",
            JsonValueKind.String => "a string",
            JsonValueKind.Number => "a number",
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            _ => "null",
        };

    // Addresses carry passwords before an @ and tokens after a ?.
    private static bool MayHoldPassword(string text) => text.AsSpan().ContainsAny('@', '?');
}
