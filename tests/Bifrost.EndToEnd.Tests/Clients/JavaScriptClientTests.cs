namespace Bifrost.EndToEnd.Tests.Clients;

/// <summary>Each JavaScript test of tests/clients, at each base address, reported here as a test of its own.</summary>
public sealed class JavaScriptClientTests(JavaScriptClient client) : IClassFixture<JavaScriptClient>
{
    public static TheoryData<string, string, string> EveryTest()
    {
        var rows = new TheoryData<string, string, string>();
        foreach (var test in JavaScriptClient.Suite.Tests)
        {
            foreach (var surface in JavaScriptClient.Surfaces)
            {
                rows.Add(surface, test.File, test.Name);
            }
        }

        return rows;
    }

    public static TheoryData<string> EverySurface() => [.. JavaScriptClient.Surfaces];

    [Theory, MemberData(nameof(EveryTest))]
    public void The_openai_package_does_it_through_the_gateway(string surface, string file, string name)
    {
        var outcome = client.Outcome(surface, name);

        Assert.True(outcome is not null, $"Node did not run this test of {file}. It said: {client.Told(surface)}");
        Assert.True(outcome.Passed, outcome.Message);
        if (outcome.Skipped is { } why)
        {
            Assert.Skip(why);
        }
    }

    [Theory, MemberData(nameof(EverySurface))]
    public void Every_javascript_test_that_ran_is_reported(string surface)
    {
        var written = JavaScriptClient.Suite.Tests.Select(test => test.Name).ToList();

        Assert.NotEmpty(written);
        Assert.Equal(written.Distinct().Order(StringComparer.Ordinal), written.Order(StringComparer.Ordinal));
        Assert.Empty(client.Names(surface).Except(written));
    }
}
