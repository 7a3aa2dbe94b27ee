using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Bifrost.Benchmarks.Soak;

/// <summary>The real program as a process of its own, with an app directory of its own.</summary>
internal sealed class SoakServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // Variables that the server takes settings from.
    private static readonly string[] Listened = ["REPLICATE_", "OPENAI_", "BIFROST_", "APP_", "LOG_", "OTEL_"];

    private readonly Process _process;
    private readonly TextWriter _said;

    private SoakServer(Process process, TextWriter said, Uri address) => (_process, _said, Address) = (process, said, address);

    public int Id => _process.Id;

    public bool HasEnded => _process.HasExited;

    public Uri Address { get; }

    /// <param name="program">What is started.</param>
    /// <param name="folder">Its app directory; what it says is written there, to <c>said.log</c>.</param>
    /// <param name="upstream">Of its only provider.</param>
    /// <param name="postgres">Members of a store's <c>config</c>; null: SQLite.</param>
    public static async Task<SoakServer> StartAsync(string program, string folder, Uri upstream, JsonObject? postgres)
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "config.json"), ConfigOf(upstream, postgres).ToJsonString());
        var port = FreePort();
        var start = new ProcessStartInfo(
            program,
            ["--port", port.ToString(System.Globalization.CultureInfo.InvariantCulture), "--app-dir", folder, "--log-level", "error"]
        )
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(name => Listened.Any(name.StartsWith)).ToList())
        {
            start.Environment.Remove(name);
        }

        var said = TextWriter.Synchronized(new StreamWriter(Path.Combine(folder, "said.log")) { AutoFlush = true });
        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => said.WriteLine(line.Data);
        process.ErrorDataReceived += (_, line) => said.WriteLine(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var server = new SoakServer(process, said, new Uri($"http://127.0.0.1:{port}"));
        try
        {
            await server.ReadyAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        await _said.DisposeAsync();
    }

    private async Task ReadyAsync()
    {
        using var http = new HttpClient();
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < Patience && !_process.HasExited; await Task.Delay(100))
        {
            try
            {
                if ((await http.GetAsync(new Uri(Address, "/health"))).IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not yet.
            }
        }

        throw new InvalidOperationException("The server did not start; what it said is in said.log in its folder.");
    }

    private static JsonObject ConfigOf(Uri upstream, JsonObject? postgres)
    {
        JsonObject? Store() =>
            postgres is null
                ? null
                : new()
                {
                    ["enabled"] = true,
                    ["type"] = "postgres",
                    ["config"] = postgres.DeepClone(),
                };

        var config = new JsonObject
        {
            ["providers"] = new JsonObject
            {
                ["openai"] = new JsonObject
                {
                    ["keys"] = new JsonArray(
                        new JsonObject
                        {
                            ["name"] = "soak",
                            ["value"] = "sk-soak-upstream",
                            ["models"] = new JsonArray("*"),
                        }
                    ),
                    ["network_config"] = new JsonObject { ["base_url"] = upstream.ToString().TrimEnd('/') },
                },
            },
            ["client"] = new JsonObject { ["enforce_auth_on_inference"] = true },
        };
        if (Store() is { } store)
        {
            config["logs_store"] = store;
        }

        return config;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
