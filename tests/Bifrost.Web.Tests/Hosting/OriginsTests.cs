using Bifrost.Web.Hosting;
using Microsoft.AspNetCore.Http;

namespace Bifrost.Web.Tests.Hosting;

public sealed class OriginsTests
{
    [Theory]
    [InlineData("http://localhost:8080", "localhost:8080", false)]
    [InlineData("https://gateway.example", "gateway.example", false)]
    [InlineData("https://gateway.example", "gateway.example:443", false)]
    [InlineData("https://evil.example", "gateway.example", true)]
    [InlineData("http://localhost:3000", "localhost:8080", true)]
    [InlineData("null", "localhost:8080", true)]
    [InlineData("", "localhost:8080", false)]
    public void Only_the_gateways_own_pages_are_no_strangers(string origin, string host, bool foreign)
    {
        var request = new DefaultHttpContext().Request;
        request.Host = new HostString(host);
        request.Headers.Origin = origin;
        Assert.Equal(foreign, Origins.IsForeign(request));
    }
}
