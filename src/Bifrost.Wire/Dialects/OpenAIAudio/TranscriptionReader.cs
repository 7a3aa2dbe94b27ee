using Bifrost.Wire.Canonical;
using Bifrost.Wire.Canonical.Audio;
using Bifrost.Wire.Faults;
using Bifrost.Wire.Framing;
using Bifrost.Wire.Json;

namespace Bifrost.Wire.Dialects.OpenAIAudio;

/// <summary>Reads the form of both audio operations; translations have no language, granularities or streaming to speak of, yet accept them.</summary>
internal static class TranscriptionReader
{
    public static Outcome<TranscriptionRequest> Read(RequestBytes body, bool translates)
    {
        if (
            MultipartForm.Parse(body.Body, body.ContentType).Failed(out var torn, out var form)
            || MultipartFields.ToJson(form, "model", "language", "prompt", "response_format").Failed(out torn, out var root)
        )
        {
            return torn;
        }

        var fields = new Fields(root);
        if (FormFile.Find(form, fields, "file", out var part) && part.Length == 0)
        {
            fields.Mistake("file", "The file in the form field `file` is empty.", "invalid_value");
        }

        var request = new TranscriptionRequest
        {
            Model = fields.Text("model", required: true, allowEmpty: false) ?? "",
            File = new InlineSource(form.Content(part), MediaTypeOf(part), part.BareFileName),
            Translates = translates,
            Language = fields.Text("language") is { Length: > 0 } language ? language : null,
            Prompt = fields.Text("prompt"),
            Temperature = fields.Number("temperature", 0, 1),
            Format = ReadFormat(fields),
            Granularities = ReadGranularities(fields),
            Streams = fields.Flag("stream") ?? false,
            Extensions = fields.Rest(),
        };
        return fields.Mistakes is { } mistakes ? mistakes : request;
    }

    private static TranscriptFormat ReadFormat(Fields fields) =>
        fields.OneOf("response_format", "json", "text", "srt", "verbose_json", "vtt") switch
        {
            "text" => TranscriptFormat.Text,
            "srt" => TranscriptFormat.Srt,
            "verbose_json" => TranscriptFormat.VerboseJson,
            "vtt" => TranscriptFormat.Vtt,
            _ => TranscriptFormat.Json,
        };

    private static IReadOnlyList<string> ReadGranularities(Fields fields)
    {
        var granularities = fields.Texts("timestamp_granularities", maxCount: 2);
        foreach (var granularity in granularities)
        {
            if (granularity is not ("word" or "segment"))
            {
                fields.Mistake("timestamp_granularities", "`timestamp_granularities` may hold word and segment.", "invalid_value");
                break;
            }
        }

        return granularities;
    }

    // SDKs that are handed a stream know no type and say application/octet-stream; then the name is all there is.
    private static string MediaTypeOf(MultipartPart part)
    {
        if (part.ContentType is { } declared && !declared.StartsWith("application/octet-stream", StringComparison.OrdinalIgnoreCase))
        {
            return declared;
        }

        return Path.GetExtension(part.FileName)?.ToLowerInvariant() switch
        {
            ".mp3" or ".mpga" or ".mpeg" => "audio/mpeg",
            ".wav" => "audio/wav",
            ".m4a" or ".mp4" => "audio/mp4",
            ".ogg" or ".oga" or ".opus" => "audio/ogg",
            ".flac" => "audio/flac",
            ".webm" => "audio/webm",
            _ => "application/octet-stream",
        };
    }
}
