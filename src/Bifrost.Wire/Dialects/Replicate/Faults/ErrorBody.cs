using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using static Bifrost.Wire.Dialects.Replicate.SchemaReader;

namespace Bifrost.Wire.Dialects.Replicate;

/// <summary>What an error body says, in whichever of Replicate's forms: problem+json, Cog's list of complaints, or no JSON at all.</summary>
internal sealed record ErrorBody
{
    private const int MaxDepth = 32;

    public string Title { get; private init; } = "";

    public string Detail { get; private init; } = "";

    public double? RetryAfter { get; private init; }

    /// <summary>Of the first invalid field, without <c>input.</c>.</summary>
    public string? Field { get; private init; }

    public string? FieldType { get; private init; }

    public string? FieldDescription { get; private init; }

    /// <summary>The first invalid field stands in the input, not beside it.</summary>
    public bool FieldIsInput { get; private init; }

    public bool IsJson { get; private init; }

    public static ErrorBody Read(ReadOnlySpan<byte> body)
    {
        if (!Utf8.IsValid(body))
        {
            return new ErrorBody();
        }

        try
        {
            var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = MaxDepth });
            using var document = JsonDocument.ParseValue(ref reader);
            return Read(document.RootElement);
        }
        catch (JsonException)
        {
            return new ErrorBody();
        }
    }

    public bool Says(string words) =>
        Detail.Contains(words, StringComparison.OrdinalIgnoreCase) || Title.Contains(words, StringComparison.OrdinalIgnoreCase);

    private static ErrorBody Read(JsonElement root)
    {
        var body = new ErrorBody
        {
            IsJson = root.ValueKind == JsonValueKind.Object,
            Title = Text(root, "title") ?? "",
            RetryAfter = Number(root, "retry_after"),
        };
        if (Member(root, "invalid_fields", out var fields) && fields.ValueKind == JsonValueKind.Array && fields.GetArrayLength() > 0)
        {
            var first = fields[0];
            body = body.WithField(Text(first, "field"), Text(first, "type"), Text(first, "description"));
        }

        if (!Member(root, "detail", out var detail))
        {
            return body with { Detail = Text(root, "error") ?? Text(root, "message") ?? "" };
        }

        return detail.ValueKind == JsonValueKind.Array
            ? body.WithComplaints(detail)
            : body with
            {
                Detail = Words(detail) ?? detail.GetRawText(),
            };
    }

    /// <summary>Cog's form: a list of <c>{loc, msg, type}</c>.</summary>
    private ErrorBody WithComplaints(JsonElement list)
    {
        var body = this;
        var text = new StringBuilder();
        foreach (var complaint in list.EnumerateArray())
        {
            var path = Path(complaint);
            var message = Text(complaint, "msg") ?? Words(complaint) ?? "";
            if (body.Field is null && path.Length > 0)
            {
                body = body.WithField(path, Text(complaint, "type"), message);
            }

            text.Append(text.Length > 0 ? " " : "").Append(path).Append(path.Length > 0 ? ": " : "").Append(message);
        }

        return body with
        {
            Detail = text.ToString(),
        };
    }

    private ErrorBody WithField(string? field, string? type, string? description)
    {
        const string input = "input.";
        var inside = field?.StartsWith(input, StringComparison.Ordinal) == true;
        return this with
        {
            Field = field is null ? null : Scrubbing.Clean(inside ? field[input.Length..] : field),
            FieldIsInput = inside,
            FieldType = type,
            FieldDescription = description,
        };
    }

    private static string Path(JsonElement complaint)
    {
        if (!Member(complaint, "loc", out var location) || location.ValueKind != JsonValueKind.Array)
        {
            return "";
        }

        var path = new StringBuilder();
        foreach (var part in location.EnumerateArray())
        {
            if (Words(part) is { } name and not "body")
            {
                path.Append(path.Length > 0 ? "." : "").Append(name);
            }
        }

        return path.ToString();
    }
}
