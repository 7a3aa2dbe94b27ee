using System.Text;
using Bifrost.Wire.Canonical;
using Bifrost.Wire.Canonical.Chat;

namespace Bifrost.Wire.Dialects.Replicate;

/// <summary>What one speaker says until another one does.</summary>
internal sealed record Line(bool IsAssistant, string Text);

/// <summary>A conversation taken apart: texts by speaker, and the media that models take beside the text.</summary>
internal sealed class Talk
{
    private Talk() { }

    /// <summary>All system and developer texts, or empty.</summary>
    public string System { get; private set; } = "";

    /// <summary>User and assistant in turns.</summary>
    public List<Line> Lines { get; } = [];

    public List<MediaSource> Images { get; } = [];

    /// <summary>Where the images of the last message that has any begin.</summary>
    public int LastImages { get; private set; }

    public List<MediaSource> Audio { get; } = [];

    public List<MediaSource> Files { get; } = [];

    public bool HasTools { get; private set; }

    /// <summary>Some content only another dialect understands.</summary>
    public bool HasForeign { get; private set; }

    public static Talk Of(Conversation conversation)
    {
        var talk = new Talk();
        var system = new List<string>();
        foreach (var turn in conversation.Turns)
        {
            var text = talk.Read(turn.Blocks);
            if (turn.Role is Role.System or Role.Developer)
            {
                if (text.Length > 0)
                {
                    system.Add(text);
                }
            }
            else if (text.Length > 0)
            {
                talk.Say(turn.Role == Role.Assistant, text);
            }
        }

        talk.System = string.Join("\n\n", system);
        return talk;
    }

    /// <summary>The text of some blocks alone.</summary>
    public static string TextOf(IReadOnlyList<Block> blocks) => new Talk().Read(blocks);

    private void Say(bool assistant, string text)
    {
        if (Lines is [.., var last] && last.IsAssistant == assistant)
        {
            Lines[^1] = last with { Text = $"{last.Text}\n\n{text}" };
        }
        else
        {
            Lines.Add(new Line(assistant, text));
        }
    }

    private string Read(IReadOnlyList<Block> blocks)
    {
        var text = new StringBuilder();
        var before = Images.Count;
        foreach (var block in blocks)
        {
            switch (block)
            {
                case TextBlock said:
                    Append(text, said.Text);
                    break;
                case RefusalBlock refused:
                    Append(text, refused.Text);
                    break;
                case ImageBlock image:
                    Images.Add(image.Source);
                    break;
                case AudioBlock audio:
                    Audio.Add(audio.Source);
                    break;
                case FileBlock file:
                    Files.Add(file.Source);
                    break;
                case ToolCallBlock call:
                    HasTools = true;
                    Append(text, $"[call of {call.Name}: {call.Arguments}]");
                    break;
                case ToolResultBlock result:
                    HasTools = true;
                    Append(text, $"[result: {Read(result.Content)}]");
                    break;
                case ForeignBlock:
                    HasForeign = true;
                    break;
            }
        }

        LastImages = Images.Count > before ? before : LastImages;
        return text.ToString();
    }

    private static void Append(StringBuilder text, string more)
    {
        if (text.Length > 0 && more.Length > 0)
        {
            text.Append('\n');
        }

        text.Append(more);
    }
}
