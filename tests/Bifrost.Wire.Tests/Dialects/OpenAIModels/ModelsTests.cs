using Bifrost.Wire.Canonical.Models;
using Bifrost.Wire.Dialects.OpenAIModels;

namespace Bifrost.Wire.Tests.Dialects.OpenAIModels;

public sealed class ModelsTests
{
    private static readonly ModelEntry Known = new("replicate/a/b", "a", DateTimeOffset.FromUnixTimeSeconds(9))
    {
        Operations = ["chat", "image_generation"],
        Description = "Does things.",
    };

    [Fact]
    public void An_entry_is_written_with_all_that_is_known()
    {
        Assert.Equal(
            """{"id":"replicate/a/b","object":"model","created":9,"owned_by":"a","supported_methods":["chat","image_generation"],"description":"Does things."}""",
            Forms.Written(output => OpenAIModelsDialect.Instance.WriteReply(Known, null, output))
        );
    }

    [Fact]
    public void An_unknown_date_is_zero_and_nothing_else_is_invented()
    {
        Assert.Equal(
            """{"id":"x","object":"model","created":0,"owned_by":"y"}""",
            Forms.Written(output => OpenAIModelsDialect.Instance.WriteReply(new ModelEntry("x", "y", null), null, output))
        );
    }

    [Fact]
    public void A_page_is_a_list()
    {
        var page = Forms.WrittenJson(output =>
            OpenAIModelsDialect.Instance.WriteReply(new ModelPage([Known, Known]) { NextPageToken = "t" }, null, output)
        );

        Assert.Equal("list", page.GetProperty("object").GetString());
        Assert.Equal(2, page.GetProperty("data").GetArrayLength());
        Assert.Equal("t", page.GetProperty("next_page_token").GetString());
    }

    [Fact]
    public void An_empty_page_is_a_list_too()
    {
        Assert.Equal(
            """{"object":"list","data":[]}""",
            Forms.Written(output => OpenAIModelsDialect.Instance.WriteReply(new ModelPage([]), null, output))
        );
    }
}
