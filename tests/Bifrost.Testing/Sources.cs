namespace Bifrost.Testing;

/// <summary>The checkout that the tests were built from: its fixtures and its sources.</summary>
public static class Sources
{
    public static string Root { get; } = Find();

    /// <param name="relative">From the root, with forward slashes.</param>
    public static string PathOf(string relative) => Path.Combine(Root, relative);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Bifrost.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No Bifrost.slnx in or above {AppContext.BaseDirectory}.");
    }
}
