using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bifrost.Wire.Json;
using CsCheck;

namespace Bifrost.Wire.Tests.Json;

public sealed class EnvelopeScannerTests
{
    [Fact]
    public void The_model_is_found_wherever_it_stands()
    {
        var body = """{"messages":[{"model":"no"}], "model" : "openai/gpt-4o" ,"stream":true}"""u8.ToArray();

        var envelope = Scan(body);

        Assert.Equal("openai/gpt-4o", envelope.ModelName);
        Assert.Equal("\"openai/gpt-4o\"", Text(body, envelope.Model));
        Assert.True(envelope.Streams);
    }

    [Theory]
    [InlineData("""{"model":"a","fallbacks":["x"]}""", """{"model":"a"}""")]
    [InlineData("""{"fallbacks":["x"],"model":"a"}""", """{"model":"a"}""")]
    [InlineData("""{ "fallbacks" : ["x"] , "model":"a"}""", """{  "model":"a"}""")]
    [InlineData("""{"n":1,"fallbacks":{"a":[1]},"model":"a"}""", """{"n":1,"model":"a"}""")]
    [InlineData("""{"model":"a" , "fallbacks":null }""", """{"model":"a"  }""")]
    public void Fallbacks_are_cut_out_with_one_comma(string body, string expected)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var output = new ArrayBufferWriter<byte>();

        Splice.WriteRequest(bytes, Scan(bytes), "a", output);

        Assert.Equal(expected, Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Fact]
    public void A_spliced_body_differs_in_the_model_alone()
    {
        var member = Gen.Select(
            Gen.String[Gen.Char['a', 'z'], 1, 6],
            Gen.OneOf(Gen.Int.Select(i => (JsonNode)i), Gen.String.Select(s => (JsonNode)s))
        );
        Gen.Select(member.Array[0, 5], Gen.String[1, 20], Gen.String[1, 20], Gen.Int[0, 5])
            .Sample(
                (members, asked, sent, at) =>
                {
                    var json = new JsonObject();
                    foreach (
                        var (name, value) in members
                            .DistinctBy(m => m.Item1)
                            .Where(m => m.Item1 is not ("model" or "stream" or "fallbacks" or "n"))
                    )
                    {
                        json[name] = value.DeepClone();
                    }

                    json.Insert(Math.Min(at, json.Count), "model", asked);
                    var body = Encoding.UTF8.GetBytes(json.ToJsonString());
                    if (!System.Text.Unicode.Utf8.IsValid(body) || asked.Any(char.IsSurrogate) || sent.Any(char.IsSurrogate))
                    {
                        return;
                    }

                    var output = new ArrayBufferWriter<byte>();
                    Splice.WriteRequest(body, Scan(body), sent, output);
                    json["model"] = sent;

                    Assert.True(JsonNode.DeepEquals(json, JsonNode.Parse(output.WrittenSpan)));
                },
                iter: Fuzz.Or(2000)
            );
    }

    [Fact]
    public void Any_bytes_give_an_envelope_or_a_fault() =>
        Fuzz.Run(
            ["""{"model":"openai/gpt-4o","stream":true,"fallbacks":["a/b"],"messages":[{"role":"user","content":"h\u00e9"}]}"""],
            bytes =>
            {
                if (EnvelopeScanner.Scan(bytes).Fault is null)
                {
                    using var _ = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = JsonBody.MaxDepth });
                }
            }
        );

    private static Envelope Scan(ReadOnlySpan<byte> body)
    {
        var outcome = EnvelopeScanner.Scan(body);
        Assert.Null(outcome.Fault);
        return outcome.Value;
    }

    private static string Text(byte[] body, ByteRange range) => Encoding.UTF8.GetString(body, range.Start, range.Length);
}
