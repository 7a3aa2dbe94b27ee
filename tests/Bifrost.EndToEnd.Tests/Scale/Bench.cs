namespace Bifrost.EndToEnd.Tests.Scale;

/// <summary>The benchmarks' program, as <c>bench/logs</c> and <c>bench/soak</c> run it, made small.</summary>
internal static class Bench
{
    /// <param name="arguments">The mode and its options.</param>
    public static async Task<ToolRun> RunAsync(params IReadOnlyList<string> arguments)
    {
        Assert.True(File.Exists(Checkout.Benchmarks), $"The benchmarks are not built: there is no {Checkout.Benchmarks}.");
        // Programs look for the runtime in its usual homes only; these tests already run on one that will do.
        var runtime = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "../../.."));
        var run = await Tool.RunAsync(
            Checkout.Benchmarks,
            arguments,
            Checkout.Root,
            TimeSpan.FromMinutes(2),
            ("DOTNET_ROOT", Environment.GetEnvironmentVariable("DOTNET_ROOT") ?? runtime)
        );
        Assert.NotNull(run);
        return run;
    }
}
