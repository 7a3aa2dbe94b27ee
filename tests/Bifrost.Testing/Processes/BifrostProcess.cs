using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Xunit;

namespace Bifrost.Testing.Processes;

/// <summary>The built program as a process of its own, with a folder for config.json and what it keeps, and none of the environment variables it listens to.</summary>
public sealed partial class BifrostProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly string[] Listened = ["REPLICATE_", "OPENAI_", "BIFROST_", "APP_", "LOG_", "OTEL_"];

    private readonly Process _process;
    private readonly string _folder;
    private readonly bool _keeps;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private BifrostProcess(Process process, string folder, bool keeps)
    {
        _process = process;
        _folder = folder;
        _keeps = keeps;
    }

    /// <summary>The program as it is built, in the same configuration as these tests.</summary>
    public static string Program { get; } =
        Path.Combine(
            Sources.Root,
            "artifacts",
            "bin",
            "Bifrost.Server",
            Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)),
            OperatingSystem.IsWindows() ? "bifrost.exe" : "bifrost"
        );

    /// <summary>Standard output so far.</summary>
    public string Output => Text(_output);

    /// <summary>Standard error so far.</summary>
    public string Errors => Text(_errors);

    public static BifrostProcess Start(IReadOnlyList<string> arguments, params (string Name, string Value)[] environment) =>
        Start(null, arguments, environment);

    /// <summary>In a folder of its own, gone with the process.</summary>
    /// <param name="config">Text of config.json; null for none.</param>
    /// <param name="arguments">The command line.</param>
    /// <param name="environment">Variables beyond the inherited ones.</param>
    public static BifrostProcess Start(string? config, IReadOnlyList<string> arguments, params (string Name, string Value)[] environment)
    {
        var folder = Directory.CreateTempSubdirectory("bifrost-test-").FullName;
        if (config is not null)
        {
            File.WriteAllText(Path.Combine(folder, "config.json"), config);
        }

        return Start(folder, keeps: false, arguments, environment);
    }

    /// <summary>In a folder that stays, so that another may go on where this one ended.</summary>
    public static BifrostProcess StartIn(
        string folder,
        IReadOnlyList<string> arguments,
        params (string Name, string Value)[] environment
    ) => Start(folder, keeps: true, arguments, environment);

    private static BifrostProcess Start(
        string folder,
        bool keeps,
        IReadOnlyList<string> arguments,
        IReadOnlyList<(string Name, string Value)> environment
    )
    {
        Assert.True(File.Exists(Program), $"The program is not built: there is no {Program}.");
        var start = new ProcessStartInfo(Program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        Furnish(start.Environment, folder, environment);
        var running = new BifrostProcess(new Process { StartInfo = start }, folder, keeps);
        running.Begin();
        return running;
    }

    /// <summary>Where it listens, as its banner tells. Throws when it ends instead, or says nothing for half a minute.</summary>
    public async Task<Uri> AddressAsync()
    {
        var ended = _process.WaitForExitAsync();
        if (await Task.WhenAny(_address.Task, ended, Task.Delay(Patience)) == _address.Task)
        {
            return await _address.Task;
        }

        throw new InvalidOperationException($"Bifrost told no address.\n{Output}{Errors}");
    }

    /// <summary>SIGTERM, as a container's runtime or systemd sends it.</summary>
    public async Task TerminateAsync()
    {
        var id = _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var sent = await Tool.RunAsync("sh", ["-c", $"kill -TERM {id}"], _folder, Patience);
        Assert.True(sent is { ExitCode: 0 }, sent?.Told ?? "There is no shell to send a signal with.");
    }

    /// <summary>SIGKILL, which nobody can see coming.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>The exit code, once it has ended and all it said is read.</summary>
    public async Task<int> ExitAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
        if (!_keeps)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private static void Furnish(IDictionary<string, string?> variables, string folder, IReadOnlyList<(string Name, string Value)> added)
    {
        foreach (var name in variables.Keys.Where(n => Listened.Any(n.StartsWith)).ToList())
        {
            variables.Remove(name);
        }

        variables["APP_DIR"] = folder;
        // Programs look for the runtime in its usual homes only; these tests already run on one that will do.
        variables.TryAdd(
            "DOTNET_ROOT",
            Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "../../.."))
        );
        foreach (var (name, value) in added)
        {
            variables[name] = value;
        }
    }

    private void Begin()
    {
        _process.OutputDataReceived += (_, line) =>
        {
            Add(_output, line.Data);
            if (HttpLine().Match(line.Data ?? "") is { Success: true } found)
            {
                _address.TrySetResult(new Uri(found.Groups[1].Value));
            }
        };
        _process.ErrorDataReceived += (_, line) => Add(_errors, line.Data);
        _process.Start();
        _process.StandardInput.Close();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private static void Add(StringBuilder to, string? line)
    {
        lock (to)
        {
            to.Append(line).Append(line is null ? "" : "\n");
        }
    }

    private static string Text(StringBuilder said)
    {
        lock (said)
        {
            return said.ToString();
        }
    }

    [GeneratedRegex(@"^  HTTP +(http://\S+)$", RegexOptions.CultureInvariant)]
    private static partial Regex HttpLine();
}
