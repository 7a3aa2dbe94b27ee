namespace Bifrost.Configuration;

/// <summary>Names a place in the file the way people say it.</summary>
public static class JsonPath
{
    private const int Longest = 60;

    /// <summary><c>providers.openai</c>, and <c>providers["two words"]</c> where a plain name would mislead.</summary>
    public static string Member(string path, string name)
    {
        var shown = name.Length <= Longest ? name : name[..Longest] + "…";
        var plain = shown.Length > 0 && shown.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '$' or '…');
        return plain ? (path.Length == 0 ? shown : $"{path}.{shown}") : $"{path}[\"{Visible(shown)}\"]";
    }

    public static string Item(string path, int index) => $"{path}[{index}]";

    /// <summary>A text within quotes, short, on one line and without anything a terminal would obey.</summary>
    public static string Quoted(string text) => $"\"{Visible(text.Length <= Longest ? text : text[..Longest] + "…")}\"";

    private static string Visible(string text) => string.Concat(text.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c));
}
