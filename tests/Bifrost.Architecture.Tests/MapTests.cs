using System.Text.RegularExpressions;

namespace Bifrost.Architecture.Tests;

/// <summary>docs/map.md says where things live. What it names in backticks is compared with what is there.</summary>
public sealed class MapTests
{
    private const string Map = "docs/map.md";

    private static readonly HashSet<string> Named = PathsIn(Repository.Read(Map)).ToHashSet();

    [Fact]
    public void The_map_names_every_project() =>
        Findings.ShouldBeNone(
            from file in Repository.Files
            where file.EndsWith(".csproj", StringComparison.Ordinal)
            let folder = file[..file.LastIndexOf('/')]
            where !Named.Contains(folder)
            select $"{Map} does not name `{folder}`."
        );

    [Fact]
    public void The_map_names_every_folder_of_every_source_project() =>
        Findings.ShouldBeNone(
            from folder in FoldersOf(Repository.Under("src")).Distinct()
            where !Named.Contains(folder)
            select $"{Map} does not name `{folder}`."
        );

    [Fact]
    public void The_map_names_nothing_that_is_not_there() =>
        Findings.ShouldBeNone(from path in Named where !Repository.Exists(path) select $"{Map} names `{path}`, which is not there.");

    [Fact]
    public void Paths_are_what_stands_in_backticks_with_a_slash_in_it() =>
        Assert.Equal(
            ["src/Bifrost.Wire", "test", "docs/map.md"],
            PathsIn(
                "| `src/Bifrost.Wire/` | run `./test`, see `docs/map.md`; `Outcome<T>`, `GET /v1/models` and `/v1/models` are not paths |"
            )
        );

    /// <summary>First-level folders: <c>src/Project/Folder</c> of <c>src/Project/Folder/…/File.cs</c>.</summary>
    private static IEnumerable<string> FoldersOf(IEnumerable<string> files) =>
        files.Select(file => file.Split('/')).Where(parts => parts.Length > 3).Select(parts => string.Join('/', parts.Take(3)));

    private static IEnumerable<string> PathsIn(string markdown) =>
        Regex
            .Matches(markdown, @"`(?:\./)?(?<path>[\w.\-][\w.\-/]*)`")
            .Where(match => match.Value.Contains('/', StringComparison.Ordinal))
            .Select(match => match.Groups["path"].Value.TrimEnd('/'));
}
