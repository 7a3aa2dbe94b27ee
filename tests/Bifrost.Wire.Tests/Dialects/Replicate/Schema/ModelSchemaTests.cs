using System.Text.Json;
using Bifrost.Wire.Dialects.Replicate;

namespace Bifrost.Wire.Tests.Dialects.Replicate.Schema;

public class ModelSchemaTests
{
    [Fact]
    public void Case_62_an_enum_behind_allOf_and_ref_is_found()
    {
        var schema = Schemas.With(
            """{"size":{"allOf":[{"$ref":"#/components/schemas/size"}],"default":"b"}}""",
            components: """{"size":{"type":"string","enum":["a","b"]}}"""
        );
        Assert.True(schema.TryGet("size", out var size));
        Assert.Equal(InputKind.Text, size.Kind);
        Assert.Equal(["a", "b"], size.Choices.Select(choice => choice.GetString()));
        Assert.Equal("b", size.Default?.GetString());
    }

    [Fact]
    public void Case_62_an_integer_enum_keeps_its_type()
    {
        var schema = Schemas.With(
            """{"duration":{"allOf":[{"$ref":"#/components/schemas/duration"}]}}""",
            components: """{"duration":{"type":"integer","enum":[5,10]}}"""
        );
        Assert.True(schema.TryGet("duration", out var duration));
        Assert.Equal(InputKind.Integer, duration.Kind);
        Assert.All(duration.Choices, choice => Assert.Equal(JsonValueKind.Number, choice.ValueKind));
    }

    [Fact]
    public void Case_62_anyOf_with_null_is_nullable()
    {
        var schema = Schemas.With("""{"image":{"anyOf":[{"type":"string","format":"uri"},{"type":"null"}]}}""");
        Assert.True(schema.TryGet("image", out var image));
        Assert.Equal(InputKind.File, image.Kind);
        Assert.True(image.Nullable);
    }

    [Theory]
    [InlineData("""{"type":"string","x-cog-secret":true}""")]
    [InlineData("""{"type":"string","format":"password"}""")]
    public void Case_62_secrets_are_recognised(string property)
    {
        Assert.True(Schemas.With($$"""{"key":{{property}}}""").TryGet("key", out var key));
        Assert.True(key.Secret);
    }

    [Theory]
    [InlineData("""{"type":"string"}""", InputKind.Text)]
    [InlineData("""{"type":"string","format":"uri"}""", InputKind.File)]
    [InlineData("""{"type":"array","items":{"type":"string","format":"uri"}}""", InputKind.Files)]
    [InlineData("""{"type":"array","items":{"anyOf":[{"type":"string","format":"uri"}]}}""", InputKind.Files)]
    [InlineData("""{"type":"array","items":{"type":"object"}}""", InputKind.List)]
    [InlineData("""{"type":"integer"}""", InputKind.Integer)]
    [InlineData("""{"type":"number"}""", InputKind.Number)]
    [InlineData("""{"type":"boolean"}""", InputKind.Flag)]
    [InlineData("""{"type":"object"}""", InputKind.Object)]
    [InlineData("""{"type":["integer","null"]}""", InputKind.Integer)]
    [InlineData("""{"enum":[1,2]}""", InputKind.Integer)]
    [InlineData("{}", InputKind.Any)]
    [InlineData("""{"type":"quaternion"}""", InputKind.Any)]
    [InlineData("7", InputKind.Any)]
    public void Each_type_has_its_kind(string property, InputKind kind)
    {
        Assert.True(Schemas.With($$"""{"x":{{property}}}""").TryGet("x", out var input));
        Assert.Equal(kind, input.Kind);
    }

    [Theory]
    [InlineData("""{"type":"string"}""", OutputKind.Text)]
    [InlineData("""{"type":"string","format":"uri"}""", OutputKind.File)]
    [InlineData(
        """{"type":"array","items":{"type":"string"},"x-cog-array-type":"iterator","x-cog-array-display":"concatenate"}""",
        OutputKind.TextStream
    )]
    [InlineData("""{"type":"array","items":{"type":"string"}}""", OutputKind.TextStream)]
    [InlineData("""{"type":"array","items":{"type":"string","format":"uri"}}""", OutputKind.Files)]
    [InlineData("""{"type":"array","items":{"type":"string","format":"uri"},"x-cog-array-type":"iterator"}""", OutputKind.FileStream)]
    [InlineData("""{"$ref":"#/components/schemas/O"}""", OutputKind.Object)]
    [InlineData("""{"anyOf":[{"type":"string","format":"uri"}]}""", OutputKind.File)]
    [InlineData("{}", OutputKind.Unknown)]
    [InlineData("""{"$ref":"#/components/schemas/Output"}""", OutputKind.Unknown)]
    public void Each_output_has_its_kind(string output, OutputKind kind) =>
        Assert.Equal(kind, Schemas.With("{}", output, """{"O":{"type":"object"}}""").Output);

    [Fact]
    public void Inputs_stand_in_the_authors_order()
    {
        var schema = Schemas.With("""{"c":{"x-order":2},"a":{"x-order":0},"b":{"x-order":1}}""");
        Assert.Equal(["a", "b", "c"], schema.Inputs.Select(input => input.Name));
    }

    [Fact]
    public void Ranges_defaults_and_descriptions_are_read()
    {
        var schema = Schemas.With("""{"n":{"type":"integer","minimum":1,"maximum":4,"default":2,"description":"How many."}}""");
        Assert.True(schema.TryGet("n", out var n));
        Assert.Equal((1, 4, 2, "How many."), (n.Minimum, n.Maximum, n.Default?.GetInt32(), n.Description));
    }

    [Fact]
    public void The_first_name_that_exists_is_found()
    {
        var schema = Schemas.With("""{"b":{},"c":{}}""");
        Assert.Equal("b", schema.FirstOf("a", "b", "c")?.Name);
        Assert.Null(schema.FirstOf("x"));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"components":7}""")]
    [InlineData("""{"components":{"schemas":{"Output":{}}}}""")]
    public void What_is_no_schema_is_a_fault(string json) => Asked.Bad(ModelSchema.Read(JsonDocument.Parse(json).RootElement));

    [Fact]
    public void A_schema_outlives_its_document()
    {
        var document = JsonDocument.Parse("""{"components":{"schemas":{"Input":{"properties":{"x":{"enum":["a"],"default":"a"}}}}}}""");
        var schema = Asked.Good(ModelSchema.Read(document.RootElement));
        document.Dispose();
        Assert.True(schema.TryGet("x", out var x));
        Assert.Equal("a", x.Choices[0].GetString());
        Assert.Equal("a", x.Default?.GetString());
    }

    [Fact]
    public void Whatever_the_JSON_reading_it_never_throws()
    {
        string[] samples =
        [
            Schemas.Text("openai/gpt-image-1")!,
            Schemas.Text("meta/llama-2-70b-chat")!,
            """{"components":{"schemas":{"Input":{"$ref":"#/components/schemas/Input","properties":{"a":{"allOf":[{"$ref":"#/components/schemas/a"}]}}},"a":{"allOf":[{"$ref":"#/components/schemas/a"}]},"Output":{"type":"array","items":{"$ref":"#/components/schemas/Output"}}}}}""",
        ];
        Fuzz.Run(
            samples,
            bytes =>
            {
                JsonDocument document;
                try
                {
                    document = JsonDocument.Parse(bytes);
                }
                catch (JsonException)
                {
                    return;
                }

                using (document)
                {
                    var outcome = ModelSchema.Read(document.RootElement);
                    Assert.True(outcome.Value is null != outcome.Fault is null);
                    if (outcome.Value is { } schema)
                    {
                        _ = ChatMapping.Map(Asked.SystemAndUser, schema, Asked.Model("a/b"), MappingOptions.Standard);
                        _ = ImageMapping.Map(
                            Asked.Edit(2, mask: true) with
                            {
                                Size = "1024x768",
                                Count = 3,
                            },
                            schema,
                            Asked.Model("a/b"),
                            MappingOptions.Standard
                        );
                        _ = VideoMapping.Map(
                            Asked.Film with
                            {
                                Seconds = 8,
                                Size = "720x1280",
                            },
                            schema,
                            Asked.Model("a/b"),
                            MappingOptions.Standard
                        );
                    }
                }
            }
        );
    }
}
