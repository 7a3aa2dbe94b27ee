using System.Text.RegularExpressions;

namespace Bifrost.Governance.Prices;

/// <summary>
/// Which models are meant, without regard to case: a name (<c>gpt-5</c>), a name with stars at its ends (<c>gpt-5-*</c>, <c>*nova-lite*</c>),
/// or a regular expression between slashes (<c>/^grok-\d+$/</c>).
/// </summary>
public sealed class ModelPattern
{
    private const RegexOptions AnyCase = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    private readonly Shape _shape;
    private readonly string _text;
    private readonly Regex? _regex;

    private ModelPattern(Shape shape, string text, Regex? regex = null)
    {
        _shape = shape;
        _text = text;
        _regex = regex;
    }

    private enum Shape
    {
        Regex,
        Contains,
        Suffix,
        Prefix,
        Exact,
    }

    /// <summary>The name, if it is one and nothing else matches.</summary>
    public string? ExactName => _shape == Shape.Exact ? _text : null;

    /// <summary>Grows with how much the pattern says: a name above stars above expressions, then by letters given.</summary>
    public (int Kind, int Letters) Specificity =>
        _shape switch
        {
            Shape.Exact => (2, _text.Length),
            Shape.Regex => (0, _text.Length),
            _ => (1, _text.Length),
        };

    /// <summary>False if it is empty, has a star in the middle, or is an expression that needs backtracking (it could be made to run for ever).</summary>
    public static bool TryParse(string text, out ModelPattern pattern) =>
        TryParse(text, AnyCase | RegexOptions.NonBacktracking, out pattern);

    /// <summary>
    /// A pattern we wrote ourselves, whose expression may backtrack: the machinery that does without costs four megabytes and a tenth of a start.
    /// </summary>
    /// <exception cref="InvalidDataException">It is no pattern.</exception>
    internal static ModelPattern Own(string text) =>
        TryParse(text, AnyCase, out var pattern) ? pattern : throw new InvalidDataException($"{text} is no pattern.");

    private static bool TryParse(string text, RegexOptions options, out ModelPattern pattern)
    {
        pattern = new ModelPattern(Shape.Exact, text);
        if (text.Length > 2 && text[0] == '/' && text[^1] == '/')
        {
            return TryRegex(text[1..^1], options, out pattern);
        }

        var open = text.StartsWith('*');
        var more = text.EndsWith('*');
        var inner = text.Trim('*');
        if (text.Length == 0 || inner.Contains('*', StringComparison.Ordinal))
        {
            return false;
        }

        var shape = (open, more) switch
        {
            (true, true) => Shape.Contains,
            (true, false) => Shape.Suffix,
            (false, true) => Shape.Prefix,
            _ => Shape.Exact,
        };
        pattern = new ModelPattern(shape, inner);
        return true;
    }

    public bool Matches(string model) =>
        _shape switch
        {
            Shape.Exact => string.Equals(model, _text, StringComparison.OrdinalIgnoreCase),
            Shape.Prefix => model.StartsWith(_text, StringComparison.OrdinalIgnoreCase),
            Shape.Suffix => model.EndsWith(_text, StringComparison.OrdinalIgnoreCase),
            Shape.Contains => model.Contains(_text, StringComparison.OrdinalIgnoreCase),
            _ => _regex!.IsMatch(model),
        };

    private static bool TryRegex(string text, RegexOptions options, out ModelPattern pattern)
    {
        pattern = new ModelPattern(Shape.Exact, text);
        try
        {
            pattern = new ModelPattern(Shape.Regex, text, new Regex(text, options));
            return true;
        }
        catch (Exception refused) when (refused is ArgumentException or NotSupportedException)
        {
            return false;
        }
    }
}
