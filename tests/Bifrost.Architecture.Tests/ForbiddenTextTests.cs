namespace Bifrost.Architecture.Tests;

public sealed class ForbiddenTextTests
{
    public static TheoryData<string> Forbidden =>
        [
            "cd /" + "work/somewhere",
            "path: '/" + "home/somebody/checkout'",
            "/" + "root/.nuget/packages",
            "https://registry" + ".npmjs.org/openai",
            "\"resolved\"" + ": \"https://mirror.example/openai.tgz\"",
            "token r8_" + new string('a', 37),
            "key sk-" + new string('a', 40),
        ];

    public static TheoryData<string> Allowed =>
        [
            "https://gateway.example/work/1",
            "$HOME/.dotnet",
            "src/home/page",
            "\"resolved\": \"4.0.2\"",
            "r8_short",
            "sk-test-key",
            "homework/",
            "/v1/models",
        ];

    [Fact]
    public void No_file_names_a_machine_a_registry_or_a_secret() =>
        Findings.ShouldBeNone(
            from file in Repository.Files
            let text = Repository.Read(file)
            where !text.Contains('\0') // pictures and the like
            from finding in ForbiddenText.In(text)
            select $"{file}:{finding}"
        );

    [Theory, MemberData(nameof(Forbidden))]
    public void A_forbidden_text_is_found(string text) => Assert.Single(ForbiddenText.In("first line\n" + text));

    [Theory, MemberData(nameof(Allowed))]
    public void A_harmless_text_is_left_alone(string text) => Assert.Empty(ForbiddenText.In(text));

    [Fact]
    public void A_finding_does_not_repeat_the_secret() =>
        Assert.Equal(["2: something shaped like a Replicate token"], ForbiddenText.In("\nr8_" + new string('b', 37)));
}
