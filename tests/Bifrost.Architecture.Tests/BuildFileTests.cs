using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Bifrost.Architecture.Tests;

public sealed class BuildFileTests
{
    private const string Versions = "Directory.Packages.props";

    private static readonly IReadOnlyList<string> BuildFiles = Repository
        .Files.Where(file => Regex.IsMatch(file, @"\.(csproj|props|targets)$"))
        .ToList();

    public static TheoryData<string> BannedSymbolFiles => [.. Repository.Under("eng").Where(file => file.Contains("BannedSymbols"))];

    [Fact]
    public void Package_versions_live_in_one_file() =>
        Findings.ShouldBeNone(
            from file in BuildFiles
            where file != Versions
            from element in XDocument.Parse(Repository.Read(file)).Descendants()
            where
                element.Name.LocalName is "PackageVersion" or "GlobalPackageReference"
                || (
                    element.Name.LocalName == "PackageReference"
                    && (element.Attribute("Version") ?? element.Attribute("VersionOverride") as object ?? element.Element("Version"))
                        is not null
                )
            select $"{file} gives {element.Attribute("Include")?.Value} a version; that belongs into {Versions}."
        );

    [Fact]
    public void Every_package_version_is_exact() =>
        Findings.ShouldBeNone(
            from element in XDocument.Parse(Repository.Read(Versions)).Descendants("PackageVersion")
            let version = element.Attribute("Version")?.Value ?? ""
            where !Regex.IsMatch(version, @"^\d+\.\d+\.\d+(-[\w.]+)?$")
            select $"{element.Attribute("Include")?.Value} has the version \"{version}\"."
        );

    [Fact]
    public void The_solution_lists_every_project_and_nothing_else()
    {
        var there = Repository.Files.Where(file => file.EndsWith(".csproj", StringComparison.Ordinal)).ToList();
        var listed = XDocument
            .Parse(Repository.Read("Bifrost.slnx"))
            .Descendants("Project")
            .Select(project => project.Attribute("Path")!.Value)
            .ToList();

        Findings.ShouldBeNone([
            .. there.Except(listed).Select(file => $"Bifrost.slnx does not list {file}."),
            .. listed.Except(there).Select(file => $"Bifrost.slnx lists {file}, which is not there."),
        ]);
    }

    [Theory, MemberData(nameof(BannedSymbolFiles))]
    public void Every_banned_symbol_comes_with_a_reason(string file) =>
        Findings.ShouldBeNone(
            from line in Repository.Read(file).Split('\n')
            where line.Trim().Length > 0 && !line.StartsWith("//", StringComparison.Ordinal)
            where !Regex.IsMatch(line, @"^[A-Z]:[^;]+;\s*\S+ .*\S")
            select $"{file} gives no reason for {line.Split(';')[0]}."
        );

    [Theory]
    [InlineData("bifrost")]
    [InlineData("test")]
    [InlineData(".ci/run")]
    public void A_script_can_be_run(string script)
    {
        Assert.StartsWith("#!/usr/bin/env bash\n", Repository.Read(script), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.True(File.GetUnixFileMode(Repository.PathOf(script)).HasFlag(UnixFileMode.UserExecute), $"{script} is not executable.");
        }
    }

    [Fact]
    public void Continuous_integration_is_the_test_script_and_nothing_else()
    {
        var commands = Repository.Read(".ci/run").Split('\n').Where(line => line.Trim().Length > 0 && !line.StartsWith('#')).ToList();

        Assert.Equal("export CI=true", commands[0]);
        Assert.Matches(@"^exec .*/test"" ""\$@""$", Assert.Single(commands.Skip(1)));
    }
}
