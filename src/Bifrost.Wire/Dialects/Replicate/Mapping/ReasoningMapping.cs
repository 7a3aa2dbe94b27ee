using System.Text.Json.Nodes;
using Bifrost.Wire.Canonical.Chat;

namespace Bifrost.Wire.Dialects.Replicate;

/// <summary>How hard to think, in the four ways models ask for it.</summary>
internal static class ReasoningMapping
{
    private static readonly string[] Efforts = ["none", "minimal", "low", "medium", "high", "xhigh"];

    // Tokens to think by effort, in the order of Efforts.
    private static readonly int[] Budgets = [0, 512, 1024, 8192, 24576, 32768];

    public static void Add(InputBuilder builder, ReasoningAsk? ask, bool callerSetLimit, bool responses)
    {
        var param = responses ? "reasoning.effort" : "reasoning_effort";
        if (ask is null || (ask.Effort is null && ask.MaxTokens is null))
        {
            return;
        }

        var schema = builder.Schema;
        if (ask.Effort is not null && schema.TryGet("reasoning_effort", out var effort))
        {
            Effort(builder, effort, ask.Effort, param);
        }
        else if (ask.Effort is not null && schema.TryGet("thinking", out var thinking))
        {
            Switch(builder, thinking, ask.Effort, param);
        }
        else if (schema.TryGet("extended_thinking", out var extended) && schema.TryGet("thinking_budget_tokens", out var budget))
        {
            Extended(builder, extended, budget, Budget(ask), callerSetLimit, param);
        }
        else if (schema.TryGet("thinking_budget", out var gemini))
        {
            builder.Set(gemini.Name, Nodes.Of(Coercion.Clamp(gemini, Budget(ask))), param);
        }
        else
        {
            builder.Dropped(param);
        }
    }

    private static int Budget(ReasoningAsk ask) => ask.MaxTokens ?? Budgets[Math.Max(0, Array.IndexOf(Efforts, ask.Effort))];

    private static void Effort(InputBuilder builder, SchemaInput input, string wanted, string param)
    {
        if (input.Choices.Count == 0 || Coercion.Choice(input, Nodes.Of(wanted)) is not null)
        {
            builder.Set(input.Name, Nodes.Of(wanted), param);
            return;
        }

        // The next lower effort, else the lowest there is.
        var from = Math.Max(0, Array.IndexOf(Efforts, wanted));
        for (var i = from - 1; i >= 0; i--)
        {
            if (Take(i))
            {
                return;
            }
        }

        for (var i = from + 1; i < Efforts.Length; i++)
        {
            if (Take(i))
            {
                return;
            }
        }

        builder.Dropped(param, $"`{param}` has no effect: {builder.Model} takes only {Coercion.Choices(input)}.");

        bool Take(int i)
        {
            if (Coercion.Choice(input, Nodes.Of(Efforts[i])) is not { } choice)
            {
                return false;
            }

            builder.Changed(param, $"`{param}` is {Efforts[i]} instead of {wanted}, which {builder.Model} does not know.");
            builder.Set(input.Name, Nodes.Of(choice), param);
            return true;
        }
    }

    // DeepSeek 3.1 can think or not: "medium" or "None".
    private static void Switch(InputBuilder builder, SchemaInput input, string wanted, string param)
    {
        var word = wanted is "none" or "minimal" ? "None" : "medium";
        if (Coercion.Choice(input, Nodes.Of(wanted)) is { } exact)
        {
            builder.Set(input.Name, Nodes.Of(exact), param);
        }
        else if (input.Choices.Count == 0 || Coercion.Choice(input, Nodes.Of(word)) is not null)
        {
            builder.Set(input.Name, Nodes.Of(word), param);
        }
        else
        {
            builder.Dropped(param, $"`{param}` has no effect: {builder.Model} takes only {Coercion.Choices(input)}.");
        }
    }

    private static void Extended(
        InputBuilder builder,
        SchemaInput extended,
        SchemaInput budget,
        int wanted,
        bool callerSetLimit,
        string param
    )
    {
        if (wanted <= 0)
        {
            builder.Set(extended.Name, JsonValue.Create(false), param);
            return;
        }

        var tokens = Coercion.Clamp(budget, wanted);
        if (SamplingMapping.LimitInput(builder, responses: false) is { } limit)
        {
            // Thinking is taken out of the limit, which must leave room for an answer.
            var current = SamplingMapping.LimitInForce(builder);
            if (current <= tokens && !callerSetLimit)
            {
                var roomy = Coercion.Clamp(limit, tokens + (builder.Options.DefaultMaxTokens ?? 4096));
                builder.Set(limit.Name, Nodes.Of(roomy), param);
                current = (int)roomy;
            }

            tokens = current is { } cap && cap <= tokens ? cap - 1 : tokens;
        }

        if (tokens < (budget.Minimum ?? 1))
        {
            builder.Dropped(param, $"`{param}` has no effect: the token limit leaves {builder.Model} no room to think.");
            return;
        }

        builder.Set(extended.Name, JsonValue.Create(true), param);
        builder.Set(budget.Name, Nodes.Of(tokens), param);
    }
}
