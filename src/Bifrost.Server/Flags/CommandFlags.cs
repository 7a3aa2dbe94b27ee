using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using System.Reflection;
using System.Text;
using Bifrost.Configuration;

namespace Bifrost.Server.Flags;

/// <summary>The command line. A flag goes before its environment variable, that before the default. Every mistake is told at once.</summary>
internal static class CommandFlags
{
    private static readonly Dictionary<string, LogLevel> Levels = new(StringComparer.OrdinalIgnoreCase)
    {
        ["debug"] = LogLevel.Debug,
        ["info"] = LogLevel.Information,
        ["warn"] = LogLevel.Warning,
        ["error"] = LogLevel.Error,
    };

    private static readonly Dictionary<string, LogStyle> Styles = new(StringComparer.OrdinalIgnoreCase)
    {
        ["json"] = LogStyle.Json,
        ["pretty"] = LogStyle.Pretty,
    };

    /// <param name="args">Without the program's name. <c>--port 9000</c>, <c>--port=9000</c>, <c>-port 9000</c> and <c>-port=9000</c> mean the same.</param>
    /// <param name="environment">The process's environment variables.</param>
    /// <param name="onTerminal">Whether somebody reads along, which chooses the default log style. Null: ask the console.</param>
    public static FlagsOutcome Parse(string[] args, Func<string, string?> environment, bool? onTerminal = null)
    {
        var mistakes = new List<string>();
        var given = Given.Nothing;
        // Loading a parser costs more than all the rest of this; the plain start does without.
        if (args.Length > 0)
        {
            given = CommandParser.Parse(args, mistakes);
        }

        if (given.Help)
        {
            return new FlagsOutcome(null, 0, HelpText.Whole);
        }

        if (given.Version)
        {
            return new FlagsOutcome(null, 0, $"bifrost {Version}\n");
        }

        var from = new Sources(given, environment);
        var options = new StartOptions(
            Host(from, mistakes),
            Port(from, mistakes),
            AppDir(from, environment, mistakes),
            Choice(from.First("log-level", "LOG_LEVEL"), Levels, LogLevel.Information, mistakes),
            Choice(
                from.First("log-style", "LOG_STYLE"),
                Styles,
                onTerminal ?? !Console.IsOutputRedirected ? LogStyle.Pretty : LogStyle.Json,
                mistakes
            ),
            given.Demo
        )
        {
            Lively = given.Demo && !given.Still,
        };
        return mistakes.Count == 0 ? new FlagsOutcome(options, 0, "") : new FlagsOutcome(null, 2, Told(mistakes));
    }

    /// <summary>The program's version, without the commit it was built from.</summary>
    public static string Version { get; } =
        typeof(CommandFlags).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
        ?? "0";

    private static string Host(Sources from, List<string> mistakes)
    {
        if (from.First("host", "BIFROST_HOST", "APP_HOST") is not { } given)
        {
            return "127.0.0.1";
        }

        if (given.Text is "localhost" or "*" || IPAddress.TryParse(given.Text, out _))
        {
            return given.Text;
        }

        mistakes.Add($"{given} is not an IP address. Use 127.0.0.1 or localhost for this machine alone, 0.0.0.0 or * for every network.");
        return given.Text;
    }

    private static int Port(Sources from, List<string> mistakes)
    {
        if (from.First("port", "APP_PORT") is not { } given)
        {
            return 8080;
        }

        if (int.TryParse(given.Text, System.Globalization.NumberStyles.None, null, out var port) && port <= IPEndPoint.MaxPort)
        {
            return port;
        }

        mistakes.Add($"{given} is not a port. Use a number from 1 to 65535, or 0 for any free port.");
        return 0;
    }

    private static string AppDir(Sources from, Func<string, string?> environment, List<string> mistakes)
    {
        if (from.First("app-dir", "APP_DIR") is not { } given)
        {
            return DefaultAppDir(environment);
        }

        if (given.Text.Contains('\0', StringComparison.Ordinal) || File.Exists(given.Text))
        {
            mistakes.Add($"{given} is not a folder. Use the folder that holds {ConfigFile.Name}.");
            return given.Text;
        }

        return Path.GetFullPath(given.Text);
    }

    private static string DefaultAppDir(Func<string, string?> environment)
    {
        var settings = OperatingSystem.IsWindows() ? environment("APPDATA") : environment("XDG_CONFIG_HOME");
        if (!string.IsNullOrEmpty(settings) && Path.IsPathFullyQualified(settings))
        {
            return Path.Combine(settings, "bifrost");
        }

        // Services and bare containers often have no home; the folder they run in will do.
        return environment("HOME") is { Length: > 0 } home
            ? Path.GetFullPath(Path.Combine(home, ".config", "bifrost"))
            : Path.GetFullPath("bifrost");
    }

    private static T Choice<T>(GivenValue? given, Dictionary<string, T> choices, T otherwise, List<string> mistakes)
    {
        if (given is null)
        {
            return otherwise;
        }

        if (choices.TryGetValue(given.Text, out var chosen))
        {
            return chosen;
        }

        mistakes.Add($"{given} is not one of {string.Join(", ", choices.Keys)}.{NearMiss.Question(given.Text, choices.Keys)}");
        return otherwise;
    }

    private static string Told(List<string> mistakes)
    {
        var text = new StringBuilder();
        foreach (var mistake in mistakes)
        {
            text.Append("bifrost: ").Append(mistake).Append('\n');
        }

        return text.Append("Run `bifrost --help` for all flags.\n").ToString();
    }
}
