using System.Text.Json;
using Bifrost.Core.Attempt;
using Bifrost.Core.Contracts;
using Bifrost.Testing;

namespace Bifrost.Core.Tests.Governed;

public sealed class CapTests
{
    [Theory]
    [InlineData("""{"model":"openai/gpt-4o","messages":[]}""", "max_tokens", 50)]
    [InlineData("""{"model":"openai/gpt-5","messages":[]}""", "max_completion_tokens", 50)]
    [InlineData("""{"model":"openai/gpt-4o","max_tokens":51,"messages":[]}""", "max_tokens", 50)]
    [InlineData("""{"model":"openai/gpt-4o","max_tokens":20,"messages":[]}""", "max_tokens", 20)]
    [InlineData("""{"model":"openai/gpt-4o","messages":[],"max_completion_tokens":1e6}""", "max_completion_tokens", 50)]
    [InlineData("""{"model":"openai/gpt-4o","messages":[],"max_tokens":-1}""", "max_tokens", 50)]
    [InlineData("""{"model":"openai/gpt-4o","messages":[],"max_tokens":null}""", "max_tokens", 50)]
    [InlineData("""{"max_tokens":20,"model":"openai/gpt-4o","messages":[],"max_completion_tokens":-1}""", "max_completion_tokens", 50)]
    public async Task The_request_goes_up_with_no_more_than_is_paid_for(string body, string member, int expected)
    {
        var sent = await SentAsync("/v1/chat/completions", body);

        Assert.Equal(expected, sent.GetProperty(member).GetInt32());
    }

    [Fact]
    public async Task Completions_and_responses_have_names_of_their_own()
    {
        var completion = await SentAsync("/v1/completions", """{"model":"openai/gpt-3.5-turbo-instruct","prompt":"a"}""");
        var response = await SentAsync("/v1/responses", """{"model":"openai/gpt-4o","input":"a","max_tokens":1}""");

        Assert.Equal(50, completion.GetProperty("max_tokens").GetInt32());
        Assert.Equal(50, response.GetProperty("max_output_tokens").GetInt32());
    }

    [Fact]
    public async Task The_caller_is_told()
    {
        await using var upstream = await FakeUpstream.AnsweringAsync(Stage.Reply);
        await using var gateway = await AGateway
            .With()
            .Reservations(new Purse { Make = () => new Held(outputCap: 50) })
            .OpenAI(upstream)
            .StartAsync();

        using var response = await gateway.PostAsync("/v1/chat/completions", Stage.Ask);

        Assert.Equal("max_tokens", response.Headers.GetValues("x-bf-changed-params").Single());
        Assert.Contains("50", response.Headers.GetValues("x-bf-warnings").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_translated_is_capped_as_well()
    {
        var sent = await SentAsync(
            "/v1/responses",
            """{"model":"translated/gpt-4o","input":"a","max_output_tokens":400}""",
            translated: true
        );

        Assert.Equal(50, sent.GetProperty("max_output_tokens").GetInt32());
    }

    [Fact]
    public void At_openai_itself_the_newer_name_is_used_for_every_chat_model()
    {
        var home = Stage.OpenAIAt("https://api.openai.com/v1/");
        var custom = Stage.OpenAIAt("http://localhost:8000/v1/");

        Assert.Equal("max_completion_tokens", OutputCaps.MemberFor(Operation.Chat, home, "gpt-4o"));
        Assert.Equal("max_completion_tokens", OutputCaps.MemberFor(Operation.Chat, custom, "openai/o3-mini"));
        Assert.Equal("max_tokens", OutputCaps.MemberFor(Operation.Chat, custom, "llama-3.3-70b"));
    }

    private static async Task<JsonElement> SentAsync(string path, string body, bool translated = false)
    {
        var purse = new Purse { Make = () => new Held(outputCap: 50) };
        await using var upstream = await FakeUpstream.AnsweringAsync(Stage.Reply);
        var gateway = AGateway.With().Reservations(purse).OpenAI(upstream);
        await using var running = await (translated ? gateway.Provider("translated", "openai", upstream.Address) : gateway).StartAsync();

        using var response = await running.PostAsync(path, body);

        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        using var document = JsonDocument.Parse(upstream.Only.Text);
        return document.RootElement.Clone();
    }
}
