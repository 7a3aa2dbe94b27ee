using Bifrost.Wire.Canonical;
using Bifrost.Wire.Canonical.Chat;
using Bifrost.Wire.Dialects.OpenAIChat;
using Bifrost.Wire.Faults;

namespace Bifrost.Wire.Tests.Dialects.OpenAIChat;

public sealed class ChatRequestReaderTests
{
    private const string Pixel = "iVBORw0KGgo=";

    private static Conversation Read(string json)
    {
        var read = OpenAIChatDialect.Instance.ReadRequest(Written.Request(json));
        Assert.False(read.Failed(out var fault, out var conversation), fault?.Message);
        return conversation!;
    }

    private static Conversation ReadWith(string members) =>
        Read($$"""{"model":"m","messages":[{"role":"user","content":"hi"}],{{members}}}""");

    private static IReadOnlyList<Turn> ReadTurns(string messages) => Read($$"""{"model":"m","messages":[{{messages}}]}""").Turns;

    private static Fault Refused(string json)
    {
        Assert.True(OpenAIChatDialect.Instance.ReadRequest(Written.Request(json)).Failed(out var fault, out _));
        Assert.Equal(400, fault.Status);
        return fault;
    }

    private static Fault RefusedWith(string members) =>
        Refused($$"""{"model":"m","messages":[{"role":"user","content":"hi"}],{{members}}}""");

    [Fact]
    public void Every_sampling_member_is_read()
    {
        var asked = ReadWith(
            "\"max_completion_tokens\":5,\"max_tokens\":9,\"temperature\":2,\"top_p\":0.5,\"top_k\":40,\"presence_penalty\":-2,"
                + "\"frequency_penalty\":2,\"seed\":7,\"stop\":[\"a\",\"b\"],\"n\":3"
        );
        Assert.Equal((5, 2.0, 0.5, 40), (asked.Sampling.MaxTokens, asked.Sampling.Temperature, asked.Sampling.TopP, asked.Sampling.TopK));
        Assert.Equal((-2.0, 2.0, 7L), (asked.Sampling.PresencePenalty, asked.Sampling.FrequencyPenalty, asked.Sampling.Seed));
        Assert.Equal(["a", "b"], asked.Sampling.Stop);
        Assert.Equal(3, asked.Count);
        Assert.Empty(asked.Extensions.Fields);
    }

    [Fact]
    public void The_legacy_token_limit_counts_alone() => Assert.Equal(9, ReadWith("\"max_tokens\":9").Sampling.MaxTokens);

    [Fact]
    public void Unknown_members_travel_on_in_order_and_fallbacks_do_not()
    {
        var asked = ReadWith("\"zeta\":1,\"fallbacks\":[\"a/b\"],\"logit_bias\":{\"5\":-100},\"alpha\":null");
        Assert.Equal(["zeta", "logit_bias", "alpha"], asked.Extensions.Fields.Select(field => field.Key));
    }

    [Fact]
    public void All_roles_are_read()
    {
        var turns = ReadTurns(
            """
            {"role":"system","content":"s"},{"role":"developer","content":"d"},{"role":"user","name":"Ann","content":"u"},
            {"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}}]},
            {"role":"tool","tool_call_id":"c1","content":[{"type":"text","text":"r"}]}
            """
        );
        Assert.Equal([Role.System, Role.Developer, Role.User, Role.Assistant, Role.Tool], turns.Select(turn => turn.Role));
        Assert.Equal("Ann", turns[2].Name);
        Assert.Equal(new ToolCallBlock("c1", "f", "{}"), Assert.Single(turns[3].Blocks));
        var result = Assert.IsType<ToolResultBlock>(Assert.Single(turns[4].Blocks));
        Assert.Equal("c1", result.CallId);
        Assert.Equal(new TextBlock("r"), Assert.Single(result.Content));
    }

    [Fact]
    public void Legacy_functions_become_tools_and_tool_turns()
    {
        var asked = Read(
            """
            {"model":"m","functions":[{"name":"f","parameters":{"type":"object"}}],"function_call":{"name":"f"},"messages":[
              {"role":"assistant","content":null,"function_call":{"name":"f","arguments":"{}"}},{"role":"function","name":"f","content":"r"}]}
            """
        );
        Assert.Equal("f", Assert.Single(asked.Tools).Name);
        Assert.Equal(("function", "f"), (asked.ToolChoice!.Mode, asked.ToolChoice.Name));
        Assert.Equal(new ToolCallBlock("f", "f", "{}"), Assert.Single(asked.Turns[0].Blocks));
        Assert.Equal("f", Assert.IsType<ToolResultBlock>(Assert.Single(asked.Turns[1].Blocks)).CallId);
    }

    [Fact]
    public void Parts_of_all_kinds_are_read()
    {
        var blocks = ReadTurns(
            $$$"""
            {"role":"user","content":[{"type":"text","text":"t"},{"type":"image_url","image_url":{"url":"https://e.x/a.png","detail":"low"}},
            {"type":"image_url","image_url":{"url":"data:image/png;base64,{{{Pixel}}}"}},{"type":"input_audio","input_audio":{"data":"AAEC","format":"wav"}},
            {"type":"file","file":{"file_id":"file-1"}},{"type":"file","file":{"filename":"a.pdf","file_data":"AAEC"}},{"type":"hologram","x":1}]}
            """
        )[0].Blocks;
        Assert.Equal(new TextBlock("t"), blocks[0]);
        Assert.Equal(new ImageBlock(new UrlSource("https://e.x/a.png"), "low"), blocks[1]);
        var inline = Assert.IsType<InlineSource>(Assert.IsType<ImageBlock>(blocks[2]).Source);
        Assert.Equal(("image/png", Pixel), (inline.MediaType, Convert.ToBase64String(inline.Bytes.Span)));
        Assert.Equal("audio/wav", Assert.IsType<InlineSource>(Assert.IsType<AudioBlock>(blocks[3]).Source).MediaType);
        Assert.Equal(new FileBlock(new FileIdSource("file-1")), blocks[4]);
        Assert.Equal("application/pdf", Assert.IsType<InlineSource>(Assert.IsType<FileBlock>(blocks[5]).Source).MediaType);
        Assert.Equal("openai-chat", Assert.IsType<ForeignBlock>(blocks[6]).Dialect);
    }

    [Fact]
    public void Reasoning_and_refusals_of_earlier_answers_are_blocks()
    {
        var blocks = ReadTurns("""{"role":"assistant","content":"a","reasoning_content":"r","refusal":"no"}""")[0].Blocks;
        Assert.Equal([new ReasoningBlock("r"), new TextBlock("a"), new RefusalBlock("no")], blocks);
    }

    [Fact]
    public void Formats_reasoning_and_the_rest_are_read()
    {
        var asked = ReadWith(
            "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"n\",\"strict\":true,\"schema\":{\"b\":1,\"a\":2}}},"
                + "\"reasoning_effort\":\"low\",\"reasoning\":{\"max_tokens\":100},\"verbosity\":\"high\",\"stream\":true,"
                + "\"stream_options\":{\"include_usage\":true},\"user\":\"u\",\"safety_identifier\":\"s\",\"metadata\":{\"k\":\"v\"},"
                + "\"store\":false,\"parallel_tool_calls\":false"
        );
        Assert.Equal(("json_schema", "n", true), (asked.Format!.Kind, asked.Format.Name, asked.Format.Strict));
        Assert.Equal("{\"b\":1,\"a\":2}", asked.Format.Schema!.Value.GetRawText());
        Assert.Equal(new ReasoningAsk("low", 100), asked.Reasoning);
        Assert.Equal(("high", "u", false, false), (asked.Verbosity, asked.User, asked.Store, asked.ParallelToolCalls));
        Assert.True(asked.Streams && asked.IncludeUsage);
        Assert.Equal("{\"k\":\"v\"}", asked.Metadata!.Value.GetRawText());
        Assert.Empty(asked.Extensions.Fields);
    }

    [Theory]
    [InlineData("\"temperature\":2.1", "temperature")]
    [InlineData("\"top_p\":-0.1", "top_p")]
    [InlineData("\"presence_penalty\":3", "presence_penalty")]
    [InlineData("\"n\":0", "n")]
    [InlineData("\"n\":129", "n")]
    [InlineData("\"max_completion_tokens\":0", "max_completion_tokens")]
    [InlineData("\"stop\":[\"1\",\"2\",\"3\",\"4\",\"5\"]", "stop")]
    [InlineData("\"stream\":\"yes\"", "stream")]
    [InlineData("\"tools\":[{\"type\":\"function\"}]", "tools[0].function")]
    [InlineData("\"tools\":[{\"type\":\"function\",\"function\":{}}]", "tools[0].function.name")]
    [InlineData("\"tool_choice\":\"maybe\"", "tool_choice")]
    [InlineData("\"tool_choice\":{\"type\":\"function\",\"function\":{}}", "tool_choice.function.name")]
    [InlineData("\"response_format\":{\"type\":\"xml\"}", "response_format.type")]
    [InlineData("\"response_format\":{\"type\":\"json_schema\"}", "response_format.json_schema")]
    [InlineData("\"reasoning_effort\":\"much\"", "reasoning_effort")]
    [InlineData("\"metadata\":[]", "metadata")]
    [InlineData("\"stream_options\":{\"include_usage\":1}", "stream_options.include_usage")]
    public void A_wrong_value_is_named(string members, string param) => Assert.Equal(param, RefusedWith(members).Param);

    [Theory]
    [InlineData("""{"role":"king","content":"x"}""", "messages[0].role")]
    [InlineData("""{"content":"x"}""", "messages[0].role")]
    [InlineData("""{"role":"user"}""", "messages[0].content")]
    [InlineData("""{"role":"user","content":5}""", "messages[0].content")]
    [InlineData("""{"role":"user","content":[]}""", "messages[0].content")]
    [InlineData("""{"role":"assistant"}""", "messages[0].content")]
    [InlineData("""{"role":"tool","content":"x"}""", "messages[0].tool_call_id")]
    [InlineData("7", "messages[0]")]
    [InlineData("""{"role":"user","content":["x"]}""", "messages[0].content[0]")]
    [InlineData("""{"role":"user","content":[{"type":"text","text":"a"},{"type":"text"}]}""", "messages[0].content[1].text")]
    [InlineData("""{"role":"user","content":[{"type":"image_url"}]}""", "messages[0].content[0].image_url")]
    [InlineData(
        """{"role":"user","content":[{"type":"image_url","image_url":{"url":"ftp://x/y"}}]}""",
        "messages[0].content[0].image_url.url"
    )]
    [InlineData(
        """{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,***"}}]}""",
        "messages[0].content[0].image_url.url"
    )]
    [InlineData(
        """{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png,abc"}}]}""",
        "messages[0].content[0].image_url.url"
    )]
    [InlineData(
        """{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"*","format":"wav"}}]}""",
        "messages[0].content[0].input_audio.data"
    )]
    [InlineData("""{"role":"user","content":[{"type":"file","file":{}}]}""", "messages[0].content[0].file.file_id")]
    public void A_wrong_message_is_named(string message, string param) =>
        Assert.Equal(param, Refused($$"""{"model":"m","messages":[{{message}}]}""").Param);

    [Theory]
    [InlineData("""{"messages":[{"role":"user","content":"x"}]}""", "model")]
    [InlineData("""{"model":"m"}""", "messages")]
    [InlineData("""{"model":"m","messages":[]}""", "messages")]
    [InlineData("""{"model":"m","messages":"hi"}""", "messages")]
    public void Model_and_messages_are_needed(string json, string param) => Assert.Equal(param, Refused(json).Param);

    [Fact]
    public void All_mistakes_are_told_at_once()
    {
        var fault = Refused("""{"messages":[{"role":"user"}],"temperature":9,"n":"two"}""");
        Assert.Equal("model", fault.Param);
        Assert.All(
            ["`model`", "`messages[0].content`", "`temperature`", "`n`"],
            name => Assert.Contains(name, fault.Message, StringComparison.Ordinal)
        );
    }
}
