using System.Buffers;
using System.Text;

namespace Bifrost.Wire.Framing;

/// <summary>Writes a multipart/form-data body part by part. Names are escaped as browsers do it, file names stay UTF-8.</summary>
public sealed class MultipartWriter
{
    private readonly IBufferWriter<byte> _output;
    private readonly string _boundary;

    /// <param name="output">Where the body goes.</param>
    /// <param name="boundary">1 to 70 letters, digits or dashes that occur in no part; <see cref="FreshBoundary"/> makes one.</param>
    public MultipartWriter(IBufferWriter<byte> output, string boundary)
    {
        _output = output;
        _boundary = boundary;
        ContentType = $"multipart/form-data; boundary={boundary}";
    }

    /// <summary>What the Content-Type header of the request must say.</summary>
    public string ContentType { get; }

    /// <summary>A boundary with 128 random bits, so that no content can be made to contain it.</summary>
    public static string FreshBoundary() => $"bifrost-{Guid.NewGuid():N}";

    public void Field(string name, string value)
    {
        Text($"--{_boundary}\r\nContent-Disposition: form-data; name=\"{Escape(name)}\"\r\n\r\n{value}\r\n");
    }

    /// <summary>A part with a type of its own but no file name, such as JSON.</summary>
    public void Field(string name, string contentType, ReadOnlySpan<byte> content)
    {
        Text($"--{_boundary}\r\nContent-Disposition: form-data; name=\"{Escape(name)}\"\r\nContent-Type: {OneLine(contentType)}\r\n\r\n");
        _output.Write(content);
        EndFile();
    }

    public void File(string name, string fileName, string contentType, ReadOnlySpan<byte> content)
    {
        BeginFile(name, fileName, contentType);
        _output.Write(content);
        EndFile();
    }

    /// <summary>The headers of a file whose content the caller sends by itself before <see cref="EndFile"/>.</summary>
    public void BeginFile(string name, string fileName, string contentType)
    {
        Text(
            $"--{_boundary}\r\nContent-Disposition: form-data; name=\"{Escape(name)}\"; filename=\"{Escape(fileName)}\"\r\nContent-Type: {OneLine(contentType)}\r\n\r\n"
        );
    }

    public void EndFile() => _output.Write("\r\n"u8);

    /// <summary>Writes what ends the form.</summary>
    public void Finish() => Text($"--{_boundary}--\r\n");

    private void Text(string text) => Encoding.UTF8.GetBytes(text, _output);

    // The form-data escapes of the WHATWG HTML standard.
    private static string Escape(string name) =>
        name.Replace("\"", "%22", StringComparison.Ordinal)
            .Replace("\r", "%0D", StringComparison.Ordinal)
            .Replace("\n", "%0A", StringComparison.Ordinal);

    private static string OneLine(string value) =>
        value.Replace("\r", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal);
}
