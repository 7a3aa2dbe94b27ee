namespace Bifrost.Wire.Dialects.Replicate;

/// <summary>Token counts that models wrapped by Replicate print into their logs, one labelled number a line.</summary>
internal readonly record struct LogUsage(long? Input, long? Output, long? Reasoning, long? ImageInput)
{
    public static LogUsage Read(string logs)
    {
        long? input = null;
        long? output = null;
        long? total = null;
        long? reasoning = null;
        long? image = null;
        foreach (var raw in logs.AsSpan().EnumerateLines())
        {
            var line = raw.Trim();
            var colon = line.IndexOf(':');
            if (colon <= 0 || !TryCount(line[(colon + 1)..], out var count))
            {
                continue;
            }

            var label = line[..colon].Trim();
            if (Is(label, "input token count"))
            {
                input = count;
            }
            else if (Is(label, "output token count"))
            {
                output = count;
            }
            else if (Is(label, "total token count"))
            {
                total = count;
            }
            else if (Is(label, "reasoning tokens"))
            {
                reasoning = count;
            }
            else if (Is(label, "input image token count"))
            {
                image = count;
            }
            else if (Is(label, "tokens"))
            {
                output ??= count;
            }
        }

        return new LogUsage(input ?? total - output, output ?? total - input, reasoning, image);
    }

    private static bool Is(ReadOnlySpan<char> label, string word) => label.Equals(word, StringComparison.OrdinalIgnoreCase);

    private static bool TryCount(ReadOnlySpan<char> text, out long count)
    {
        text = text.Trim();
        var end = 0;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
        {
            end++;
        }

        return long.TryParse(text[..end], out count);
    }
}
