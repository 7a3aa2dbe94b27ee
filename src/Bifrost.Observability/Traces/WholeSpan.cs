using System.Diagnostics;
using Bifrost.Core;
using Bifrost.Core.Contracts;
using Bifrost.Observability.Metrics;
using Bifrost.Observability.RequestLog;
using Bifrost.Wire.Faults;

namespace Bifrost.Observability.Traces;

/// <summary>What is said of a whole exchange: the request as HTTP sees it, who asked, what it cost in all, where the time went. Tokens are said of the try
/// that used them, once, for many tools add up whatever they find.</summary>
internal static class WholeSpan
{
    private const double NanodollarsPerDollar = 1e9;
    private static readonly string[] Lanes = ["verbatim", "patched", "translated"];

    public static void Write(Activity span, Exchange exchange, CallerNames names, DateTime began)
    {
        var http = exchange.Http;
        span.AddTag("http.request.method", http.Request.Method);
        span.AddTag("http.route", HttpPath.Of(exchange));
        span.AddTag("url.scheme", http.Request.Scheme);
        span.AddTag("http.response.status_code", StatusOf(exchange));
        span.AddTag("http.request.body.size", exchange.Body.Length);
        span.AddTag("http.response.body.size", exchange.ResponseBytes);
        span.AddTag("bifrost.request.id", exchange.RequestId);
        span.AddTag("request.type", exchange.Operation.Word());
        if (exchange.AskedModel.Length > 0)
        {
            span.AddTag(SpanNames.AskedModel, exchange.AskedModel);
        }

        WriteCaller(span, exchange.Caller, names);
        if (exchange is { TriedAt: not 0, Target: { } target })
        {
            span.AddTag("bifrost.provider", target.Provider.Id);
            span.AddTag("bifrost.lane", Lanes[(int)target.Lane]);
            span.AddTag("gen_ai.fallback_index", exchange.TargetIndex);
        }

        WriteCost(span, exchange.Charge);
        WriteTimes(span, exchange);
        WriteRefusals(span, exchange, began);
        if (exchange.Fault is { } fault)
        {
            WriteFault(span, fault);
        }
    }

    private static void WriteCaller(Activity span, Caller? caller, CallerNames names)
    {
        if (caller is null)
        {
            return;
        }

        span.AddTag("gen_ai.virtual_key_id", caller.Id);
        span.AddTag("gen_ai.virtual_key_name", caller.Name);
        AddKnown(span, "gen_ai.team_id", caller.TeamId);
        AddKnown(span, "gen_ai.team_name", names.TeamOf(caller));
        AddKnown(span, "gen_ai.customer_id", caller.CustomerId);
        AddKnown(span, "gen_ai.customer_name", names.CustomerOf(caller));
        AddKnown(span, "bifrost.business_unit.id", caller.BusinessUnitId);
        AddKnown(span, "user.id", caller.UserId);
    }

    private static void WriteCost(Activity span, Charge? charge)
    {
        if (charge is null)
        {
            return;
        }

        if (charge.Unpriced)
        {
            span.AddTag("bifrost.cost.unpriced", true);
        }
        else
        {
            span.AddTag("bifrost.cost.usd", charge.Nanodollars / NanodollarsPerDollar);
        }

        if (charge.Estimated)
        {
            span.AddTag("bifrost.cost.estimated", true);
        }
    }

    // Seconds, as the conventions measure durations.
    private static void WriteTimes(Activity span, Exchange exchange)
    {
        var clock = exchange.Clock;
        AddTime(span, "bifrost.time.accept", clock, exchange.StartedAt, exchange.AcceptedAt);
        AddTime(span, "bifrost.time.plan", clock, exchange.AcceptedAt, exchange.TriedAt);
        AddTime(span, "bifrost.time.upstream", clock, exchange.TriedAt, exchange.AnsweredAt);
        AddTime(span, "bifrost.time.deliver", clock, exchange.AnsweredAt, exchange.EndedAt);
        if (exchange.FirstByte is { } first)
        {
            span.AddTag("bifrost.time.first_byte", first.TotalSeconds);
        }
    }

    /// <summary>Targets that a limit stood in the way of have no span of their own: nothing was sent.</summary>
    private static void WriteRefusals(Activity span, Exchange exchange, DateTime began)
    {
        var attempts = exchange.Attempts;
        for (var i = 0; i < attempts.Count; i++)
        {
            if (attempts[i] is not { Refused: true } refused)
            {
                continue;
            }

            var tags = new ActivityTagsCollection { { GenAI.ProviderName, refused.Provider }, { "error.type", refused.Fault.Word() } };
            span.AddEvent(
                new ActivityEvent(
                    "bifrost.target.refused",
                    began + exchange.Clock.GetElapsedTime(exchange.StartedAt, exchange.AcceptedAt),
                    tags
                )
            );
        }
    }

    private static void WriteFault(Activity span, Fault fault)
    {
        var culprit = fault.Rule.Culprit;
        span.AddTag("error.type", fault.Kind.Word());
        span.AddTag("bifrost.fault.culprit", culprit.Word());
        // A server that refuses a wrong request has done its work well, say the conventions for HTTP.
        if (culprit != Culprit.Caller)
        {
            span.SetStatus(ActivityStatusCode.Error);
        }
    }

    private static int StatusOf(Exchange exchange) =>
        exchange.Fault is { } fault && !exchange.Http.Response.HasStarted ? fault.Status : exchange.Http.Response.StatusCode;

    private static void AddKnown(Activity span, string name, string? value)
    {
        if (value is not null)
        {
            span.AddTag(name, value);
        }
    }

    private static void AddTime(Activity span, string name, TimeProvider clock, long from, long to)
    {
        if (from != 0 && to != 0)
        {
            span.AddTag(name, clock.GetElapsedTime(from, to).TotalSeconds);
        }
    }
}
