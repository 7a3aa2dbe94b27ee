using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Bifrost.Simulator.Tests;

public sealed class PictureTests
{
    [Theory]
    [InlineData("png", "image/png")]
    [InlineData("jpg", "image/jpeg")]
    [InlineData("webp", "image/webp")]
    public async Task A_picture_comes_in_the_asked_format_and_ratio(string format, string contentType)
    {
        await using var simulator = await ReplicateSimulator.StartAsync();
        using var calls = new Calls(simulator);
        var input = new JsonObject
        {
            ["prompt"] = "a fox",
            ["output_format"] = format,
            ["aspect_ratio"] = "16:9",
            ["megapixels"] = "0.25",
        };
        var made = await calls.PostJsonAsync(
            "/models/black-forest-labs/flux-schnell/predictions",
            new JsonObject { ["input"] = input }.ToJsonString(),
            ("Prefer", "wait")
        );

        using var response = await calls.GetAsync(made["output"]![0]!.ToString());
        var bytes = await response.Content.ReadAsByteArrayAsync();

        Assert.Equal(contentType, response.Content.Headers.ContentType!.MediaType);
        Assert.Equal((688, 384), SizeOf(bytes));
        if (Environment.GetEnvironmentVariable("SIMULATOR_KEEP_FILES") is { } folder)
        {
            await File.WriteAllBytesAsync(Path.Combine(folder, "picture." + format), bytes);
        }
    }

    [Fact]
    public void A_png_unpacks_to_rows_of_its_width()
    {
        var png = Png.Encode(Painting.Draw(40, 24, 1));

        var length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(33));
        using var packed = new ZLibStream(new MemoryStream(png, 41, length), CompressionMode.Decompress);
        using var rows = new MemoryStream();
        packed.CopyTo(rows);

        Assert.Equal(24 * (1 + 40 * 3), rows.Length);
    }

    [Fact]
    public void The_same_seed_draws_the_same_picture_and_another_seed_another()
    {
        var first = Painting.Draw(64, 64, 1).Rgb;

        Assert.Equal(first, Painting.Draw(64, 64, 1).Rgb);
        Assert.NotEqual(first, Painting.Draw(64, 64, 2).Rgb);
    }

    [Fact]
    public async Task Files_are_served_in_ranges_and_without_a_token()
    {
        await using var simulator = await ReplicateSimulator.StartAsync();
        using var calls = new Calls(simulator);
        using var stranger = new Calls(simulator, token: null);
        var made = await calls.PostJsonAsync(
            "/models/black-forest-labs/flux-schnell/predictions",
            """{"input":{"prompt":"x","megapixels":"0.25","output_format":"png"}}""",
            ("Prefer", "wait")
        );
        var url = new Uri(made["output"]![0]!.ToString());
        var whole = await stranger.Http.GetByteArrayAsync(url);

        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Range = new RangeHeaderValue(10, 19);
        using var part = await stranger.Http.SendAsync(request);
        using var head = await stranger.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, url));

        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal(whole[10..20], await part.Content.ReadAsByteArrayAsync());
        Assert.Equal($"bytes 10-19/{whole.Length}", part.Content.Headers.ContentRange!.ToString());
        Assert.Equal(whole.Length, head.Content.Headers.ContentLength);
    }

    private static (int Width, int Height) SizeOf(byte[] file)
    {
        if (file[0] == 0x89)
        {
            return (BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(20)));
        }

        if (Encoding.ASCII.GetString(file, 0, 4) == "RIFF")
        {
            var bits = BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(21));
            return ((int)(bits & 0x3FFF) + 1, (int)((bits >> 14) & 0x3FFF) + 1);
        }

        for (var at = 2; at < file.Length; at += 2 + BinaryPrimitives.ReadUInt16BigEndian(file.AsSpan(at + 2)))
        {
            if (file[at + 1] == 0xC0)
            {
                return (
                    BinaryPrimitives.ReadUInt16BigEndian(file.AsSpan(at + 7)),
                    BinaryPrimitives.ReadUInt16BigEndian(file.AsSpan(at + 5))
                );
            }
        }

        throw new InvalidDataException("No size found.");
    }
}
