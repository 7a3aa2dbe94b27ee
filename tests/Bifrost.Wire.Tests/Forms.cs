using System.Buffers;
using System.Text;
using System.Text.Json;
using Bifrost.Wire.Dialects;
using Bifrost.Wire.Framing;

namespace Bifrost.Wire.Tests;

/// <summary>Builds form bodies and reads what was written.</summary>
internal static class Forms
{
    public const string ContentType = "multipart/form-data; boundary=line";

    public static RequestBytes Of(params (string Name, string Value)[] fields) => WithFiles([], fields);

    public static RequestBytes WithFile(
        string name,
        string fileName,
        string type,
        byte[] content,
        params (string Name, string Value)[] fields
    ) => WithFiles([(name, fileName, type, content)], fields);

    public static RequestBytes WithFiles(
        (string Name, string FileName, string Type, byte[] Content)[] files,
        params (string Name, string Value)[] fields
    )
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MultipartWriter(output, "line");
        foreach (var (name, value) in fields)
        {
            writer.Field(name, value);
        }

        foreach (var (name, fileName, type, content) in files)
        {
            writer.File(name, fileName, type, content);
        }

        writer.Finish();
        return new RequestBytes(output.WrittenMemory, writer.ContentType);
    }

    /// <summary>A body as it stands in a source file; line ends become CRLF.</summary>
    public static RequestBytes Raw(string body, string contentType = ContentType) =>
        new(Encoding.UTF8.GetBytes(body.ReplaceLineEndings("\r\n")), contentType);

    public static RequestBytes Json(string json) => new(Encoding.UTF8.GetBytes(json), "application/json");

    public static string Written(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    public static JsonElement WrittenJson(Action<IBufferWriter<byte>> write) => JsonDocument.Parse(Written(write)).RootElement;
}
