namespace Bifrost.Testing;

/// <summary>Where things are in this checkout, found from where the tests were built to.</summary>
public static class Checkout
{
    public static string Root { get; } = FindRoot();

    /// <summary>The folder of the JavaScript client tests.</summary>
    public static string Clients { get; } = Path.Combine(Root, "tests", "clients");

    /// <summary>The folder of the tests in a browser.</summary>
    public static string Browser { get; } = Path.Combine(Root, "tests", "browser");

    /// <summary>The benchmarks as they are built, in the same configuration as these tests.</summary>
    public static string Benchmarks { get; } = Built("Bifrost.Benchmarks", "Bifrost.Benchmarks");

    private static string Built(string project, string name) =>
        Path.Combine(
            Root,
            "artifacts",
            "bin",
            project,
            Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)),
            OperatingSystem.IsWindows() ? name + ".exe" : name
        );

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Bifrost.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds Bifrost.slnx.");
    }
}
