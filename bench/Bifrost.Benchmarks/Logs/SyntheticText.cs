using System.Globalization;
using System.Text;
using Bifrost.Observability.RequestLog;

namespace Bifrost.Benchmarks.Logs;

/// <summary>Prompts and answers of made-up words, some of which are everywhere, most of which are rare.</summary>
internal static class SyntheticText
{
    /// <summary>In most contents.</summary>
    public const string Frequent = "w0";

    /// <summary>In one content of a thousand.</summary>
    public const string Rare = "seldomly";

    private static readonly Shares Vocabulary = Shares.Falling(20_000, 1.0);

    public static LogPayload Content(string id, long at, Random random)
    {
        var question = Sentence(random, 20 + random.Next(100));
        var answer = Sentence(random, 20 + random.Next(150)) + (random.Next(1000) == 0 ? " " + Rare : "");
        return new LogPayload(
            id,
            at,
            Encoding.UTF8.GetBytes($$"""{"model":"any","messages":[{"role":"user","content":"{{question}}"}],"temperature":0.7}"""),
            Encoding.UTF8.GetBytes(
                $$"""{"object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"{{answer}}"},"finish_reason":"stop"}]}"""
            ),
            question + "\n" + answer,
            false
        );
    }

    private static string Sentence(Random random, int words)
    {
        var text = new StringBuilder(words * 6);
        for (var at = 0; at < words; at++)
        {
            text.Append(at == 0 ? "" : " ").Append('w').Append(Vocabulary.Pick(random).ToString(CultureInfo.InvariantCulture));
        }

        return text.ToString();
    }
}
