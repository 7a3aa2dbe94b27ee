using System.Globalization;
using System.Text.Json;

namespace Bifrost.PriceTool;

/// <summary>One model of the data set, in our words: patterns instead of match trees, our names for the kinds of price.</summary>
internal sealed class SourceEntry
{
    // Finer than this a price per token is no whole number of picodollars. The few that are finer come from divisions made upstream.
    private const int Decimals = 6;

    // Cached audio cannot be told from cached text in the usage providers report, so it has no rate of its own here.
    private static readonly (string Theirs, string Ours)[] Kinds =
    [
        ("input_mtok", "input"),
        ("cache_read_mtok", "cache_read"),
        ("cache_write_mtok", "cache_write"),
        ("input_audio_mtok", "input_audio"),
        ("output_mtok", "output"),
        ("output_audio_mtok", "output_audio"),
        ("requests_kcount", "request"),
    ];

    private readonly string _provider;
    private readonly JsonElement _model;
    private readonly List<string> _notes;

    private SourceEntry(string provider, JsonElement model, List<string> notes)
    {
        _provider = provider;
        _model = model;
        _notes = notes;
    }

    private string Id => _model.GetProperty("id").GetString()!;

    /// <summary>Null for a model without a price, unless its name says that it is free: no price is not the same as no cost.</summary>
    public static SourceEntry? Read(string provider, JsonElement model, List<string> notes)
    {
        var entry = new SourceEntry(provider, model, notes);
        if (entry.Rules().All(rule => rule.Prices.EnumerateObject().Any()) || entry.IsFree)
        {
            return entry;
        }

        notes.Add($"left out, no price: {provider} {entry.Id}");
        return null;
    }

    public string ToJson(string source, string date) =>
        CatalogueWriter.Json(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("provider", _provider);
            writer.WriteString("model", Id);
            writer.WriteStartArray("match");
            foreach (var pattern in Patterns(_model.GetProperty("match")))
            {
                writer.WriteStringValue(pattern);
            }

            writer.WriteEndArray();
            writer.WriteStartArray("prices");
            foreach (var (constraint, prices) in Rules())
            {
                WriteRule(writer, constraint, prices);
            }

            writer.WriteEndArray();
            if (_model.TryGetProperty("context_window", out var window) && window.ValueKind == JsonValueKind.Number)
            {
                writer.WriteNumber("context_window", window.GetInt64());
            }

            writer.WriteString("source", source);
            writer.WriteString("date", date);
            writer.WriteEndObject();
        });

    private bool IsFree => Id.EndsWith(":free", StringComparison.Ordinal);

    private IEnumerable<(JsonElement Constraint, JsonElement Prices)> Rules()
    {
        var prices = _model.GetProperty("prices");
        if (prices.ValueKind == JsonValueKind.Object)
        {
            return [(default, prices)];
        }

        return prices
            .EnumerateArray()
            .Select(rule => (rule.TryGetProperty("constraint", out var constraint) ? constraint : default, rule.GetProperty("prices")));
    }

    private static IEnumerable<string> Patterns(JsonElement match)
    {
        foreach (var member in match.EnumerateObject())
        {
            if (member.Name == "or")
            {
                foreach (var pattern in member.Value.EnumerateArray().SelectMany(Patterns))
                {
                    yield return pattern;
                }

                continue;
            }

            var text = member.Value.GetString()!;
            yield return member.Name switch
            {
                "equals" => text,
                "starts_with" => text + "*",
                "ends_with" => "*" + text,
                "contains" => "*" + text + "*",
                "regex" => "/" + text + "/",
                _ => throw new InvalidDataException($"The data set matches models by \"{member.Name}\", which is new."),
            };
        }
    }

    private void WriteRule(Utf8JsonWriter writer, JsonElement constraint, JsonElement prices)
    {
        writer.WriteStartObject();
        if (constraint.ValueKind == JsonValueKind.Object)
        {
            WriteConstraint(writer, constraint);
        }

        if (IsFree && !prices.EnumerateObject().Any())
        {
            writer.WriteNumber("input", 0);
            writer.WriteNumber("output", 0);
        }

        foreach (var (theirs, ours) in Kinds)
        {
            if (prices.TryGetProperty(theirs, out var price))
            {
                writer.WritePropertyName(ours);
                WritePrice(writer, price, theirs == "requests_kcount" ? 1000 : 1);
            }
        }

        writer.WriteEndObject();
    }

    private static void WriteConstraint(Utf8JsonWriter writer, JsonElement constraint)
    {
        writer.WriteStartObject("when");
        foreach (var member in constraint.EnumerateObject())
        {
            switch (member.Name)
            {
                case "start_date":
                    writer.WriteString("from", member.Value.GetString());
                    break;
                case "start_time":
                    writer.WriteStartArray("daily");
                    writer.WriteStringValue(Minutes(member.Value));
                    writer.WriteStringValue(Minutes(constraint.GetProperty("end_time")));
                    writer.WriteEndArray();
                    break;
                case "end_time":
                    break;
                default:
                    throw new InvalidDataException($"The data set constrains a price by \"{member.Name}\", which is new.");
            }
        }

        writer.WriteEndObject();
    }

    private void WritePrice(Utf8JsonWriter writer, JsonElement price, int per)
    {
        if (price.ValueKind == JsonValueKind.Number)
        {
            writer.WriteNumberValue(Rounded(price, per));
            return;
        }

        writer.WriteStartObject();
        writer.WriteNumber("base", Rounded(price.GetProperty("base"), per));
        writer.WriteStartObject("above");
        foreach (var tier in price.GetProperty("tiers").EnumerateArray())
        {
            var start = tier.GetProperty("start").GetInt64().ToString(CultureInfo.InvariantCulture);
            writer.WriteNumber(start, Rounded(tier.GetProperty("price"), per));
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private decimal Rounded(JsonElement price, int per)
    {
        var exact = price.GetDecimal() / per;

        // Dividing by one with many zeros drops the zeros at the end, so that 2.50 and 2.5 are written alike.
        var rounded = decimal.Round(exact, Decimals, MidpointRounding.AwayFromZero) / 1.0000000000000000000000000000m;
        if (rounded != exact)
        {
            _notes.Add($"rounded {price.GetRawText()} to {rounded.ToString(CultureInfo.InvariantCulture)}: {_provider} {Id}");
        }

        return rounded;
    }

    /// <summary>Times are given as <c>16:30:00Z</c>.</summary>
    private static string Minutes(JsonElement time)
    {
        var text = time.GetString()!;
        return text.EndsWith(":00Z", StringComparison.Ordinal)
            ? text[..^4]
            : throw new InvalidDataException($"{text} is not a full minute in UTC.");
    }
}
