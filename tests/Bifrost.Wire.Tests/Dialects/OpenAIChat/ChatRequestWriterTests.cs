using System.Text.Json;
using Bifrost.Wire.Canonical;
using Bifrost.Wire.Canonical.Chat;
using Bifrost.Wire.Dialects.OpenAIChat;

namespace Bifrost.Wire.Tests.Dialects.OpenAIChat;

public sealed class ChatRequestWriterTests
{
    private static readonly Conversation Simple = new() { Model = "asked", Turns = [new Turn(Role.User, [new TextBlock("hi")])] };

    private static (string Json, IReadOnlyList<string> Losses) Write(Conversation asked)
    {
        IReadOnlyList<string> losses = [];
        var json = Written.Text(output => losses = OpenAIChatDialect.Instance.WriteRequest(asked, "sent", output));
        return (json, losses);
    }

    [Fact]
    public void Only_what_was_asked_is_written() =>
        Assert.Equal("""{"model":"sent","messages":[{"role":"user","content":"hi"}]}""", Write(Simple).Json);

    [Fact]
    public void Tool_schemas_keep_their_order_of_keys()
    {
        var schema = JsonDocument.Parse("""{"z":1, "a":{"y":2,"b":3}}""").RootElement;
        var json = Write(Simple with { Tools = [new Tool("function", "f", null, schema, null, default)] }).Json;
        Assert.Contains(
            "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{\"z\":1,\"a\":{\"y\":2,\"b\":3}}}}]",
            json,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void What_chat_cannot_say_is_named()
    {
        var asked = Simple with
        {
            Turns =
            [
                new Turn(Role.Assistant, [new ReasoningBlock("r"), new TextBlock("a")]),
                new Turn(Role.User, [new ImageBlock(new FileIdSource("f")), new ForeignBlock("other", default), new TextBlock("b")]),
                new Turn(Role.Tool, [new ToolResultBlock("c", [new TextBlock("t"), new ImageBlock(new UrlSource("https://x.example"))])]),
            ],
            Reasoning = new ReasoningAsk("low", 5, "auto"),
            Background = true,
            PreviousReplyId = "p",
        };
        Assert.Equal(
            [
                "messages[0].reasoning",
                "messages[1].image",
                "messages[1].content",
                "messages[2].image",
                "reasoning.max_tokens",
                "reasoning.summary",
                "background",
                "previous_response_id",
            ],
            Write(asked).Losses
        );
    }

    [Fact]
    public void Several_results_are_several_messages()
    {
        var turn = new Turn(
            Role.User,
            [new ToolResultBlock("a", [new TextBlock("1")]), new ToolResultBlock("b", [new TextBlock("2")]), new TextBlock("go on")]
        );
        Assert.Equal(
            """{"model":"sent","messages":[{"role":"tool","tool_call_id":"a","content":"1"},{"role":"tool","tool_call_id":"b","content":"2"},{"role":"user","content":"go on"}]}""",
            Write(Simple with { Turns = [turn] }).Json
        );
    }

    [Fact]
    public void Custom_tools_and_their_calls_survive_as_they_came()
    {
        const string request =
            """{"model":"sent","messages":[{"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"custom","custom":{"name":"t","input":"x"}}]}],"tools":[{"type":"custom","custom":{"name":"t"}}],"tool_choice":{"type":"custom","custom":{"name":"t"}}}""";
        Assert.False(OpenAIChatDialect.Instance.ReadRequest(Written.Request(request)).Failed(out _, out var asked));
        Assert.Equal(request, Write(asked!).Json);
        Assert.Empty(Write(asked!).Losses);
    }

    [Fact]
    public void Tools_of_another_dialect_are_named()
    {
        var search = JsonDocument.Parse("""{"type":"web_search","user_location":null}""").RootElement;
        Assert.Equal(["tools[0]"], Write(Simple with { Tools = [new Tool("web_search", null, null, null, null, search)] }).Losses);
    }
}
