using Bifrost.Configuration;

namespace Bifrost.Server.Flags;

/// <summary>How this process was asked to run.</summary>
/// <param name="Host">An IP address, <c>localhost</c>, or <c>*</c> for every address of the machine.</param>
/// <param name="Port">0 to 65535; 0 takes any free one.</param>
/// <param name="AppDir">The folder of config.json, as an absolute path. It need not exist.</param>
/// <param name="LogLevel">Debug, Information, Warning or Error.</param>
/// <param name="LogStyle">How a log line looks.</param>
/// <param name="Demo">Answer from the built-in simulator, without any key.</param>
internal sealed record StartOptions(string Host, int Port, string AppDir, LogLevel LogLevel, LogStyle LogStyle, bool Demo)
{
    /// <summary>The demo has owners, keys, a past and traffic of its own.</summary>
    public bool Lively { get; init; }

    public string ConfigPath => Path.Combine(AppDir, ConfigFile.Name);
}

internal enum LogStyle
{
    /// <summary>One JSON object a line.</summary>
    Json,

    /// <summary>For reading.</summary>
    Pretty,
}

/// <summary>Either how to start, or what to say and the code to leave with: 0 for a question answered (say it on stdout), 2 for mistakes (stderr).</summary>
internal sealed record FlagsOutcome(StartOptions? Options, int ExitCode, string Text);
