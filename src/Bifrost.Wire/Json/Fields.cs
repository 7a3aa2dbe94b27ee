using System.Text.Json;
using Bifrost.Wire.Canonical;
using Bifrost.Wire.Faults;

namespace Bifrost.Wire.Json;

/// <summary>Reads the members of a JSON object with their types and ranges, collects every mistake instead of stopping at the first, and
/// remembers which members were asked for, so that the rest can travel on as <see cref="Extensions"/>. JSON null counts as absent.</summary>
public sealed class Fields
{
    private readonly JsonElement _object;
    private readonly string _path;
    private readonly HashSet<string> _known = [];
    private readonly List<Fault> _mistakes;

    public Fields(JsonElement value)
        : this(value, "", []) { }

    private Fields(JsonElement value, string path, List<Fault> mistakes)
    {
        _object = value;
        _path = path;
        _mistakes = mistakes;
    }

    /// <summary>All mistakes as one fault (its <c>param</c> is the first's), or null when there is none.</summary>
    public Fault? Mistakes
    {
        get
        {
            if (_mistakes.Count < 2)
            {
                return _mistakes.Count == 0 ? null : _mistakes[0];
            }

            var messages = new string[_mistakes.Count];
            for (var i = 0; i < messages.Length; i++)
            {
                messages[i] = _mistakes[i].Message;
            }

            return _mistakes[0] with
            {
                Message = string.Join(' ', messages),
            };
        }
    }

    /// <summary>Path of a member as it is named in messages and <c>param</c>: <c>messages[0].content</c>.</summary>
    public string PathOf(string name) => _path.Length == 0 ? name : $"{_path}.{name}";

    public void Mistake(string name, string message, string? code = null) => _mistakes.Add(Fault.Invalid(message, PathOf(name), code));

    /// <summary>A reader for an object within, sharing the list of mistakes.</summary>
    public Fields Within(JsonElement value, string name) => new(value, PathOf(name), _mistakes);

    public bool Has(string name) => Take(name, out _);

    /// <summary>The member as it came, or null.</summary>
    public JsonElement? Any(string name) => Take(name, out var value) ? value : null;

    public string? Text(string name, bool required = false, bool allowEmpty = true)
    {
        if (!Take(name, out var value))
        {
            if (required)
            {
                Mistake(name, $"`{PathOf(name)}` is required.", "missing_required_parameter");
            }

            return null;
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            WrongType(name, value, "a string");
            return null;
        }

        var text = value.GetString()!;
        if (text.Length == 0 && !allowEmpty)
        {
            Mistake(name, $"`{PathOf(name)}` must not be empty.");
        }

        return text;
    }

    /// <summary>A string that must be one of <paramref name="allowed"/>.</summary>
    public string? OneOf(string name, params ReadOnlySpan<string> allowed)
    {
        var text = Text(name);
        if (text is not null && allowed.IndexOf(text) < 0)
        {
            Mistake(
                name,
                $"`{PathOf(name)}` is \"{Clip(text)}\"; it must be one of {string.Join(", ", allowed.ToArray())}.",
                "invalid_value"
            );
        }

        return text;
    }

    public bool? Flag(string name)
    {
        if (!Take(name, out var value))
        {
            return null;
        }

        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return value.GetBoolean();
        }

        WrongType(name, value, "true or false");
        return null;
    }

    public int? Integer(string name, int min = int.MinValue, int max = int.MaxValue) => (int?)Long(name, min, max);

    public long? Long(string name, long min = long.MinValue, long max = long.MaxValue)
    {
        if (!Take(name, out var value))
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Number || !TryWhole(value, out var number))
        {
            WrongType(name, value, "a whole number");
            return null;
        }

        if (number < min || number > max)
        {
            OutOfRange(name, value, min, max);
            return null;
        }

        return number;
    }

    public double? Number(string name, double min = double.MinValue, double max = double.MaxValue)
    {
        if (!Take(name, out var value))
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var number) || !double.IsFinite(number))
        {
            WrongType(name, value, "a number");
            return null;
        }

        if (number < min || number > max)
        {
            OutOfRange(name, value, min, max);
            return null;
        }

        return number;
    }

    /// <summary>A string, or an array of strings; empty when absent.</summary>
    public IReadOnlyList<string> Texts(string name, int maxCount = int.MaxValue)
    {
        if (!Take(name, out var value))
        {
            return [];
        }

        if (value.ValueKind == JsonValueKind.String)
        {
            return [value.GetString()!];
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            WrongType(name, value, "a string or an array of strings");
            return [];
        }

        var texts = new List<string>(value.GetArrayLength());
        foreach (var item in value.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.String)
            {
                WrongType($"{name}[{texts.Count}]", item, "a string");
                return [];
            }

            texts.Add(item.GetString()!);
        }

        if (texts.Count > maxCount)
        {
            Mistake(name, $"`{PathOf(name)}` has {texts.Count} entries; at most {maxCount} are allowed.");
        }

        return texts;
    }

    /// <summary>An object member, or null; any other type is a mistake.</summary>
    public JsonElement? Object(string name) => OfKind(name, JsonValueKind.Object, "an object");

    /// <summary>An array member, or null; any other type is a mistake.</summary>
    public JsonElement? Array(string name) => OfKind(name, JsonValueKind.Array, "an array");

    public void WrongType(string name, JsonElement value, string wanted) =>
        Mistake(name, $"`{PathOf(name)}` must be {wanted}, not {JsonBody.Describe(value.ValueKind)}.", "invalid_type");

    /// <summary>Every member nobody asked for, in order of arrival.</summary>
    public Extensions Rest()
    {
        List<KeyValuePair<string, JsonElement>>? rest = null;
        foreach (var member in _object.EnumerateObject())
        {
            if (!_known.Contains(member.Name))
            {
                (rest ??= []).Add(new(member.Name, member.Value));
            }
        }

        return rest is null ? Extensions.None : new Extensions(rest);
    }

    /// <summary>Marks members as known without reading them, so that they do not count as extensions.</summary>
    public void Ignore(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            _known.Add(name);
        }
    }

    private JsonElement? OfKind(string name, JsonValueKind kind, string wanted)
    {
        if (!Take(name, out var value))
        {
            return null;
        }

        if (value.ValueKind == kind)
        {
            return value;
        }

        WrongType(name, value, wanted);
        return null;
    }

    private bool Take(string name, out JsonElement value)
    {
        _known.Add(name);
        return _object.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;
    }

    private void OutOfRange(string name, JsonElement value, double min, double max)
    {
        var range =
            max >= int.MaxValue ? $"at least {min}"
            : min <= int.MinValue ? $"at most {max}"
            : $"between {min} and {max}";
        Mistake(name, $"`{PathOf(name)}` is {Clip(value.GetRawText())}; it must be {range}.", "invalid_value");
    }

    // 4.0 is a whole number to every JSON writer that knows only doubles.
    private static bool TryWhole(JsonElement value, out long number)
    {
        if (value.TryGetInt64(out number))
        {
            return true;
        }

        if (value.TryGetDouble(out var real) && Math.Abs(real) < 9e15 && Math.Floor(real) == real)
        {
            number = (long)real;
            return true;
        }

        return false;
    }

    private static string Clip(string text) => text.Length <= 60 ? text : $"{text.AsSpan(0, 60)}…";
}
