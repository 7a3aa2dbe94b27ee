using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Bifrost.Simulator;

/// <summary>Answers made of files.</summary>
internal static class Drawings
{
    public static Answer Pictures(SimulatorModel model, JsonObject input)
    {
        var (width, height) = Sizes.OfPicture(input);
        var count = 1;
        foreach (var name in (string[])["num_outputs", "number_of_images", "num_images", "max_images"])
        {
            count = Sizes.Number(input, name) is { } asked ? (int)Math.Clamp(asked, 1, 16) : count;
        }

        var isArray = model.Schema.Shape is OutputShape.Files or OutputShape.FilePieces;
        var format = FormatOf(model, input);
        var recipes = ImmutableArray.CreateBuilder<Recipe>();
        for (var i = 0; i < (isArray ? count : 1); i++)
        {
            recipes.Add(
                new PictureRecipe
                {
                    FileName = isArray
                        ? string.Create(CultureInfo.InvariantCulture, $"out-{i}.{Extension(format)}")
                        : $"tmp{Seed(input, i):x8}.{Extension(format)}",
                    ContentType = "image/" + format,
                    Format = format,
                    Width = width,
                    Height = height,
                    Seed = Seed(input, i),
                    Quality = (int)(Sizes.Number(input, "output_quality") ?? 80),
                }
            );
        }

        return new Answer.Files(recipes.ToImmutable(), isArray);
    }

    public static Answer Video(SimulatorModel model, JsonObject input)
    {
        if (model.Id == "runwayml/gen4-turbo" && input["image"] is null)
        {
            // The published schema calls the picture optional; the model does not.
            return new Answer.Failure("Input validation failed: image is required for this model");
        }

        var (width, height) = Sizes.OfVideo(input);
        var recipe = new VideoRecipe
        {
            FileName = $"tmp{Seed(input, 0):x8}.mp4",
            ContentType = "video/mp4",
            Width = width,
            Height = height,
            Seconds = Sizes.Seconds(input),
            Seed = Seed(input, 0),
        };
        return new Answer.Files([recipe], model.Schema.Shape is OutputShape.Files or OutputShape.FilePieces);
    }

    private static string FormatOf(SimulatorModel model, JsonObject input)
    {
        var asked = Sizes.Text(input, "output_format");
        if (asked is null && model.Schema.Inputs.TryGetValue("output_format", out var field))
        {
            asked = field.Default?.GetString();
        }

        return asked switch
        {
            "jpg" or "jpeg" => "jpeg",
            "webp" => "webp",
            _ => "png",
        };
    }

    private static string Extension(string format) => format == "jpeg" ? "jpg" : format;

    private static uint Seed(JsonObject input, int index)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{Sizes.Text(input, "prompt")}|{Sizes.Number(input, "seed")}|{index}");
        return BitConverter.ToUInt32(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }
}
