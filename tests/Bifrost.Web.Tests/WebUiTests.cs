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
    [InlineData("virtual-keys", "?id=x", "There is no such virtual key.")]
    [InlineData("teams", "?id=x", "There is no such team.")]
    [InlineData("customers", "?id=x&tab=edit", "There is no such customer.")]
    [InlineData("business-units", "?id=x", "There is no such business unit.")]
    [InlineData("users", "?id=x", "There is no such user.")]
    [InlineData("limits", "?budget=x", "There is no such budget.")]
    [InlineData("limits", "?view=model-configs&id=x", "There is no such model limit.")]
    [InlineData("limits", "?view=providers&id=x", "There is no such provider limit.")]
    [InlineData("limits", "?view=dimension-limits&id=x", "There is no such dimension limit.")]
    [InlineData("models", "?price=x", "There is no such price")]
    [InlineData("logs", "?id=x", "There is no such request in the log.")]
    [InlineData("providers", "?id=x", "There is no provider <code>x</code> here.")]
    [InlineData("playground", "?replay=x", "There is no such request in the log any more")]
    public async Task A_link_to_what_is_no_more_says_so(string page, string query, string said)
    {
        await using var ui = AUi(http =>
            http.Request.Path.Value!.EndsWith("/x", StringComparison.Ordinal)
                ? (404, """{"error":{"message":"There is no such thing."}}""")
                : (200, """{"logs":[],"pagination":{},"has_logs":true,"providers":[],"kinds":[],"models":[]}""")
        );
        var (_, text) = await AskAsync(ui, "GET", $"/ui/{page}", query);
        Assert.Contains(said, text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("true", "Password")]
    [InlineData("false", "has no account to sign in to")]
    public async Task Signing_in_is_offered_where_there_is_an_account(string isEnabled, string said)
    {
        await using var ui = AUi(_ => (200, $$"""{"is_auth_enabled":{{isEnabled}},"has_valid_token":false}"""));
        var (_, text) = await AskAsync(ui, "GET", "/ui/login");
        Assert.Contains(said, text, StringComparison.Ordinal);
        Assert.Equal(isEnabled == "true", text.Contains("<form", StringComparison.Ordinal));
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
