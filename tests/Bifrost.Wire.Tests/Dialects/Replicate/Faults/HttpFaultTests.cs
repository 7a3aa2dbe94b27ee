using System.Text;
using Bifrost.Wire.Dialects.Replicate;
using Bifrost.Wire.Faults;

namespace Bifrost.Wire.Tests.Dialects.Replicate.Faults;

public class HttpFaultTests
{
    [Fact]
    public void Case_57_a_bad_token_of_ours_is_not_the_callers_business()
    {
        var fault = Of(401, """{"title":"Unauthenticated","detail":"You did not pass a valid authentication token","status":401}""").Fault;
        Assert.Equal((502, "upstream_authentication_error", true), (fault.Status, fault.Rule.Code, fault.Rule.MayFallBack));
        Assert.Equal(401, fault.UpstreamStatus);
    }

    [Fact]
    public void Case_57_a_bad_token_of_the_caller_is_named_as_such()
    {
        var fault = Of(401, "{}", ownKey: true).Fault;
        Assert.Equal((401, "invalid_api_key"), (fault.Status, fault.Rule.Code));
    }

    [Fact]
    public void Case_57_credit_is_our_trouble_or_the_callers()
    {
        const string body = """{"title":"Insufficient credit","detail":"Go to https://replicate.com/account/billing#billing to pay."}""";
        var ours = Of(402, body).Fault;
        Assert.Equal((503, "upstream_billing_error", TimeSpan.FromMinutes(5)), (ours.Status, ours.Rule.Code, ours.RetryAfter));
        Assert.DoesNotContain("replicate.com", ours.Message, StringComparison.Ordinal);
        Assert.Equal((402, "insufficient_quota"), (Of(402, body, ownKey: true).Fault.Status, Of(402, body, ownKey: true).Fault.Rule.Code));
    }

    [Fact]
    public void Case_57_a_forbidden_model_may_be_allowed_to_another_key()
    {
        var fault = Of(403, """{"detail":"gated"}""").Fault;
        Assert.Equal((403, "permission_denied", true), (fault.Status, fault.Rule.Code, fault.Rule.MayFallBack));
    }

    [Fact]
    public void Case_57_a_missing_model_is_looked_for_once_by_version()
    {
        var plain = Of(404, """{"detail":"The requested resource could not be found."}""", unversioned: true);
        Assert.Equal(
            (404, "model_not_found", "model", Remedy.Reroute),
            (plain.Fault.Status, plain.Fault.Rule.Code, plain.Fault.Param, plain.Remedy)
        );
        Assert.Equal(Remedy.None, Of(404, "{}").Remedy);
    }

    [Fact]
    public void Case_57_a_missing_prediction_is_simply_not_found() =>
        Assert.Equal(
            ("not_found", Remedy.None),
            (Of(404, "{}", call: ReplicateCall.Get, unversioned: true).Fault.Rule.Code, Of(404, "{}", call: ReplicateCall.Get).Remedy)
        );

    [Fact]
    public void Case_57_an_invalid_version_is_a_missing_model()
    {
        const string body = """{"title":"Invalid version or not permitted","detail":"The specified version does not exist","status":422}""";
        var fault = Of(422, body, unversioned: true);
        Assert.Equal((404, "model_not_found", Remedy.Reroute), (fault.Fault.Status, fault.Fault.Rule.Code, fault.Remedy));
    }

    [Fact]
    public void Case_57_an_invalid_field_is_named_without_its_prefix()
    {
        const string body =
            """{"title":"Input validation failed","detail":"- input.width: must be less","status":422,"invalid_fields":[{"type":"number_lte","field":"input.width","description":"Must be less than or equal to 1440"}]}""";
        var fault = Of(422, body);
        Assert.Equal((400, "width", Remedy.RefreshSchema), (fault.Fault.Status, fault.Fault.Param, fault.Remedy));
        Assert.Contains("1440", fault.Fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_field_beside_the_input_is_our_own_bug()
    {
        const string body =
            """{"detail":"x","invalid_fields":[{"type":"additional_property_not_allowed","field":"version","description":"Additional property version is not allowed"}]}""";
        Assert.Equal(FaultKind.GatewayBug, Of(422, body).Fault.Kind);
    }

    [Fact]
    public void A_list_of_complaints_is_read_too()
    {
        var fault = Of(422, """{"detail":[{"loc":["body","input","prompt"],"msg":"field required","type":"value_error.missing"}]}""");
        Assert.Equal(("prompt", Remedy.RefreshSchema), (fault.Fault.Param, fault.Remedy));
        Assert.Contains("field required", fault.Fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_version_that_does_not_start_is_not_tried_again()
    {
        var fault = Of(422, """{"detail":"This version has been disabled because of failing setup runs"}""").Fault;
        Assert.Equal((503, "model_unavailable", false, true), (fault.Status, fault.Code, fault.Rule.MayRetry, fault.Rule.MayFallBack));
    }

    [Fact]
    public void Case_57_a_rate_limit_says_how_long_to_wait()
    {
        const string body = """{"detail":"Request was throttled. Your rate limit resets in ~30s.","status":429,"retry_after":7}""";
        var fault = Of(429, body);
        Assert.Equal(
            (429, "rate_limit_exceeded", TimeSpan.FromSeconds(7), Remedy.None),
            (fault.Fault.Status, fault.Fault.Rule.Code, fault.Fault.RetryAfter, fault.Remedy)
        );
    }

    [Theory]
    [InlineData("""{"detail":"Your rate limit resets in ~30s.","retry_after":7}""", 3, 9, 3)]
    [InlineData("""{"detail":"Your rate limit resets in ~30s.","retry_after":7}""", null, 9, 7)]
    [InlineData("""{"detail":"Your rate limit resets in ~30s."}""", null, 9, 30)]
    [InlineData("""{"detail":"Expected available in 1 second."}""", null, 9, 1)]
    [InlineData("""{"detail":"Slow down."}""", null, 9, 9)]
    [InlineData("<html>", null, null, null)]
    [InlineData("""{"retry_after":-5}""", null, null, null)]
    public void Case_57_the_wait_is_taken_from_the_best_source(string body, int? header, int? reset, int? seconds)
    {
        var hints = new RetryHints(Seconds(header), Seconds(reset));
        Assert.Equal(Seconds(seconds), ReplicateFaults.OfHttp(429, null, Encoding.UTF8.GetBytes(body), hints, false).Fault.RetryAfter);
    }

    [Fact]
    public void Case_57_a_limit_for_want_of_credit_slows_the_key()
    {
        var fault = Of(
            429,
            """{"detail":"Your limit is reduced to 6 per minute while you have less than $5.0 in credit. See https://replicate.com/account/billing"}"""
        );
        Assert.Equal(Remedy.SlowKey, fault.Remedy);
        Assert.DoesNotContain("$5", fault.Fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Case_57_a_create_that_broke_is_not_repeated()
    {
        var fault = Of(500, """{"detail":"Internal server error"}""").Fault;
        Assert.Equal((502, false, true), (fault.Status, fault.Rule.MayRetry, fault.Rule.MayFallBack));
    }

    [Fact]
    public void Case_57_a_create_that_was_not_taken_up_is_repeated() =>
        Assert.Equal((503, true), (Of(503, "{}").Fault.Status, Of(503, "{}").Fault.Rule.MayRetry));

    [Theory]
    [InlineData(502)]
    [InlineData(504)]
    [InlineData(520)]
    public void Case_57_a_create_of_unknown_fate_is_not_repeated_but_a_look_is(int status)
    {
        var create = ReplicateFaults.OfHttp(status, "text/html; charset=UTF-8", "<html>r8_secret</html>"u8, RetryHints.None, false).Fault;
        Assert.Equal(
            (503, "service_unavailable", false, true),
            (create.Status, create.Rule.Code, create.Rule.MayRetry, create.Rule.MayFallBack)
        );
        Assert.NotNull(create.RetryAfter);
        Assert.DoesNotContain("html", create.Message, StringComparison.Ordinal);
        Assert.True(Of(status, "{}", call: ReplicateCall.Get).Fault.Rule.MayRetry);
    }

    [Fact]
    public void A_file_that_is_too_large_is_named_as_such()
    {
        var fault = Of(413, """{"detail":"Files must be under 100 MB"}""", call: ReplicateCall.Upload).Fault;
        Assert.Equal((413, "file_too_large"), (fault.Status, fault.Code));
    }

    [Fact]
    public void A_busy_model_is_a_rate_limit() => Assert.Equal(429, Of(409, "{}").Fault.Status);

    [Fact]
    public void Tokens_never_reach_a_message()
    {
        var fault = Of(
            400,
            """{"detail":"Token r8_Abc123**** is odd; Authorization: Bearer abcdefghijkl was sent. See https://replicate.com/account/api-tokens."}"""
        ).Fault;
        Assert.DoesNotContain("Abc123", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("abcdefghijkl", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("replicate.com/account", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_in_the_name_of_a_field_is_not_shown()
    {
        var fault = Of(422, """{"detail":[{"loc":["body","input","x r8_secret"],"msg":"field required"}]}""").Fault;

        Assert.DoesNotContain("r8_", fault.Message + fault.Param, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_the_bytes_the_answer_is_a_fault()
    {
        string[] samples =
        [
            """{"title":"Input validation failed","detail":"- input.width","status":422,"invalid_fields":[{"type":"t","field":"input.width","description":"d"}]}""",
            """{"detail":[{"loc":["body","input","prompt"],"msg":"field required"}],"retry_after":3}""",
            """{"detail":"Your rate limit resets in ~30s. r8_token https://replicate.com/account/billing"}""",
        ];
        int[] statuses = [100, 302, 400, 401, 402, 403, 404, 409, 413, 418, 422, 429, 500, 502, 503, 504, 520, 599, 999];
        var turn = 0;
        Fuzz.Run(
            samples,
            bytes =>
            {
                var status = statuses[turn++ % statuses.Length];
                var fault = ReplicateFaults.OfHttp(status, null, bytes, RetryHints.None, false, unversioned: true).Fault;
                Assert.NotEmpty(fault.Message);
                Assert.DoesNotContain("r8_", fault.Message, StringComparison.Ordinal);
                Assert.InRange(fault.Status, 400, 599);
            }
        );
    }

    private static TimeSpan? Seconds(int? seconds) => seconds is { } number ? TimeSpan.FromSeconds(number) : null;

    private static ReplicateFault Of(
        int status,
        string body,
        bool ownKey = false,
        ReplicateCall call = ReplicateCall.Create,
        bool unversioned = false
    ) =>
        ReplicateFaults.OfHttp(
            status,
            "application/problem+json",
            Encoding.UTF8.GetBytes(body),
            RetryHints.None,
            ownKey,
            call,
            unversioned
        );
}
