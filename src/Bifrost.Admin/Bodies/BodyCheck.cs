using System.Text.Json;
using Bifrost.Admin.Http;
using Bifrost.Configuration;
using Bifrost.Core.World;

namespace Bifrost.Admin.Bodies;

/// <summary>Compares a body with its shape and takes the values out, noting every mistake on the way.</summary>
internal sealed class BodyCheck(List<Mistake> mistakes)
{
    public Body Read(JsonElement element, Shape shape, string path = "")
    {
        var members = new Dictionary<string, object?>(StringComparer.Ordinal);
        if (element.ValueKind != JsonValueKind.Object)
        {
            Wrong(path, $"is {Named(element)}. Write an object.");
            return new Body(path, members);
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in element.EnumerateObject())
        {
            var at = path.Length == 0 ? member.Name : $"{path}.{member.Name}";
            if (!seen.Add(member.Name))
            {
                Wrong(at, "is written twice. Keep one of the two.");
            }
            else if (shape.Find(member.Name) is not { } field)
            {
                Wrong(Cut(at), $"there is no such field here.{NearMiss.Question(member.Name, shape.Fields.Select(f => f.Name))}");
            }
            else if (Take(field, member.Value, at, out var value))
            {
                members[field.Name] = value;
            }
        }

        var missed = shape.Fields.Where(f =>
            !seen.Contains(f.Name) && (f.Required || (f.RequiredWithout is { } other && !seen.Contains(other)))
        );
        foreach (var missing in missed)
        {
            Wrong(path.Length == 0 ? missing.Name : $"{path}.{missing.Name}", "is missing.");
        }

        return new Body(path, members);
    }

    private bool Take(Field field, JsonElement value, string at, out object? taken)
    {
        taken = null;
        if (value.ValueKind == JsonValueKind.Null)
        {
            if (!field.Nullable)
            {
                Wrong(at, "cannot be null. Leave it out to keep what is set.");
            }

            return field.Nullable;
        }

        taken = field.Kind switch
        {
            FieldKind.Text => Text(field, value, at),
            FieldKind.Flag => Flag(value, at),
            FieldKind.Whole => Whole(field, value, at),
            FieldKind.Number => Number(field, value, at),
            FieldKind.Dollars => Money(field, value, at),
            FieldKind.Time => Time(value, at),
            FieldKind.Texts => Texts(field, value, at),
            FieldKind.Numbers => Numbers(value, at),
            FieldKind.Object => Is(JsonValueKind.Object, value, at, "an object") ? Read(value, field.Inside!, at) : null,
            FieldKind.Objects => Objects(field, value, at),
            _ => value.Clone(),
        };
        return taken is not null;
    }

    private string? Text(Field field, JsonElement value, string at)
    {
        if (!Is(JsonValueKind.String, value, at, "a string"))
        {
            return null;
        }

        if (!TryText(value, out var text))
        {
            Wrong(at, "holds half a character (an unpaired surrogate).");
            return null;
        }

        var shown = field.Secret ? "the value (not shown)" : Shown.Quoted(text);
        if (text.Length > field.Longest)
        {
            Wrong(at, $"has {text.Length} characters. {field.Longest} is the most.");
        }
        else if ((field.Required || field.RequiredWithout is not null) && text.Trim().Length == 0)
        {
            Wrong(at, "is empty.");
        }
        else if (field.Choices is { } choices && !choices.Contains(text, StringComparer.Ordinal))
        {
            Wrong(at, $"{shown} is none of {string.Join(", ", choices)}.{NearMiss.Question(text, choices)}");
        }
        else if (field.Rule?.Invoke(text) is { } wrong)
        {
            Wrong(at, $"{shown} {wrong}");
        }
        else
        {
            return text;
        }

        return null;
    }

    private bool? Flag(JsonElement value, string at)
    {
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return value.GetBoolean();
        }

        Wrong(at, $"is {Named(value)}. Write true or false.");
        return null;
    }

    private long? Whole(Field field, JsonElement value, string at)
    {
        if (Number(field, value, at) is not { } number)
        {
            return null;
        }

        if (decimal.IsInteger(number) && Math.Abs(number) <= long.MaxValue)
        {
            return (long)number;
        }

        Wrong(at, $"is {Short(value)}. Write a whole number.");
        return null;
    }

    private decimal? Number(Field field, JsonElement value, string at)
    {
        if (!Is(JsonValueKind.Number, value, at, "a number"))
        {
            return null;
        }

        if (!Dollars.TryExact(value.GetRawText(), out var number))
        {
            Wrong(at, $"{Short(value)} has too many digits.");
            return null;
        }

        if (number >= field.Least && number <= field.Most)
        {
            return number;
        }

        Wrong(at, $"is {Short(value)}. Write a number {Range(field)}.");
        return null;
    }

    private long? Money(Field field, JsonElement value, string at)
    {
        if (Number(field, value, at) is null)
        {
            return null;
        }

        if (Dollars.TryRead(value.GetRawText(), out var wrong) is { } nanodollars)
        {
            return nanodollars;
        }

        Wrong(at, $"{Short(value)} {wrong}");
        return null;
    }

    private DateTimeOffset? Time(JsonElement value, string at)
    {
        if (!Is(JsonValueKind.String, value, at, "a time like 2026-11-22T19:00:00Z"))
        {
            return null;
        }

        if (TryText(value, out var text) && Times.TryParse(text, out var time))
        {
            return time;
        }

        Wrong(at, $"{Shown.Quoted(text)} is not a time. Write it like 2026-11-22T19:00:00Z.");
        return null;
    }

    private List<string>? Texts(Field field, JsonElement value, string at)
    {
        if (!Is(JsonValueKind.Array, value, at, "a list of strings"))
        {
            return null;
        }

        var texts = new List<string>();
        var before = mistakes.Count;
        var index = 0;
        foreach (var item in value.EnumerateArray())
        {
            var place = $"{at}[{index++}]";
            if (Text(field with { Required = true }, item, place) is not { } text)
            {
                continue;
            }

            if (texts.Contains(text, StringComparer.Ordinal))
            {
                Wrong(place, $"{Shown.Quoted(text)} stands in this list twice. Keep one of the two.");
            }

            texts.Add(text);
        }

        if (texts.Count > 1 && texts.Contains("*", StringComparer.Ordinal))
        {
            Wrong(at, "\"*\" means all, so it must stand alone.");
        }

        return mistakes.Count == before ? texts : null;
    }

    private Dictionary<string, decimal>? Numbers(JsonElement value, string at)
    {
        if (!Is(JsonValueKind.Object, value, at, "an object of numbers"))
        {
            return null;
        }

        var numbers = new Dictionary<string, decimal>(StringComparer.Ordinal);
        var any = new Field("", FieldKind.Number, "");
        foreach (var member in value.EnumerateObject())
        {
            if (Number(any, member.Value, $"{at}.{member.Name}") is { } number && !numbers.TryAdd(member.Name, number))
            {
                Wrong($"{at}.{member.Name}", "is written twice. Keep one of the two.");
            }
        }

        return numbers;
    }

    private List<Body>? Objects(Field field, JsonElement value, string at)
    {
        if (!Is(JsonValueKind.Array, value, at, "a list of objects"))
        {
            return null;
        }

        var index = 0;
        return [.. value.EnumerateArray().Select(item => Read(item, field.Inside!, $"{at}[{index++}]"))];
    }

    private bool Is(JsonValueKind kind, JsonElement value, string at, string right)
    {
        if (value.ValueKind == kind)
        {
            return true;
        }

        Wrong(at, $"is {Named(value)}. Write {right}.");
        return false;
    }

    private void Wrong(string at, string message) => mistakes.Add(new Mistake(at.Length == 0 ? "body" : at, message));

    private static bool TryText(JsonElement value, out string text)
    {
        try
        {
            text = value.GetString()!;
            return true;
        }
        catch (InvalidOperationException)
        {
            text = "";
            return false;
        }
    }

    private static string Range(Field field) =>
        (field.Least, field.Most) switch
        {
            (decimal.MinValue, _) => $"of at most {field.Most}",
            (_, decimal.MaxValue) => $"of at least {field.Least}",
            _ => $"from {field.Least} to {field.Most}",
        };

    private static string Short(JsonElement value) => Cut(value.GetRawText());

    private static string Cut(string text) => text.Length <= 80 ? text : text[..80] + "…";

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
}
