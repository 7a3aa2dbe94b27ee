using Bifrost.Core;
using Bifrost.Core.Contracts;
using Bifrost.Observability.Metrics;
using Bifrost.Observability.Tests.RequestLog;
using Bifrost.Testing;
using Bifrost.Wire.Canonical;
using Bifrost.Wire.Faults;

namespace Bifrost.Observability.Tests.Metrics;

public sealed class MetricsSettlerTests
{
    private static readonly Usage Used = new() { InputTokens = 10, OutputTokens = 20 };

    [Fact]
    public void A_served_call_is_counted_under_the_published_labels()
    {
        var page = new APage(new MetricsOptions { TeamName = id => $"Team {id}", CustomerName = _ => "Acme" });
        page.Take(
            new AnEndedExchange
            {
                Caller = new ACaller(),
                Usage = Used,
                Charge = new Charge { Nanodollars = 1_234_567_890_123 },
                TargetIndex = 1,
                Streams = true,
                Chunks = 5,
            }
        );

        var read = page.Read();

        var labels = read.Of("bifrost_success_requests_total").Single().Labels.ToDictionary(l => l.Name, l => l.Value);
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["provider"] = "openai",
                ["model"] = "gpt-4o",
                ["method"] = "chat_completion_stream",
                ["virtual_key_id"] = "vk-1",
                ["virtual_key_name"] = "key one",
                ["selected_key_id"] = "id-main",
                ["selected_key_name"] = "main",
                ["number_of_retries"] = "0",
                ["fallback_index"] = "1",
                ["team_id"] = "team-1",
                ["team_name"] = "Team team-1",
                ["customer_id"] = "customer-1",
                ["customer_name"] = "Acme",
            },
            labels
        );
        Assert.Equal(
            (1, 1, 0),
            (
                read.Sum("bifrost_upstream_requests_total"),
                read.Sum("bifrost_success_requests_total"),
                read.Sum("bifrost_error_requests_total")
            )
        );
        Assert.Equal((10, 20), (read.Sum("bifrost_input_tokens_total"), read.Sum("bifrost_output_tokens_total")));
        Assert.Equal(1234.567890123m, read.Sum("bifrost_cost_total"));
        Assert.Equal(1, read.Sum("http_requests_total", ("path", "/v1/chat/completions"), ("method", "POST"), ("status", "200")));
    }

    [Fact]
    public void A_failed_call_is_counted_with_the_status_its_caller_saw()
    {
        var page = new APage();
        page.Take(new AnEndedExchange { Fault = new Fault(FaultKind.UpstreamDown, "Down.") });
        page.Take(new AnEndedExchange { Fault = new Fault(FaultKind.Timeout, "Late.") });
        page.Take(new AnEndedExchange { Fault = new Fault(FaultKind.CallerLeft, "Gone.") });

        var read = page.Read();

        Assert.Equal((3, 0), (read.Sum("bifrost_upstream_requests_total"), read.Sum("bifrost_success_requests_total")));
        Assert.Equal(["499", "503", "504"], read.Of("bifrost_error_requests_total").Select(s => s.Label("status_code")!).Order());
        Assert.Equal(2, read.Sum("bifrost_exchanges_total", ("outcome", "target")));
        Assert.Equal(1, read.Sum("bifrost_exchanges_total", ("outcome", "cancelled")));
        Assert.Equal(3, read.Sum("bifrost_upstream_latency_seconds_count", ("is_success", "false")));
    }

    [Fact]
    public void A_refused_call_never_was_a_providers()
    {
        var page = new APage();
        page.Take(new AnEndedExchange { Sent = false, Fault = new Fault(FaultKind.BudgetExceeded, "No.") });
        page.Take(
            new AnEndedExchange
            {
                Sent = false,
                HasOperation = false,
                Fault = new Fault(FaultKind.NotFound, "No."),
            }
        );

        var read = page.Read();

        Assert.Equal(0, read.Sum("bifrost_upstream_requests_total"));
        Assert.Equal(1, read.Sum("http_requests_total", ("status", "402")));
        Assert.Equal(1, read.Sum("http_requests_total", ("status", "404"), ("path", "unknown")));
        Assert.Equal(1, read.Sum("bifrost_exchanges_total", ("lane", "none"), ("outcome", "caller")));
    }

    [Fact]
    public void Tokens_are_those_that_were_charged_for_as_in_the_ledger_and_the_log()
    {
        var page = new APage();
        var estimate = new Usage
        {
            InputTokens = 3,
            OutputTokens = 42,
            Estimated = true,
        };
        page.Take(
            new AnEndedExchange
            {
                Fault = new Fault(FaultKind.CallerLeft, "Gone."),
                Charge = new Charge
                {
                    Nanodollars = 5,
                    Usage = estimate,
                    Estimated = true,
                },
            }
        );
        page.Take(
            new AnEndedExchange
            {
                Usage = Used,
                Charge = new Charge { Nanodollars = 7, Usage = Used with { OutputTokens = 21 } },
            }
        );
        page.Take(new AnEndedExchange { Usage = Used });

        var read = page.Read();

        Assert.Equal((23, 83), (read.Sum("bifrost_input_tokens_total"), read.Sum("bifrost_output_tokens_total")));
        Assert.Equal(0.000000012m, read.Sum("bifrost_cost_total"));
    }

    [Fact]
    public void What_has_no_price_is_counted_and_costs_nothing()
    {
        var page = new APage();
        page.Take(
            new AnEndedExchange
            {
                Charge = new Charge { Nanodollars = 0, Unpriced = true },
            }
        );

        var read = page.Read();

        Assert.Equal((1, 0), (read.Sum("bifrost_unpriced_requests_total"), read.Sum("bifrost_cost_total")));
    }

    [Fact]
    public void Retries_are_those_of_the_key_that_answered_and_a_fall_back_is_none()
    {
        AttemptRecord Tried(string provider) => new(provider, "gpt-4o", "main", FaultKind.UpstreamOverloaded, TimeSpan.Zero);
        var page = new APage();
        page.Take(new AnEndedExchange { Attempts = [Tried("other"), Tried("openai"), Tried("openai")] });
        page.Take(new AnEndedExchange { Attempts = [Tried("openai")], Fault = new Fault(FaultKind.UpstreamOverloaded, "x") });

        var read = page.Read();

        Assert.Equal(1, read.Sum("bifrost_success_requests_total", ("number_of_retries", "2")));
        Assert.Equal(1, read.Sum("bifrost_error_requests_total", ("number_of_retries", "0")));
        Assert.Equal(1, read.Sum("bifrost_attempts_total", ("provider", "other"), ("fault", "upstream_overloaded")));
        Assert.Equal(3, read.Sum("bifrost_attempts_total", ("provider", "openai"), ("fault", "upstream_overloaded")));
        Assert.Equal(1, read.Sum("bifrost_attempts_total", ("provider", "openai"), ("fault", "none")));
    }

    [Fact]
    public void The_health_of_a_key_is_its_failures_in_a_row()
    {
        var page = new APage();
        decimal Health() => page.Sum("bifrost_provider_key_consecutive_failures", ("provider", "openai"), ("selected_key_name", "main"));
        AttemptRecord Failed(FaultKind fault, bool refused = false) =>
            new("openai", "m", "main", fault, TimeSpan.Zero) { Refused = refused };

        page.Take(new AnEndedExchange { Attempts = [Failed(FaultKind.UpstreamDown)], Fault = new Fault(FaultKind.UpstreamDown, "x") });
        page.Take(new AnEndedExchange { Attempts = [Failed(FaultKind.UpstreamError)], Fault = new Fault(FaultKind.UpstreamError, "x") });
        Assert.Equal(2, Health());

        // Its caller's own limits say nothing of the key.
        page.Take(
            new AnEndedExchange
            {
                Attempts = [Failed(FaultKind.BudgetExceeded, refused: true)],
                Sent = false,
                Fault = new Fault(FaultKind.BudgetExceeded, "x"),
            }
        );
        Assert.Equal(2, Health());

        page.Take(new AnEndedExchange());
        Assert.Equal(0, Health());
    }

    [Fact]
    public void Time_is_told_as_it_passed()
    {
        var page = new APage();
        page.Take(
            new AnEndedExchange
            {
                Streams = true,
                Chunks = 11,
                Accepted = TimeSpan.FromMilliseconds(1),
                Tried = TimeSpan.FromMilliseconds(3),
                Answered = TimeSpan.FromMilliseconds(503),
                FirstByte = TimeSpan.FromMilliseconds(504),
                Ended = TimeSpan.FromMilliseconds(1504),
            }
        );

        var read = page.Read();

        Assert.Equal(1.504m, read.Sum("http_request_duration_seconds_sum"));
        Assert.Equal(1.501m, read.Sum("bifrost_upstream_latency_seconds_sum", ("is_success", "true")));
        Assert.Equal(0.504m, read.Sum("bifrost_stream_first_token_latency_seconds_sum"));
        Assert.Equal(0.1m, read.Sum("bifrost_stream_inter_token_latency_seconds_sum"));
        // Ours: two milliseconds before it went out, one after it came back.
        Assert.Equal(0.003m, read.Sum("bifrost_overhead_seconds_sum", ("lane", "verbatim"), ("method", "chat_completion")));
        Assert.Equal((0.001m, 0.002m, 0.5m, 1.001m), (Phase("accept"), Phase("plan"), Phase("upstream"), Phase("deliver")));
        Assert.Equal((0, 1), (Bucket("1"), Bucket("2.5")));

        decimal Phase(string name) => read.Sum("bifrost_phase_seconds_sum", ("phase", name));
        decimal Bucket(string le) => read.Sum("bifrost_upstream_latency_seconds_bucket", ("le", le));
    }

    [Fact]
    public void What_is_being_answered_is_counted_until_it_is_over()
    {
        var page = new APage();
        var stream = new AnEndedExchange { Streams = true }.Build();
        var reply = new AnEndedExchange().Build();
        page.Settler.Greet(stream);
        page.Settler.Greet(reply);
        Assert.Equal(
            (1, 1),
            (page.Sum("bifrost_live_requests", ("streamed", "true")), page.Sum("bifrost_live_requests", ("streamed", "false")))
        );

        page.Settler.Settle(stream);
        page.Settler.Settle(reply);
        Assert.Equal(0, page.Sum("bifrost_live_requests"));
    }

    [Fact]
    public async Task Nothing_is_lost_from_many_threads()
    {
        var page = new APage();
        var known = Enumerable
            .Range(0, 20)
            .Select(i => new AnEndedExchange
            {
                Model = $"m{i % 5}",
                Caller = new ACaller { Key = $"vk{i % 4}" },
                Usage = Used,
                Charge = new Charge { Nanodollars = 1_000_000_007 },
                Fault = i % 10 == 0 ? new Fault((FaultKind)(10 + (i % 3)), "x") : null,
                Streams = i % 2 == 0,
                Chunks = 3,
            })
            .ToList();
        await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(thread =>
                    Task.Run(() =>
                    {
                        for (var i = 0; i < 2000; i++)
                        {
                            page.Take(known[(i + thread) % 20]);
                        }
                    })
                )
        );

        var read = page.Read();

        Assert.Equal(
            (16_000, 14_400, 1_600),
            (
                read.Sum("bifrost_upstream_requests_total"),
                read.Sum("bifrost_success_requests_total"),
                read.Sum("bifrost_error_requests_total")
            )
        );
        Assert.Equal((160_000, 320_000), (read.Sum("bifrost_input_tokens_total"), read.Sum("bifrost_output_tokens_total")));
        Assert.Equal(16_000 * 1.000000007m, read.Sum("bifrost_cost_total"));
        Assert.Equal(16_000, read.Sum("bifrost_upstream_latency_seconds_count"));
        Assert.Equal(16_000 * 0.003m, read.Sum("bifrost_upstream_latency_seconds_sum"));
        Assert.Equal(0, read.Sum("bifrost_live_requests"));
    }
}
