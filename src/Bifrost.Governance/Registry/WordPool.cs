using System.Text.Json;

namespace Bifrost.Governance.Registry;

/// <summary>One instance of each text and each list of texts, however many documents hold it: 100,000 virtual keys name a few thousand teams and a
/// handful of models. Used while reading; not thread-safe.</summary>
internal sealed class WordPool
{
    private const int LongestShared = 256;

    private readonly HashSet<string> _words = new(StringComparer.Ordinal);
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _byText;
    private readonly HashSet<string[]> _lists = new(new SameWords());
    private readonly List<string> _reading = [];

    public WordPool() => _byText = _words.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The string that the reader stands on.</summary>
    public string Word(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.String || json.ValueSpan.Length > LongestShared)
        {
            return json.GetString() ?? throw new JsonException("A text is null.");
        }

        Span<char> text = stackalloc char[LongestShared];
        text = text[..json.CopyString(text)];
        if (!_byText.TryGetValue(text, out var word))
        {
            word = text.ToString();
            _words.Add(word);
        }

        return word;
    }

    /// <summary>The array of strings that the reader stands on the beginning of.</summary>
    public IReadOnlyList<string> Words(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException("A list of texts is expected.");
        }

        _reading.Clear();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            _reading.Add(Word(ref json));
        }

        if (_reading.Count == 0)
        {
            return [];
        }

        var list = _reading.ToArray();
        if (_lists.TryGetValue(list, out var shared))
        {
            return shared;
        }

        _lists.Add(list);
        return list;
    }

    private sealed class SameWords : IEqualityComparer<string[]>
    {
        public bool Equals(string[]? x, string[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(string[] obj)
        {
            var hash = default(HashCode);
            foreach (var word in obj)
            {
                hash.Add(word.Length);
                hash.Add(word.Length == 0 ? '\0' : word[^1]);
            }

            return hash.ToHashCode();
        }
    }
}
