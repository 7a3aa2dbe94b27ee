using Bifrost.Core;
using Bifrost.Core.Contracts;
using Bifrost.Core.World;
using Bifrost.Observability.RequestLog;
using Bifrost.Testing;
using Bifrost.Wire.Canonical;
using Bifrost.Wire.Faults;

namespace Bifrost.Observability.Tests.RequestLog;

public sealed class RowMakingTests
{
    private static readonly Fault Broke = new(FaultKind.UpstreamError, "It broke.");

    [Fact]
    public async Task A_row_says_who_asked_what_of_whom_and_what_came_of_it()
    {
        var row = await RowAsync(
            new AnEndedExchange
            {
                Caller = new ACaller(),
                AskedModel = "openai/fast",
                Model = "gpt-4o-mini",
                Key = "backup",
                Lane = Lane.Patched,
                TargetIndex = 1,
                Streams = true,
                Chunks = 7,
                ResponseBytes = 99,
                Attempts = [new AttemptRecord("replicate", "m", "main", FaultKind.UpstreamOverloaded, TimeSpan.FromMilliseconds(3))],
                Usage = new Usage
                {
                    InputTokens = 5,
                    OutputTokens = 6,
                    CachedReadTokens = 1,
                    ReasoningTokens = 2,
                },
                Charge = new Charge
                {
                    Nanodollars = 1234,
                    PriceVersion = "v1",
                    Lines = [new ChargeLine("input", 5, 1234)],
                },
            }
        );

        Assert.Equal(("chat_completion", LogStatus.Success, 200), (row.Operation, row.Status, row.HttpStatus));
        Assert.Equal(
            ("vk-1", "key one", "team-1", "unit-1", "customer-1", "user-1"),
            (row.VirtualKeyId, row.VirtualKeyName, row.TeamId, row.BusinessUnitId, row.CustomerId, row.UserId)
        );
        Assert.Equal(
            ("openai", "id-backup", "backup", "patched", 1),
            (row.Provider, row.ProviderKeyId, row.ProviderKeyName, row.Lane, row.FallbackIndex)
        );
        Assert.Equal(("openai/fast", "gpt-4o-mini"), (row.AskedModel, row.SentModel));
        Assert.Equal(new LogAttempt("replicate", "m", "main", "upstream_overloaded", 3000), Assert.Single(row.Attempts));
        Assert.Equal((5L, 6L, 1L, 2L), (row.InputTokens, row.OutputTokens, row.CachedReadTokens, row.ReasoningTokens));
        Assert.Equal((1234L, "v1", false), (row.Cost, row.PriceVersion, row.Estimated));
        Assert.Equal("""[{"kind":"input","quantity":5,"unit_price":246.8,"amount":1234}]""", row.CostLines);
        Assert.Equal((true, 7L, 99L), (row.Streamed, row.Chunks, row.ResponseBytes));
        Assert.Equal((5000L, 4000L, 1000L, 1000L, 1000L), (row.Latency, row.FirstByte, row.Accepted, row.Planned, row.Waited));
    }

    [Fact]
    public async Task A_row_of_a_refused_call_says_why_and_whose_doing_it_was()
    {
        var row = await RowAsync(new AnEndedExchange { Sent = false, Fault = new Fault(FaultKind.BudgetExceeded, "No money.") });

        Assert.Equal(
            (LogStatus.Error, 402, "budget_exceeded", "caller", "No money."),
            (row.Status, row.HttpStatus, row.Fault, row.Culprit, row.Message)
        );
        Assert.Equal((null, null, null, 0L), (row.Provider, row.SentModel, row.Lane, row.Cost));
    }

    [Fact]
    public async Task A_caller_who_left_is_cancelled_and_no_error()
    {
        var row = await RowAsync(new AnEndedExchange { Fault = new Fault(FaultKind.CallerLeft, "Gone.") });

        Assert.Equal((LogStatus.Cancelled, 499), (row.Status, row.HttpStatus));
    }

    [Fact]
    public async Task Tokens_are_those_that_were_charged_for_where_the_provider_told_none()
    {
        var row = await RowAsync(
            new AnEndedExchange
            {
                Fault = Broke,
                Charge = new Charge
                {
                    Nanodollars = 10,
                    Estimated = true,
                    Usage = new Usage { OutputTokens = 42, Estimated = true },
                },
            }
        );

        Assert.Equal((42L, 10L, true), (row.OutputTokens, row.Cost, row.Estimated));
    }

    [Theory]
    [InlineData(true, Operation.Chat, null)]
    [InlineData(true, Operation.ModelList, 0L)]
    [InlineData(false, Operation.Chat, 0L)]
    public async Task What_was_not_charged_for_is_free_only_where_nothing_was_bought(bool sent, Operation operation, long? cost) =>
        Assert.Equal(cost, (await RowAsync(new AnEndedExchange { Sent = sent, Operation = operation })).Cost);

    [Fact]
    public async Task What_has_no_price_has_no_cost() =>
        Assert.Null(
            (
                await RowAsync(
                    new AnEndedExchange
                    {
                        Charge = new Charge { Nanodollars = 0, Unpriced = true },
                    }
                )
            ).Cost
        );

    [Fact]
    public async Task Headers_that_are_asked_for_become_metadata_and_others_do_not()
    {
        var row = await RowAsync(
            new AnEndedExchange
            {
                Headers =
                [
                    ("x-bf-lh-Team", "blue"),
                    ("X-Project", "p1"),
                    ("Authorization", "Bearer sk-bf-0123456789"),
                    ("x-other", "unseen"),
                    ("x-bf-lh-api-key", "plain-looking"),
                    ("x-bf-lh-note", "my key is sk-abcdefgh1234"),
                ],
                Reservation = new Dimensioned("run=a%2Cb,team=other"),
            },
            new LogConfig { Headers = ["x-project", "authorization"] }
        );

        Assert.Equal(
            [
                new("team", "blue"),
                new("api-key", "***"),
                new("note", "my key is ***"),
                new("x-project", "p1"),
                new("authorization", "***"),
                new("run", "a,b"),
            ],
            row.Metadata
        );
    }

    [Theory]
    [InlineData(0)]
    [InlineData(480)]
    [InlineData(490)]
    [InlineData(499)]
    [InlineData(1990)]
    [InlineData(2500)]
    public async Task A_long_header_is_cut_and_no_half_of_a_secret_is_left(int before)
    {
        // Two words before the secret, one of which ends where it begins.
        var row = await RowAsync(
            new AnEndedExchange { Headers = [("x-bf-lh-long", new string('w', before) + " 4111111111111111 " + new string('x', 400))] },
            new LogConfig { SecretPatterns = [@"\b\d{16}\b"] }
        );

        var value = Assert.Single(row.Metadata).Value;
        Assert.InRange(value.Length, 1, 500);
        Assert.DoesNotContain("4111", value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Long_messages_are_cut_after_secrets_are_out()
    {
        var secret = "sk-abcdefgh12345678";
        var row = await RowAsync(
            new AnEndedExchange { Fault = new Fault(FaultKind.UpstreamError, new string('m', 990) + " " + secret + new string(' ', 100)) }
        );

        Assert.InRange(row.Message!.Length, 990, 1000);
        Assert.DoesNotContain("sk-", row.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secrets_are_taken_out_of_every_text_that_callers_and_providers_choose()
    {
        var row = await RowAsync(
            new AnEndedExchange
            {
                AskedModel = "openai/sk-asked-1234567890",
                Model = "sk-sent-1234567890",
                Fault = new Fault(FaultKind.UpstreamError, "See https://user:hunter2pass@host/path?key=abcdef123456 there."),
            }
        );

        Assert.Equal(("openai/***", "***"), (row.AskedModel, row.SentModel));
        Assert.Equal("See https://user:***@host/path?key=*** there.", row.Message);
    }

    private static async Task<LogRow> RowAsync(AnEndedExchange exchange, LogConfig? policy = null)
    {
        await using var log = new ALog(policy: policy);
        log.Take(exchange);
        return await log.OnlyRowAsync();
    }

    private sealed class Dimensioned(string dimensions) : Reservation
    {
        public override string? Dimensions => dimensions;

        public override Fault ExhaustedFault => Broke;

        public override bool Covers(long outputBytes) => true;

        public override void Release(Exchange exchange, Fault fault) { }

        public override void Settle(Exchange exchange) { }
    }
}
