using Bifrost.Testing;
using Bifrost.Wire.Faults;

namespace Bifrost.Core.Tests.Governed;

public sealed class CallerTests
{
    [Theory]
    [InlineData("x-bf-vk", Keyring.Value)]
    [InlineData("Authorization", "Bearer " + Keyring.Value)]
    [InlineData("x-api-key", Keyring.Value)]
    [InlineData("x-goog-api-key", Keyring.Value)]
    public async Task A_virtual_key_is_found_in_four_headers_and_goes_upstream_in_none(string header, string value)
    {
        await using var upstream = await FakeUpstream.AnsweringAsync(Stage.Reply);
        await using var gateway = await AGateway.With().Callers(Keyring.Unlimited()).OpenAI(upstream).StartAsync();

        using var response = await gateway.PostAsync(
            "/v1/chat/completions?key=" + Keyring.Value,
            Stage.Ask,
            (header, value),
            ("x-bf-eh-smuggled", "it is " + Keyring.Value)
        );

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("Bearer sk-upstream", upstream.Only.Headers["Authorization"]);
        Assert.DoesNotContain("sk-bf-", string.Join('\n', upstream.Only.Headers.Values) + upstream.Only.Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_key_is_refused_even_where_none_is_needed()
    {
        await using var upstream = await FakeUpstream.AnsweringAsync(Stage.Reply);
        await using var gateway = await AGateway.With().Callers(Keyring.Unlimited()).OpenAI(upstream).StartAsync();

        using var response = await gateway.PostAsync("/v1/chat/completions", Stage.Ask, ("x-bf-vk", "SK-BF-other"));

        Assert.Equal((403, "virtual_key_not_found"), await Stage.RefusalOf(response));
        Assert.Empty(upstream.Seen);
    }

    [Theory]
    [InlineData("x-other", "x")]
    [InlineData("x-bf-vk", "sk-bf-unknown")]
    [InlineData("Authorization", "Bearer a-key-of-some-provider")]
    [InlineData("Authorization", "Basic YWRtaW46YWRtaW4=")]
    public async Task Where_a_key_is_needed_nothing_else_will_do(string header, string value)
    {
        await using var upstream = await FakeUpstream.AnsweringAsync(Stage.Reply);
        await using var gateway = await AGateway
            .With()
            .Callers(Keyring.Unlimited())
            .Client(c => c with { EnforceAuthOnInference = true })
            .OpenAI(upstream)
            .StartAsync();

        using var response = await gateway.PostAsync("/v1/chat/completions", Stage.Ask, (header, value));

        Assert.Equal((401, "virtual_key_required"), await Stage.RefusalOf(response));
        Assert.Empty(upstream.Seen);
    }

    [Fact]
    public async Task A_key_that_is_switched_off_says_so()
    {
        var off = new Fault(FaultKind.VirtualKeyBlocked, "The virtual key is inactive.");
        await using var upstream = await FakeUpstream.AnsweringAsync(Stage.Reply);
        await using var gateway = await AGateway.With().Callers(Keyring.Refusing(off)).OpenAI(upstream).StartAsync();

        using var response = await gateway.PostAsync("/v1/chat/completions", Stage.Ask, Stage.Vk);

        Assert.Equal((403, "virtual_key_blocked"), await Stage.RefusalOf(response));
    }

    [Fact]
    public async Task Missing_headers_are_named_before_anything_else_is_asked()
    {
        await using var gateway = await AGateway
            .With()
            .Client(c => c with { RequiredHeaders = ["x-team"], EnforceAuthOnInference = true })
            .StartAsync();

        using var response = await gateway.PostAsync("/v1/chat/completions", Stage.Ask);

        Assert.Equal((400, "missing_required_headers"), await Stage.RefusalOf(response));
    }

    [Fact]
    public async Task Credentials_of_another_scheme_never_travel_on_as_a_providers_key()
    {
        await using var upstream = await FakeUpstream.AnsweringAsync(Stage.Reply);
        await using var gateway = await AGateway.With().OpenAI(upstream).StartAsync();

        using var response = await gateway.PostAsync("/v1/chat/completions", Stage.Ask, ("Authorization", "Basic YWRtaW46YWRtaW4="));

        Assert.Equal("Bearer sk-upstream", upstream.Only.Headers["Authorization"]);
    }

    [Fact]
    public async Task A_callers_own_provider_key_serves_beside_its_virtual_key()
    {
        var own = "sk-" + new string('0', 48);
        await using var upstream = await FakeUpstream.AnsweringAsync(Stage.Reply);
        await using var gateway = await AGateway
            .With()
            .Callers(Keyring.Of(Keyring.Access("openai", keys: [])))
            .Client(c => c with { AllowDirectKeys = true })
            .OpenAI(upstream)
            .StartAsync();

        using var response = await gateway.PostAsync("/v1/chat/completions", Stage.Ask, Stage.Vk, ("Authorization", "Bearer " + own));

        Assert.Equal("Bearer " + own, upstream.Only.Headers["Authorization"]);
    }
}
