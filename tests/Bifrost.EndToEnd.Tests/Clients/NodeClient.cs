namespace Bifrost.EndToEnd.Tests.Clients;

/// <summary>Node with the official client, which is unchanged but for the address.</summary>
internal static class NodeClient
{
    private const int OldestNode = 18;
    private static readonly string[] Packages = ["openai", "hyparquet"];
    private static readonly TimeSpan InstallLimit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan RunLimit = TimeSpan.FromSeconds(120);

    /// <summary>Sees to it that node is new enough and the packages of the lock file are there. Throws, with what to do, when that cannot be.</summary>
    public static async Task PrepareAsync()
    {
        var version = await Tool.RunAsync("node", ["-p", "process.versions.node"], Checkout.Root, TimeSpan.FromSeconds(30));
        if (version is not { ExitCode: 0 } || int.Parse(version.Output.Split('.')[0], null) < OldestNode)
        {
            throw new InvalidOperationException(
                $"The JavaScript client tests need node {OldestNode} or later, and npm; there is {version?.Output.Trim() ?? "none"}. Install it and try again."
            );
        }

        if (Array.TrueForAll(Packages, p => Directory.Exists(Path.Combine(Checkout.Clients, "node_modules", p))))
        {
            return;
        }

        var npm = await Tool.RunAsync("npm", ["ci", "--no-audit", "--no-fund"], Checkout.Clients, InstallLimit);
        if (npm is not { ExitCode: 0 })
        {
            throw new InvalidOperationException($"npm ci failed in {Checkout.Clients}: {npm?.Told ?? "there is no npm"}");
        }
    }

    /// <summary>Runs every JavaScript test against a gateway. Outcomes by name, and what node printed.</summary>
    public static async Task<(IReadOnlyDictionary<string, ClientOutcome> Outcomes, string Told)> RunAllAsync(Uri surface)
    {
        var report = Path.GetTempFileName();
        try
        {
            var run = await Tool.RunAsync(
                "node",
                ["--test-reporter=./reporter.mjs", $"--test-reporter-destination={report}", "all.mjs"],
                Checkout.Clients,
                RunLimit,
                ("BASE_URL", surface.AbsoluteUri)
            );
            var outcomes = new Dictionary<string, ClientOutcome>(StringComparer.Ordinal);
            foreach (var line in await File.ReadAllLinesAsync(report))
            {
                var outcome = ClientOutcome.Read(line);
                outcomes[outcome.Name] = outcome;
            }

            return (outcomes, run?.Told ?? "There is no node.");
        }
        finally
        {
            File.Delete(report);
        }
    }
}
