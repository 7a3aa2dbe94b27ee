using System.Text.Json;
using static Bifrost.Wire.Dialects.Replicate.SchemaReader;

namespace Bifrost.Wire.Dialects.Replicate;

/// <summary>Facts about models that schemas cannot say, by pattern of their name; the first rule that says something wins. Ours are the embedded
/// <c>Overrides.json</c>; configuration in the same form goes before them.</summary>
public sealed class Overrides
{
    /// <summary>Ours alone.</summary>
    public static readonly Overrides BuiltIn = Load();

    private readonly IReadOnlyList<Rule> _rules;
    private readonly IReadOnlyDictionary<string, string[]> _aliases;

    private Overrides(IReadOnlyList<Rule> rules, IReadOnlyDictionary<string, string[]> aliases) => (_rules, _aliases) = (rules, aliases);

    /// <summary>These rules with those of a configuration (the form of <c>Overrides.json</c>) before them. What it does not understand it leaves
    /// out.</summary>
    public Overrides With(JsonElement configuration)
    {
        var rules = ReadRules(configuration);
        rules.AddRange(_rules);
        var aliases = new Dictionary<string, string[]>(_aliases, StringComparer.Ordinal);
        ReadAliases(configuration, aliases);
        return new Overrides(rules, aliases);
    }

    public ModelTraits For(ModelReference model)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model.Slug is not { } slug)
        {
            return ModelTraits.None;
        }

        PromptStyle? prompt = null;
        MaskPolarity? mask = null;
        IReadOnlyList<string>? required = null;
        bool? thinks = null;
        double? seconds = null;
        double? limit = null;
        foreach (var rule in _rules)
        {
            if (Matches(rule.Pattern, slug))
            {
                prompt ??= rule.Prompt;
                mask ??= rule.Mask;
                required ??= rule.Required;
                thinks ??= rule.ThinksFirst;
                seconds ??= rule.VideoSeconds;
                limit ??= rule.StandardLimit;
            }
        }

        return new ModelTraits
        {
            Prompt = prompt ?? PromptStyle.Transcript,
            Mask = mask,
            Required = required ?? [],
            ThinksFirst = thinks ?? false,
            VideoSeconds = seconds,
            StandardLimit = limit is >= 1 and < int.MaxValue ? (int)limit : null,
        };
    }

    /// <summary>Names under which models know an input that callers call <paramref name="name"/>, the best first.</summary>
    internal ReadOnlySpan<string> AliasesOf(string name) => _aliases.TryGetValue(name, out var names) ? names : (string[])[name];

    /// <summary>A star stands for any characters.</summary>
    internal static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        var star = pattern.IndexOf('*');
        if (star < 0)
        {
            return pattern.Equals(text, StringComparison.OrdinalIgnoreCase);
        }

        if (!text.StartsWith(pattern[..star], StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var rest = pattern[(star + 1)..];
        for (var from = star; from <= text.Length; from++)
        {
            if (Matches(rest, text[from..]))
            {
                return true;
            }
        }

        return false;
    }

    private static Overrides Load()
    {
        using var document = Resources.Open("Mapping.Overrides.json");
        var aliases = new Dictionary<string, string[]>(StringComparer.Ordinal);
        ReadAliases(document.RootElement, aliases);
        return new Overrides(ReadRules(document.RootElement), aliases);
    }

    private static List<Rule> ReadRules(JsonElement from)
    {
        var rules = new List<Rule>();
        if (Member(from, "models", out var models) && models.ValueKind == JsonValueKind.Array)
        {
            foreach (var rule in models.EnumerateArray())
            {
                if (Text(rule, "model") is { Length: > 0 and <= 200 } pattern)
                {
                    rules.Add(Read(pattern, rule));
                }
            }
        }

        return rules;
    }

    private static Rule Read(string pattern, JsonElement rule) =>
        new(
            pattern,
            Text(rule, "prompt") switch
            {
                "transcript" => PromptStyle.Transcript,
                "llama3" => PromptStyle.Llama3,
                "llama2" => PromptStyle.Llama2,
                "mistral" => PromptStyle.Mistral,
                "raw" => PromptStyle.Raw,
                _ => null,
            },
            Text(rule, "mask") switch
            {
                "white" => MaskPolarity.WhiteRepaints,
                "black" => MaskPolarity.BlackRepaints,
                _ => null,
            },
            Member(rule, "required", out var required) ? Strings(required) : null,
            Member(rule, "thinks_first", out var thinks) ? thinks.ValueKind == JsonValueKind.True : null,
            Number(rule, "video_seconds"),
            Number(rule, "standard_limit")
        );

    private static void ReadAliases(JsonElement from, Dictionary<string, string[]> aliases)
    {
        if (Member(from, "aliases", out var lists) && lists.ValueKind == JsonValueKind.Object)
        {
            foreach (var list in lists.EnumerateObject())
            {
                aliases[list.Name] = Strings(list.Value);
            }
        }
    }

    private static string[] Strings(JsonElement list)
    {
        var texts = new List<string>();
        if (list.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in list.EnumerateArray())
            {
                if (Words(item) is { } text)
                {
                    texts.Add(text);
                }
            }
        }

        return [.. texts];
    }

    private sealed record Rule(
        string Pattern,
        PromptStyle? Prompt,
        MaskPolarity? Mask,
        IReadOnlyList<string>? Required,
        bool? ThinksFirst,
        double? VideoSeconds,
        double? StandardLimit
    );
}
