using System.Text.Json;
using Bifrost.EndToEnd.Tests.Clients;

namespace Bifrost.EndToEnd.Tests.Program;

/// <summary>What README.md shows is what happens.</summary>
[Collection(ProcessTestGroup.Name)]
public sealed class ReadmeTests(DemoGateway demo) : IClassFixture<DemoGateway>, IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly string _folder = Directory.CreateTempSubdirectory("bifrost-readme-").FullName;

    public static TheoryData<string> Bash() => Blocks("bash");

    public static TheoryData<string> JavaScript() => Blocks("javascript");

    public static TheoryData<string> Python() => Blocks("python");

    public static TheoryData<string> CSharp() => Blocks("csharp");

    [Fact]
    public void Every_language_has_an_example_and_none_goes_unnoticed()
    {
        var languages = ReadmeBlock.All.Select(block => block.Language).Distinct().Order();

        Assert.Equal(["bash", "csharp", "javascript", "python"], languages);
    }

    [Theory, MemberData(nameof(Bash))]
    public async Task The_curl_command_is_answered(string code)
    {
        // With this file curl fails when the answer is an error, and says nothing of its progress; the command stays as it is shown.
        await File.WriteAllTextAsync(Path.Combine(_folder, ".curlrc"), "silent\nshow-error\nfail\nmax-time = 50\n");

        var run = await Tool.RunAsync("sh", ["-c", Fit(code)], _folder, Limit, ("CURL_HOME", _folder));

        if (run is null or { ExitCode: 127 })
        {
            Assert.Skip("There is no curl on this machine.");
        }

        using var answer = JsonDocument.Parse(OutputOf(run));
        var content = answer.RootElement.TryGetProperty("choices", out var choices)
            ? choices[0].GetProperty("message").GetProperty("content").GetString()
            : answer.RootElement.GetProperty("data")[0].GetProperty("b64_json").GetString();
        Assert.False(string.IsNullOrEmpty(content));
    }

    [Theory, MemberData(nameof(JavaScript))]
    public async Task The_javascript_runs_and_prints_the_answer(string code)
    {
        await JavaScriptClient.Suite.PrepareAsync();

        // Run from the folder of the client tests, where node finds the openai package.
        var run = await Tool.RunAsync("node", ["--input-type=module", "--eval", Fit(code)], Checkout.Clients, Limit);

        Assert.Contains("simulated answer", OutputOf(run), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Python))]
    public async Task The_python_is_valid(string code)
    {
        const string compile = "import sys; compile(sys.argv[1], 'README.md', 'exec')";

        var run = await Tool.RunAsync("python3", ["-c", compile, code], _folder, Limit);

        if (run is null)
        {
            Assert.Skip("There is no python3 on this machine.");
        }

        OutputOf(run);
    }

    [Theory, MemberData(nameof(CSharp))]
    public async Task The_csharp_is_compiled_runs_and_is_the_same(string code)
    {
        var source = Path.Combine(Checkout.Root, "tests", "Bifrost.EndToEnd.Tests", "Program", "ReadmeExample.cs");
        var statements = code.Split('\n').Where(line => !line.StartsWith("using ", StringComparison.Ordinal));
        var shown = string.Concat(statements).Replace($"\"{ReadmeBlock.Address}/v1\"", "$\"{address}/v1\"", StringComparison.Ordinal);

        var text = await ReadmeExample.RunAsync(demo.Address.GetLeftPart(UriPartial.Authority));

        Assert.Contains(Squeezed(shown), Squeezed(await File.ReadAllTextAsync(source)), StringComparison.Ordinal);
        Assert.Contains("simulated answer", text, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static TheoryData<string> Blocks(string language) =>
        [.. ReadmeBlock.All.Where(block => block.Language == language).Select(block => block.Code)];

    private string Fit(string code)
    {
        Assert.Contains(ReadmeBlock.Address, code, StringComparison.Ordinal);
        return new ReadmeBlock("", code).For(demo.Address);
    }

    private static string OutputOf(ToolRun? run)
    {
        Assert.NotNull(run);
        Assert.True(run.ExitCode == 0, run.Told);
        return run.Output;
    }

    private static string Squeezed(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));
}
