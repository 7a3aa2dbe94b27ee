using System.Text.RegularExpressions;
using Bifrost.Configuration;

namespace Bifrost.Configuration.Tests;

/// <summary>The page people copy from: what it shows must work, and what works must be on it.</summary>
public sealed class ConfigurationPageTests
{
    private static readonly string Page = File.ReadAllText(Find("docs/configuration.md"));

    public static TheoryData<string> Examples =>
        [.. Regex.Matches(Page, "```json\n(.*?)```", RegexOptions.Singleline).Select(m => m.Groups[1].Value)];

    [Theory]
    [MemberData(nameof(Examples))]
    public void Every_example_starts_without_a_mistake_or_warning(string json)
    {
        var variables = Regex
            .Matches(json, "env\\.([A-Z0-9_]+)")
            .Select(m => (m.Groups[1].Value, $"sk-bf-value-of-{m.Groups[1].Value}"))
            .ToArray();

        var reading = AConfig.Read(json, variables);

        reading.Good();
        Assert.Empty(reading.Warnings);
    }

    [Fact]
    public void There_are_examples() => Assert.True(Examples.Count >= 4);

    [Theory]
    [MemberData(nameof(Sections))]
    public void Every_served_key_is_explained(string path) =>
        Assert.True(Page.Contains($"`{path}`", StringComparison.Ordinal), $"docs/configuration.md does not explain `{path}`.");

    public static TheoryData<string> Sections =>
        [.. Served(PublishedShape.Root).Concat(Served(PublishedShape.Provider)).Concat(Served(PluginShape.Otel)).Distinct()];

    private static IEnumerable<string> Served(Section section)
    {
        foreach (var field in section.Fields.Where(f => f.Served && f.Kind != FieldKind.Anything))
        {
            yield return field.Name;
            foreach (var inner in field.Inside is null ? [] : Served(field.Inside))
            {
                yield return inner;
            }
        }
    }

    private static string Find(string file)
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, file)))
            {
                return Path.Combine(folder, file);
            }
        }

        throw new FileNotFoundException($"{file} is in no folder above the tests.");
    }
}
