using Bifrost.Governance.Prices;

namespace Bifrost.Configuration;

/// <summary>Prices the operator sets: under the published names, which are per token, or as <c>rates</c> of ours, per million tokens.</summary>
internal static class PriceShape
{
    /// <summary>Published name → the kind of rate, and what to multiply with to get the price as <c>rates</c> has it.</summary>
    public static IReadOnlyDictionary<string, (string Kind, decimal Times)> Published { get; } =
        new Dictionary<string, (string, decimal)>(StringComparer.Ordinal)
        {
            ["input_cost_per_token"] = ("input", Million),
            ["output_cost_per_token"] = ("output", Million),
            ["cache_read_input_token_cost"] = ("cache_read", Million),
            ["cache_creation_input_token_cost"] = ("cache_write", Million),
            ["input_cost_per_audio_token"] = ("input_audio", Million),
            ["output_cost_per_audio_token"] = ("output_audio", Million),
            ["input_cost_per_image_token"] = ("input_image", Million),
            ["output_cost_per_reasoning_token"] = ("reasoning", Million),
            ["output_cost_per_image"] = ("image", 1),
            ["output_cost_per_video_per_second"] = ("video_second", 1),
        };

    private const decimal Million = 1_000_000m;

    // Published prices of things that the catalogue tells apart by a rule of its own.
    private static readonly string[] Unserved =
    [
        "input_cost_per_token_batches",
        "output_cost_per_token_batches",
        "input_cost_per_token_priority",
        "output_cost_per_token_priority",
        "cache_read_input_token_cost_priority",
        "input_cost_per_token_above_128k_tokens",
        "output_cost_per_token_above_128k_tokens",
        "input_cost_per_token_above_200k_tokens",
        "output_cost_per_token_above_200k_tokens",
        "cache_read_input_token_cost_above_200k_tokens",
        "cache_creation_input_token_cost_above_200k_tokens",
        "cache_creation_input_token_cost_above_1hr",
        "input_cost_per_character",
        "output_cost_per_character",
        "input_cost_per_image",
        "input_cost_per_pixel",
        "output_cost_per_pixel",
        "input_cost_per_second",
        "output_cost_per_second",
        "input_cost_per_audio_per_second",
        "input_cost_per_video_per_second",
        "search_context_cost_per_query",
        "code_interpreter_cost_per_session",
    ];

    private static readonly Field Rates = new("rates", FieldKind.AmountMap) { Unit = "US dollars", NameRule = RateName };

    private static readonly Field RequestTypes = Field.Texts("request_types", RequestType);

    private static readonly Field[] Prices =
    [
        .. Published.Keys.Select(n => Field.Amount(n, "US dollars")),
        .. Unserved.Select(Field.Unserved),
    ];

    /// <summary>The <c>patch</c> of an override.</summary>
    public static Section PatchPrices { get; } = new(Prices);

    /// <summary>One entry of a provider's <c>pricing_overrides</c>.</summary>
    public static Section OfProvider { get; } =
        new([
            Field.Text("model_pattern", TextRules.NotBlank) with
            {
                Required = true,
            },
            Field.Choice("match_type", "exact", "wildcard", "regex"),
            RequestTypes,
            Rates,
            .. Prices,
        ]);

    /// <summary>One entry of <c>governance.pricing_overrides</c>, and the body of its route.</summary>
    public static Section Scoped { get; } =
        new(
            Field.Text("id", TextRules.Name),
            Field.Text("name", TextRules.Name),
            Field.Choice(
                "scope_kind",
                "global",
                "provider",
                "provider_key",
                "virtual_key",
                "virtual_key_provider",
                "virtual_key_provider_key"
            ) with
            {
                Required = true,
            },
            Field.Text("provider_id", TextRules.NotBlank),
            Field.Text("provider_key_id", TextRules.NotBlank),
            Field.Text("virtual_key_id", TextRules.NotBlank),
            Field.Choice("match_type", "exact", "wildcard"),
            Field.Text("pattern", TextRules.NotBlank) with
            {
                Required = true,
            },
            RequestTypes,
            Field.Of("patch", PatchPrices),
            Field.Text("pricing_patch", TextRules.NotBlank),
            Rates,
            Field.Silent("config_hash"),
            Field.Silent("created_at"),
            Field.Silent("updated_at")
        );

    private static string? RateName(string name)
    {
        var known = Enumerable.Range(0, RateKinds.Count).Select(k => RateKinds.Name((RateKind)k)).ToArray();
        return known.Contains(name) ? null : $"is no kind of price.{NearMiss.Question(name, known)} Write {string.Join(", ", known)}.";
    }

    private static string? RequestType(string word) =>
        PriceRequestTypes.Find(word) is null
            ? $"is no kind of request.{NearMiss.Question(word, PriceRequestTypes.Words)} Write {string.Join(", ", PriceRequestTypes.Words)}."
            : null;
}
