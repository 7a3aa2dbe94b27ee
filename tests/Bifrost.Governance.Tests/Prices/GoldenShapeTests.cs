namespace Bifrost.Governance.Tests.Prices;

/// <summary>From what providers write to money, worked out by hand, in dollars per million tokens.</summary>
public sealed class GoldenShapeTests
{
    [Fact]
    public void OpenAI_chat_with_a_cache_read_and_reasoning()
    {
        // gpt-5.4: 2.50, cached 0.25, output 15. 1,086 × 2.50 = 0.002715; 1,920 × 0.25 = 0.00048; 300 × 15 = 0.0045.
        var usage = UsageShapes.OpenAI(
            """
            {"id":"chatcmpl-1","object":"chat.completion","model":"gpt-5.4","choices":[],"usage":{"prompt_tokens":3006,"completion_tokens":300,
            "total_tokens":3306,"prompt_tokens_details":{"cached_tokens":1920,"audio_tokens":0},
            "completion_tokens_details":{"reasoning_tokens":256,"audio_tokens":0,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}}
            """
        );

        Assert.Equal("Input 0.002715, CacheRead 0.00048, Output 0.0045 = 0.007695", Costs.Of("openai", "gpt-5.4", usage).Shown());
    }

    [Fact]
    public void OpenAI_responses_event_with_a_cache_read_and_a_write()
    {
        // gpt-5.6-luna: 1, cached 0.10, written 1.25, output 6. 500 × 1 = 0.0005; 1,000 × 0.10 = 0.0001; 2,000 × 1.25 = 0.0025; 50 × 6 = 0.0003.
        var usage = UsageShapes.OpenAI(
            """
            {"type":"response.completed","response":{"id":"resp_1","usage":{"input_tokens":3500,"input_tokens_details":{"cached_tokens":1000,
            "cache_write_tokens":2000},"output_tokens":50,"output_tokens_details":{"reasoning_tokens":0},"total_tokens":3550}}}
            """
        );

        Assert.Equal(
            "Input 0.0005, CacheRead 0.0001, CacheWrite 0.0025, Output 0.0003 = 0.0034",
            Costs.Of("openai", "gpt-5.6-luna", usage).Shown()
        );
    }

    [Fact]
    public void Anthropic_message_with_a_cache_read_and_a_write()
    {
        // claude-haiku-4-5: 1, read 0.10, written 1.25, output 5. 21 × 1 = 0.000021; 188,086 × 0.10 = 0.0188086; 456 × 1.25 = 0.00057; 393 × 5 = 0.001965.
        var usage = UsageShapes.Anthropic(
            """
            {"input_tokens":21,"cache_creation_input_tokens":456,"cache_read_input_tokens":188086,
            "cache_creation":{"ephemeral_5m_input_tokens":456,"ephemeral_1h_input_tokens":0},"output_tokens":393,"service_tier":"standard"}
            """
        );

        Assert.Equal(
            "Input 0.000021, CacheRead 0.0188086, CacheWrite 0.00057, Output 0.001965 = 0.0213646",
            Costs.Of("anthropic", "claude-haiku-4-5", usage).Shown()
        );
    }

    [Fact]
    public void Gemini_answer_with_a_cache_read_sound_and_thoughts()
    {
        // gemini-2.5-flash: 0.30, cached 0.03, audio 1, output 2.50. 1,500 × 0.30 = 0.00045; 2,048 × 0.03 = 0.00006144; 452 × 1 = 0.000452;
        // (100 + 60) × 2.50 = 0.0004.
        var usage = UsageShapes.Gemini(
            """
            {"promptTokenCount":4000,"cachedContentTokenCount":2048,"candidatesTokenCount":100,"thoughtsTokenCount":60,"totalTokenCount":4160,
            "promptTokensDetails":[{"modality":"TEXT","tokenCount":3548},{"modality":"AUDIO","tokenCount":452}]}
            """
        );

        Assert.Equal(
            "Input 0.00045, CacheRead 0.00006144, InputAudio 0.000452, Output 0.0004 = 0.00136344",
            Costs.Of("gemini", "gemini-2.5-flash", usage).Shown()
        );
    }

    [Fact]
    public void Bedrock_converse_with_a_cache_read_and_a_write()
    {
        // claude-haiku-4-5, regional: 1.10, read 0.11, written 1.375, output 5.50. 30 × 1.10 = 0.000033; 2,000 × 0.11 = 0.00022;
        // 400 × 1.375 = 0.00055; 628 × 5.50 = 0.003454.
        var usage = UsageShapes.Bedrock(
            """{"inputTokens":30,"outputTokens":628,"totalTokens":3058,"cacheReadInputTokens":2000,"cacheWriteInputTokens":400}"""
        );

        Assert.Equal(
            "Input 0.000033, CacheRead 0.00022, CacheWrite 0.00055, Output 0.003454 = 0.004257",
            Costs.Of("bedrock", "us.anthropic.claude-haiku-4-5-20251001-v1:0", usage).Shown()
        );
    }

    [Fact]
    public void Replicate_prediction_of_an_official_language_model()
    {
        // llama-3-8b: 0.05/0.25. 28 × 0.05 = 0.0000014; 120 × 0.25 = 0.00003.
        var usage = UsageShapes.Replicate(
            """
            {"id":"p1","model":"meta/meta-llama-3-8b-instruct","status":"succeeded","output":["Hi"],
            "metrics":{"input_token_count":28,"output_token_count":120,"predict_time":1.37,"total_time":1.4,"tokens_per_second":87.5}}
            """
        );

        Assert.Equal("Input 0.0000014, Output 0.00003 = 0.0000314", Costs.Of("replicate", "meta/meta-llama-3-8b-instruct", usage).Shown());
    }

    [Fact]
    public void Replicate_prediction_of_an_official_picture_model()
    {
        // flux-schnell: 2 × 0.003.
        var usage = UsageShapes.Replicate(
            """{"id":"p2","status":"succeeded","output":["https://x/0.webp","https://x/1.webp"],"metrics":{"image_count":2,"predict_time":0.61}}"""
        );

        Assert.Equal("Image 0.006 = 0.006", Costs.Of("replicate", "black-forest-labs/flux-schnell", usage).Shown());
    }

    [Fact]
    public void Replicate_prediction_on_hardware()
    {
        // L40S: 16.623 × 0.000975 = 0.016207425.
        var usage = UsageShapes.Replicate(
            """{"id":"p3","status":"succeeded","output":{},"metrics":{"predict_time":16.623,"total_time":83.7}}"""
        );

        Assert.Equal("ComputeSecond 0.016207425 = 0.016207425", Costs.Of("replicate", "openai/whisper", usage).Shown());
    }
}
