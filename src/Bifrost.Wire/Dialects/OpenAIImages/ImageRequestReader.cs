using System.Text.Json;
using Bifrost.Wire.Canonical;
using Bifrost.Wire.Canonical.Images;
using Bifrost.Wire.Faults;
using Bifrost.Wire.Framing;
using Bifrost.Wire.Json;

namespace Bifrost.Wire.Dialects.OpenAIImages;

/// <summary>Reads both image operations: they share all fields but the pictures to start from.</summary>
internal static class ImageRequestReader
{
    /// <summary>OpenAI takes 16 pictures; models elsewhere take fewer and say so themselves.</summary>
    private const int MaxSources = 16;

    public static Outcome<ImageRequest> ReadGeneration(RequestBytes body)
    {
        if (JsonBody.ReadObject(body.Body).Failed(out var broken, out var root))
        {
            return broken;
        }

        var fields = new Fields(root);
        var sources = new List<MediaSource>();
        PictureFields.ReadMany(fields, "input_images", sources);
        return Read(fields, sources, null);
    }

    public static Outcome<ImageRequest> ReadEdit(RequestBytes body)
    {
        MultipartForm? form = null;
        if (MultipartForm.IsMultipart(body.ContentType) && MultipartForm.Parse(body.Body, body.ContentType).Failed(out var torn, out form))
        {
            return torn;
        }

        var read = form is null
            ? JsonBody.ReadObject(body.Body)
            : MultipartFields.ToJson(
                form,
                "model",
                "prompt",
                "size",
                "quality",
                "background",
                "moderation",
                "style",
                "user",
                "negative_prompt",
                "aspect_ratio",
                "image",
                "mask"
            );
        if (read.Failed(out var broken, out var root))
        {
            return broken;
        }

        var fields = new Fields(root);
        var sources = new List<MediaSource>();
        MediaSource? mask = null;
        if (form is not null)
        {
            ReadParts(form, fields, sources, ref mask);
        }

        PictureFields.ReadMany(fields, "image", sources);
        PictureFields.ReadMany(fields, "images", sources);
        PictureFields.ReadMany(fields, "input_images", sources);
        if (fields.Any("mask") is { } value)
        {
            mask ??= PictureFields.Read(fields, "mask", value);
        }

        if (sources.Count == 0 && fields.Mistakes is null)
        {
            fields.Mistake("image", "`image` is required: at least one picture to edit.", "missing_required_parameter");
        }

        if (sources.Count > MaxSources)
        {
            fields.Mistake("image", $"There are {sources.Count} pictures to edit; at most {MaxSources} are allowed.", "invalid_value");
        }

        return Read(fields, sources, mask);
    }

    private static void ReadParts(MultipartForm form, Fields fields, List<MediaSource> sources, ref MediaSource? mask)
    {
        foreach (var part in form.Parts)
        {
            if (!part.IsFile)
            {
                continue;
            }

            var (name, _) = MultipartFields.SplitName(part.Name);
            if (name is not ("image" or "images" or "input_images" or "mask"))
            {
                fields.Mistake(name, $"A file is not expected in the form field `{MultipartForm.Clip(name)}`.");
            }
            else if (part.Length == 0)
            {
                fields.Mistake(name, $"The file in the form field `{name}` is empty.", "invalid_value");
            }
            else if (name == "mask")
            {
                mask ??= PictureFields.FromPart(form, part);
            }
            else
            {
                sources.Add(PictureFields.FromPart(form, part));
            }
        }
    }

    private static Outcome<ImageRequest> Read(Fields fields, List<MediaSource> sources, MediaSource? mask)
    {
        var model = fields.Text("model", required: true, allowEmpty: false);
        var prompt = fields.Text("prompt", required: true, allowEmpty: false);
        var delivery = fields.OneOf("response_format", "url", "b64_json") switch
        {
            "url" => ImageDelivery.Url,
            "b64_json" => ImageDelivery.Base64,
            _ => (ImageDelivery?)null,
        };
        var request = new ImageRequest
        {
            Model = model ?? "",
            Prompt = prompt ?? "",
            Count = fields.Integer("n", 1, 10) ?? 1,
            Size = PixelSize.Read(fields, "size", auto: true),
            Quality = fields.Text("quality", allowEmpty: false),
            OutputFormat = fields.OneOf("output_format", "png", "jpeg", "webp"),
            OutputCompression = fields.Integer("output_compression", 0, 100),
            Background = fields.OneOf("background", "auto", "transparent", "opaque"),
            Moderation = fields.OneOf("moderation", "auto", "low"),
            Style = fields.Text("style"),
            User = fields.Text("user"),
            Delivery = delivery,
            Streams = fields.Flag("stream") ?? false,
            PartialImages = fields.Integer("partial_images", 0, 3),
            Seed = fields.Long("seed"),
            NegativePrompt = fields.Text("negative_prompt"),
            Steps = fields.Integer("num_inference_steps", 1),
            AspectRatio = fields.Text("aspect_ratio", allowEmpty: false),
            InputFidelity = fields.OneOf("input_fidelity", "low", "high"),
            Sources = sources,
            Mask = mask,
            Extensions = fields.Rest(),
        };
        return fields.Mistakes is { } mistakes ? mistakes : request;
    }
}
