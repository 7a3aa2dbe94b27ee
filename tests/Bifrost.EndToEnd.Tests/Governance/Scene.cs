using System.Text.Json.Nodes;
using Bifrost.Testing;
using Bifrost.Testing.Governed;
using Bifrost.Testing.Stores;
using Microsoft.Extensions.Time.Testing;

namespace Bifrost.EndToEnd.Tests.Governance;

/// <summary>Two providers whose every answer has a known price, and a governed gateway in front of them where virtual keys are mandatory.</summary>
internal sealed class Scene : IAsyncDisposable
{
    /// <summary>Every budget of one call to <c>penny</c>.</summary>
    public const string Cent = """{"max_limit": 0.01, "reset_duration": "1h"}""";

    private Scene(FakeUpstream openAI, FakeUpstream other, GovernedGateway gateway) => (OpenAI, Other, Gateway) = (openAI, other, gateway);

    /// <summary>Noon, in the middle of the day's and every shorter period.</summary>
    public static DateTimeOffset Noon { get; } = new(2026, 5, 13, 12, 0, 0, TimeSpan.Zero);

    public FakeUpstream OpenAI { get; }

    public FakeUpstream Other { get; }

    public GovernedGateway Gateway { get; }

    public ManagementClient Api => Gateway.Api;

    public int Asked => OpenAI.Seen.Count + Other.Seen.Count;

    /// <param name="store">Null: in memory.</param>
    /// <param name="clock">Null: the system's.</param>
    /// <param name="set">Further settings.</param>
    public static async Task<Scene> StartAsync(
        DatabaseKind? store,
        FakeTimeProvider? clock = null,
        Func<AGovernedGateway, AGovernedGateway>? set = null
    )
    {
        var openAI = await MeteredUpstream.StartAsync();
        var other = await MeteredUpstream.StartAsync();
        var gateway = AGateway.Governed().Provider("openai", openAI).Provider("other", other).Clock(clock ?? TimeProvider.System);
        return new Scene(openAI, other, await (set?.Invoke(gateway) ?? gateway).StartAsync(store));
    }

    public Task<AKey> KeyAsync(string members = "") => KeyAsync(Gateway, members);

    /// <param name="gateway">Where.</param>
    /// <param name="members">Of the virtual key, besides its name.</param>
    public static async Task<AKey> KeyAsync(GovernedGateway gateway, string members = "")
    {
        var made = await gateway.Api.MakeAsync(
            "virtual-keys",
            $$"""{"name": "key-{{Guid.NewGuid():N}}"{{(members.Length > 0 ? ", " : "")}}{{members}}}"""
        );
        return new AKey((string)made["id"]!, (string)made["value"]!);
    }

    /// <summary>The id of a new team or customer.</summary>
    /// <param name="kind"><c>teams</c>, <c>customers</c>.</param>
    /// <param name="members">Besides its name.</param>
    public async Task<string> OwnerAsync(string kind, string members = "")
    {
        var made = await Api.MakeAsync(kind, $$"""{"name": "owner-{{Guid.NewGuid():N}}"{{(members.Length > 0 ? ", " : "")}}{{members}}}""");
        return (string)made["id"]!;
    }

    public async Task ServedAsync(AKey key, string model = "openai/penny", int times = 1)
    {
        for (var i = 0; i < times; i++)
        {
            (await Gateway.AskAsync(key.Value, model)).MustBe(200);
        }
    }

    public async Task<AnAnswer> RefusedAsync(AKey key, string type, string model = "openai/penny")
    {
        var before = Asked;
        var answer = await Gateway.AskAsync(key.Value, model);
        Assert.Equal((type, before), (answer.Status < 400 ? $"served: {answer.Text}" : answer.ErrorType, Asked));
        return answer;
    }

    public Task<JsonNode> StandingAsync(AKey key) => Api.ReadAsync("virtual-keys", key.Id);

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await OpenAI.DisposeAsync();
        await Other.DisposeAsync();
    }
}

/// <param name="Id">To manage it by.</param>
/// <param name="Value">To call with.</param>
internal sealed record AKey(string Id, string Value);
