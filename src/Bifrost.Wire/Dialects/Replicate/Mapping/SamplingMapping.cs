using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bifrost.Wire.Canonical.Chat;

namespace Bifrost.Wire.Dialects.Replicate;

/// <summary>Limits, temperatures, penalties, stops and seeds, under whatever name the model has for them.</summary>
internal static class SamplingMapping
{
    private static readonly string[] LimitNames =
    [
        "max_completion_tokens",
        "max_output_tokens",
        "max_tokens",
        "max_new_tokens",
        "max_length_tokens",
        "max_length",
    ];

    private static readonly string[] ResponsesLimitNames = ["max_output_tokens", .. LimitNames];

    public static void Add(InputBuilder builder, Sampling sampling, int? standardLimit, bool responses = false)
    {
        Limit(builder, sampling.MaxTokens, standardLimit, responses);
        builder.Number("temperature", sampling.Temperature, "temperature");
        builder.Number("top_p", sampling.TopP, "top_p");
        builder.Number("top_k", sampling.TopK, "top_k");
        Penalty(builder, "presence_penalty", sampling.PresencePenalty);
        Penalty(builder, "frequency_penalty", sampling.FrequencyPenalty);
        Stop(builder, sampling.Stop);
        Seed(builder, sampling.Seed);
    }

    /// <summary>The token limit in force once the input is complete.</summary>
    public static int? LimitInForce(InputBuilder builder)
    {
        if (LimitInput(builder, responses: false) is not { } input)
        {
            return null;
        }

        double number;
        var known = builder.Get(input.Name) is { } set
            ? Nodes.TryNumber(set, out number)
            : Nodes.TryNumber(input.Default is { } standard ? Nodes.Show(standard) : "", out number);
        return known && number is > 0 and < int.MaxValue ? (int)number : null;
    }

    public static SchemaInput? LimitInput(InputBuilder builder, bool responses) =>
        builder.Schema.FirstOf(responses ? ResponsesLimitNames : LimitNames);

    /// <summary>A seed in the input's range. Any other seed would do as well, so one out of range wraps around.</summary>
    public static void Seed(InputBuilder builder, long? seed)
    {
        if (seed is not { } wanted)
        {
            return;
        }

        if (builder.Schema.FirstOf(builder.Options.Overrides.AliasesOf("seed")) is not { } input)
        {
            builder.Dropped("seed");
            return;
        }

        var sent = wanted;
        if (input.Maximum is { } maximum and < long.MaxValue && wanted > maximum)
        {
            sent = wanted % ((long)maximum + 1);
        }
        else if (wanted < (input.Minimum ?? long.MinValue))
        {
            sent = Math.Abs(wanted % int.MaxValue);
        }

        if (sent != wanted)
        {
            builder.Changed(
                "seed",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"`seed` is {sent} instead of {wanted}, which is out of {builder.Model}'s range."
                )
            );
        }

        builder.Set(input.Name, JsonValue.Create(sent), "seed");
    }

    private static void Limit(InputBuilder builder, int? wanted, int? standard, bool responses)
    {
        var param = responses ? "max_output_tokens" : "max_tokens";
        var input = LimitInput(builder, responses);
        if (wanted is { } limit)
        {
            if (input is null)
            {
                builder.Dropped(param);
            }
            else
            {
                builder.Number(param, limit, input);
            }
        }
        else if (
            Math.Min(standard ?? 0, builder.Traits.StandardLimit ?? int.MaxValue) is > 0 and var generous
            && input is { Choices.Count: 0, Default: { ValueKind: JsonValueKind.Number } own }
            && own.TryGetDouble(out var small)
            && small < generous
        )
        {
            builder.Set(input.Name, Nodes.Of(Coercion.Clamp(input, generous)), param);
        }
    }

    private static void Penalty(InputBuilder builder, string name, double? value)
    {
        builder.Number(name, value, name);
        if (
            value is null
            && builder.Options.NeutralPenalties
            && builder.Schema.TryGet(name, out var input)
            && input.Default is { ValueKind: JsonValueKind.Number } standard
            && standard.GetDouble() != 0
        )
        {
            builder.Set(name, Nodes.Of(Coercion.Clamp(input, 0)), name);
        }
    }

    // What cannot be said here is still enforced by the gateway, so nothing is lost and nothing is noted.
    private static void Stop(InputBuilder builder, IReadOnlyList<string> stops)
    {
        if (builder.Schema.FirstOf("stop_sequences", "stop") is not { } input)
        {
            return;
        }

        var asList = input.Kind == InputKind.List;
        var sayable = new List<string>(stops.Count);
        foreach (var stop in stops)
        {
            if (stop.Length > 0 && (asList || !stop.Contains(',', StringComparison.Ordinal)))
            {
                sayable.Add(stop);
            }
        }

        if (sayable.Count == 0)
        {
            return;
        }

        if (!asList)
        {
            builder.Set(input.Name, Nodes.Of(string.Join(',', sayable)), "stop");
            return;
        }

        var list = new JsonArray();
        foreach (var stop in sayable)
        {
            list.Add(Nodes.Of(stop));
        }

        builder.Set(input.Name, list, "stop");
    }
}
