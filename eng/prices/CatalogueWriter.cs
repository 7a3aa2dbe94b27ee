using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Bifrost.PriceTool;

/// <summary>
/// Puts the catalogue together: one entry a line, in the order of the sources, so that a refresh reads well as a difference. The same input
/// gives the same bytes.
/// </summary>
internal static class CatalogueWriter
{
    private const string DataSet = "genai-prices";
    private const string DataSetMeans =
        "the public data set genai-prices (MIT; npm @pydantic/genai-prices), read from the providers' price pages";

    /// <param name="notes">What was left out or rounded, for whoever runs the tool.</param>
    public static string Write(JsonElement data, string date, JsonElement providers, JsonElement replicate, List<string> notes)
    {
        var text = new StringBuilder("{\n");
        text.Append("\"units\":\"US dollars; tokens per million, everything else per one\",\n");
        text.Append("\"date\":").Append(Json(writer => writer.WriteStringValue(date))).Append(",\n");
        text.Append("\"sources\":{\n").AppendJoin(",\n", Sources(providers, replicate)).Append("\n},\n");
        text.Append("\"providers\":{\n").AppendJoin(",\n", Providers(data, providers.GetProperty("providers"))).Append("\n},\n");
        text.Append("\"hardware\":[\n")
            .AppendJoin(",\n", replicate.GetProperty("hardware").EnumerateArray().Select(Compact))
            .Append("\n],\n");
        text.Append("\"models\":[\n").AppendJoin(",\n", Models(data, date, notes).Concat(Booked(replicate))).Append("\n]\n}\n");
        return text.ToString();
    }

    public static string Json(Action<Utf8JsonWriter> write)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            write(writer);
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private static IEnumerable<string> Sources(params JsonElement[] books) =>
        books
            .SelectMany(book => book.GetProperty("sources").EnumerateObject())
            .Select(source => (source.Name, Means: source.Value.GetString()!))
            .Prepend((DataSet, DataSetMeans))
            .Select(source => $"{Quoted(source.Item1)}:{Quoted(source.Item2)}");

    /// <summary>What the data set says about who resells whom, and what our own book says about names and discounts.</summary>
    private static IEnumerable<string> Providers(JsonElement data, JsonElement book)
    {
        var known = data.EnumerateArray().Select(provider => provider.GetProperty("id").GetString()!).ToList();
        foreach (var provider in data.EnumerateArray())
        {
            yield return Provider(provider.GetProperty("id").GetString()!, provider, book);
        }

        foreach (var ours in book.EnumerateObject().Where(ours => !known.Contains(ours.Name)))
        {
            yield return Provider(ours.Name, default, book);
        }
    }

    private static string Provider(string id, JsonElement data, JsonElement book) =>
        Quoted(id)
        + ":"
        + Json(writer =>
        {
            writer.WriteStartObject();
            if (book.TryGetProperty(id, out var ours))
            {
                foreach (var member in ours.EnumerateObject())
                {
                    member.WriteTo(writer);
                }
            }

            if (data.ValueKind == JsonValueKind.Object && data.TryGetProperty("fallback_model_providers", out var makers))
            {
                writer.WritePropertyName("resells");
                makers.WriteTo(writer);
            }

            writer.WriteEndObject();
        });

    private static IEnumerable<string> Models(JsonElement data, string date, List<string> notes)
    {
        foreach (var provider in data.EnumerateArray())
        {
            var id = provider.GetProperty("id").GetString()!;
            foreach (var model in provider.GetProperty("models").EnumerateArray())
            {
                var entry = SourceEntry.Read(id, model, notes);
                if (entry is not null)
                {
                    yield return entry.ToJson(DataSet, date);
                }
            }
        }
    }

    private static IEnumerable<string> Booked(JsonElement replicate) =>
        replicate
            .GetProperty("models")
            .EnumerateArray()
            .Select(model =>
                Json(writer =>
                {
                    writer.WriteStartObject();
                    writer.WriteString("provider", "replicate");
                    foreach (var member in model.EnumerateObject())
                    {
                        member.WriteTo(writer);
                    }

                    writer.WriteEndObject();
                })
            );

    private static string Compact(JsonElement element) => Json(element.WriteTo);

    private static string Quoted(string text) => Json(writer => writer.WriteStringValue(text));
}
