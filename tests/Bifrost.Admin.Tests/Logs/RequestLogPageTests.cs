using System.Text.RegularExpressions;
using static Bifrost.Admin.Tests.Logs.SomeRows;

namespace Bifrost.Admin.Tests.Logs;

/// <summary>What docs/request-log.md tells people to ask is answered.</summary>
public sealed class RequestLogPageTests
{
    public static TheoryData<string> Examples =>
        [.. Regex.Matches(File.ReadAllText(Page()), "```http\n(.*?)```", RegexOptions.Singleline).Select(m => m.Groups[1].Value.Trim())];

    [Fact]
    public void There_are_examples() => Assert.True(Examples.Count >= 10);

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task Every_example_is_answered(string example)
    {
        await using var admin = await AnAdmin.OpenAsync();
        await ListTests.AddAsync(admin, Chat("req-7f3a"));
        var parts = example.Split("\n\n", 2);
        var line = parts[0].Split(' ', 2);
        var request = AnAdmin.Request(line[0], line[1], parts.Length > 1 ? System.Text.Json.Nodes.JsonNode.Parse(parts[1]) : null);

        using var answer = await admin.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        var said = answer.IsSuccessStatusCode ? "" : await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, said);
    }

    private static string Page()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "docs", "request-log.md")))
        {
            folder =
                Path.GetDirectoryName(folder) ?? throw new FileNotFoundException("docs/request-log.md is in no folder above the tests.");
        }

        return Path.Combine(folder, "docs", "request-log.md");
    }
}
