using System.Text;

namespace Bifrost.Observability.Metrics;

/// <summary>Labels as they stand in the text, made once for each series: <c>provider="openai",model="gpt-4o"</c>. A label without a value is left out,
/// which to Prometheus is the same.</summary>
public readonly struct LabelText
{
    internal const int MaxLength = 256;

    private readonly byte[]? _text;

    private LabelText(byte[] text) => _text = text;

    internal ReadOnlySpan<byte> Bytes => _text;

    public static LabelText Of(params ReadOnlySpan<(string Name, string? Value)> labels)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in labels)
        {
            Add(text, name, value);
        }

        return Of(text);
    }

    internal static LabelText Of(StringBuilder text) => new(Encoding.UTF8.GetBytes(text.ToString()));

    internal static void Add(StringBuilder text, string name, string? value)
    {
        if (string.IsNullOrEmpty(value))
        {
            return;
        }

        text.Append(text.Length > 0 ? "," : "").Append(name).Append("=\"");
        foreach (var c in value.AsSpan(0, Math.Min(value.Length, MaxLength)))
        {
            _ = c switch
            {
                '\\' => text.Append(@"\\"),
                '"' => text.Append("\\\""),
                '\n' => text.Append(@"\n"),
                _ => text.Append(c),
            };
        }

        text.Append('"');
    }
}
