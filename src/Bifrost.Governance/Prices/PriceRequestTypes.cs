using Bifrost.Core.Contracts;

namespace Bifrost.Governance.Prices;

/// <summary>The published words for the kinds of request that an override may be for.</summary>
public static class PriceRequestTypes
{
    private const string Streamed = "_stream";

    // Of the last three no operation of ours is one; an override for them waits until there is.
    private static readonly (string Word, Operation[] Operations)[] Known =
    [
        ("chat_completion", [Operation.Chat]),
        ("text_completion", [Operation.Completion]),
        ("responses", [Operation.Response]),
        ("embedding", [Operation.Embedding]),
        ("transcription", [Operation.Transcription, Operation.Translation]),
        ("image_generation", [Operation.ImageGeneration]),
        ("image_edit", [Operation.ImageEdit]),
        ("video_generation", [Operation.VideoCreate]),
        ("video_remix", [Operation.VideoRemix]),
        ("image_variation", []),
        ("rerank", []),
        ("speech", []),
    ];

    public static IReadOnlyList<string> Words { get; } = [.. Known.Select(static known => known.Word)];

    /// <summary>The operations a word stands for, with or without <c>_stream</c> after it; null for any other word.</summary>
    public static IReadOnlyList<Operation>? Find(string word)
    {
        var plain = word.EndsWith(Streamed, StringComparison.Ordinal) ? word[..^Streamed.Length] : word;
        foreach (var (name, operations) in Known)
        {
            if (name == plain)
            {
                return operations;
            }
        }

        return null;
    }
}
