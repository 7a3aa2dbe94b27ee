using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bifrost.Observability.Redaction;
using Bifrost.Testing;
using CsCheck;

namespace Bifrost.Observability.Tests.Redaction;

public sealed class RedactionLawTests
{
    private static readonly string[] Names = ["a", "content", "token", "password", "logprobs", "type", "key", "apiKey", "items"];

    private static readonly Gen<string> ASecretText = Gen.Int[0, ASecret.All.Count - 1].Select(at => ASecret.All[at].Text);

    private static readonly Gen<string> AText = Gen.OneOf(
        Gen.String,
        Gen.String[Gen.Char["abc \"\\{}[]:,=&@/0123"], 0, 30],
        ASecretText,
        Gen.Select(ASecretText, Gen.String[Gen.Char[" .,(\"'\n"], 0, 5], (s, t) => t + s + t)
    );

    private static readonly Gen<JsonNode?> AnyJson = Gen.Recursive<JsonNode?>(
        (depth, inner) =>
            depth > 4
                ? AText.Select(t => (JsonNode?)JsonValue.Create(t))
                : Gen.Frequency(
                    (4, AText.Select(t => (JsonNode?)JsonValue.Create(t))),
                    (1, Gen.Int.Select(n => (JsonNode?)JsonValue.Create(n))),
                    (1, Gen.Const(() => (JsonNode?)null)),
                    (2, inner.Array[0, 4].Select(a => (JsonNode?)new JsonArray([.. a.Select(n => n?.DeepClone())]))),
                    (
                        3,
                        Gen.Select(Gen.Int[0, Names.Length - 1].Select(at => Names[at]), inner)
                            .Array[0, 4]
                            .Select(m =>
                                (JsonNode?)
                                    new JsonObject(
                                        m.DistinctBy(p => p.Item1)
                                            .Select(p => new KeyValuePair<string, JsonNode?>(p.Item1, p.Item2?.DeepClone()))
                                    )
                            )
                    )
                )
    );

    [Fact]
    public void Json_stays_json_of_the_same_shape() =>
        AnyJson.Sample(
            json =>
            {
                var body = JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["root"] = json?.DeepClone() });

                var clean = Redactor.Standard.Body(body, truncated: false);

                Assert.Equal(Shape(JsonNode.Parse(body)), Shape(JsonNode.Parse(clean)));
            },
            iter: FuzzCount.Or(2000)
        );

    [Fact]
    public void No_secret_is_seen_wherever_it_stands_and_wherever_it_is_cut() =>
        Gen.Select(AnyJson, Gen.Double[0, 1])
            .Sample(
                (json, share) =>
                {
                    var body = JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["root"] = json?.DeepClone() });
                    var cut = body.AsSpan(0, (int)(body.Length * share));

                    var clean = Encoding.UTF8.GetString(Redactor.Standard.Body(cut, truncated: true));

                    Assert.DoesNotContain("Zq7w", clean, StringComparison.Ordinal);
                },
                iter: FuzzCount.Or(2000)
            );

    [Fact]
    public void Any_text_at_all_is_read_without_harm() =>
        Gen.Select(Gen.String, Gen.Byte.Array)
            .Sample(
                (text, bytes) =>
                {
                    _ = Redactor.Standard.Text(text);
                    _ = Redactor.Standard.Body(bytes, truncated: true);
                    _ = Redactor.Standard.Body(Encoding.UTF8.GetBytes("{" + text), truncated: false);
                },
                iter: FuzzCount.Or(2000)
            );

    /// <summary>Where objects, lists and nulls are, and what members are called; a secret may turn any other value into a text.</summary>
    private static string Shape(JsonNode? node) =>
        node switch
        {
            JsonObject o => $"{{{string.Join(',', o.Select(m => $"{m.Key}:{Shape(m.Value)}"))}}}",
            JsonArray a => $"[{string.Join(',', a.Select(Shape))}]",
            null => "null",
            _ => "value",
        };
}
