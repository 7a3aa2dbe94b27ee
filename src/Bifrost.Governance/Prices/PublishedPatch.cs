using System.Text.Json;
using Bifrost.Core.World;

namespace Bifrost.Governance.Prices;

/// <summary>Prices under their published names: dollars per token, each name a field of the published data sheet. As published, a zero sets
/// nothing; to make a model free, use our own names.</summary>
internal sealed class PublishedPatch(List<Mistake> mistakes)
{
    private static readonly Dictionary<string, (RateKind Kind, long Above)> Names = new(StringComparer.Ordinal)
    {
        ["input_cost_per_token"] = (RateKind.Input, 0),
        ["input_cost_per_token_above_128k_tokens"] = (RateKind.Input, 128_000),
        ["input_cost_per_token_above_200k_tokens"] = (RateKind.Input, 200_000),
        ["output_cost_per_token"] = (RateKind.Output, 0),
        ["output_cost_per_token_above_128k_tokens"] = (RateKind.Output, 128_000),
        ["output_cost_per_token_above_200k_tokens"] = (RateKind.Output, 200_000),
        ["cache_read_input_token_cost"] = (RateKind.CacheRead, 0),
        ["cache_read_input_token_cost_above_200k_tokens"] = (RateKind.CacheRead, 200_000),
        ["cache_creation_input_token_cost"] = (RateKind.CacheWrite, 0),
        ["cache_creation_input_token_cost_above_200k_tokens"] = (RateKind.CacheWrite, 200_000),
        ["input_cost_per_audio_token"] = (RateKind.InputAudio, 0),
        ["output_cost_per_audio_token"] = (RateKind.OutputAudio, 0),
        ["input_cost_per_image_token"] = (RateKind.InputImage, 0),
        ["output_cost_per_image"] = (RateKind.Image, 0),
        ["output_cost_per_video_per_second"] = (RateKind.VideoSecond, 0),
    };

    public void ReadText(string path, string json, Dictionary<RateKind, Rate> rates)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                Read(path, document.RootElement.EnumerateObject().Select(field => KeyValuePair.Create(field.Name, field.Value)), rates);
                return;
            }
        }
        catch (JsonException)
        {
            // Said below, as for any other text that is no object.
        }

        mistakes.Add(new Mistake(path, "must be the text of a JSON object, for instance {\"input_cost_per_token\": 0.0000025}."));
    }

    public void Read(string path, IEnumerable<KeyValuePair<string, JsonElement>> fields, Dictionary<RateKind, Rate> rates)
    {
        var tiers = new List<(RateKind Kind, RateTier Tier, string Name)>();
        foreach (var (name, value) in fields)
        {
            if (!Names.TryGetValue(name, out var meant))
            {
                mistakes.Add(new Mistake($"{path}.{name}", $"is none of the prices that are known here: {string.Join(", ", Names.Keys)}."));
            }
            else if (!Amounts.TryRead(value, out var usd) || usd < 0 || !Money.TryFromUsd(usd, out var money))
            {
                mistakes.Add(new Mistake($"{path}.{name}", "must be dollars for one, zero or more, with at most twelve decimals."));
            }
            else if (money > Money.Zero && meant.Above == 0)
            {
                rates[meant.Kind] = new Rate(money);
            }
            else if (money > Money.Zero)
            {
                tiers.Add((meant.Kind, new RateTier(meant.Above, money), name));
            }
        }

        foreach (var (kind, tier, name) in tiers.OrderBy(entry => entry.Tier.Above))
        {
            if (rates.TryGetValue(kind, out var rate))
            {
                rates[kind] = rate with { Tiers = [.. rate.Tiers, tier] };
            }
            else
            {
                mistakes.Add(new Mistake($"{path}.{name}", "needs the price below that many tokens beside it."));
            }
        }
    }
}
