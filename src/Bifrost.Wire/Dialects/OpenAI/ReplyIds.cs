namespace Bifrost.Wire.Dialects.OpenAI;

internal static class ReplyIds
{
    public const string Chat = "chatcmpl-";
    public const string Completion = "cmpl-";
    public const string Response = "resp_";

    public static string With(string prefix, string id) => id.StartsWith(prefix, StringComparison.Ordinal) ? id : prefix + id;

    public static string Without(string prefix, string? id) =>
        id is null ? ""
        : id.StartsWith(prefix, StringComparison.Ordinal) ? id[prefix.Length..]
        : id;
}
