using System.Text;

namespace Bifrost.Simulator;

/// <summary>Writes events the way the stream hosts do.</summary>
internal static class SseText
{
    public static byte[] Event(string? id, string? name, string data, string newline)
    {
        var text = new StringBuilder();
        if (name is not null)
        {
            _ = text.Append("event: ").Append(name).Append(newline);
        }

        if (id is not null)
        {
            _ = text.Append("id: ").Append(id).Append(newline);
        }

        foreach (var line in data.Split('\n'))
        {
            _ = text.Append("data: ").Append(line).Append(newline);
        }

        return Encoding.UTF8.GetBytes(text.Append(newline).ToString());
    }
}
