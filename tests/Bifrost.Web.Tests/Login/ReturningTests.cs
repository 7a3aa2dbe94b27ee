using Bifrost.Web.Login;

namespace Bifrost.Web.Tests.Login;

public sealed class ReturningTests
{
    private const string Home = "http://localhost:8080/ui/";

    [Theory]
    [InlineData("teams?search=x", Home + "teams?search=x")]
    [InlineData(null, Home)]
    [InlineData("", Home)]
    [InlineData("https://evil.example/ui/", Home)]
    [InlineData("//evil.example/ui/", Home)]
    [InlineData("/\\evil.example/ui/", Home)]
    [InlineData("javascript:alert(1)", Home)]
    [InlineData("../api/config", Home)]
    [InlineData("http://localhost:8080@evil.example/ui/", Home)]
    [InlineData("https://localhost:8080/ui/", Home)]
    public void Nobody_is_led_anywhere_but_to_our_pages(string? wanted, string to) => Assert.Equal(to, Returning.To(Home, wanted));
}
