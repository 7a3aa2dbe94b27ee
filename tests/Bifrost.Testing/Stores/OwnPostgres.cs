using System.Diagnostics;

namespace Bifrost.Testing.Stores;

/// <summary>A PostgreSQL server of one test, which may stop it and start it again.</summary>
public sealed class OwnPostgres : IAsyncDisposable
{
    private readonly Process _script;

    private OwnPostgres(Process script, string connection) => (_script, Connection) = (script, connection);

    public string Connection { get; }

    public static async Task<OwnPostgres> StartAsync()
    {
        var script = new ProcessStartInfo(Sources.PathOf("eng/postgres.sh"))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var running = Process.Start(script) ?? throw new InvalidOperationException("eng/postgres.sh could not be started.");
        return await running.StandardOutput.ReadLineAsync() is { Length: > 0 } connection
            ? new OwnPostgres(running, connection)
            : throw new InvalidOperationException("No PostgreSQL server of the test's own.");
    }

    /// <summary>Ends the server and every connection to it.</summary>
    public Task StopAsync() => TellAsync("stop");

    /// <summary>Starts it again where it was.</summary>
    public Task StartAgainAsync() => TellAsync("start");

    public async ValueTask DisposeAsync()
    {
        _script.StandardInput.Close();
        await _script.WaitForExitAsync();
        _script.Dispose();
    }

    private async Task TellAsync(string what)
    {
        await _script.StandardInput.WriteLineAsync(what);
        await _script.StandardInput.FlushAsync();
        if (await _script.StandardOutput.ReadLineAsync() is not "done")
        {
            throw new InvalidOperationException($"PostgreSQL did not {what}.");
        }
    }
}
