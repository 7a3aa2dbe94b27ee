using System.Text.Json.Nodes;
using Bifrost.Admin.Bodies;
using Bifrost.Admin.Http;
using Bifrost.Configuration.Settings;
using Bifrost.Core.World;
using Bifrost.Governance.Prices;
using Bifrost.Wire.Canonical;

namespace Bifrost.Admin.Prices;

/// <summary>What a call would cost: with the prices that hold, and with one that is only thought of.</summary>
internal sealed class PreviewRoutes(GatewaySettings settings, Func<PriceCatalogue> catalogue, TimeProvider clock)
{
    private static readonly Shape UsageShape = new(
        "Usage",
        [
            Count("input_tokens", "All input tokens, cached ones included."),
            Count("output_tokens", "All output tokens, reasoning included."),
            Count("cached_read_tokens", "Of the input."),
            Count("cached_write_tokens", "Of the input."),
            Count("reasoning_tokens", "Of the output."),
            Count("audio_input_tokens", "Of the input."),
            Count("image_input_tokens", "Of the input."),
            Count("audio_output_tokens", "Of the output."),
            Count("images", "Pictures made."),
            new("video_seconds", FieldKind.Number, "Seconds of video made.") { Least = 0, Most = 1_000_000_000 },
            new("compute_seconds", FieldKind.Number, "Seconds of the provider's hardware.") { Least = 0, Most = 1_000_000_000 },
        ]
    );

    private static readonly Shape Preview = new(
        "PricePreview",
        [
            new("provider", FieldKind.Text, "The provider.") { Required = true },
            new("model", FieldKind.Text, "The model as it is sent upstream.") { Required = true },
            new("provider_key_id", FieldKind.Text, "A provider key, where prices differ by it."),
            new("virtual_key_id", FieldKind.Text, "A virtual key, where prices differ by it."),
            new("usage", FieldKind.Object, "What the call would use.") { Required = true, Inside = UsageShape },
            new("batch", FieldKind.Flag, "As part of a batch."),
            new(
                "rates",
                FieldKind.Numbers,
                "A price that is only thought of: dollars per million tokens, or per picture, second or request."
            ),
        ]
    );

    private static readonly ModelPattern AnyModel = ModelPattern.TryParse("*", out var any)
        ? any
        : throw new InvalidOperationException("A star alone stands for every model.");

    public IEnumerable<Route> All() =>
        [
            new(
                "POST",
                "/api/governance/pricing-overrides/preview",
                "What a call would cost now, and with a price that is only thought of.",
                PreviewAsync
            )
            {
                Group = OverrideRoutes.Group,
                Body = Preview,
                Answer = "`current` and, with rates, `proposed`: `total` in dollars with its lines; null where there is no price.",
                Refusals = [400, 413, 415],
            },
        ];

    private Task<Reply> PreviewAsync(Call call)
    {
        var body = call.Body;
        var (provider, model) = (body.Text("provider").Value!, body.Text("model").Value!);
        var scope = new PriceScope(provider, body.Text("provider_key_id").Value, body.Text("virtual_key_id").Value);
        var usage = UsageOf(body.Object("usage").Value!);
        var priced = new PricedCall { At = clock.GetUtcNow(), Batch = body.Flag("batch").Value is true };
        var current = settings.PriceOverrides.Apply(catalogue().Find(provider, model), scope, model);
        var answer = new JsonObject { ["current"] = View(current, usage, priced) };
        if (body.Numbers("rates").Value is { } entered)
        {
            var rates = PriceOverride.ReadRates(entered, out var wrong);
            if (rates is null)
            {
                return Task.FromResult(Reply.Bad([.. wrong.Select(w => new Mistake("rates", w))]));
            }

            var thought = new PriceOverrides([
                new PriceOverride
                {
                    Id = "proposed",
                    Model = AnyModel,
                    Rates = rates,
                },
            ]);
            answer["proposed"] = View(thought.Apply(current, scope, model), usage, priced);
        }

        return Task.FromResult(Reply.Ok(answer));
    }

    private static JsonObject? View(ModelPrice? price, Usage usage, PricedCall call) =>
        CostComputation.Of(price, usage, call) is { } cost
            ? new JsonObject
            {
                ["total"] = Usd(cost.Total),
                ["lines"] = new JsonArray([
                    .. cost.Lines.Select(l => new JsonObject
                    {
                        ["kind"] = RateKinds.Name(l.Kind),
                        ["quantity"] = (decimal)l.Micros / 1_000_000m,
                        ["unit_price"] = Usd(l.Unit),
                        ["amount"] = Usd(l.Amount),
                    }),
                ]),
                ["incomplete"] = cost.Incomplete,
                ["price_version"] = cost.PriceVersion,
                ["source"] = price!.Source,
            }
            : null;

    private static JsonValue Usd(Money money) => JsonValue.Create((decimal)money.Picos / 1_000_000_000_000m);

    private static Field Count(string name, string meaning) => new(name, FieldKind.Whole, meaning) { Least = 0, Most = 1_000_000_000_000 };

    private static Usage UsageOf(Body body) =>
        new()
        {
            InputTokens = body.Whole("input_tokens").Value ?? 0,
            OutputTokens = body.Whole("output_tokens").Value ?? 0,
            CachedReadTokens = body.Whole("cached_read_tokens").Value ?? 0,
            CachedWriteTokens = body.Whole("cached_write_tokens").Value ?? 0,
            ReasoningTokens = body.Whole("reasoning_tokens").Value ?? 0,
            AudioInputTokens = body.Whole("audio_input_tokens").Value ?? 0,
            ImageInputTokens = body.Whole("image_input_tokens").Value ?? 0,
            AudioOutputTokens = body.Whole("audio_output_tokens").Value ?? 0,
            Images = (int)Math.Min(int.MaxValue, body.Whole("images").Value ?? 0),
            VideoSeconds = (double)(body.Number("video_seconds").Value ?? 0),
            ComputeSeconds = (double)(body.Number("compute_seconds").Value ?? 0),
        };
}
