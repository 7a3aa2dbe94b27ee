using System.ComponentModel;
using System.Diagnostics;

namespace Bifrost.Testing.Processes;

/// <summary>What a command said until it ended.</summary>
public sealed record ToolRun(int ExitCode, string Output, string Errors)
{
    public string Told => $"exit code {ExitCode}\n{Output}{Errors}";
}

/// <summary>Commands of other people that the tests need.</summary>
public static class Tool
{
    /// <summary>Runs to the end, or to the limit, when it is killed. Null when there is no such command.</summary>
    public static async Task<ToolRun?> RunAsync(
        string command,
        IReadOnlyList<string> arguments,
        string folder,
        TimeSpan limit,
        params (string Name, string Value)[] environment
    )
    {
        var start = new ProcessStartInfo(command, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = new Process { StartInfo = start };
        try
        {
            process.Start();
        }
        catch (Win32Exception)
        {
            return null;
        }

        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(limit);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            return new ToolRun(-1, await output, $"{await errors}\n{command} was killed after {limit.TotalSeconds} seconds.");
        }

        return new ToolRun(process.ExitCode, await output, await errors);
    }
}
