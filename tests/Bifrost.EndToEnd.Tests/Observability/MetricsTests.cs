using System.Net.Http.Headers;
using System.Text;
using Bifrost.Configuration;
using Bifrost.Testing;
using Bifrost.Testing.Exposition;
using Bifrost.Testing.Governed;

namespace Bifrost.EndToEnd.Tests.Observability;

/// <summary>What Prometheus gets from a gateway that has seen a bit of everything.</summary>
public sealed class MetricsTests
{
    /// <summary>Names that dashboards made for the published gateway ask for.</summary>
    private static readonly string[] Published =
    [
        "http_requests_total",
        "http_request_duration_seconds",
        "http_request_size_bytes",
        "http_response_size_bytes",
        "bifrost_upstream_requests_total",
        "bifrost_success_requests_total",
        "bifrost_error_requests_total",
        "bifrost_upstream_latency_seconds",
        "bifrost_input_tokens_total",
        "bifrost_output_tokens_total",
        "bifrost_cache_hits_total",
        "bifrost_cost_total",
        "bifrost_stream_inter_token_latency_seconds",
        "bifrost_stream_first_token_latency_seconds",
        "process_cpu_seconds_total",
        "process_resident_memory_bytes",
        "process_start_time_seconds",
        "process_open_fds",
    ];

    /// <summary>Names of ours: queues, what was dropped, what is held, keys' health, lanes, overhead.</summary>
    private static readonly string[] Ours =
    [
        "bifrost_exchanges_total",
        "bifrost_attempts_total",
        "bifrost_provider_key_consecutive_failures",
        "bifrost_overhead_seconds",
        "bifrost_phase_seconds",
        "bifrost_live_requests",
        "bifrost_unpriced_requests_total",
        "bifrost_log_queue_rows",
        "bifrost_log_queue_content_bytes",
        "bifrost_log_dropped_rows_total",
        "bifrost_log_dropped_contents_total",
        "bifrost_ledger_behind_calls",
        "bifrost_ledger_behind_bytes",
        "bifrost_ledger_disk_bytes",
        "bifrost_reservations_open",
        "bifrost_virtual_keys",
        "bifrost_governance_changes_total",
        "bifrost_metrics_overflows_total",
        "bifrost_metrics_failures_total",
    ];

    private static readonly string[] Labels =
    [
        "provider",
        "model",
        "method",
        "virtual_key_id",
        "virtual_key_name",
        "selected_key_id",
        "selected_key_name",
        "number_of_retries",
        "fallback_index",
        "team_id",
        "team_name",
        "customer_id",
        "customer_name",
        "project",
    ];

    [Fact]
    public async Task After_mixed_traffic_the_page_has_no_mistakes_and_every_promised_name()
    {
        await using var upstream = await MeteredUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        var key = await TrafficAsync(gateway);

        var text = await PageAsync(gateway, "text/plain");
        var openMetrics = await PageAsync(gateway, "application/openmetrics-text; version=1.0.0");

        Assert.Empty(ExpositionLint.Mistakes(text, openMetrics: false));
        Assert.Empty(ExpositionLint.Mistakes(openMetrics, openMetrics: true));
        var page = ExpositionText.Read(text, openMetrics: false);
        Assert.Empty(Published.Concat(Ours).Except(page.Families.Select(f => f.Name)));
        Assert.Equal(
            page.Families.Select(f => (f.Name, f.Type)),
            ExpositionText
                .Read(openMetrics, openMetrics: true)
                .Families.Select(f => (f.Type == "counter" ? f.Name + "_total" : f.Name, f.Type))
        );
        Assert.Equal(
            Labels.Order(),
            page.Of("bifrost_cost_total", ("virtual_key_id", key), ("project", "blue")).First().Labels.Select(l => l.Name).Order()
        );
        Assert.DoesNotContain("sk-", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_numbers_are_those_of_the_traffic()
    {
        await using var upstream = await MeteredUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        var key = await TrafficAsync(gateway);

        var page = ExpositionText.Read(await PageAsync(gateway, "text/plain"), openMetrics: false);

        decimal Of(string name, params (string, string)[] labels) => page.Sum(name, [("virtual_key_id", key), .. labels]);
        Assert.Equal(
            (8, 6, 2),
            (Of("bifrost_upstream_requests_total"), Of("bifrost_success_requests_total"), Of("bifrost_error_requests_total"))
        );
        Assert.Equal(1, Of("bifrost_error_requests_total", ("status_code", "404")));
        Assert.Equal(5, Of("bifrost_success_requests_total", ("project", "blue")));
        Assert.Equal(1, Of("bifrost_success_requests_total", ("method", "chat_completion_stream")));
        Assert.Equal(0.04m + 0.00021m, Of("bifrost_cost_total"));
        Assert.Equal(1, page.Sum("http_requests_total", ("status", "401")));
        Assert.Equal(1, page.Sum("http_requests_total", ("path", "unknown"), ("status", "404")));
        Assert.Equal(1, page.Sum("bifrost_virtual_keys"));
        Assert.Equal(
            (0, 0, 0),
            (page.Sum("bifrost_live_requests"), page.Sum("bifrost_reservations_open"), page.Sum("bifrost_log_dropped_rows_total"))
        );
        Assert.Equal(page.Sum("bifrost_overhead_seconds_count"), page.Sum("bifrost_phase_seconds_count", ("phase", "upstream")));
    }

    [Fact]
    public async Task A_label_that_is_on_the_page_already_cannot_be_the_operators()
    {
        await using var upstream = await MeteredUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        await TrafficAsync(gateway);

        var names = ExpositionText
            .Read(await PageAsync(gateway, "text/plain"), openMetrics: false)
            .Samples.SelectMany(s => s.Labels.Select(l => l.Name))
            .Distinct()
            .Where(name => name != "project");

        Assert.All(names, name => Assert.NotNull(TextRules.MetricLabel(name)));
        Assert.Null(TextRules.MetricLabel("project"));
    }

    [Fact]
    public async Task A_scraper_gets_in_with_the_administrators_name_and_password_or_a_session_and_nobody_else_does()
    {
        const string Password = "correct horse battery staple";
        await using var upstream = await MeteredUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        var key = (await gateway.Api.MakeAsync("virtual-keys", """{"name": "k"}"""))["value"]!.ToString();
        (
            await gateway.Api.SendAsync(
                "PUT",
                "/api/config",
                $$"""{"auth_config": {"admin_username": "admin", "admin_password": "{{Password}}", "is_enabled": true} }"""
            )
        ).MustBe(200);
        var session = await gateway.Api.SendAsync("POST", "/api/session/login", $$"""{"username": "admin", "password": "{{Password}}"}""");
        session.MustBe(200);
        var token = session.Headers["Set-Cookie"].Split(';')[0]["token=".Length..];
        var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes($"admin:{Password}"));

        Assert.Equal(200, await StatusAsync("Basic", basic));
        Assert.Equal(200, await StatusAsync("Bearer", token));
        Assert.Equal(401, await StatusAsync(null, null));
        Assert.Equal(401, await StatusAsync("Basic", Convert.ToBase64String("admin:wrong"u8)));
        Assert.Equal(403, await StatusAsync("Bearer", key));

        async Task<int> StatusAsync(string? scheme, string? value)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway.Address, "/metrics"));
            request.Headers.Authorization = scheme is null ? null : new AuthenticationHeaderValue(scheme, value);
            using var answer = await gateway.Http.SendAsync(request);
            return (int)answer.StatusCode;
        }
    }

    private static Task<GovernedGateway> StartAsync(FakeUpstream upstream) =>
        AGateway
            .Governed()
            .Provider("openai", upstream)
            .Provider("other", upstream)
            .Client("""{"enforce_auth_on_inference": true, "prometheus_labels": ["project"]}""")
            .StartAsync(store: null);

    /// <summary>Answers, streams, pictures, failures, refusals and nonsense; the id of the key that all of it was done with.</summary>
    private static async Task<string> TrafficAsync(GovernedGateway gateway)
    {
        var customer = (string)(await gateway.Api.MakeAsync("customers", """{"name": "Acme"}"""))["id"]!;
        var team = (string)
            (await gateway.Api.MakeAsync("teams", $$"""{"name": "Search \"and\" more", "customer_id": "{{customer}}"}"""))["id"]!;
        var key = await gateway.Api.MakeAsync("virtual-keys", $$"""{"name": "key \\ one", "team_id": "{{team}}"}""");
        var value = (string)key["value"]!;
        const string Messages = "\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]";
        (string, string) project = ("x-bf-prom-project", "blue");
        (int Status, string Path, string Body)[] calls =
        [
            (200, "/v1/chat/completions", $$"""{"model":"openai/penny",{{Messages}}}"""),
            (200, "/openai/v1/chat/completions", $$"""{"model":"other/penny",{{Messages}}}"""),
            (
                200,
                "/v1/chat/completions",
                $$"""{"model":"openai/metered","stream":true,"stream_options":{"include_usage":true},{{Messages}}}"""
            ),
            (200, "/v1/images/generations", """{"model":"openai/penny-picture","prompt":"a \"lighthouse\""}"""),
            (200, "/v1/responses", """{"model":"openai/penny","input":"Hello"}"""),
            (404, "/v1/chat/completions", $$"""{"model":"openai/missing",{{Messages}}}"""),
            (502, "/v1/chat/completions", $$"""{"model":"openai/broken",{{Messages}}}"""),
            (400, "/v1/chat/completions", """{"model":"""),
            (404, "/v1/nothing/here", "{}"),
        ];
        foreach (var (status, path, body) in calls)
        {
            (await AnAnswer.OfAsync(await gateway.PostAsync(value, path, body, project))).MustBe(status);
        }

        (await gateway.AskAsync(value, "openai/unpriced-model")).MustBe(200);
        (await gateway.AskAsync(null)).MustBe(401);
        await Eventually.IsTrueAsync(async () =>
            ExpositionText.Read(await PageAsync(gateway, "text/plain"), openMetrics: false).Sum("http_requests_total") == calls.Length + 2
        );
        return (string)key["id"]!;
    }

    private static async Task<string> PageAsync(GovernedGateway gateway, string accept)
    {
        var answer = await gateway.Api.SendAsync("GET", "/metrics", headers: ("Accept", accept));
        answer.MustBe(200);
        Assert.StartsWith(accept.Split(';')[0], answer.Headers["Content-Type"], StringComparison.Ordinal);
        return answer.Text;
    }
}
