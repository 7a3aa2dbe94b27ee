using System.Text.Json.Nodes;
using Bifrost.Testing;
using Bifrost.Testing.Governed;
using Bifrost.Wire.Faults;
using Microsoft.AspNetCore.Http;

namespace Bifrost.EndToEnd.Tests.Governance;

/// <summary>Every way in which the operator's own rules refuse a call, as its caller sees it.</summary>
public sealed class RefusalTests
{
    private const string Limited = """ "rate_limit": {""";

    /// <param name="Status">As published.</param>
    /// <param name="Type">As published.</param>
    /// <param name="Says">What the message must name.</param>
    /// <param name="Waits">It says when to come back.</param>
    /// <param name="Key">Members of the virtual key that calls.</param>
    private sealed record Refusal(int Status, string Type, string[] Says, bool Waits = false, string Key = "")
    {
        /// <summary>The <c>client</c> section.</summary>
        public string Client { get; init; } = """{"enforce_auth_on_inference": true}""";

        public string Model { get; init; } = "openai/penny";

        /// <summary>Calls that are served before.</summary>
        public int Served { get; init; }

        /// <summary>A call is still being answered.</summary>
        public bool Running { get; init; }

        /// <summary>What is shown in place of the key's value.</summary>
        public Func<string, string?> Shown { get; init; } = static value => value;
    }

    private static readonly Dictionary<FaultKind, Refusal> Refusals = new()
    {
        [FaultKind.MissingHeaders] = new(400, "missing_required_headers", ["x-team, x-cost-center"])
        {
            Client = """{"required_headers": ["x-team", "x-cost-center"]}""",
        },
        [FaultKind.VirtualKeyRequired] = new(401, "virtual_key_required", ["x-bf-vk"]) { Shown = static _ => null },
        [FaultKind.VirtualKeyNotFound] = new(403, "virtual_key_not_found", ["not known"])
        {
            Client = """{"enforce_auth_on_inference": false}""",
            Shown = static _ => "sk-bf-00000000-0000-4000-8000-000000000000",
        },
        [FaultKind.VirtualKeyBlocked] = new(403, "virtual_key_blocked", ["inactive"], Key: """ "is_active": false"""),
        [FaultKind.ProviderBlocked] = new(403, "provider_blocked", ["openai"], Key: """ "provider_configs": [{"provider": "other"}]"""),
        [FaultKind.ModelBlocked] = new(
            403,
            "model_blocked",
            ["penny"],
            Key: """ "provider_configs": [{"provider": "openai", "allowed_models": ["metered"]}]"""
        ),
        [FaultKind.ModelUnpriced] = new(403, "model_unpriced", ["nobody-sells-this", "openai"])
        {
            Client = """{"unpriced_models": "refuse"}""",
            Model = "openai/nobody-sells-this",
        },
        [FaultKind.BudgetExceeded] = new(
            402,
            "budget_exceeded",
            ["VK 'key-", "$0.0100"],
            Waits: true,
            Key: """ "budgets": [{"max_limit": 0.01, "reset_duration": "1h"}]"""
        )
        {
            Served = 1,
        },
        [FaultKind.TokenLimited] = new(
            429,
            "token_limited",
            ["VK 'key-", "30 tokens used of 30", "1h"],
            Waits: true,
            Key: Limited + """ "token_max_limit": 30, "token_reset_duration": "1h"}"""
        )
        {
            Served = 1,
        },
        [FaultKind.RequestLimited] = new(
            429,
            "request_limited",
            ["VK 'key-", "1 request used of 1", "1h"],
            Waits: true,
            Key: Limited + """ "request_max_limit": 1, "request_reset_duration": "1h"}"""
        )
        {
            Served = 1,
        },
        [FaultKind.RateLimitedTwice] = new(
            429,
            "rate_limited",
            ["30 tokens used of 30", "; ", "1 request used of 1"],
            Waits: true,
            Key: Limited
                + """ "token_max_limit": 30, "token_reset_duration": "1h", "request_max_limit": 1, "request_reset_duration": "1h"}"""
        )
        {
            Served = 1,
        },
        [FaultKind.ConcurrencyLimited] = new(
            429,
            "concurrency_limited",
            ["VK 'key-", "1 running of 1"],
            Waits: true,
            Key: Limited + """ "concurrent_max_limit": 1}"""
        )
        {
            Running = true,
        },
    };

    public static TheoryData<FaultKind> Every => [.. Enum.GetValues<FaultKind>().Where(kind => FaultTable.Of(kind).Governs)];

    [Theory]
    [MemberData(nameof(Every))]
    public async Task Every_refusal_has_its_status_its_type_and_a_message_that_helps(FaultKind kind)
    {
        Assert.True(Refusals.TryGetValue(kind, out var refusal), $"No case says how {kind} comes about.");
        var gate = new TaskCompletionSource();
        await using var upstream = await MeteredUpstream.StartAsync(_ => refusal.Running ? gate.Task : Task.CompletedTask);
        await using var gateway = await AGateway
            .Governed()
            .Provider("openai", upstream)
            .Provider("other", upstream)
            .Client(refusal.Client)
            .StartAsync(store: null);
        var key = await Scene.KeyAsync(gateway, refusal.Key);
        for (var i = 0; i < refusal.Served; i++)
        {
            (await gateway.AskAsync(key.Value)).MustBe(200);
        }

        var running = refusal.Running ? gateway.AskAsync(key.Value) : null;
        await Eventually.IsTrueAsync(() => running is null || upstream.Seen.Count == 1);
        var before = upstream.Seen.Count;

        foreach (var (path, body) in Asks(refusal.Model))
        {
            var answer = await AnAnswer.OfAsync(await gateway.PostAsync(refusal.Shown(key.Value), path, body));

            Refused(refusal, answer, path);
        }

        Assert.Equal(before, upstream.Seen.Count);
        gate.SetResult();
        (running is null ? null : await running)?.MustBe(200);
    }

    /// <summary>In each of the OpenAI dialects that have a body of their own, streamed or not: nothing has been sent yet, so it is no stream.</summary>
    private static IEnumerable<(string Path, string Body)> Asks(string model)
    {
        foreach (var stream in (string[])["", ""","stream":true"""])
        {
            yield return ("/v1/chat/completions", $$"""{"model":"{{model}}","messages":[{"role":"user","content":"Hello"}]{{stream}}}""");
            yield return ("/v1/responses", $$"""{"model":"{{model}}","input":"Hello"{{stream}}}""");
            yield return ("/openai/v1/completions", $$"""{"model":"{{model}}","prompt":"Hello"{{stream}}}""");
        }

        yield return ("/v1/embeddings", $$"""{"model":"{{model}}","input":"Hello"}""");
    }

    private static void Refused(Refusal refusal, AnAnswer answer, string path)
    {
        Assert.True(refusal.Status == answer.Status, $"{path}: {answer.Status} {answer.Text}");
        Assert.StartsWith("application/json", answer.Headers["Content-Type"], StringComparison.Ordinal);
        var error = answer.Json["error"]!;
        Assert.Equal(refusal.Type, (string?)error["type"]);
        Assert.Equal(refusal.Type, (string?)error["code"]);
        Assert.All(refusal.Says, said => Assert.Contains(said, (string)error["message"]!, StringComparison.OrdinalIgnoreCase));
        // The outer members that clients of the published gateway look for.
        Assert.Equal(refusal.Type, (string?)answer.Json["type"]);
        Assert.Equal(refusal.Status, (int?)answer.Json["status_code"]);
        Assert.False((bool)answer.Json["is_bifrost_error"]!);
        Assert.Equal(refusal.Waits, answer.Headers.ContainsKey("Retry-After"));
    }

    [Fact]
    public async Task Money_that_ends_in_the_middle_of_an_answer_ends_the_answer_in_the_callers_dialect()
    {
        // Told to stop at the cap that the money pays for, it goes on all the same.
        await using var upstream = await FakeUpstream.StartAsync(async http =>
        {
            http.Response.ContentType = "text/event-stream";
            var asked = JsonNode.Parse(await new StreamReader(http.Request.Body).ReadToEndAsync())!;
            for (var i = 0; i < 20_000; i++)
            {
                await http.Response.WriteAsync(
                    http.Request.Path.Value!.EndsWith("/responses", StringComparison.Ordinal)
                        ? $$"""data: {"type":"response.output_text.delta","item_id":"m","output_index":0,"content_index":0,"delta":"so many words and "}"""
                            + "\n\n"
                        : MeteredUpstream.Chunk((string?)asked["model"], "so many words and "),
                    http.RequestAborted
                );
            }
        });
        await using var gateway = await AGateway.Governed().Provider("openai", upstream).StartAsync(store: null);
        foreach (var (path, body) in Asks("openai/metered").Where(a => a.Body.Contains("stream", StringComparison.Ordinal)))
        {
            var key = await Scene.KeyAsync(
                gateway,
                """ "budgets": [{"max_limit": 0.002, "reset_duration": "1h", "enforcement": "hard"}]"""
            );

            var answer = await AnAnswer.OfAsync(await gateway.PostAsync(key.Value, path, body));

            answer.MustBe(200);
            var last = answer.Text.TrimEnd().Split("\n\n")[^1];
            var fault = JsonNode.Parse(last[(last.IndexOf("data: ", StringComparison.Ordinal) + 6)..])!;
            if (path == "/v1/responses")
            {
                Assert.StartsWith("event: error\n", last, StringComparison.Ordinal);
                Assert.Equal(("error", "budget_exceeded"), ((string?)fault["type"], (string?)fault["code"]));
                Assert.Contains("budget", (string)fault["message"]!, StringComparison.Ordinal);
            }
            else
            {
                Assert.Equal(
                    ("budget_exceeded", 402, false),
                    ((string?)fault["type"], (int?)fault["status_code"], (bool?)fault["is_bifrost_error"])
                );
                Assert.Equal(("budget_exceeded", "budget_exceeded"), ((string?)fault["error"]!["type"], (string?)fault["error"]!["code"]));
            }

            Assert.DoesNotContain("[DONE]", answer.Text, StringComparison.Ordinal);
            Assert.Contains("so many words", answer.Text, StringComparison.Ordinal);
            var budget = (await gateway.Api.ReadAsync("virtual-keys", key.Id, fromMemory: true))["budgets"]![0]!;
            Assert.InRange((decimal)budget["current_usage"]!, 0.0001m, 0.002m);
        }
    }
}
