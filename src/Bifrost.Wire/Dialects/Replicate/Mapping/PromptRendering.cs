using System.Text;

namespace Bifrost.Wire.Dialects.Replicate;

/// <summary>Writes a conversation as one prompt in the form a family of models was taught.</summary>
internal static class PromptRendering
{
    /// <summary>The value of <c>prompt_template</c> that adds nothing.</summary>
    public const string Bare = "{prompt}";

    private static readonly string[] InstMarks = ["[INST]", "[/INST]", "<<SYS>>", "<</SYS>>", "<s>", "</s>"];

    public static string Render(PromptStyle style, string system, IReadOnlyList<Line> lines) =>
        style switch
        {
            PromptStyle.Llama3 => Llama3(system, lines),
            PromptStyle.Llama2 or PromptStyle.Mistral => Inst(system, lines, style == PromptStyle.Mistral),
            PromptStyle.Raw => Raw(system, lines),
            _ => Transcript(system, lines),
        };

    /// <summary>Text without the marks that this family reads as commands.</summary>
    public static string Harmless(PromptStyle style, string text)
    {
        if (style is not (PromptStyle.Llama3 or PromptStyle.Llama2 or PromptStyle.Mistral))
        {
            return text;
        }

        // Taking one mark out may put another together.
        for (string before; ; )
        {
            before = text;
            text = style == PromptStyle.Llama3 ? WithoutPipes(text) : WithoutInst(text);
            if (text.Length == before.Length)
            {
                return text.Replace(Bare, "{ prompt }", StringComparison.Ordinal);
            }
        }
    }

    private static string Llama3(string system, IReadOnlyList<Line> lines)
    {
        var text = new StringBuilder("<|begin_of_text|>");
        if (system.Length > 0)
        {
            Header(text, "system").Append(Harmless(PromptStyle.Llama3, system)).Append("<|eot_id|>");
        }

        for (var i = 0; i < lines.Count; i++)
        {
            Header(text, lines[i].IsAssistant ? "assistant" : "user").Append(Harmless(PromptStyle.Llama3, lines[i].Text));
            if (!lines[i].IsAssistant || i < lines.Count - 1)
            {
                text.Append("<|eot_id|>");
            }
        }

        if (lines is not [.., { IsAssistant: true }])
        {
            Header(text, "assistant");
        }

        return text.ToString();
    }

    private static StringBuilder Header(StringBuilder text, string role) =>
        text.Append("<|start_header_id|>").Append(role).Append("<|end_header_id|>\n\n");

    private static string Inst(string system, IReadOnlyList<Line> lines, bool begins)
    {
        var text = new StringBuilder();
        var lead = system.Length > 0 ? Harmless(PromptStyle.Mistral, system) + "\n\n" : "";
        for (var i = 0; i < lines.Count; i++)
        {
            var said = Harmless(PromptStyle.Mistral, lines[i].Text);
            if (!lines[i].IsAssistant)
            {
                text.Append(begins && i == 0 ? "<s>" : "").Append("[INST] ").Append(lead).Append(said).Append(" [/INST]");
                lead = "";
            }
            else
            {
                text.Append(text.Length > 0 ? " " : "")
                    .Append(said)
                    .Append(
                        i == lines.Count - 1 ? ""
                        : begins ? "</s>"
                        : "\n"
                    );
            }
        }

        return text.ToString();
    }

    private static string Transcript(string system, IReadOnlyList<Line> lines)
    {
        var text = new StringBuilder(system);
        if (lines is [{ IsAssistant: false } only])
        {
            return (text.Length > 0 ? text.Append("\n\n") : text).Append(only.Text).ToString();
        }

        foreach (var line in lines)
        {
            text.Append(text.Length > 0 ? "\n\n" : "").Append(line.IsAssistant ? "Assistant: " : "User: ").Append(line.Text);
        }

        return lines is [.., { IsAssistant: true }] ? text.ToString() : text.Append("\n\nAssistant:").ToString();
    }

    private static string Raw(string system, IReadOnlyList<Line> lines)
    {
        var text = new StringBuilder(system);
        foreach (var line in lines)
        {
            text.Append(text.Length > 0 ? "\n\n" : "").Append(line.Text);
        }

        return text.ToString();
    }

    private static string WithoutInst(string text)
    {
        foreach (var mark in InstMarks)
        {
            text = text.Replace(mark, "", StringComparison.Ordinal);
        }

        return text;
    }

    /// <summary>Without anything like <c>&lt;|eot_id|&gt;</c>.</summary>
    private static string WithoutPipes(string text)
    {
        const int longest = 40;
        var kept = new StringBuilder(text.Length);
        var at = 0;
        while (text.IndexOf("<|", at, StringComparison.Ordinal) is >= 0 and var open)
        {
            kept.Append(text, at, open - at);
            var close = text.IndexOf("|>", open + 2, StringComparison.Ordinal);
            if (close > 0 && close - open <= longest && IsWord(text.AsSpan(open + 2, close - open - 2)))
            {
                at = close + 2;
            }
            else
            {
                kept.Append("<|");
                at = open + 2;
            }
        }

        return kept.Append(text, at, text.Length - at).ToString();
    }

    private static bool IsWord(ReadOnlySpan<char> text)
    {
        foreach (var letter in text)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter != '_')
            {
                return false;
            }
        }

        return text.Length > 0;
    }
}
