using System.Text.Json.Nodes;
using Bifrost.Testing;
using Bifrost.Testing.Governed;
using Bifrost.Testing.Stores;

namespace Bifrost.EndToEnd.Tests.Observability;

/// <summary>Secrets are put wherever a secret can be put, the gateway is used in every way, and then everything that it left is searched for them.</summary>
public sealed class PlantedSecretsTests
{
    /// <summary>No secrets: that these are found shows that the search finds.</summary>
    public const string AnswerWord = "visibleanswerword";
    private const string PromptWord = "visiblepromptword";

    private const string Client = """
        {"enforce_auth_on_inference": true, "logging_headers": ["authorization", "cookie", "x-api-key", "x-plain"],
         "log_secret_fields": ["salary"], "log_secret_patterns": ["CARD-[A-Z]{12}"], "prometheus_labels": ["project"]
        """;

    [Theory, InlineData(DatabaseKind.Sqlite), InlineData(DatabaseKind.Postgres)]
    public async Task No_secret_is_found_in_anything_that_is_left(DatabaseKind kind)
    {
        await using var upstream = await TalkativeUpstream.StartAsync();
        await using var gateway = await StartAsync(kind, upstream, Client + "}");
        var remains = new Remains();

        var secrets = await DriveAsync(gateway, upstream, remains);

        // It was all there to be found: what is no secret is.
        Assert.True(remains.Has("request of", PromptWord));
        Assert.True(remains.Has("answer of", AnswerWord));
        Assert.True(remains.Has("answer of", "The key is"));
        Assert.True(remains.Has("GET /api/logs/", PromptWord));
        Assert.True(remains.Has("GET /api/governance/virtual-keys", "visiblekeyname"));
        Assert.True(remains.Has("GET /metrics", "visiblekeyname"));
        Assert.True(remains.Has("log lines", "chat_completion"));
        Assert.True(remains.Has(kind == DatabaseKind.Sqlite ? "after: config.db" : "table", "visiblekeyname"));
        Assert.True(remains.Has("log row", "visibleheadervalue"));
        // Nor the half of it that was said.
        Assert.Empty(remains.Holding("hf_Zq7"));
        Assert.Empty(secrets.SelectMany(s => remains.Holding(s.Needle).Select(place => $"{s.Where} in {place}")));
    }

    [Theory, InlineData(DatabaseKind.Sqlite), InlineData(DatabaseKind.Postgres)]
    public async Task Without_content_nothing_that_was_said_is_left_either(DatabaseKind kind)
    {
        await using var upstream = await TalkativeUpstream.StartAsync();
        await using var gateway = await StartAsync(kind, upstream, Client + """, "disable_content_logging": true}""");
        var remains = new Remains();

        var secrets = await DriveAsync(gateway, upstream, remains);

        Assert.True(remains.Has("log row", "visibleheadervalue"));
        Assert.Empty(remains.Holding(PromptWord));
        Assert.Empty(remains.Holding(AnswerWord));
        Assert.Empty(remains.Holding("The key is"));
        Assert.Empty(secrets.SelectMany(s => remains.Holding(s.Needle).Select(place => $"{s.Where} in {place}")));
    }

    private static Task<GovernedGateway> StartAsync(DatabaseKind kind, FakeUpstream upstream, string client) =>
        AGateway.Governed().Provider("openai", upstream).Client(client).StartAsync(kind);

    /// <summary>Uses the gateway and gathers what is left. Gives all that was secret, what the gateway itself made included.</summary>
    private static async Task<IReadOnlyList<Plant>> DriveAsync(GovernedGateway gateway, FakeUpstream upstream, Remains remains)
    {
        var manager = await Manager.SignInAsync(gateway, remains);
        await ProvidersAsync(manager, upstream);
        var (key, rotated, keys) = await manager.KeysAsync();
        await AskAsync(gateway, key, remains);
        await manager.RefusedAsync();
        await manager.ReadAllAsync(upstream.Seen.Count(s => s.Method == "POST"));
        remains.AddFiles(gateway.Place.Folder, "before", isOpen: true);
        await gateway.StopAsync();
        remains.AddFiles(gateway.Place.Folder, "after", isOpen: false);
        await remains.AddTablesAsync(gateway.Place);
        await remains.AddLogAsync(gateway.Place);
        remains.Add("log lines", gateway.Log);

        // The providers did get what they must.
        Assert.Contains(upstream.Seen, s => s.Headers.GetValueOrDefault("Authorization") == $"Bearer {Plant.NewProviderKey.Text}");
        Assert.Contains(upstream.Seen, s => s.Headers.GetValueOrDefault("x-upstream-auth") == Plant.ExtraHeader.Text);
        return
        [
            .. Plant.All,
            new("virtual key", key, key[6..]),
            new("virtual key of before", rotated, rotated[6..]),
            new("session", manager.Session, manager.Session),
            new("key of the file", "sk-upstream-openai", "sk-upstream-openai"),
            .. keys.Select(k => new Plant("key", k, k)),
        ];
    }

    private static async Task ProvidersAsync(Manager manager, FakeUpstream upstream)
    {
        await manager.DoAsync(
            201,
            "POST",
            "/api/providers",
            $$"""
            {"provider": "planted", "custom_provider_config": {"base_provider_type": "openai"},
             "keys": [{"name": "k", "value": "{{Plant.ProviderKey.Text}}", "models": ["*"], "weight": 1}],
             "network_config": {"base_url": "{{upstream.Address.AbsoluteUri}}", "max_retries": 0, "extra_headers": {"x-upstream-auth": "{{Plant.ExtraHeader.Text}}"} } }
            """
        );
        await manager.DoAsync(
            200,
            "PUT",
            "/api/providers/planted",
            $$"""{"keys": [{"name": "k", "value": "{{Plant.NewProviderKey.Text}}", "models": ["*"], "weight": 1}]}"""
        );
        await manager.DoAsync(
            200,
            "PUT",
            "/api/proxy-config",
            $$"""{"enabled": false, "type": "http", "url": "http://127.0.0.1:9", "username": "u", "password": "{{Plant.ProxyPassword.Text}}"}"""
        );
    }

    private static async Task AskAsync(GovernedGateway gateway, string key, Remains remains)
    {
        (string, string)[] headers =
        [
            ("x-api-key", Plant.Header.Text),
            ("cookie", $"sid={Plant.Cookie.Text}"),
            ("x-bf-lh-note", $"use {Plant.MetadataHeader.Text} for it"),
            ("x-plain", "visibleheadervalue"),
            ("x-bf-prom-project", "blue"),
        ];
        var tool = new JsonObject { ["api_key"] = Plant.ToolArgument.Text, ["city"] = "Rome" }.ToJsonString();
        var messages = new JsonArray(
            new JsonObject { ["role"] = "system", ["content"] = $"{PromptWord}: the key {Plant.Prompt.Text} must stay here" },
            new JsonObject
            {
                ["role"] = "user",
                ["content"] = new JsonArray(
                    new JsonObject { ["type"] = "text", ["text"] = $"{PromptWord} {Plant.Part.Text} {Plant.Pattern.Text}" }
                ),
            },
            new JsonObject
            {
                ["role"] = "assistant",
                ["tool_calls"] = new JsonArray(
                    new JsonObject
                    {
                        ["id"] = "t",
                        ["type"] = "function",
                        ["function"] = new JsonObject { ["name"] = "f", ["arguments"] = tool },
                    }
                ),
            },
            new JsonObject
            {
                ["role"] = "tool",
                ["tool_call_id"] = "t",
                ["content"] = $"Authorization: {Plant.ToolResult.Text}",
            }
        );
        foreach (
            var (model, stream, status) in new (string, bool, int)[]
            {
                ("penny", false, 200),
                ("metered", true, 200),
                ("break", true, 200),
                ("refuse-400", false, 400),
                ("refuse-401", false, 502),
                ("refuse-403", false, 403),
                ("refuse-429", false, 429),
                ("refuse-500", false, 502),
                ("refuse-500", true, 502),
            }
        )
        {
            foreach (var provider in (string[])["openai", "planted"])
            {
                var body = new JsonObject
                {
                    ["model"] = $"{provider}/{model}",
                    ["stream"] = stream,
                    ["messages"] = messages.DeepClone(),
                    ["metadata"] = new JsonObject { ["salary"] = Plant.Field.Text },
                };
                var answer = await AnAnswer.OfAsync(await gateway.PostAsync(key, "/v1/chat/completions", body.ToJsonString(), headers));
                Assert.Equal((model, status), (model, answer.Status));
                if (status != 200)
                {
                    // The caller may read what the provider said, and never the credential that the provider was shown.
                    remains.Add(
                        $"error {status} of {model}",
                        answer
                            .Text.Replace(Plant.ErrorBody.Text, "", StringComparison.Ordinal)
                            .Replace(Plant.ErrorAddress.Text, "", StringComparison.Ordinal)
                    );
                }
            }
        }

        using var form = new MultipartFormDataContent
        {
            { new StringContent("openai/penny"), "model" },
            { new StringContent($"{PromptWord} {Plant.FormField.Text}"), "prompt" },
            { new ByteArrayContent("RIFF"u8.ToArray()), "file", "a.wav" },
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway.Address, "/v1/audio/transcriptions"))
        {
            Content = form,
        };
        request.Headers.Add("x-bf-vk", key);
        (await AnAnswer.OfAsync(await gateway.Http.SendAsync(request))).MustBe(200);

        foreach (var stranger in (string[])["x-bf-vk", "Authorization"])
        {
            var answer = await gateway.AskAsync(
                null,
                headers: (stranger, stranger == "x-bf-vk" ? Plant.UnknownKey.Text : $"Bearer {Plant.UnknownKey.Text}")
            );
            remains.Add("error to a stranger", answer.Text);
            answer.MustBe(401);
        }
    }
}
