using Bifrost.Wire.Json;

namespace Bifrost.Wire.Dialects;

/// <summary>Checks sizes written as <c>1024x1536</c>.</summary>
internal static class PixelSize
{
    /// <summary>Reads a size; <paramref name="auto"/> allows the word too. Width and height are 1 to 99999.</summary>
    public static string? Read(Fields fields, string name, bool auto)
    {
        var text = fields.Text(name);
        if (text is not null && !(auto && text == "auto") && !IsSize(text))
        {
            var example = auto ? "`auto` or " : "";
            fields.Mistake(
                name,
                $"`{fields.PathOf(name)}` must be {example}WIDTHxHEIGHT in pixels, for instance 1024x1024.",
                "invalid_value"
            );
        }

        return text;
    }

    private static bool IsSize(ReadOnlySpan<char> text)
    {
        var cross = text.IndexOf('x');
        return cross > 0 && IsSide(text[..cross]) && IsSide(text[(cross + 1)..]);
    }

    private static bool IsSide(ReadOnlySpan<char> text) =>
        text.Length is > 0 and <= 5 && text[0] != '0' && !text.ContainsAnyExceptInRange('0', '9');
}
