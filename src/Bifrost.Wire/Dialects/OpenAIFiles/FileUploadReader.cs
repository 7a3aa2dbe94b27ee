using System.Text;
using System.Text.Json;
using Bifrost.Wire.Canonical.Files;
using Bifrost.Wire.Faults;
using Bifrost.Wire.Framing;
using Bifrost.Wire.Json;

namespace Bifrost.Wire.Dialects.OpenAIFiles;

internal static class FileUploadReader
{
    private const int MaxNameBytes = 255;
    private const int MaxPurposeLength = 64;

    // OpenAI's published range: an hour to thirty days.
    private const long MinSeconds = 3600;
    private const long MaxSeconds = 2_592_000;

    public static Outcome<FileUpload> Read(RequestBytes body)
    {
        if (
            MultipartForm.Parse(body.Body, body.ContentType).Failed(out var torn, out var form)
            || MultipartFields.ToJson(form, "purpose", "provider", "model").Failed(out torn, out var root)
        )
        {
            return torn;
        }

        var fields = new Fields(root);
        var found = FormFile.Find(form, fields, "file", out var part);
        var name = found ? part.BareFileName! : "";
        if (
            found && (name.Length == 0 || Encoding.UTF8.GetByteCount(name) > MaxNameBytes || name.AsSpan().ContainsAnyInRange('\0', '\x1f'))
        )
        {
            fields.Mistake("file", $"The name of the file must have 1 to {MaxNameBytes} bytes and no control characters.", "invalid_value");
        }

        var purpose = fields.Text("purpose", required: true, allowEmpty: false);
        if (purpose?.Length > MaxPurposeLength)
        {
            fields.Mistake("purpose", $"`purpose` has more than {MaxPurposeLength} characters.", "invalid_value");
        }

        var upload = new FileUpload(name, part.ContentType ?? "application/octet-stream", form.Content(part), purpose ?? "")
        {
            ExpiresAfterSeconds = ReadExpiry(fields),
            Provider = fields.Text("provider", allowEmpty: false) ?? fields.Text("model", allowEmpty: false),
        };
        return fields.Mistakes is { } mistakes ? mistakes : upload;
    }

    private static long? ReadExpiry(Fields fields)
    {
        if (fields.Object("expires_after") is not { } value)
        {
            return null;
        }

        var expiry = fields.Within(value, "expires_after");
        expiry.OneOf("anchor", "created_at");
        var seconds = expiry.Long("seconds", MinSeconds, MaxSeconds);
        if (!expiry.Has("seconds"))
        {
            expiry.Mistake("seconds", "`expires_after.seconds` is required when `expires_after` is sent.", "missing_required_parameter");
        }

        return seconds;
    }
}
