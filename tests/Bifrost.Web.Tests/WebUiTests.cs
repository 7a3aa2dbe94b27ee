using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bifrost.Web.Tests;

public sealed class WebUiTests
{
    [Theory]
    [InlineData("/ui/login")]
    [InlineData("/ui/about")]
    [InlineData("/ui/app.css")]
    public async Task The_head_of_a_page_is_that_of_the_whole_page_and_no_more(string path)
    {
        await using var ui = AUi();
        var (whole, text) = await AskAsync(ui, "GET", path);
        var (head, nothing) = await AskAsync(ui, "HEAD", path);
        Assert.Equal(200, whole.StatusCode);
        Assert.NotEmpty(text);
        Assert.Equal(200, head.StatusCode);
        Assert.Equal(whole.ContentType, head.ContentType);
        Assert.Equal(whole.Headers.ContentSecurityPolicy, head.Headers.ContentSecurityPolicy);
        Assert.Equal("", nothing);
    }

    [Fact]
    public async Task The_head_of_an_address_that_leads_nowhere_says_so()
    {
        await using var ui = AUi();
        Assert.Equal(404, (await AskAsync(ui, "HEAD", "/ui/no-such-page")).Response.StatusCode);
    }

    private static WebUi AUi() =>
        new(
            http =>
            {
                http.Response.StatusCode = 503;
                return Task.CompletedTask;
            },
            NullLoggerFactory.Instance,
            TimeProvider.System
        );

    private static async Task<(HttpResponse Response, string Text)> AskAsync(WebUi ui, string method, string path)
    {
        using var body = new MemoryStream();
        var http = new DefaultHttpContext();
        http.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(body));
        (http.Request.Method, http.Request.Path, http.Request.Scheme, http.Request.Host) = (method, path, "http", new HostString("localhost:8080"));
        http.Connection.RemoteIpAddress = IPAddress.Loopback;
        await ui.AnswerAsync(http);
        return (http.Response, System.Text.Encoding.UTF8.GetString(body.ToArray()));
    }
}
