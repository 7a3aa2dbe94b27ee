using System.Globalization;
using System.Text.Json;
using Bifrost.Wire.Canonical;
using Bifrost.Wire.Canonical.Videos;
using Bifrost.Wire.Faults;
using Bifrost.Wire.Framing;
using Bifrost.Wire.Json;

namespace Bifrost.Wire.Dialects.OpenAIVideos;

/// <summary>Reads JSON and forms alike: OpenAI's SDKs send a form when a reference picture goes along, and some always do.</summary>
internal static class VideoRequestReader
{
    private const int MaxSeconds = 600;

    public static Outcome<VideoRequest> ReadCreate(RequestBytes body)
    {
        if (Open(body, out var form).Failed(out var broken, out var root))
        {
            return broken;
        }

        var fields = new Fields(root);
        MediaSource? reference = null;
        if (form is not null && form.TryFind("input_reference", out var part) && part.IsFile)
        {
            reference = PictureFields.FromPart(form, part);
            if (part.Length == 0)
            {
                fields.Mistake("input_reference", "The file in the form field `input_reference` is empty.", "invalid_value");
            }
        }

        if (fields.Any("input_reference") is { } value)
        {
            reference ??= PictureFields.Read(fields, "input_reference", value);
        }

        var videoUri = fields.Text("video_uri", allowEmpty: false);
        var request = new VideoRequest
        {
            Model = fields.Text("model", required: true, allowEmpty: false) ?? "",
            Prompt = fields.Text("prompt", required: true, allowEmpty: false) ?? "",
            Seconds = ReadSeconds(fields),
            Size = PixelSize.Read(fields, "size", auto: false),
            Reference = reference,
            Seed = fields.Long("seed"),
            NegativePrompt = fields.Text("negative_prompt"),
            VideoUri = videoUri,
            Audio = fields.Flag("audio"),
            User = fields.Text("user"),
            Extensions = fields.Rest(),
        };
        return fields.Mistakes is { } mistakes ? mistakes : request;
    }

    public static Outcome<RemixRequest> ReadRemix(RequestBytes body)
    {
        if (Open(body, out _).Failed(out var broken, out var root))
        {
            return broken;
        }

        var fields = new Fields(root);
        var request = new RemixRequest(fields.Text("prompt", required: true, allowEmpty: false) ?? "") { Extensions = fields.Rest() };
        return fields.Mistakes is { } mistakes ? mistakes : request;
    }

    private static Outcome<JsonElement> Open(RequestBytes body, out MultipartForm? form)
    {
        form = null;
        if (!MultipartForm.IsMultipart(body.ContentType))
        {
            return JsonBody.ReadObject(body.Body);
        }

        if (MultipartForm.Parse(body.Body, body.ContentType).Failed(out var torn, out form))
        {
            return torn;
        }

        foreach (var part in form.Parts)
        {
            if (part.IsFile && part.Name != "input_reference")
            {
                return Fault.Invalid($"A file is not expected in the form field `{MultipartForm.Clip(part.Name)}`.", part.Name);
            }
        }

        return MultipartFields.ToJson(
            form,
            "model",
            "prompt",
            "size",
            "seconds",
            "negative_prompt",
            "video_uri",
            "user",
            "input_reference"
        );
    }

    // OpenAI documents a string ("8"); many callers send the number.
    private static int? ReadSeconds(Fields fields)
    {
        if (fields.Any("seconds") is not { ValueKind: JsonValueKind.String } value)
        {
            return fields.Integer("seconds", 1, MaxSeconds);
        }

        if (
            int.TryParse(value.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && seconds is >= 1 and <= MaxSeconds
        )
        {
            return seconds;
        }

        fields.Mistake(
            "seconds",
            $"`seconds` must be a whole number of seconds between 1 and {MaxSeconds}, for instance \"8\".",
            "invalid_value"
        );
        return null;
    }
}
