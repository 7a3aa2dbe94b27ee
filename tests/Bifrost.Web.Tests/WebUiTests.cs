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

    [Theory]
    [InlineData("")]
    [InlineData("&view=request")]
    [InlineData("&view=response")]
    public async Task Content_that_is_not_for_the_visitor_says_why_and_what_can_be_seen(string view)
    {
        const string row =
            """{"id":"x","timestamp":"2026-12-01T00:00:00Z","object":"chat_completion","status":"success","model":"m","has_payload":true}""";
        await using var ui = AUi(http =>
            (http.Request.Path.Value, http.Request.QueryString.Value) switch
            {
                ("/api/logs/x", "?payload=true") => (403, """{"error":{"message":"What was asked and answered is not shown here."}}"""),
                ("/api/logs/x", _) => (200, row),
                ("/api/logs", _) => (200, """{"logs":[],"pagination":{},"has_logs":true}"""),
                _ => (200, "{}"),
            }
        );
        var (_, text) = await AskAsync(ui, "GET", "/ui/logs", $"?id=x{view}");
        Assert.Contains("your session has no right to it", text, StringComparison.Ordinal);
        Assert.Contains("Somebody who administers this gateway", text, StringComparison.Ordinal);
    }

    private static WebUi AUi(Func<HttpContext, (int Status, string Json)>? answer = null) =>
        new(
            http =>
            {
                var (status, json) = answer?.Invoke(http) ?? (503, "{}");
                http.Response.StatusCode = status;
                return http.Response.WriteAsync(json);
            },
            NullLoggerFactory.Instance,
            TimeProvider.System
        );

    private static async Task<(HttpResponse Response, string Text)> AskAsync(WebUi ui, string method, string path, string query = "")
    {
        using var body = new MemoryStream();
        var http = new DefaultHttpContext();
        http.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(body));
        (http.Request.Method, http.Request.Path, http.Request.Scheme, http.Request.Host) = (
            method,
            path,
            "http",
            new HostString("localhost:8080")
        );
        http.Request.QueryString = new QueryString(query);
        http.Connection.RemoteIpAddress = IPAddress.Loopback;
        await ui.AnswerAsync(http);
        return (http.Response, System.Text.Encoding.UTF8.GetString(body.ToArray()));
    }
}
