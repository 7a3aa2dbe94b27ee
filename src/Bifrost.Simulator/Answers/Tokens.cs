using System.Collections.Immutable;

namespace Bifrost.Simulator;

/// <summary>A tokenizer good enough for a simulation: words with their leading space, at most six letters a token, each other sign alone.</summary>
internal static class Tokens
{
    private const int Longest = 6;

    public static int Count(string text) => Split(text).Length;

    public static ImmutableArray<string> Split(string text)
    {
        var tokens = ImmutableArray.CreateBuilder<string>();
        var start = 0;
        while (start < text.Length)
        {
            var end = start + (text[start] == ' ' && start + 1 < text.Length && char.IsLetterOrDigit(text[start + 1]) ? 1 : 0);
            if (char.IsLetterOrDigit(text[end]))
            {
                var first = end;
                while (end < text.Length && char.IsLetterOrDigit(text[end]) && end - first < Longest)
                {
                    end++;
                }
            }
            else
            {
                // A surrogate pair must not be torn: each token becomes UTF-8 by itself.
                end += char.IsHighSurrogate(text[end]) && end + 1 < text.Length ? 2 : 1;
            }

            tokens.Add(text[start..end]);
            start = end;
        }

        return tokens.ToImmutable();
    }
}
