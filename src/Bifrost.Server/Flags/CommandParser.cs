using System.CommandLine;
using System.CommandLine.Parsing;
using Bifrost.Configuration;

namespace Bifrost.Server.Flags;

/// <summary>Takes the command line apart.</summary>
internal static class CommandParser
{
    private static readonly string[] Valued = ["host", "port", "app-dir", "log-level", "log-style"];

    public static Given Parse(string[] args, List<string> mistakes)
    {
        var valued = Valued.Select(n => new Option<string>($"--{n}", $"-{n}")).ToArray();
        var demo = new Option<bool>("--demo", "-demo");
        var still = new Option<bool>("--still", "-still");
        var help = new Option<bool>("--help", "-help", "-h", "-?");
        var version = new Option<bool>("--version", "-version");
        var command = new Command("bifrost") { TreatUnmatchedTokensAsErrors = false };
        foreach (var option in (Option[])[.. valued, demo, still, help, version])
        {
            command.Add(option);
        }

        // No bundling: -port is one flag, not four. No response files: @ is a letter like any other.
        var result = command.Parse(args, new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });
        var wrong = result
            .Errors.Select(e => (e.SymbolResult as OptionResult ?? e.SymbolResult?.Parent as OptionResult)?.Option)
            .ToHashSet();
        mistakes.AddRange(wrong.OfType<Option>().Select(o => Told(o, result)));
        mistakes.AddRange(Unknown(result.UnmatchedTokens, command));
        bool Asked(Option<bool> option) => !wrong.Contains(option) && result.GetValue(option);
        return new Given(Values(valued, wrong, result, mistakes), Asked(demo), Asked(still), Asked(help), Asked(version));
    }

    private static Dictionary<string, GivenValue> Values(
        Option<string>[] options,
        HashSet<Option?> wrong,
        ParseResult result,
        List<string> mistakes
    )
    {
        var values = new Dictionary<string, GivenValue>(StringComparer.Ordinal);
        foreach (var option in options)
        {
            if (wrong.Contains(option) || result.GetResult(option) is not { Implicit: false } found)
            {
                continue;
            }

            var text = result.GetValue(option)?.Trim();
            // The parser takes whatever follows, be it the next flag.
            if (string.IsNullOrEmpty(text) || result.CommandResult.Command.Options.Any(o => o.Name == text || o.Aliases.Contains(text)))
            {
                mistakes.Add($"{option.Name} needs a value.");
                continue;
            }

            values[option.Name.TrimStart('-')] = new GivenValue(found.IdentifierToken?.Value ?? option.Name, text);
        }

        return values;
    }

    private static string Told(Option option, ParseResult result) =>
        result.GetResult(option) is { Tokens.Count: > 1 } ? $"{option.Name} is given more than once." : $"{option.Name} needs a value.";

    private static IEnumerable<string> Unknown(IReadOnlyList<string> tokens, Command command)
    {
        var afterUnknown = false;
        foreach (var token in tokens)
        {
            if (token.StartsWith('-'))
            {
                var name = token.Split('=')[0];
                var known = command.Options.Select(o => o.Name);
                yield return $"{JsonPath.Quoted(name)} is not a flag.{NearMiss.Question("--" + name.TrimStart('-'), known)}";
                afterUnknown = true;
            }
            else if (!afterUnknown)
            {
                yield return $"{JsonPath.Quoted(token)} is not understood: bifrost takes flags only.";
            }
            else
            {
                afterUnknown = false;
            }
        }
    }
}
