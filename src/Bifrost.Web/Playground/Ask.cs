using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bifrost.Web.Api;
using Bifrost.Web.Parts;

namespace Bifrost.Web.Playground;

/// <summary>What the form says, and the calls that are made of it.</summary>
public sealed class Ask
{
    /// <summary>chat, image, edit or video.</summary>
    public string Mode { get; set; } = "chat";

    /// <summary>What is asked.</summary>
    public string Prompt { get; set; } = "";

    /// <summary>What the model should know.</summary>
    public string System { get; set; } = "";

    /// <summary>Null: as the model is set.</summary>
    public double? Temperature { get; set; }

    /// <summary>Null: no limit.</summary>
    public int? MaxTokens { get; set; }

    /// <summary>Such as 1024x1024.</summary>
    public string Size { get; set; } = "";

    /// <summary>Pictures.</summary>
    public int? Count { get; set; }

    /// <summary>Of a film.</summary>
    public string Seconds { get; set; } = "";

    /// <summary>The picture to edit, or to begin a film with.</summary>
    public Upload? File { get; set; }

    /// <summary>Where the call goes.</summary>
    public string Path =>
        Mode switch
        {
            "image" => "v1/images/generations",
            "edit" => "v1/images/edits",
            "video" => "v1/videos",
            _ => "v1/chat/completions",
        };

    /// <summary>The call's body.</summary>
    public JsonObject Body(string model, IEnumerable<Turn> before)
    {
        var body = new JsonObject { ["model"] = model };
        if (Mode == "chat")
        {
            body["messages"] = Messages(before);
            Add(body, "temperature", Temperature);
            Add(body, "max_completion_tokens", MaxTokens);
            body["stream"] = true;
            body["stream_options"] = new JsonObject { ["include_usage"] = true };
            return body;
        }

        body["prompt"] = Prompt;
        Add(body, "size", Size.Trim());
        if (Mode == "video")
        {
            Add(body, "seconds", Seconds.Trim());
            return body;
        }

        Add(body, "n", Count);
        // OpenAI's gpt-image models always answer with bytes and refuse to be asked for them.
        Add(body, "response_format", model.Contains("gpt-image", StringComparison.OrdinalIgnoreCase) ? null : "b64_json");
        return body;
    }

    /// <summary>The body as it is sent.</summary>
    public HttpContent Content(JsonObject body)
    {
        if (File is not { } file || Mode is not ("edit" or "video"))
        {
            return JsonContent.Create(body, options: GatewayApi.Written);
        }

        var form = new MultipartFormDataContent();
        foreach (var (name, value) in body)
        {
            form.Add(new StringContent(value!.ToString()), name);
        }

        var picture = new ByteArrayContent(file.Bytes);
        picture.Headers.TryAddWithoutValidation("Content-Type", file.Type);
        form.Add(picture, FileField, file.Name);
        return form;
    }

    /// <summary>The same call for a terminal. A key is never written into it.</summary>
    public string Command(string address, string model, IEnumerable<Turn> before, bool withKey)
    {
        var body = Body(model, before);
        var (url, key) = ($"{address}{Path}", withKey ? "$BIFROST_KEY" : null);
        return File is { } file && Mode is "edit" or "video" && File is not null
            ? Curl.Of(
                url,
                key,
                [.. body.Select(p => $"-F {Curl.Quoted($"{p.Key}={p.Value}")}"), $"-F {Curl.Quoted($"{FileField}=@{File.Name}")}"]
            )
            : Curl.Json(url, key, body.ToJsonString(Readable));
    }

    private string FileField => Mode == "video" ? "input_reference" : "image";

    private static JsonSerializerOptions Readable { get; } =
        new() { WriteIndented = true, Encoder = global::System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private JsonArray Messages(IEnumerable<Turn> before)
    {
        var messages = new JsonArray();
        if (!string.IsNullOrWhiteSpace(System))
        {
            messages.Add(Message("system", System));
        }

        foreach (var turn in before.Where(t => t.Text.Length > 0))
        {
            messages.Add(Message("user", turn.Prompt));
            messages.Add(Message("assistant", turn.Text));
        }

        messages.Add(Message("user", Prompt));
        return messages;
    }

    private static JsonObject Message(string role, string text) => new JsonObject { ["role"] = role, ["content"] = text };

    private static void Add(JsonObject body, string name, object? value)
    {
        if (value is not null and not "")
        {
            body[name] = value switch
            {
                int whole => JsonValue.Create(whole),
                double number => JsonValue.Create(number),
                _ => JsonValue.Create(Convert.ToString(value, CultureInfo.InvariantCulture)),
            };
        }
    }
}

/// <summary>A file from the person's machine.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its media type.</param>
/// <param name="Bytes">What is in it.</param>
public sealed record Upload(string Name, string Type, byte[] Bytes);
