namespace Bifrost.EndToEnd.Tests.Observability;

/// <summary>A secret that is in one place only when the gateway is asked, so that wherever it is found tells what let it through.</summary>
/// <param name="Where">It was planted.</param>
/// <param name="Text">As it is sent.</param>
/// <param name="Needle">The part that must not be found, in whatever case and company.</param>
internal sealed record Plant(string Where, string Text, string Needle)
{
    // First: what follows takes numbers from it.
    private static int _planted;

    // Where callers put them.
    public static readonly Plant Prompt = Key("prompt", "sk-");
    public static readonly Plant Part = Key("message part", "AKIA", upper: true);
    public static readonly Plant ToolArgument = Named("tool argument");
    public static readonly Plant ToolResult = Key("tool result", "Bearer ");
    public static readonly Plant Header = Named("header that is kept");
    public static readonly Plant MetadataHeader = Key("header for metadata", "glpat-");
    public static readonly Plant Cookie = Named("cookie");
    public static readonly Plant UnknownKey = Key("credential of a stranger", "sk-");
    public static readonly Plant Field = Named("field that the operator names");
    public static readonly Plant Pattern = new("text that the operator's expression finds", "CARD-QWZXVKJHBNMP", "QWZXVKJHBNMP");
    public static readonly Plant FormField = Key("field of a form", "xoxb-");

    // Where providers put them.
    public static readonly Plant Answer = Key("answer", "ghp_");
    public static readonly Plant AnswerArgument = Named("arguments of an answer's tool call");
    public static readonly Plant Stream = Key("stream, in pieces", "sk-proj-");
    public static readonly Plant BrokenStream = Key("stream that broke off in the middle", "hf_");
    public static readonly Plant ErrorBody = Key("error body", "sk-ant-");
    public static readonly Plant ErrorAddress = Named("password in an address in an error body");

    // What the operator gave.
    public static readonly Plant ProviderKey = Named("provider key");
    public static readonly Plant NewProviderKey = Named("provider key that replaced another");
    public static readonly Plant ExtraHeader = Named("header for a provider");
    public static readonly Plant AdminPassword = Named("administrator's password");
    public static readonly Plant WrongPassword = Named("password that is wrong");
    public static readonly Plant BadKey = Named("provider key in a body with mistakes");
    public static readonly Plant ProxyPassword = Named("password of the proxy");

    public static IReadOnlyList<Plant> All { get; } =
    [
        .. typeof(Plant)
            .GetFields(System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.Static)
            .Select(f => f.GetValue(null))
            .OfType<Plant>(),
    ];

    /// <summary>Known by what it begins with.</summary>
    private static Plant Key(string where, string prefix, bool upper = false)
    {
        var needle = Fresh();
        return new Plant(where, prefix + (upper ? needle.ToUpperInvariant() : needle), needle);
    }

    /// <summary>Looks like nothing; known by the name beside it, or by nobody but the operator.</summary>
    private static Plant Named(string where)
    {
        var needle = Fresh();
        return new Plant(where, needle, needle);
    }

    private static string Fresh() => $"Zq7Pl{++_planted:D2}wX3kLm9TbV2nR5yHd";
}
