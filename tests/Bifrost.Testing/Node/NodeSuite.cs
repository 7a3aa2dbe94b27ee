using Bifrost.Testing.Processes;

namespace Bifrost.Testing.Node;

/// <summary>A folder of JavaScript tests, run by node in one process.</summary>
/// <param name="folder">With a <c>package-lock.json</c> and an <c>all.mjs</c>.</param>
/// <param name="packages">What must be installed there.</param>
/// <param name="limit">How long all of them may take.</param>
public sealed class NodeSuite(string folder, string[] packages, TimeSpan limit)
{
    private const int OldestNode = 18;
    private static readonly TimeSpan InstallLimit = TimeSpan.FromMinutes(3);

    /// <summary>Every test, as it is written.</summary>
    public IReadOnlyList<NodeTest> Tests { get; } = NodeTest.In(folder);

    /// <summary>Sees to it that node is new enough and the packages of the lock file are there. Throws, with what to do, when that cannot be.</summary>
    public async Task PrepareAsync()
    {
        var version = await Tool.RunAsync("node", ["-p", "process.versions.node"], Checkout.Root, TimeSpan.FromSeconds(30));
        if (version is not { ExitCode: 0 } || int.Parse(version.Output.Split('.')[0], null) < OldestNode)
        {
            throw new InvalidOperationException(
                $"The JavaScript tests need node {OldestNode} or later, and npm; there is {version?.Output.Trim() ?? "none"}. Install it and try again."
            );
        }

        if (Array.TrueForAll(packages, p => Directory.Exists(Path.Combine(folder, "node_modules", p))))
        {
            return;
        }

        var npm = await Tool.RunAsync("npm", ["ci", "--no-audit", "--no-fund"], folder, InstallLimit);
        if (npm is not { ExitCode: 0 })
        {
            throw new InvalidOperationException($"npm ci failed in {folder}: {npm?.Told ?? "there is no npm"}");
        }
    }

    /// <summary>Runs every test. Outcomes by name, and what node printed.</summary>
    public async Task<(IReadOnlyDictionary<string, NodeOutcome> Outcomes, string Told)> RunAsync(
        params (string Name, string Value)[] environment
    )
    {
        var report = Path.GetTempFileName();
        try
        {
            var reporter = Path.Combine(Checkout.Clients, "reporter.mjs");
            var run = await Tool.RunAsync(
                "node",
                [$"--test-reporter={reporter}", $"--test-reporter-destination={report}", "all.mjs"],
                folder,
                limit,
                environment
            );
            var outcomes = new Dictionary<string, NodeOutcome>(StringComparer.Ordinal);
            foreach (var line in await File.ReadAllLinesAsync(report))
            {
                var outcome = NodeOutcome.Read(line);
                outcomes[outcome.Name] = outcome;
            }

            return (outcomes, run?.Told ?? "There is no node, or it took too long.");
        }
        finally
        {
            File.Delete(report);
        }
    }
}
