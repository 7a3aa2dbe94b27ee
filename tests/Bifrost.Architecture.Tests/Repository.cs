using System.ComponentModel;
using System.Diagnostics;

namespace Bifrost.Architecture.Tests;

/// <summary>The checkout these tests were built from: its files as paths relative to the root, with forward slashes.</summary>
internal static class Repository
{
    private static readonly string[] NotOurs = [".git", "artifacts", "bin", "obj", "node_modules", "BenchmarkDotNet.Artifacts"];

    private static readonly Lazy<IReadOnlyList<string>> AllFiles = new(() =>
        (FromGit() ?? FromDisk()).Order(StringComparer.Ordinal).ToList()
    );

    public static string Root { get; } = FindRoot();

    /// <summary>Every file of the repository that git does not ignore, committed or about to be; from an unpacked archive, every file.</summary>
    public static IReadOnlyList<string> Files => AllFiles.Value;

    public static string PathOf(string relative) => Path.Combine(Root, relative);

    public static string Read(string relative) => File.ReadAllText(PathOf(relative));

    public static bool Exists(string relative) => File.Exists(PathOf(relative)) || Directory.Exists(PathOf(relative));

    /// <summary>Files under a folder, such as <c>src</c>, with one of the endings.</summary>
    public static IEnumerable<string> Under(string folder, params string[] endings) =>
        Files.Where(file =>
            file.StartsWith(folder + "/", StringComparison.Ordinal)
            && (endings.Length == 0 || endings.Any(ending => file.EndsWith(ending, StringComparison.Ordinal)))
        );

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Bifrost.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No Bifrost.slnx in or above {AppContext.BaseDirectory}.");
    }

    private static List<string>? FromGit()
    {
        // Without its own .git this may be an unpacked archive inside somebody else's repository, whose git would list nothing of ours.
        if (!Path.Exists(PathOf(".git")))
        {
            return null;
        }

        var start = new ProcessStartInfo("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        {
            WorkingDirectory = Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using var git = Process.Start(start)!;
            git.ErrorDataReceived += (_, _) => { };
            git.BeginErrorReadLine();
            var listed = git.StandardOutput.ReadToEnd();
            git.WaitForExit();

            // Git refuses a checkout that belongs to another user; the files are there all the same.
            return git.ExitCode == 0
                ? listed.Split('\0', StringSplitOptions.RemoveEmptyEntries).Distinct().Where(file => File.Exists(PathOf(file))).ToList()
                : null;
        }
        catch (Win32Exception)
        {
            // No git on this machine.
            return null;
        }
    }

    private static List<string> FromDisk()
    {
        var found = new List<string>();
        var folders = new Stack<string>([Root]);
        while (folders.TryPop(out var folder))
        {
            found.AddRange(Directory.EnumerateFiles(folder).Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/')));
            foreach (var inner in Directory.EnumerateDirectories(folder))
            {
                if (!NotOurs.Contains(Path.GetFileName(inner)))
                {
                    folders.Push(inner);
                }
            }
        }

        return found;
    }
}
