using System.Text;

namespace Bifrost.Testing.Conformance;

/// <summary>A request or an answer as a fixture shows it: the first line (<c>POST /v1/files</c>, or <c>200</c>), headers, an empty line, the
/// body. Lines end with LF here and with what the media type wants on the wire; the file's last line break is not part of the body.</summary>
public sealed record HttpText(string Start, IReadOnlyList<(string Name, string Value)> Headers, string Body)
{
    private bool IsForm => Header("Content-Type")?.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase) == true;

    public bool IsEventStream => Header("Content-Type")?.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase) == true;

    public string Method => Start.Split(' ')[0];

    public string Path => Start[(Method.Length + 1)..];

    public int Status => int.Parse(Start, System.Globalization.CultureInfo.InvariantCulture);

    public static HttpText Read(string file) => Parse(File.ReadAllText(file));

    public static HttpText Parse(string text)
    {
        var end = text.IndexOf("\n\n", StringComparison.Ordinal);
        var head = (end < 0 ? text : text[..end]).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var headers = head.Skip(1).Select(line => line.Split(": ", 2)).Select(pair => (pair[0], pair.Length > 1 ? pair[1] : ""));
        return new HttpText(head[0], [.. headers], end < 0 ? "" : text[(end + 2)..].TrimEnd('\n'));
    }

    /// <summary>As it came over the wire. Multipart boundaries, which differ from run to run, become the word <c>boundary</c>.</summary>
    public static HttpText Of(string start, IEnumerable<(string Name, string Value)> headers, ReadOnlySpan<byte> body)
    {
        var raw = new HttpText(start, [.. headers], Encoding.UTF8.GetString(body));
        if (!raw.IsForm)
        {
            return raw with { Body = raw.Body.TrimEnd('\n') };
        }

        var boundary = raw.Header("Content-Type")!.Split("boundary=")[1].Trim('"');
        return raw with
        {
            Headers = [.. raw.Headers.Select(h => (h.Name, h.Value.Replace(boundary, "boundary", StringComparison.Ordinal)))],
            Body = raw
                .Body.Replace(boundary, "boundary", StringComparison.Ordinal)
                .Replace("\r\n", "\n", StringComparison.Ordinal)
                .TrimEnd('\n'),
        };
    }

    public string? Header(string name) => Headers.FirstOrDefault(h => h.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    /// <summary>The body as it goes over the wire.</summary>
    public byte[] Bytes() =>
        Encoding.UTF8.GetBytes(
            IsForm ? Body.Replace("\n", "\r\n", StringComparison.Ordinal) + "\r\n"
            : IsEventStream ? Body + "\n\n"
            : Body
        );

    public override string ToString() =>
        string.Concat(Headers.Select(h => $"{h.Name}: {h.Value}\n").Prepend(Start + "\n")) + (Body.Length > 0 ? $"\n{Body}\n" : "");
}
