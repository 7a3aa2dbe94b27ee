using System.Globalization;
using Bifrost.Wire.Canonical;
using Bifrost.Wire.Canonical.Images;
using Bifrost.Wire.Faults;

namespace Bifrost.Wire.Dialects.Replicate;

/// <summary>Pictures to edit, and the mask that says where.</summary>
internal static class ImageSources
{
    private static readonly string[] Lists = ["image_input", "input_images", "images", "reference_images"];
    private static readonly string[] Scalars = ["input_image", "image", "image_prompt", "init_image", "start_image"];

    public static void Add(InputBuilder builder, ImageRequest request)
    {
        if (request.Sources.Count > 0)
        {
            Pictures(builder, request.Sources, request.Mask is not null);
        }

        if (request.Mask is { } mask)
        {
            Mask(builder, mask);
        }
    }

    private static void Pictures(InputBuilder builder, IReadOnlyList<MediaSource> sources, bool masked)
    {
        var schema = builder.Schema;

        // A mask belongs to the one picture that is edited, not to references.
        var input = masked ? schema.FirstOf([.. Scalars, .. Lists]) : schema.FirstOf([.. Lists, .. Scalars]);
        input ??= OnlyPicture(schema);
        if (input is null)
        {
            builder.Refuse(
                new Fault(FaultKind.UnsupportedOperation, $"{builder.Model} takes no picture, so it cannot edit one.")
                {
                    Code = "model_not_supported_for_edit",
                    Param = "image",
                }
            );
            return;
        }

        if (input.Name == "image_prompt")
        {
            builder.Changed("image", $"{builder.Model} takes a picture as inspiration only: it composes anew and does not edit.");
        }

        if (input.Kind is InputKind.Files or InputKind.List || (input.Kind == InputKind.Any && Array.IndexOf(Lists, input.Name) >= 0))
        {
            var most = Math.Min(input.MaxItems ?? sources.Count, sources.Count);
            Surplus(builder, sources.Count, most);
            builder.Media(input, [.. Take(sources, most)], "image");
            return;
        }

        Numbered(builder, input, sources);
    }

    private static void Numbered(InputBuilder builder, SchemaInput first, IReadOnlyList<MediaSource> sources)
    {
        builder.Media(first, sources[0], "image");
        var sent = 1;
        while (sent < sources.Count && Next(builder.Schema, first.Name, sent + 1) is { } next)
        {
            builder.Media(next, sources[sent], "image");
            sent++;
        }

        Surplus(builder, sources.Count, sent);
    }

    private static SchemaInput? Next(ModelSchema schema, string name, int number)
    {
        var digits = number.ToString(CultureInfo.InvariantCulture);
        return schema.FirstOf($"{name}_{digits}", $"{name}{digits}");
    }

    private static void Mask(InputBuilder builder, MediaSource mask)
    {
        if (builder.Schema.FirstOf("mask", "mask_image", "image_mask", "inpaint_input_mask") is not { } input)
        {
            builder.RefuseParameter("mask", $"{builder.Model} takes no `mask`; without one it would repaint the whole picture.");
            return;
        }

        var polarity = builder.Traits.Mask ?? MaskReading.Polarity(input.Description) ?? MaskPolarity.WhiteRepaints;
        builder.Media(input, mask, "mask", polarity);
    }

    /// <summary>The one file input of a model that has a name of its own for it.</summary>
    private static SchemaInput? OnlyPicture(ModelSchema schema)
    {
        SchemaInput? only = null;
        foreach (var input in schema.Inputs)
        {
            if (
                input.Kind == InputKind.File
                && input.Name.Contains("image", StringComparison.OrdinalIgnoreCase)
                && !input.Name.Contains("mask", StringComparison.OrdinalIgnoreCase)
            )
            {
                if (only is not null)
                {
                    return null;
                }

                only = input;
            }
        }

        return only;
    }

    private static void Surplus(InputBuilder builder, int given, int sent)
    {
        if (sent < given)
        {
            var which = sent == 1 ? "the first was" : $"the first {sent} were";
            builder.Dropped("image", $"Of {given} pictures only {which} sent: {builder.Model} takes no more.");
        }
    }

    private static List<MediaSource> Take(IReadOnlyList<MediaSource> sources, int count)
    {
        var taken = new List<MediaSource>(count);
        for (var i = 0; i < count; i++)
        {
            taken.Add(sources[i]);
        }

        return taken;
    }
}
