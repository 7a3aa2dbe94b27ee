using System.Text;
using Bifrost.Configuration;
using Bifrost.Core.Contracts;
using Bifrost.Core.World;

namespace Bifrost.Configuration.Tests;

/// <summary>Reads configurations as the server would, with an environment of the test's own.</summary>
internal static class AConfig
{
    public static readonly IReadOnlyList<Provider> Kinds =
    [
        new AKind("openai", ["OPENAI_API_KEY", "OPENAI_KEY"], "OPENAI_BASE_URL"),
        new AKind("replicate", ["REPLICATE_API_TOKEN"], "REPLICATE_BASE_URL"),
    ];

    public static readonly IReadOnlyList<string> NotServed =
    [
        "anthropic",
        "azure",
        "bedrock",
        "gemini",
        "groq",
        "ollama",
        "vertex",
        "vllm",
    ];

    public static ConfigReading Read(string json, params (string Name, string Value)[] environment) =>
        Read(Encoding.UTF8.GetBytes(json), environment);

    public static ConfigReading Read(byte[] json, params (string Name, string Value)[] environment) =>
        ConfigFile.Read(json, Variables(environment), Kinds, NotServed);

    public static Func<string, string?> Variables(params (string Name, string Value)[] environment) =>
        name => environment.FirstOrDefault(v => v.Name == name).Value;

    /// <summary>One OpenAI provider with one good key, to which a test adds members: <c>"weight": 2</c>.</summary>
    public static string WithKey(string members) =>
        $$"""{"providers": {"openai": {"keys": [{"name": "main", "value": "sk-main", {{members}}}] } } }""";

    public static string WithNetwork(string members) =>
        $$"""{"providers": {"openai": {"keys": [{"name": "main", "value": "sk-main"}], "network_config": { {{members}} } } } }""";

    public static string WithClient(string members) => $$"""{"client": { {{members}} } }""";

    /// <summary>The configuration, when nothing is wrong with it.</summary>
    public static GatewayConfig Good(this ConfigReading reading)
    {
        Assert.Empty(reading.Mistakes.Select(m => m.ToString()));
        return reading.Config;
    }

    /// <summary>The only mistake there is.</summary>
    public static string Mistake(this ConfigReading reading) => Assert.Single(reading.Mistakes).ToString();
}

internal sealed class AKind(string id, IReadOnlyList<string> variables, string address) : Provider
{
    public override string Id => id;

    public override Uri Home { get; } = new($"https://api.{id}.example/v1/");

    public override ICredentialScheme Credentials => throw new NotSupportedException("Reading a configuration needs no credentials.");

    public override IReadOnlyList<Offer> Offers => [];

    public override IReadOnlyList<string> TokenVariables => variables;

    public override string? BaseUrlVariable => address;

    public override string? DoubtAbout(Uri baseUrl) =>
        baseUrl.Host == "api.wrong.example" ? "api.wrong.example is no address of ours." : null;

    public override bool LooksLikeKey(string credential) => false;

    public override IModelSource Models => throw new NotSupportedException("Reading a configuration lists no models.");
}
