using System.Text.Json;
using Bifrost.Wire.Canonical;
using Bifrost.Wire.Canonical.Chat;
using Bifrost.Wire.Dialects.OpenAIResponses;
using Bifrost.Wire.Faults;

namespace Bifrost.Wire.Tests.Dialects.OpenAIResponses;

public sealed class ResponsesRequestTests
{
    private static Conversation Read(string members)
    {
        var request = Written.Request($$"""{"model":"m",{{members}}}""");
        Assert.False(OpenAIResponsesDialect.Instance.ReadRequest(request).Failed(out var fault, out var asked), fault?.Message);
        return asked!;
    }

    private static Fault Refused(string members)
    {
        Assert.True(
            OpenAIResponsesDialect.Instance.ReadRequest(Written.Request($$"""{"model":"m",{{members}}}""")).Failed(out var fault, out _)
        );
        return fault;
    }

    private static (string Json, IReadOnlyList<string> Losses) Write(Conversation asked)
    {
        IReadOnlyList<string> losses = [];
        var json = Written.Text(output => losses = OpenAIResponsesDialect.Instance.WriteRequest(asked, "sent", output));
        return (json, losses);
    }

    [Fact]
    public void Instructions_go_before_the_input()
    {
        var turns = Read("\"input\":\"hi\",\"instructions\":\"be brief\"").Turns;
        Assert.Equal([Role.System, Role.User], turns.Select(turn => turn.Role));
        Assert.Equal([new TextBlock("be brief"), new TextBlock("hi")], turns.Select(turn => Assert.Single(turn.Blocks)));
    }

    [Fact]
    public void What_the_model_said_in_items_is_one_turn()
    {
        var turns = Read(
            """
            "input":[{"role":"user","content":"q"},
              {"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"r"}],"encrypted_content":"e"},
              {"type":"message","role":"assistant","content":[{"type":"output_text","text":"a"},{"type":"refusal","refusal":"n"}]},
              {"type":"function_call","call_id":"c","name":"f","arguments":"{}"},
              {"type":"function_call_output","call_id":"c","output":"ok"},
              {"type":"message","role":"assistant","content":"b"},{"type":"message","role":"assistant","content":"c"}]
            """
        ).Turns;
        Assert.Equal([Role.User, Role.Assistant, Role.Tool, Role.Assistant, Role.Assistant], turns.Select(turn => turn.Role));
        Assert.Equal(
            [new ReasoningBlock("r", "e"), new TextBlock("a"), new RefusalBlock("n"), new ToolCallBlock("c", "f", "{}")],
            turns[1].Blocks
        );
        Assert.Equal("c", Assert.IsType<ToolResultBlock>(Assert.Single(turns[2].Blocks)).CallId);
    }

    [Fact]
    public void Items_nobody_models_survive_as_they_came()
    {
        var asked = Read(
            "\"input\":[{\"type\":\"item_reference\",\"id\":\"msg_1\"},{\"role\":\"user\",\"content\":[{\"type\":\"odd\",\"x\":1}]}]"
        );
        Assert.All(asked.Turns, turn => Assert.IsType<ForeignBlock>(Assert.Single(turn.Blocks)));
        Assert.Equal(
            """{"model":"sent","input":[{"type":"item_reference","id":"msg_1"},{"type":"message","role":"user","content":[{"type":"odd","x":1}]}]}""",
            Write(asked).Json
        );
    }

    [Fact]
    public void Parts_of_all_kinds_are_read()
    {
        var blocks = Read(
            """
            "input":[{"role":"user","content":[{"type":"input_text","text":"t"},{"type":"input_image","image_url":"https://e.x/a.png","detail":"high"},
              {"type":"input_image","file_id":"file-1"},{"type":"input_file","file_url":"https://e.x/a.pdf"},{"type":"input_file","file_id":"file-2"}]}]
            """
        )
            .Turns[0]
            .Blocks;
        Assert.Equal(
            [
                new TextBlock("t"),
                new ImageBlock(new UrlSource("https://e.x/a.png"), "high"),
                new ImageBlock(new FileIdSource("file-1")),
                new FileBlock(new UrlSource("https://e.x/a.pdf")),
                new FileBlock(new FileIdSource("file-2")),
            ],
            blocks
        );
    }

    [Fact]
    public void The_other_members_are_read()
    {
        var asked = Read(
            """
            "input":"x","max_output_tokens":5,"temperature":1,"top_p":0.5,"reasoning":{"effort":"low","summary":"auto"},
            "text":{"format":{"type":"json_schema","name":"n","schema":{"a":1},"strict":true},"verbosity":"low"},
            "tools":[{"type":"function","name":"f","parameters":{}},{"type":"web_search"}],"tool_choice":{"type":"function","name":"f"},
            "background":true,"previous_response_id":"resp_1","store":false,"metadata":{"k":"v"},"stream":true,"truncation":"auto","stop":"x"
            """
        );
        Assert.Equal(
            new Sampling
            {
                MaxTokens = 5,
                Temperature = 1,
                TopP = 0.5,
                Stop = asked.Sampling.Stop,
            },
            asked.Sampling
        );
        Assert.Equal(new ReasoningAsk("low", null, "auto"), asked.Reasoning);
        Assert.Equal(("json_schema", "n", "low"), (asked.Format!.Kind, asked.Format.Name, asked.Verbosity));
        Assert.Equal([("function", "f"), ("web_search", null)], asked.Tools.Select(tool => (tool.Kind, tool.Name)));
        Assert.Equal("f", asked.ToolChoice!.Name);
        Assert.True(asked.Background && asked.Streams);
        Assert.Equal(("resp_1", false), (asked.PreviousReplyId, asked.Store));
        Assert.Equal(["truncation", "stop"], asked.Extensions.Fields.Select(field => field.Key));
    }

    [Theory]
    [InlineData("\"store\":true", "input")]
    [InlineData("\"input\":7", "input")]
    [InlineData("\"input\":[]", "input")]
    [InlineData("\"input\":[7]", "input[0]")]
    [InlineData("\"input\":[{\"content\":\"x\"}]", "input[0].role")]
    [InlineData("\"input\":[{\"role\":\"user\"}]", "input[0].content")]
    [InlineData("\"input\":[{\"type\":\"function_call\",\"name\":\"f\"}]", "input[0].call_id")]
    [InlineData("\"input\":[{\"type\":\"function_call_output\",\"call_id\":\"c\"}]", "input[0].output")]
    [InlineData(
        "\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_image\",\"image_url\":\"x\"}]}]",
        "input[0].content[0].image_url"
    )]
    [InlineData("\"input\":\"x\",\"text\":{\"format\":{\"type\":\"xml\"}}", "text.format.type")]
    [InlineData("\"input\":\"x\",\"tools\":[{\"name\":\"f\"}]", "tools[0].type")]
    [InlineData("\"input\":\"x\",\"background\":1", "background")]
    public void A_wrong_value_is_named(string members, string param) => Assert.Equal(param, Refused(members).Param);

    [Fact]
    public void What_responses_cannot_say_is_named()
    {
        var nested = JsonDocument.Parse("""{"type":"custom","custom":{"name":"t"}}""").RootElement;
        var asked = new Conversation
        {
            Model = "m",
            Turns = [new Turn(Role.User, [new ToolResultBlock("c", [new ReasoningBlock("r")]), new RefusalBlock("n")])],
            Sampling = new Sampling
            {
                TopK = 1,
                Seed = 2,
                Stop = ["x"],
                PresencePenalty = 1,
                FrequencyPenalty = 1,
            },
            Count = 2,
            Tools = [new Tool("custom", "t", null, null, null, nested)],
            Reasoning = new ReasoningAsk(null, 5),
        };
        Assert.Equal(
            [
                "messages[0].content",
                "messages[0].refusal",
                "tools[0]",
                "reasoning.max_tokens",
                "top_k",
                "presence_penalty",
                "frequency_penalty",
                "seed",
                "stop",
                "n",
            ],
            Write(asked).Losses
        );
    }
}
