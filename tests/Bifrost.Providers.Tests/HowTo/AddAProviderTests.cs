using Bifrost.Testing;

namespace Bifrost.Providers.Tests.HowTo;

public sealed class AddAProviderTests
{
    [Fact]
    public void The_example_on_the_page_is_the_class_that_is_compiled_here()
    {
        var page = File.ReadAllText(Sources.PathOf("docs/how-to/add-a-provider.md"));
        var compiled = File.ReadAllText(Sources.PathOf("tests/Bifrost.Providers.Tests/HowTo/GroqProvider.cs"));

        var shown = compiled.Replace(
            "namespace Bifrost.Providers.Tests.HowTo;",
            "namespace Bifrost.Providers.Groq;",
            StringComparison.Ordinal
        );
        Assert.Contains($"```csharp\n{shown}```", page, StringComparison.Ordinal);
    }
}
