using System.Text.Json.Nodes;
using Bifrost.Web.Api;

namespace Bifrost.Web.Tests.Api;

public sealed class EditTests
{
    [Fact]
    public void Only_what_was_typed_anew_is_sent()
    {
        var before = Parsed("""{"name":"a","description":null,"budgets":[{"max_limit":1}],"tags":["x"]}""");
        var now = Parsed("""{"name":"b","description":null,"budgets":[{"max_limit":1.0}],"tags":[]}""");
        Assert.Equal("""{"name":"b","tags":[]}""", Edit.Changes(before, now).ToJsonString());
    }

    [Fact]
    public void What_was_taken_away_is_sent_as_null() =>
        Assert.Equal(
            """{"rate_limit":null}""",
            Edit.Changes(Parsed("""{"rate_limit":{"request_max_limit":3}}"""), Parsed("""{"rate_limit":null}""")).ToJsonString()
        );

    private static JsonObject Parsed(string text) => (JsonObject)JsonNode.Parse(text)!;
}
