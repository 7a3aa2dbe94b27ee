using Bifrost.Governance.Prices;
using Bifrost.Wire.Canonical;

namespace Bifrost.Governance.Tests.Prices;

/// <summary>Costs worked out by hand from the published prices, in dollars per million tokens.</summary>
public sealed class GoldenCostTests
{
    [Fact]
    public void OpenAI_cached_input_is_cheaper_and_reasoning_is_inside_the_output()
    {
        // gpt-5.4: input 2.50, cached 0.25, output 15. 60,000 × 2.50 = 0.15; 40,000 × 0.25 = 0.01; 2,000 × 15 = 0.03.
        var usage = new Usage
        {
            InputTokens = 100_000,
            CachedReadTokens = 40_000,
            OutputTokens = 2_000,
            ReasoningTokens = 1_500,
        };

        Assert.Equal("Input 0.15, CacheRead 0.01, Output 0.03 = 0.19", Costs.Of("openai", "gpt-5.4-2026-03-05", usage).Shown());
    }

    [Fact]
    public void OpenAI_long_input_changes_the_price_of_every_token()
    {
        // Above 272,000: input 5, cached 0.50, output 22.50. 200,000 × 5 = 1; 100,000 × 0.50 = 0.05; 1,000 × 22.50 = 0.0225.
        var usage = new Usage
        {
            InputTokens = 300_000,
            CachedReadTokens = 100_000,
            OutputTokens = 1_000,
        };

        Assert.Equal("Input 1, CacheRead 0.05, Output 0.0225 = 1.0725", Costs.Of("openai", "gpt-5.4", usage).Shown());
    }

    [Fact]
    public void A_tier_begins_above_its_threshold()
    {
        // 272,000 × 2.50 = 0.68; 272,001 × 5 = 1.360005.
        Assert.Equal("Input 0.68 = 0.68", Costs.Of("openai", "gpt-5.4", new Usage { InputTokens = 272_000 }).Shown());
        Assert.Equal("Input 1.360005 = 1.360005", Costs.Of("openai", "gpt-5.4", new Usage { InputTokens = 272_001 }).Shown());
    }

    [Fact]
    public void OpenAI_cache_writes_cost_more_than_input()
    {
        // gpt-5.6-luna: 1, cached 0.10, written 1.25, output 6. 5,000 × 1 = 0.005; 2,000 × 0.10 = 0.0002; 3,000 × 1.25 = 0.00375; 500 × 6 = 0.003.
        var usage = new Usage
        {
            InputTokens = 10_000,
            CachedReadTokens = 2_000,
            CachedWriteTokens = 3_000,
            OutputTokens = 500,
        };

        Assert.Equal(
            "Input 0.005, CacheRead 0.0002, CacheWrite 0.00375, Output 0.003 = 0.01195",
            Costs.Of("openai", "gpt-5.6-luna", usage).Shown()
        );
    }

    [Fact]
    public void OpenAI_audio_has_its_own_rates_both_ways()
    {
        // gpt-audio: 2.50/10, audio 32/64. 200 × 2.50 = 0.0005; 800 × 32 = 0.0256; 100 × 10 = 0.001; 200 × 64 = 0.0128.
        var usage = new Usage
        {
            InputTokens = 1_000,
            AudioInputTokens = 800,
            OutputTokens = 300,
            AudioOutputTokens = 200,
        };

        Assert.Equal(
            "Input 0.0005, InputAudio 0.0256, Output 0.001, OutputAudio 0.0128 = 0.0399",
            Costs.Of("openai", "gpt-audio", usage).Shown()
        );
    }

    [Fact]
    public void OpenAI_embeddings_cost_their_input()
    {
        // 8,000 × 0.02 = 0.00016.
        Assert.Equal("Input 0.00016 = 0.00016", Costs.Of("openai", "text-embedding-3-small", new Usage { InputTokens = 8_000 }).Shown());
    }

    [Fact]
    public void A_batch_costs_half()
    {
        // gpt-5: 1.25/10. (1,000 × 1.25 = 0.00125) / 2; (1,000 × 10 = 0.01) / 2.
        var usage = new Usage { InputTokens = 1_000, OutputTokens = 1_000 };

        Assert.Equal(
            "Input 0.000625, Output 0.005 = 0.005625",
            Costs.Of("openai", "gpt-5", usage, Costs.Call with { Batch = true }).Shown()
        );
    }

    [Fact]
    public void Anthropic_reads_and_writes_of_the_cache_are_part_of_the_input()
    {
        // claude-haiku-4-5: 1, read 0.10, write 1.25, output 5. 2,000 × 1 = 0.002; 8,000 × 0.10 = 0.0008; 2,000 × 1.25 = 0.0025; 600 × 5 = 0.003.
        var usage = new Usage
        {
            InputTokens = 12_000,
            CachedReadTokens = 8_000,
            CachedWriteTokens = 2_000,
            OutputTokens = 600,
        };

        Assert.Equal(
            "Input 0.002, CacheRead 0.0008, CacheWrite 0.0025, Output 0.003 = 0.0083",
            Costs.Of("anthropic", "claude-haiku-4-5-20251001", usage).Shown()
        );
    }

    [Fact]
    public void Anthropic_long_input_lost_its_surcharge_on_a_date()
    {
        // claude-opus-4-6, 250,000 in, 1,000 out. Before 2026-03-13: 250,000 × 10 = 2.5, 1,000 × 37.50 = 0.0375. From then on: 1.25 and 0.025.
        var usage = new Usage { InputTokens = 250_000, OutputTokens = 1_000 };
        var day = new DateTimeOffset(2026, 3, 13, 0, 0, 0, TimeSpan.Zero);

        var before = Costs.Of("anthropic", "claude-opus-4-6", usage, Costs.Call with { At = day.AddTicks(-1) });
        var after = Costs.Of("anthropic", "claude-opus-4-6", usage, Costs.Call with { At = day });

        Assert.Equal("Input 2.5, Output 0.0375 = 2.5375", before.Shown());
        Assert.Equal("Input 1.25, Output 0.025 = 1.275", after.Shown());
    }

    [Fact]
    public void Gemini_audio_is_taken_out_of_the_input_and_thinking_is_output()
    {
        // gemini-2.5-flash: 0.30, cached 0.03, audio 1, output 2.50. 4,000 × 0.30 = 0.0012; 2,000 × 0.03 = 0.00006; 4,000 × 1 = 0.004; 1,500 × 2.50 = 0.00375.
        var usage = new Usage
        {
            InputTokens = 10_000,
            CachedReadTokens = 2_000,
            AudioInputTokens = 4_000,
            OutputTokens = 1_500,
            ReasoningTokens = 1_000,
        };

        Assert.Equal(
            "Input 0.0012, CacheRead 0.00006, InputAudio 0.004, Output 0.00375 = 0.00901",
            Costs.Of("gemini", "gemini-2.5-flash", usage).Shown()
        );
    }

    [Fact]
    public void Gemini_long_input_is_dearer()
    {
        // gemini-2.5-pro above 200,000: 2.50/15. 200,001 × 2.50 = 0.5000025; 10 × 15 = 0.00015.
        var usage = new Usage { InputTokens = 200_001, OutputTokens = 10 };

        Assert.Equal("Input 0.5000025, Output 0.00015 = 0.5001525", Costs.Of("vertex", "gemini-2.5-pro", usage).Shown());
    }

    [Fact]
    public void Bedrock_regional_models_cost_more_than_global_ones()
    {
        // claude-haiku-4-5, regional: 1.10, read 0.11, write 1.375, output 5.50; global: 1, 0.10, 1.25, 5.
        // 1,000 × 1.10 = 0.0011; 4,000 × 0.11 = 0.00044; 1,000 × 1.375 = 0.001375; 200 × 5.50 = 0.0011.
        // 1,000 × 1 = 0.001; 4,000 × 0.10 = 0.0004; 1,000 × 1.25 = 0.00125; 200 × 5 = 0.001.
        var usage = new Usage
        {
            InputTokens = 6_000,
            CachedReadTokens = 4_000,
            CachedWriteTokens = 1_000,
            OutputTokens = 200,
        };

        Assert.Equal(
            "Input 0.0011, CacheRead 0.00044, CacheWrite 0.001375, Output 0.0011 = 0.004015",
            Costs.Of("bedrock", "us.anthropic.claude-haiku-4-5-20251001-v1:0", usage).Shown()
        );
        Assert.Equal(
            "Input 0.001, CacheRead 0.0004, CacheWrite 0.00125, Output 0.001 = 0.00365",
            Costs.Of("bedrock", "global.anthropic.claude-haiku-4-5-20251001-v1:0", usage).Shown()
        );
    }

    [Fact]
    public void Bedrock_writes_without_a_rate_cost_what_input_costs()
    {
        // nova-lite: 0.06, read 0.015, output 0.24. 1,000 × 0.06 = 0.00006; 2,000 × 0.015 = 0.00003; 1,000 × 0.06 = 0.00006; 500 × 0.24 = 0.00012.
        var usage = new Usage
        {
            InputTokens = 4_000,
            CachedReadTokens = 2_000,
            CachedWriteTokens = 1_000,
            OutputTokens = 500,
        };

        Assert.Equal(
            "Input 0.00006, CacheRead 0.00003, CacheWrite 0.00006, Output 0.00012 = 0.00027",
            Costs.Of("bedrock", "us.amazon.nova-lite-v1:0", usage).Shown()
        );
    }

    [Theory]
    [InlineData(0, 29, "0.000135")] // at night: 1,000 × 0.135
    [InlineData(0, 30, "0.00027")] // by day: 1,000 × 0.27
    [InlineData(16, 29, "0.00027")]
    [InlineData(16, 30, "0.000135")]
    public void DeepSeek_is_cheaper_at_night(int hour, int minute, string cost)
    {
        var call = Costs.Call with { At = new DateTimeOffset(2026, 8, 15, hour, minute, 0, TimeSpan.Zero) };

        Assert.Equal(cost, Costs.Of("deepseek", "deepseek-chat", new Usage { InputTokens = 1_000 }, call).Total.ToString());
    }

    [Fact]
    public void Perplexity_charges_the_request_too_if_it_succeeds()
    {
        // sonar: 1/1 and 0.012 a request. 100 × 1 = 0.0001; 200 × 1 = 0.0002.
        var usage = new Usage { InputTokens = 100, OutputTokens = 200 };
        var failed = Costs.Call with { Outcome = CallOutcome.Failed };

        Assert.Equal("Input 0.0001, Output 0.0002, Request 0.012 = 0.0123", Costs.Of("perplexity", "sonar", usage).Shown());
        Assert.Equal("Input 0.0001, Output 0.0002 = 0.0003", Costs.Of("perplexity", "sonar", usage, failed).Shown());
    }
}
