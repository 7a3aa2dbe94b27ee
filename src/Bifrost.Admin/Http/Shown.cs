namespace Bifrost.Admin.Http;

/// <summary>A caller's word within a sentence of ours.</summary>
internal static class Shown
{
    private const int Longest = 60;

    /// <summary>Within quotes, short, on one line and without anything a terminal would obey.</summary>
    public static string Quoted(string text) => $"\"{Short(text)}\"";

    /// <summary>The same without the quotes.</summary>
    public static string Short(string text)
    {
        var cut = text.Length <= Longest ? text : text[..Longest] + "…";
        return string.Concat(cut.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c));
    }
}
