using System.Text;
using System.Text.Json;
using Bifrost.Wire.Dialects;
using Bifrost.Wire.Dialects.OpenAIChat;
using Bifrost.Wire.Dialects.OpenAIResponses;
using Bifrost.Wire.Faults;

namespace Bifrost.Wire.Tests.Dialects.OpenAI;

public sealed class GovernanceFaultTests
{
    [Theory]
    [InlineData(FaultKind.MissingHeaders, 400, "missing_required_headers")]
    [InlineData(FaultKind.VirtualKeyRequired, 401, "virtual_key_required")]
    [InlineData(FaultKind.VirtualKeyNotFound, 403, "virtual_key_not_found")]
    [InlineData(FaultKind.VirtualKeyBlocked, 403, "virtual_key_blocked")]
    [InlineData(FaultKind.ProviderBlocked, 403, "provider_blocked")]
    [InlineData(FaultKind.ModelBlocked, 403, "model_blocked")]
    [InlineData(FaultKind.ModelUnpriced, 403, "model_unpriced")]
    [InlineData(FaultKind.BudgetExceeded, 402, "budget_exceeded")]
    [InlineData(FaultKind.TokenLimited, 429, "token_limited")]
    [InlineData(FaultKind.RequestLimited, 429, "request_limited")]
    [InlineData(FaultKind.RateLimitedTwice, 429, "rate_limited")]
    [InlineData(FaultKind.ConcurrencyLimited, 429, "concurrency_limited")]
    public void What_the_operators_rules_refuse_has_its_published_status_and_word(FaultKind kind, int status, string word)
    {
        var fault = new Fault(kind, "why");

        var whole = Parse(Text(fault, static (d, f, o) => d.WriteFault(f, o)));
        var midStream = Parse(Text(fault, static (d, f, o) => d.WriteStreamFault(f, o))["data: ".Length..]);

        Assert.Equal(status, fault.Status);
        foreach (var body in new[] { whole, midStream })
        {
            Assert.Equal((word, status), (body.GetProperty("type").GetString(), body.GetProperty("status_code").GetInt32()));
            Assert.False(body.GetProperty("is_bifrost_error").GetBoolean());
            var error = body.GetProperty("error");
            Assert.Equal(
                (word, word, "why"),
                (error.GetProperty("type").GetString(), error.GetProperty("code").GetString(), error.GetProperty("message").GetString())
            );
        }
    }

    [Fact]
    public void Responses_name_the_word_in_their_error_event()
    {
        var text = Written.Text(o => OpenAIResponsesDialect.Instance.WriteStreamFault(new Fault(FaultKind.BudgetExceeded, "why"), o));

        Assert.StartsWith("event: error\ndata: {\"type\":\"error\",\"code\":\"budget_exceeded\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_faults_keep_openais_shape_alone()
    {
        var body = Parse(Text(new Fault(FaultKind.ModelNotFound, "none"), static (d, f, o) => d.WriteFault(f, o)));

        Assert.Equal(["error"], body.EnumerateObject().Select(m => m.Name));
    }

    private static string Text(Fault fault, Action<IDialect, Fault, System.Buffers.IBufferWriter<byte>> write) =>
        Encoding.UTF8.GetString(Written.Bytes(o => write(OpenAIChatDialect.Instance, fault, o)));

    private static JsonElement Parse(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
