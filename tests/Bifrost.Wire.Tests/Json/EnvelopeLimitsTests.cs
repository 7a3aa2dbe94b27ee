using System.Buffers;
using System.Text;
using Bifrost.Wire.Json;

namespace Bifrost.Wire.Tests.Json;

public sealed class EnvelopeLimitsTests
{
    private const CapMembers Chat = CapMembers.MaxTokens | CapMembers.MaxCompletionTokens;

    [Theory]
    [InlineData("""{"model":"a"}""", null)]
    [InlineData("""{"model":"a","max_tokens":10}""", 10L)]
    [InlineData("""{"model":"a","max_tokens":10.0}""", 10L)]
    [InlineData("""{"max\u005ftokens":10,"model":"a"}""", 10L)]
    [InlineData("""{"model":"a","max_tokens":null}""", null)]
    [InlineData("""{"model":"a","max_tokens":10,"max_completion_tokens":20}""", 20L)]
    [InlineData("""{"model":"a","max_completion_tokens":20,"max_tokens":10}""", 20L)]
    [InlineData("""{"model":"a","max_tokens":-1}""", null)]
    [InlineData("""{"model":"a","max_tokens":5,"max_completion_tokens":-1}""", null)]
    [InlineData("""{"model":"a","max_output_tokens":5}""", null)]
    [InlineData("""{"model":"a","messages":[{"max_tokens":5}]}""", null)]
    public void The_cap_is_the_highest_that_may_count(string body, long? expected) => Assert.Equal(expected, Scan(body).OutputCap);

    [Theory]
    [InlineData("""{"model":"a"}""", 1)]
    [InlineData("""{"model":"a","n":3}""", 3)]
    [InlineData("""{"model":"a","n":3,"best_of":5}""", 5)]
    [InlineData("""{"model":"a","n":null}""", 1)]
    [InlineData("""{"model":"a","n":2,"prompt":["a","b","c"]}""", 6)]
    [InlineData("""{"model":"a","n":2,"prompt":[[1,2],[3]]}""", 4)]
    [InlineData("""{"model":"a","n":2,"prompt":[1,2,3]}""", 2)]
    [InlineData("""{"model":"a","n":2147483647,"prompt":["a","b"]}""", int.MaxValue)]
    public void All_answers_that_are_paid_for_are_counted(string body, int expected) => Assert.Equal(expected, Scan(body).Choices);

    [Theory]
    [InlineData("""{"model":"a","n":"2"}""", "invalid_type")]
    [InlineData("""{"model":"a","n":0}""", "invalid_value")]
    [InlineData("""{"model":"a","n":-1}""", "invalid_value")]
    [InlineData("""{"model":"a","n":1.5}""", "invalid_type")]
    [InlineData("""{"model":"a","n":99999999999}""", "invalid_value")]
    [InlineData("""{"model":"a","n":1e300}""", "invalid_type")]
    [InlineData("""{"model":"a","n":1,"n":9}""", "duplicate_parameter")]
    [InlineData("""{"model":"a","n":1,"\u006e":9}""", "duplicate_parameter")]
    [InlineData("""{"model":"a","max_tokens":"9"}""", "invalid_type")]
    [InlineData("""{"model":"a","max_tokens":1,"max_tokens":9}""", "duplicate_parameter")]
    [InlineData("""{"model":"a","max_tokens":null,"max_tokens":9}""", "duplicate_parameter")]
    [InlineData("""{"model":"a","Model":"b"}""", "unknown_parameter")]
    [InlineData("""{"model":"a","max_tokens":1,"Max_Tokens":9}""", "unknown_parameter")]
    [InlineData("""{"model":"a","max_to\u212aens":9}""", "unknown_parameter")]
    [InlineData("""{"model":"a","\u017ftream":true}""", "unknown_parameter")]
    [InlineData("""{"model":"a","N":9}""", "unknown_parameter")]
    [InlineData("""{"model":"a","stream_options":5}""", "invalid_type")]
    [InlineData("""{"model":"a","stream_options":{},"stream_options":{}}""", "duplicate_parameter")]
    [InlineData("""{"model":"a","stream_options":{"include_usage":true,"include_usage":false}}""", "duplicate_parameter")]
    public void What_could_be_read_in_two_ways_is_refused(string body, string code) =>
        Assert.Equal(code, EnvelopeScanner.Scan(Encoding.UTF8.GetBytes(body), Chat).Fault?.Code);

    [Theory]
    [InlineData("""{"model":"a","stream_options":{"include_usage":true}}""", true)]
    [InlineData("""{"model":"a","stream_options":{"include_usage":false}}""", false)]
    [InlineData("""{"model":"a","stream_options":null}""", false)]
    [InlineData("""{"model":"a","x":{"include_usage":true}}""", false)]
    public void Asking_for_usage_is_seen(string body, bool expected) => Assert.Equal(expected, Scan(body).AsksUsage);

    [Theory]
    [InlineData("""{"messages":[{"role":"user","content":"plain"}]}""", 0, 0)]
    [InlineData("""{"messages":[{"content":[{"type":"image_url","image_url":{"url":"https://x/a.png"}}]}]}""", 1, 0)]
    [InlineData("""{"messages":[{"content":[{"type":"image_url","image_url":{"detail":"high","\u0075rl":"https://x/a.png"}}]}]}""", 1, 0)]
    [InlineData("""{"messages":[{"content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AA"}}]}]}""", 0, 1)]
    [InlineData("""{"messages":[{"content":[{"type":"image_url","image_url":{"url":"data:,","url":"https://x/"}}]}]}""", 1, 1)]
    [InlineData("""{"messages":[{"content":[{"type":"file","file":{"file_id":"f"}}]}]}""", 1, 0)]
    [InlineData("""{"messages":[{"content":[{"type":"input_audio","input_audio":{"data":"AA"}}]}]}""", 0, 1)]
    [InlineData("""{"input":[{"role":"user","content":[{"type":"input_image","image_url":"https://x/"}]}]}""", 1, 0)]
    [InlineData("""{"input":[{"role":"user","content":[{"type":"input_file","file_url":"https://x/"}]}]}""", 1, 0)]
    [InlineData("""{"input":[{"type":"item_reference","id":"msg_1"}]}""", 1, 0)]
    [InlineData("""{"input":[{"id":"msg_1"}]}""", 1, 0)]
    [InlineData("""{"input":[{"id":"msg_1","type":null}]}""", 1, 0)]
    [InlineData("""{"input":"hi","previous_response_id":"resp_1"}""", 1, 0)]
    [InlineData("""{"input":"hi","previous_response_id":null}""", 0, 0)]
    [InlineData("""{"input":"hi","conversation":{"id":"conv_1"}}""", 1, 0)]
    [InlineData("""{"prompt":{"id":"pmpt_1"}}""", 1, 0)]
    [InlineData("""{"prompt":"a picture"}""", 0, 0)]
    [InlineData("""{"tools":[{"type":"function","function":{"parameters":{"properties":{"file_id":{"type":"string"}}}}}]}""", 0, 0)]
    [InlineData("""{"tools":[{"type":"web_search"},{"type":"file_search","vector_store_ids":["v"]}]}""", 3, 0)]
    public void What_the_body_does_not_show_is_counted(string body, int references, int inline)
    {
        var envelope = Scan(body);

        Assert.Equal((references, inline), (envelope.ContentReferences, envelope.InlineMedia));
    }

    [Fact]
    public void Edits_are_made_wherever_they_stand()
    {
        var body = """{"fallbacks":["x"],"max_tokens":900,"model":"a"}"""u8;
        var envelope = Scan(Encoding.UTF8.GetString(body));
        var edits = new BodyEdits();
        edits.Replace(envelope.Model, "\"b\""u8.ToArray());
        edits.Replace(envelope.CapAt, "5"u8.ToArray());
        edits.Replace(new ByteRange(1, 0), "\"x\":1,"u8.ToArray());
        edits.Replace(envelope.FallbacksMember, default);
        var output = new ArrayBufferWriter<byte>();

        edits.Write(body, output);

        Assert.Equal("""{"x":1,"max_tokens":5,"model":"b"}""", Encoding.UTF8.GetString(output.WrittenSpan));
    }

    private static Envelope Scan(string body)
    {
        var outcome = EnvelopeScanner.Scan(Encoding.UTF8.GetBytes(body), Chat);
        Assert.Null(outcome.Fault);
        return outcome.Value;
    }
}
