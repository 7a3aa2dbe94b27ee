namespace Bifrost.Browser.Tests;

/// <summary>Each test of tests/browser, which drives the pages of a real gateway with a real Chromium, reported here as a test of its own.</summary>
public sealed class WebUiTests(WebUi ui) : IClassFixture<WebUi>
{
    public static TheoryData<string, string> EveryTest()
    {
        var rows = new TheoryData<string, string>();
        foreach (var test in WebUi.Suite.Tests)
        {
            rows.Add(test.File, test.Name);
        }

        return rows;
    }

    [Theory, MemberData(nameof(EveryTest))]
    public void A_person_does_it_in_the_browser(string file, string name)
    {
        var outcome = ui.Outcome(name);

        Assert.True(outcome is not null, $"Node did not run this test of {file}. It said: {ui.Told}");
        Assert.True(outcome.Passed, outcome.Message);
        if (outcome.Skipped is { } why)
        {
            Assert.Skip(why);
        }
    }

    [Fact]
    public void Every_test_that_ran_is_reported()
    {
        var written = WebUi.Suite.Tests.Select(test => test.Name).ToList();

        Assert.NotEmpty(written);
        Assert.Equal(written.Distinct().Order(StringComparer.Ordinal), written.Order(StringComparer.Ordinal));
        Assert.Empty(ui.Names.Except(written));
    }
}

/// <summary>Node ran once for all of them.</summary>
public sealed class WebUi : IAsyncLifetime
{
    private IReadOnlyDictionary<string, NodeOutcome> _outcomes = new Dictionary<string, NodeOutcome>();

    internal static NodeSuite Suite { get; } =
        new(Checkout.Browser, ["playwright-core", "@axe-core/playwright"], TimeSpan.FromSeconds(450));

    /// <summary>What node printed besides the outcomes.</summary>
    internal string Told { get; private set; } = "";

    internal IEnumerable<string> Names => _outcomes.Keys;

    public async ValueTask InitializeAsync()
    {
        await Suite.PrepareAsync();
        // One half for each core.
        var files = Suite.Tests.Select(test => test.File).Distinct().Order(StringComparer.Ordinal).ToList();
        var halves = await Task.WhenAll(
            files
                .Select((file, i) => (file, i))
                .GroupBy(f => f.i % 2, f => f.file)
                .Select(half => Suite.RunAsync(("ONLY", string.Join(',', half))))
        );
        _outcomes = halves.SelectMany(h => h.Outcomes).ToDictionary(StringComparer.Ordinal);
        Told = string.Join('\n', halves.Select(h => h.Told));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    internal NodeOutcome? Outcome(string name) => _outcomes.GetValueOrDefault(name);
}
