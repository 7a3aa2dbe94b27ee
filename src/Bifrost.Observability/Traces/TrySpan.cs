using System.Diagnostics;
using Bifrost.Core;
using Bifrost.Core.Contracts;
using Bifrost.Observability.RequestLog;
using Bifrost.Wire.Canonical;
using Bifrost.Wire.Faults;

namespace Bifrost.Observability.Traces;

/// <summary>What is said of one try: a call to a model at a provider, in the words of the GenAI conventions, and in the published ones where those
/// have none.</summary>
internal static class TrySpan
{
    private const double NanodollarsPerDollar = 1e9;
    private static readonly string[] Lanes = ["verbatim", "patched", "translated"];

    /// <summary><c>chat gpt-4o</c>.</summary>
    public static string NameOf(Exchange exchange, Target target)
    {
        var operation = GenAI.OperationOf(exchange.Operation);
        return target.Model.Length == 0 ? operation : $"{operation} {target.Model}";
    }

    public static void Write(Activity span, Exchange exchange, Target target, int retry)
    {
        var provider = target.Provider;
        span.AddTag(GenAI.OperationName, GenAI.OperationOf(exchange.Operation));
        span.AddTag(GenAI.ProviderName, provider.Id);
        if (target.Model.Length > 0)
        {
            span.AddTag(GenAI.RequestModel, target.Model);
        }

        if (GenAI.OutputTypeOf(exchange.Operation) is { } type)
        {
            span.AddTag(GenAI.OutputType, type);
        }

        if (exchange.Streams)
        {
            span.AddTag(GenAI.RequestStream, true);
        }

        if (exchange.Envelope.Choices != 1)
        {
            span.AddTag(GenAI.RequestChoices, exchange.Envelope.Choices);
        }

        if (exchange.Envelope.OutputCap is { } cap)
        {
            span.AddTag(GenAI.RequestMaxTokens, cap);
        }

        span.AddTag("server.address", provider.Base.Host);
        span.AddTag("server.port", provider.Base.Port);
        span.AddTag("gen_ai.selected_key_id", target.Key.Id);
        span.AddTag("gen_ai.selected_key_name", target.Key.Name);
        span.AddTag("gen_ai.number_of_retries", retry);
        span.AddTag("gen_ai.fallback_index", exchange.TargetIndex);
        span.AddTag("bifrost.lane", Lanes[(int)target.Lane]);
    }

    /// <param name="span">Of the try that answered.</param>
    /// <param name="exchange">It is over.</param>
    /// <param name="before">How long after the exchange the try began.</param>
    public static void WriteAnswer(Activity span, Exchange exchange, TimeSpan before)
    {
        if (exchange.AnsweredModel is { } model)
        {
            span.AddTag(GenAI.ResponseModel, model);
        }

        if (exchange.UpstreamId is { } id)
        {
            span.AddTag(GenAI.ResponseId, id);
        }

        if (exchange is { Streams: true, FirstByte: { } first })
        {
            span.AddTag(GenAI.TimeToFirstChunk, (first - before).TotalSeconds);
            span.AddTag("gen_ai.response.total_chunks", exchange.Chunks);
        }

        // What was charged for, so that spans and ledger agree; it was counted here where the provider told nothing.
        if ((exchange.Charge?.Usage ?? exchange.Usage) is { } usage)
        {
            WriteUsage(span, usage);
        }

        if (exchange.Charge is { Unpriced: false } charge)
        {
            span.AddTag("gen_ai.usage.cost", charge.Nanodollars / NanodollarsPerDollar);
        }
    }

    public static void WriteFault(Activity span, Fault fault)
    {
        span.AddTag("error.type", fault.Kind.Word());
        if (fault.UpstreamStatus is { } status)
        {
            span.AddTag("http.response.status_code", status);
        }

        // The fault's message may repeat what the caller or the provider said; the request log has it.
        if (fault.Kind != FaultKind.CallerLeft)
        {
            span.SetStatus(ActivityStatusCode.Error);
        }
    }

    private static void WriteUsage(Activity span, Usage usage)
    {
        span.AddTag(GenAI.InputTokens, usage.InputTokens);
        span.AddTag(GenAI.OutputTokens, usage.OutputTokens);
        span.AddTag("gen_ai.usage.prompt_tokens", usage.InputTokens);
        span.AddTag("gen_ai.usage.completion_tokens", usage.OutputTokens);
        span.AddTag("gen_ai.usage.total_tokens", usage.TotalTokens);
        AddAny(span, GenAI.CacheReadTokens, usage.CachedReadTokens);
        AddAny(span, GenAI.CacheWriteTokens, usage.CachedWriteTokens);
        AddAny(span, GenAI.ReasoningTokens, usage.ReasoningTokens);
        AddAny(span, GenAI.AudioInputTokens, usage.AudioInputTokens);
        AddAny(span, GenAI.AudioOutputTokens, usage.AudioOutputTokens);
        AddAny(span, GenAI.ImageInputTokens, usage.ImageInputTokens);
        AddAny(span, "bifrost.usage.images", usage.Images);
        if (usage.VideoSeconds > 0)
        {
            span.AddTag("bifrost.usage.video_seconds", usage.VideoSeconds);
        }

        if (usage.ComputeSeconds > 0)
        {
            span.AddTag("bifrost.usage.compute_seconds", usage.ComputeSeconds);
        }

        if (usage.Estimated)
        {
            span.AddTag("bifrost.usage.estimated", true);
        }
    }

    private static void AddAny(Activity span, string name, long count)
    {
        if (count > 0)
        {
            span.AddTag(name, count);
        }
    }
}
