using Bifrost.Wire.Canonical;

namespace Bifrost.Wire.Dialects.Replicate;

/// <summary>Pictures, sounds and files of a conversation, which models take beside the text.</summary>
internal static class ChatMedia
{
    private static readonly string[] Lists = ["image_input", "images", "input_images"];
    private static readonly string[] Scalars = ["image", "input_image", "image_url"];

    public static void Add(InputBuilder builder, Talk talk)
    {
        Images(builder, talk);
        Other(builder, talk.Audio, "sound", "audio", "audio_file", "input_audio");
        Other(builder, talk.Files, "files", "file", "files", "pdf", "document", "documents");
    }

    private static void Images(InputBuilder builder, Talk talk)
    {
        if (talk.Images.Count == 0)
        {
            return;
        }

        if (builder.Schema.FirstOf([.. Lists, .. Scalars]) is not { } input)
        {
            builder.RefuseParameter("messages", $"{builder.Model} takes text only, and `messages` holds a picture.");
            return;
        }

        if (input.Kind is InputKind.Files or InputKind.List || (input.Kind == InputKind.Any && Array.IndexOf(Lists, input.Name) >= 0))
        {
            var most = input.MaxItems ?? int.MaxValue;
            if (talk.Images.Count > most)
            {
                builder.Dropped("messages", $"Only the last {most} pictures of `messages` were sent: {builder.Model} takes no more.");
            }

            builder.Media(input, talk.Images[Math.Max(0, talk.Images.Count - most)..], "messages");
            return;
        }

        if (talk.Images.Count > 1)
        {
            builder.Dropped("messages", $"Only the first picture of the last message that has any was sent: {builder.Model} takes one.");
        }

        builder.Media(input, talk.Images[talk.LastImages], "messages");
    }

    private static void Other(InputBuilder builder, List<MediaSource> sources, string what, params ReadOnlySpan<string> names)
    {
        if (sources.Count == 0)
        {
            return;
        }

        if (builder.Schema.FirstOf(names) is not { } input)
        {
            builder.RefuseParameter("messages", $"{builder.Model} takes no {what}, and `messages` holds some.");
            return;
        }

        if (input.Kind is InputKind.Files or InputKind.List)
        {
            builder.Media(input, sources, "messages");
            return;
        }

        if (sources.Count > 1)
        {
            builder.Dropped("messages", $"Of the {what} in `messages` only the last was sent: {builder.Model} takes one.");
        }

        builder.Media(input, sources[^1], "messages");
    }
}
