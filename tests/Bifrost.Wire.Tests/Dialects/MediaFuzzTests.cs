using System.Text;
using Bifrost.Wire.Dialects;
using Bifrost.Wire.Dialects.OpenAIAudio;
using Bifrost.Wire.Dialects.OpenAIFiles;
using Bifrost.Wire.Dialects.OpenAIImages;
using Bifrost.Wire.Dialects.OpenAIVideos;
using Bifrost.Wire.Framing;
using Bifrost.Wire.Pictures;
using Bifrost.Wire.Tests.Pictures;
using CsCheck;

namespace Bifrost.Wire.Tests.Dialects;

/// <summary>Whatever the bytes, readers answer with a value or a fault and throw nothing.</summary>
public sealed class MediaFuzzTests
{
    private static readonly string?[] ContentTypes =
    [
        null,
        "application/json",
        Forms.ContentType,
        "multipart/form-data; boundary=\"a b\"",
        "multipart/form-data; boundary*=UTF-8''%6C%ZZ; x",
        "multipart/form-data;;=;boundary=\"\\",
    ];

    private static readonly byte[][] Bodies =
    [
        Forms
            .WithFiles(
                [("image[]", "a.png", "image/png", [1, 2, 3]), ("file", "b.mp3", "audio/mpeg", [13, 10, 45])],
                ("model", "m"),
                ("prompt", "p"),
                ("n", "2"),
                ("purpose", "batch"),
                ("expires_after[seconds]", "3600"),
                ("lora", """{"a":["\ud83d\ude00",1e9]}"""),
                ("seconds", "8")
            )
            .Body.ToArray(),
        Encoding.UTF8.GetBytes(
            """
            {"model":"m","prompt":"\u00e9\ud83d\ude00","n":2,"size":"1024x1024","images":[{"image_url":{"url":"data:image/png;base64,AQID"}},
             {"file_id":"f"},"https://x.test/%41"],"mask":"iVBORw0KGgo=","input_reference":{"image_url":"https://x.test"},"seconds":"8","lora":{"a":[1]}}
            """
        ),
    ];

    private static readonly byte[][] Pictures =
    [
        Pngs.Of(5, 3, 8, 6, new byte[3 * 21]),
        Pngs.Of(9, 3, 1, 3, [0, 1, 2, 1, 3, 4, 4, 5, 6], palette: [1, 2, 3, 4, 5, 6], transparency: [0]),
        Pngs.Of(3, 2, 16, 2, [3, .. new byte[18], 4, .. new byte[18]], transparency: [0, 1, 0, 2, 0, 3]),
        Pngs.Of(4, 2, 4, 0, [2, 1, 2, 1, 3, 4], dataChunks: 3),
    ];

    private static readonly byte[][] Payloads =
    [
        """{"created":1,"data":[{"b64_json":"AA=="}],"usage":{"input_tokens":1,"input_tokens_details":{"image_tokens":1},"output_tokens":2}}"""u8.ToArray(),
        """{"type":"image_generation.completed","usage":{"input_tokens":1,"output_tokens":2}}"""u8.ToArray(),
        """{"id":"v","object":"video","status":"completed","seconds":"8","error":{"code":"\ud83d\ude00"}}"""u8.ToArray(),
        """{"text":"a","usage":{"type":"tokens","input_tokens":1,"input_token_details":{"audio_tokens":1},"output_tokens":2}}"""u8.ToArray(),
    ];

    [Fact]
    public void Requests_of_mutated_bytes_throw_nothing()
    {
        Gen.Select(Mutated(Bodies), AnyOf(ContentTypes))
            .Sample(bytes => ReadAll(new RequestBytes(bytes.Item1, bytes.Item2)), iter: Fuzz.Iterations);
    }

    [Fact]
    public void Requests_of_random_bytes_throw_nothing()
    {
        Gen.Select(Gen.Byte.Array[0, 300], AnyOf(ContentTypes))
            .Sample(bytes => ReadAll(new RequestBytes(bytes.Item1, bytes.Item2)), iter: Fuzz.Iterations);
    }

    [Fact]
    public void Random_parameters_throw_nothing()
    {
        Gen.Char["\"\\;=*' %41nameUTF-8\u00e9\ud800"]
            .Array[0, 40]
            .Sample(
                letters => MultipartForm.Parse("--line--"u8.ToArray(), "multipart/form-data;" + new string(letters)),
                iter: Fuzz.Iterations
            );
    }

    [Fact]
    public void Every_part_of_a_parsed_form_lies_within_the_body()
    {
        Mutated(Bodies)
            .Sample(
                body =>
                {
                    var at = 0;
                    foreach (var part in MultipartForm.Parse(body, Forms.ContentType).Value?.Parts ?? [])
                    {
                        Assert.InRange(part.Start, at, body.Length);
                        Assert.InRange(part.Length, 0, body.Length - part.Start);
                        at = part.Start + part.Length;
                    }
                },
                iter: Fuzz.Iterations
            );
    }

    [Fact]
    public void Whatever_is_written_as_a_form_is_read_back()
    {
        Gen.Select(Gen.String[Gen.Char['a', 'z'], 1, 8], Gen.Byte.Array[0, 60])
            .Array[0, 5]
            .Sample(
                parts =>
                {
                    var bytes = Forms.WithFiles([.. parts.Select(part => (part.Item1, "f", "a/b", part.Item2))]);
                    var form = MultipartForm.Parse(bytes.Body, bytes.ContentType).Value!;
                    Assert.Equal(parts.Select(part => part.Item1), form.Parts.Select(part => part.Name));
                    Assert.Equal(parts.Select(part => part.Item2), form.Parts.Select(part => form.Content(part).ToArray()));
                },
                iter: Fuzz.Iterations
            );
    }

    [Fact]
    public void Pictures_of_mutated_bytes_throw_nothing()
    {
        Mutated(Pictures).Sample(png => MaskConverter.Convert(png, MaskPolarity.WhiteRepaints), iter: Fuzz.Iterations);
    }

    [Fact]
    public void Pictures_of_random_rows_throw_nothing()
    {
        Gen.Select(
                Gen.Int[1, 20],
                Gen.Int[1, 5],
                AnyOf(1, 2, 4, 8, 16),
                AnyOf(0, 2, 3, 4, 6),
                Gen.Byte.Array[0, 200],
                Gen.Byte.Array[0, 12]
            )
            .Sample(
                png =>
                    MaskConverter.Convert(
                        Pngs.Of(png.Item1, png.Item2, png.Item3, png.Item4, png.Item5, palette: png.Item6, transparency: png.Item6),
                        MaskPolarity.BlackRepaints
                    ),
                iter: Fuzz.Iterations
            );
    }

    [Fact]
    public void Half_a_character_in_a_name_is_no_usage() =>
        Assert.False(OpenAIImagesDialect.Instance.TryReadUsage("{\"typ\\ud8e0\":1}"u8, out _));

    [Fact]
    public void Looking_for_usage_throws_nothing()
    {
        IDialect[] dialects =
        [
            OpenAIImagesDialect.Instance,
            OpenAIImageEditsDialect.Instance,
            OpenAIVideosDialect.Instance,
            OpenAITranscriptionDialect.Instance,
        ];
        Mutated(Payloads)
            .Sample(
                payload =>
                {
                    foreach (var dialect in dialects)
                    {
                        dialect.TryReadUsage(payload, out _);
                    }
                },
                iter: Fuzz.Iterations
            );
    }

    private static Gen<T> AnyOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static void ReadAll(RequestBytes bytes)
    {
        OpenAIImagesDialect.Instance.ReadRequest(bytes);
        OpenAIImageEditsDialect.Instance.ReadRequest(bytes);
        OpenAIVideosDialect.Instance.ReadRequest(bytes);
        OpenAIVideoRemixDialect.Instance.ReadRequest(bytes);
        OpenAIFilesDialect.Instance.ReadRequest(bytes);
        OpenAITranscriptionDialect.Instance.ReadRequest(bytes);
        OpenAITranslationDialect.Instance.ReadRequest(bytes);
    }

    /// <summary>A good example with some bytes changed, cut out or doubled.</summary>
    private static Gen<byte[]> Mutated(byte[][] examples) =>
        Gen.Select(AnyOf(examples), Gen.Select(Gen.Int[0, 2], Gen.Int[0, 10_000], Gen.Byte, Gen.Int[0, 20]).Array[0, 6])
            .Select(
                (example, changes) =>
                {
                    var bytes = new List<byte>(example);
                    foreach (var (kind, place, value, length) in changes)
                    {
                        var at = bytes.Count == 0 ? 0 : place % bytes.Count;
                        var span = Math.Min(length, bytes.Count - at);
                        switch (kind)
                        {
                            case 0 when bytes.Count > 0:
                                bytes[at] = value;
                                break;
                            case 1:
                                bytes.RemoveRange(at, span);
                                break;
                            default:
                                bytes.InsertRange(at, bytes.GetRange(at, span));
                                break;
                        }
                    }

                    return bytes.ToArray();
                }
            );
}
