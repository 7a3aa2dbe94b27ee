using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Bifrost.Testing;
using Bifrost.Testing.Governed;

namespace Bifrost.EndToEnd.Tests.Program;

/// <summary>The built program starts from files written for the published gateway, with governance in them, and does what they say.</summary>
[Collection(ProcessTestGroup.Name)]
public sealed class PublishedConfigTests
{
    private const string Password = "correct horse battery";

    private static readonly (string, string)[] Environment =
    [
        ("OPENAI_API_KEY", "sk-main-0000000000000000"),
        ("PLATFORM_VK", "sk-bf-99999999-2222-4333-8444-555555555555"),
        ("ADMIN_PASSWORD", Password),
        ("SEAL", "a long passphrase"),
    ];

    [Fact]
    public Task A_file_of_version_1_5_governs() =>
        GovernsAsync(
            "version-1.5.json",
            ("sk-bf-11111111-2222-4333-8444-555555555555", "openai/gpt-4o", 200, null),
            ("sk-bf-11111111-2222-4333-8444-555555555555", "openai/gpt-4o-mini", 403, "model_blocked"),
            ("sk-bf-66666666-2222-4333-8444-555555555555", "openai/gpt-4o", 403, "provider_blocked"),
            ("sk-bf-77777777-2222-4333-8444-555555555555", "openai/gpt-4o-mini", 200, null),
            ("sk-bf-00000000-2222-4333-8444-555555555555", "openai/gpt-4o", 403, "virtual_key_not_found")
        );

    [Fact]
    public Task A_file_of_version_1_4_governs() =>
        GovernsAsync(
            "version-1.4.json",
            ("sk-bf-99999999-2222-4333-8444-555555555555", "openai/gpt-4o", 200, null),
            (null, "openai/gpt-4o", 401, "virtual_key_required")
        );

    [Fact]
    public async Task Its_objects_are_managed_by_the_administrator_it_names_and_by_nobody_else()
    {
        await using var upstream = await MeteredUpstream.StartAsync();
        await using var bifrost = BifrostProcess.Start(Config("version-1.5.json", upstream), ["--port", "0"], Environment);
        using var http = new HttpClient { BaseAddress = await bifrost.AddressAsync() };

        using var stranger = await http.GetAsync(new Uri("/api/governance/virtual-keys", UriKind.Relative));
        Assert.Equal(401, (int)stranger.StatusCode);

        http.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"admin:{Password}")));
        var keys = JsonNode.Parse(await http.GetStringAsync(new Uri("/api/governance/virtual-keys", UriKind.Relative)))!;
        var first = keys["virtual_keys"]!.AsArray().Single(k => (string)k!["id"]! == "vk-a")!;

        Assert.Equal([2m, 20m], first["budgets"]!.AsArray().Select(b => (decimal)b!["max_limit"]!));
        Assert.DoesNotContain("11111111", keys.ToJsonString(), StringComparison.Ordinal);
    }

    private static async Task GovernsAsync(string file, params (string? Key, string Model, int Status, string? Type)[] calls)
    {
        await using var upstream = await MeteredUpstream.StartAsync();
        await using var bifrost = BifrostProcess.Start(Config(file, upstream), ["--port", "0"], Environment);
        using var http = new HttpClient { BaseAddress = await bifrost.AddressAsync() };

        foreach (var (key, model, status, type) in calls)
        {
            var before = upstream.Seen.Count;
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
            {
                Content = new StringContent(
                    $$"""{"model": "{{model}}", "messages": [{"role": "user", "content": "Hello"}]}""",
                    Encoding.UTF8,
                    "application/json"
                ),
            };
            request.Headers.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
            using var answer = await http.SendAsync(request);
            var text = await answer.Content.ReadAsStringAsync();

            Assert.True((int)answer.StatusCode == status, text);
            Assert.Equal(type, (string?)JsonNode.Parse(text)!["error"]?["type"]);
            Assert.Equal(status == 200 ? 1 : 0, upstream.Seen.Count - before);
        }
    }

    private static string Config(string file, FakeUpstream upstream)
    {
        var config = JsonNode.Parse(
            File.ReadAllText(Path.Combine(Checkout.Root, "tests", "Bifrost.Configuration.Tests", "Fixtures", file))
        )!;
        config["providers"]!["openai"]!["network_config"] = new JsonObject { ["base_url"] = upstream.Address.AbsoluteUri };
        return config.ToJsonString();
    }
}
