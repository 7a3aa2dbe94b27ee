using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Bifrost.Benchmarks.Allocations;

/// <summary>The generator of bench/generator, run as a process of its own.</summary>
internal sealed class Load(string program, string url, string body, string kind, string? header = null)
{
    private const string Connections = "16";

    public async Task FirstAnswerAsync()
    {
        var answer = await StartAsync(["once", url, "-t", "20000", "-b", body]);
        if (answer.GetProperty("ok").GetInt64() != 1)
        {
            throw new InvalidOperationException($"The server did not give one good answer: {answer}");
        }
    }

    /// <returns>The requests answered; none may fail.</returns>
    public async Task<long> RunAsync(int seconds)
    {
        var length = seconds.ToString(CultureInfo.InvariantCulture);
        var answer = await StartAsync([kind, url, "-c", Connections, "-d", length, "-b", body]);
        if (answer.GetProperty("err").GetInt64() != 0)
        {
            throw new InvalidOperationException($"Requests failed under load: {answer}");
        }

        return answer.GetProperty("ok").GetInt64();
    }

    private async Task<JsonElement> StartAsync(string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, header is null ? arguments : [.. arguments, "-H", header]) { RedirectStandardOutput = true }
        )!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        using var document = JsonDocument.Parse(output);
        return document.RootElement.Clone();
    }
}
