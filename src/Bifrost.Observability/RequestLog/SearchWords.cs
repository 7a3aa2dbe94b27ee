using System.Text;
using System.Text.Json;

namespace Bifrost.Observability.RequestLog;

/// <summary>The words of a prompt and its answer, for full-text search: what people and models wrote, without the JSON around it.</summary>
internal static class SearchWords
{
    private const int Longest = 32 << 10;

    private static readonly HashSet<string> Spoken = new(StringComparer.Ordinal)
    {
        "content",
        "text",
        "input",
        "prompt",
        "negative_prompt",
        "instructions",
        "refusal",
        "reasoning",
        "reasoning_content",
        "arguments",
        "output",
        "summary",
        "query",
        "file_name",
    };

    public static string Of(ReadOnlySpan<byte> request, ReadOnlySpan<byte> answer)
    {
        var words = new StringBuilder();
        Add(request, words);
        Add(answer, words);
        return words.ToString();
    }

    private static void Add(ReadOnlySpan<byte> said, StringBuilder words)
    {
        var start = said.TrimStart(" \t\r\n"u8);
        if (start.IsEmpty || start[0] is not ((byte)'{' or (byte)'['))
        {
            Add(words, Encoding.UTF8.GetString(said[..Math.Min(said.Length, Longest)]));
            return;
        }

        var reader = new Utf8JsonReader(said, isFinalBlock: false, default);
        var isSpoken = false;
        try
        {
            while (words.Length < Longest && reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName)
                {
                    isSpoken = Spoken.Contains(reader.GetString()!);
                }
                else if (isSpoken && reader.TokenType == JsonTokenType.String)
                {
                    Add(words, reader.GetString()!);
                }
            }
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // Cut off, or half a character: what came before can still be found.
        }
    }

    private static void Add(StringBuilder words, string text)
    {
        var room = Longest - words.Length;
        if (room <= 0 || text.Length == 0)
        {
            return;
        }

        words.Append(words.Length > 0 ? "\n" : "").Append(text.AsSpan(0, Math.Min(room, text.Length)));
    }
}
