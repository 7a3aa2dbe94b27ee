using System.Globalization;
using System.Reflection;

namespace Bifrost.Benchmarks.Allocations;

/// <summary>
/// Hosts one gateway in this process, loads it from another, and prints what it allocated for each request. The generator must be
/// outside, or its own allocations would count.
/// </summary>
internal static class AllocationRun
{
    private const string Usage =
        "usage: allocations bare|yarp|bifrost --port PORT --upstream URL --body FILE --loadgen PROGRAM [--kind closed|stream] [--app-dir DIR] [--header HEADER]";

    public static async Task<int> StartAsync(string[] args)
    {
        if (args.Length < 2 || args.Length % 2 == 0)
        {
            await Console.Error.WriteLineAsync(Usage);
            return 2;
        }

        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 1; i + 1 < args.Length; i += 2)
        {
            options[args[i]] = args[i + 1];
        }

        var address = $"http://127.0.0.1:{options["--port"]}";
        using var host = Host(args[0], options, address);
        var load = new Load(
            options["--loadgen"],
            $"{address}/v1/chat/completions",
            options["--body"],
            options.GetValueOrDefault("--kind", "closed"),
            options.GetValueOrDefault("--header")
        );

        await load.FirstAnswerAsync();
        await load.RunAsync(seconds: 4);

        var before = GC.GetTotalAllocatedBytes(precise: true);
        var requests = await load.RunAsync(seconds: 3);
        var perRequest = (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)requests;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"bytes\t{perRequest:F0}\t{requests}"));

        using var sampler = new AllocationSampler();
        var sampled = await load.RunAsync(seconds: 3);
        foreach (var (type, bytes) in sampler.Largest(12))
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"type\t{bytes / (double)sampled:F0}\t{type}"));
        }

        // A hosted server has no handle to stop it by; it ends with the process.
        await Console.Out.FlushAsync();
        Environment.Exit(0);
        return 0;
    }

    private static IDisposable? Host(string subject, Dictionary<string, string> options, string address)
    {
        switch (subject)
        {
            case "bare":
                return BareForwarder.Start(address, options["--upstream"]);
            case "yarp":
                RunMain("yarp", [address, options["--upstream"]]);
                return null;
            case "bifrost":
                RunMain("bifrost", ["--port", options["--port"], "--app-dir", options["--app-dir"], "--log-level", "warn"]);
                return null;
            default:
                throw new ArgumentException(Usage, nameof(subject));
        }
    }

    /// <summary>Runs the server's own entry point, so that what is measured is what is shipped.</summary>
    private static void RunMain(string assembly, string[] args)
    {
        var main = Assembly.Load(assembly).EntryPoint ?? throw new InvalidOperationException($"{assembly} has no entry point.");
        var thread = new Thread(() =>
        {
            var code = main.Invoke(null, [args]);
            Console.Error.WriteLine($"{assembly} ended with {code ?? "no code"}.");
            Environment.Exit(1);
        })
        {
            IsBackground = true,
            Name = assembly,
        };
        thread.Start();
    }
}
