using Bifrost.Core.Contracts;
using Bifrost.Core.World;
using Bifrost.Testing;

namespace Bifrost.Core.Tests.Governed;

public sealed class AccessTests
{
    private const string BareAsk = """{"model":"some-model","messages":[{"role":"user","content":"hi"}]}""";

    [Fact]
    public async Task A_provider_that_is_not_listed_is_blocked_by_name()
    {
        await using var world = await TwoAsync(Keyring.Access("other"));

        using var response = await world.AskAsync(Stage.Ask);

        Assert.Contains("openai", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal((403, "provider_blocked"), await Stage.RefusalOf(response));
        Assert.Empty(world.OpenAI.Seen);
    }

    [Fact]
    public async Task An_empty_list_of_providers_allows_none()
    {
        await using var world = await TwoAsync();

        using var response = await world.AskAsync(Stage.Ask);

        Assert.Equal((403, "provider_blocked"), await Stage.RefusalOf(response));
    }

    [Theory]
    [InlineData("openai/gpt-4o-mini")]
    [InlineData("openai/GPT-4o")]
    [InlineData("gpt-4o-mini")]
    public async Task A_model_that_is_not_listed_is_blocked_by_name(string model)
    {
        await using var world = await TwoAsync(Keyring.Access("openai", models: ["gpt-4o"]));

        using var response = await world.AskAsync($$"""{"model":"{{model}}","messages":[]}""");

        Assert.Contains(model.Split('/')[^1], await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal((403, "model_blocked"), await Stage.RefusalOf(response));
    }

    [Fact]
    public async Task Operations_without_a_model_need_the_provider_alone()
    {
        await using var world = await TwoAsync(Keyring.Access("openai", models: []));
        using var files = new HttpRequestMessage(HttpMethod.Get, "/v1/files?provider=openai")
        {
            Headers = { { "x-bf-vk", Keyring.Value } },
        };
        using var others = new HttpRequestMessage(HttpMethod.Get, "/v1/files?provider=other")
        {
            Headers = { { "x-bf-vk", Keyring.Value } },
        };

        using var listed = await world.Gateway.Client.SendAsync(files);
        using var blocked = await world.Gateway.Client.SendAsync(others);

        Assert.Equal(200, (int)listed.StatusCode);
        Assert.Equal((403, "provider_blocked"), await Stage.RefusalOf(blocked));
    }

    [Fact]
    public async Task Only_the_keys_listed_are_used()
    {
        await using var upstream = await FakeUpstream.AnsweringAsync(Stage.Reply);
        await using var gateway = await AGateway
            .With()
            .Callers(Keyring.Of(Keyring.Access("openai", keys: ["id-b"])))
            .OpenAI(upstream, Stage.Key("a"), Stage.Key("b"), Stage.Key("c"))
            .StartAsync();

        for (var i = 0; i < 12; i++)
        {
            using var response = await gateway.PostAsync("/v1/chat/completions", Stage.Ask, Stage.Vk);
        }

        Assert.All(upstream.Seen, seen => Assert.Equal("Bearer sk-b", seen.Headers["Authorization"]));
    }

    [Fact]
    public async Task A_key_that_is_kept_from_the_caller_cannot_be_named()
    {
        await using var world = await TwoAsync(Keyring.Access("openai", keys: []));

        using var response = await world.AskAsync(Stage.Ask);

        Assert.Equal((403, "provider_blocked"), await Stage.RefusalOf(response));
        Assert.Empty(world.OpenAI.Seen);
    }

    [Theory]
    [InlineData("openai", "id-b", "provider_blocked")]
    [InlineData("other", null, "provider_blocked")]
    [InlineData("openai", "id-a", null)]
    public async Task A_job_may_be_looked_after_only_with_the_key_that_made_it(string provider, string? key, string? refused)
    {
        await using var upstream = await FakeUpstream.AnsweringAsync("{}");
        await using var gateway = await AGateway
            .With()
            .Callers(Keyring.Of(Keyring.Access(provider, models: [], keys: key is null ? null : [key])))
            .OpenAI(upstream, Stage.Key("a"), Stage.Key("b"))
            .StartAsync();
        var id = PinnedId.Seal("video_", Stage.OpenAIAt("http://127.0.0.1/"), new KeyModel(Stage.Key("a")), "up-1", "sora-2");
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/videos/{id}") { Headers = { { "x-bf-vk", Keyring.Value } } };

        using var response = await gateway.Client.SendAsync(request);

        if (refused is null)
        {
            Assert.Equal("Bearer sk-a", upstream.Only.Headers["Authorization"]);
        }
        else
        {
            Assert.Equal((403, refused), await Stage.RefusalOf(response));
            Assert.Empty(upstream.Seen);
        }
    }

    [Fact]
    public async Task Fallbacks_are_kept_to_what_the_caller_may_use()
    {
        await using var world = await TwoAsync(Keyring.Access("openai", models: ["gpt-4o"]));
        world.Fails = true;

        using var response = await world.AskAsync(
            """{"model":"openai/gpt-4o","messages":[],"fallbacks":["other/gpt-4o","openai/gpt-4o-mini"]}"""
        );

        Assert.NotEqual(200, (int)response.StatusCode);
        Assert.Single(world.OpenAI.Seen);
        Assert.Empty(world.Other.Seen);
    }

    [Fact]
    public async Task A_bare_name_goes_where_the_weight_is()
    {
        await using var world = await TwoAsync(Keyring.Access("openai", weight: 0.0), Keyring.Access("other", weight: 1));

        for (var i = 0; i < 10; i++)
        {
            using var response = await world.AskAsync(BareAsk);
        }

        Assert.Equal((0, 10), (world.OpenAI.Seen.Count, world.Other.Seen.Count));
    }

    [Fact]
    public async Task Weights_share_the_traffic()
    {
        await using var world = await TwoAsync(Keyring.Access("openai", weight: 0.5), Keyring.Access("other", weight: 0.5));

        for (var i = 0; i < 60; i++)
        {
            using var response = await world.AskAsync(BareAsk);
        }

        Assert.InRange(world.OpenAI.Seen.Count, 5, 55);
    }

    [Fact]
    public async Task With_all_weights_zero_the_first_is_taken()
    {
        await using var world = await TwoAsync(Keyring.Access("other", weight: 0), Keyring.Access("openai", weight: 0));

        using var response = await world.AskAsync(BareAsk);

        Assert.Single(world.Other.Seen);
    }

    [Fact]
    public async Task A_provider_without_weight_is_not_drawn_but_follows_when_the_drawn_one_fails()
    {
        await using var world = await TwoAsync(Keyring.Access("openai", weight: 1), Keyring.Access("other", weight: null));
        world.Fails = true;

        using var response = await world.AskAsync(BareAsk);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal((1, 1), (world.OpenAI.Seen.Count, world.Other.Seen.Count));
    }

    [Fact]
    public async Task A_provider_without_weight_serves_those_who_name_it()
    {
        await using var world = await TwoAsync(Keyring.Access("openai", weight: 1), Keyring.Access("other", weight: null));

        using var response = await world.AskAsync("""{"model":"other/some-model","messages":[]}""");

        Assert.Single(world.Other.Seen);
    }

    [Fact]
    public async Task A_provider_that_does_not_have_the_model_is_passed_over_whatever_its_weight()
    {
        await using var world = await TwoAsync(
            Keyring.Access("openai", models: ["gpt-4o"], weight: 99),
            Keyring.Access("other", models: ["some-model"], weight: 1)
        );

        using var response = await world.AskAsync(BareAsk);

        Assert.Equal((0, 1), (world.OpenAI.Seen.Count, world.Other.Seen.Count));
    }

    [Fact]
    public async Task The_callers_own_fallbacks_replace_the_other_providers()
    {
        await using var world = await TwoAsync(Keyring.Access("openai", weight: 1), Keyring.Access("other", weight: 0));
        world.Fails = true;

        using var response = await world.AskAsync("""{"model":"some-model","messages":[],"fallbacks":[]}""");

        Assert.NotEqual(200, (int)response.StatusCode);
        Assert.Empty(world.Other.Seen);
    }

    [Fact]
    public async Task The_list_of_models_shows_what_the_caller_may_use_and_nothing_else()
    {
        await using var world = await TwoAsync(Keyring.Access("other", models: ["listed-nowhere"]));
        using var all = new HttpRequestMessage(HttpMethod.Get, "/v1/models") { Headers = { { "x-bf-vk", Keyring.Value } } };
        using var hidden = new HttpRequestMessage(HttpMethod.Get, "/v1/models/openai%2Fgpt-4o")
        {
            Headers = { { "x-bf-vk", Keyring.Value } },
        };

        using var list = await world.Gateway.Client.SendAsync(all);
        using var one = await world.Gateway.Client.SendAsync(hidden);

        var ids = (await Stage.JsonOf(list)).GetProperty("data").EnumerateArray().Select(m => m.GetProperty("id").GetString());
        Assert.Equal(["other/listed-nowhere"], ids);
        Assert.Equal(404, (int)one.StatusCode);
    }

    private static async Task<Two> TwoAsync(params ProviderAccess[] accesses)
    {
        var two = new Two();
        two.OpenAI = await FakeUpstream.StartAsync(http => FakeUpstream.WriteAsync(http, Stage.Reply, two.Fails ? 500 : 200));
        two.Other = await FakeUpstream.AnsweringAsync(Stage.Reply);
        two.Gateway = await AGateway
            .With()
            .Network(n => n with { MaxRetries = 0 })
            .Callers(Keyring.Of(accesses))
            .OpenAI(two.OpenAI)
            .Provider("other", "openai", two.Other.Address)
            .StartAsync();
        return two;
    }

    private sealed class Two : IAsyncDisposable
    {
        public FakeUpstream OpenAI { get; set; } = null!;

        public FakeUpstream Other { get; set; } = null!;

        public RunningGateway Gateway { get; set; } = null!;

        public bool Fails { get; set; }

        public Task<HttpResponseMessage> AskAsync(string body) => Gateway.PostAsync("/v1/chat/completions", body, Stage.Vk);

        public async ValueTask DisposeAsync()
        {
            await Gateway.DisposeAsync();
            await OpenAI.DisposeAsync();
            await Other.DisposeAsync();
        }
    }
}
