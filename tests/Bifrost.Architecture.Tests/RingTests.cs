namespace Bifrost.Architecture.Tests;

public sealed class RingTests
{
    private static readonly IReadOnlyList<ProjectFile> Source = ProjectFile.InFolder("src");

    [Fact]
    public void Every_project_knows_lower_rings_only() => Findings.ShouldBeNone(Rings.Violations(Source));

    [Fact]
    public void Every_ring_has_its_project() => Assert.Equal(Rings.Of.Keys.Order(), Source.Select(project => project.Name).Order());

    [Theory]
    [InlineData("Bifrost.Wire", "Bifrost.Core")]
    [InlineData("Bifrost.Core", "Bifrost.Providers")]
    [InlineData("Bifrost.Providers", "Bifrost.Simulator")]
    [InlineData("Bifrost.Core", "Bifrost.Core")]
    [InlineData("Bifrost.Simulator", "Bifrost.Wire")]
    [InlineData("Bifrost.Server", "Bifrost.Testing")]
    public void Knowing_a_project_outside_the_lower_rings_is_named(string project, string known)
    {
        var reference = ProjectFile.Parse(
            $"src/{project}/{project}.csproj",
            $"""<Project Sdk="Microsoft.NET.Sdk"><ItemGroup><ProjectReference Include="../{known}/{known}.csproj" /></ItemGroup></Project>"""
        );

        Assert.Equal([$"{project} must not know {known}."], Rings.Violations([reference]));
    }

    [Fact]
    public void Wire_stands_on_the_base_framework_alone()
    {
        var wire = Source.Single(project => project.Name == "Bifrost.Wire");

        Assert.Equal("Microsoft.NET.Sdk", wire.Sdk);
        Assert.Empty(wire.Projects);
        Assert.Empty(wire.Packages);
        Assert.Empty(wire.Frameworks);
    }

    [Fact]
    public void Core_brings_no_package() => Assert.Empty(Source.Single(project => project.Name == "Bifrost.Core").Packages);

    [Theory]
    [InlineData("Bifrost.Wire")]
    [InlineData("Bifrost.Core")]
    public void What_runs_for_every_request_is_built_hot(string name) =>
        Assert.Equal("hot", Source.Single(project => project.Name == name).Temperature);

    [Fact]
    public void Every_source_project_has_its_test_project() =>
        Findings.ShouldBeNone(
            Source
                .Where(project => !Repository.Exists($"tests/{project.Name}.Tests/{project.Name}.Tests.csproj"))
                .Select(project => $"{project.Name} has no tests/{project.Name}.Tests.")
        );
}
