using System.IO.Pipelines;
using System.Net;
using System.Text;
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

    [Fact]
    public async Task The_frame_of_a_page_is_sent_before_what_the_page_reads()
    {
        var read = new TaskCompletionSource();
        await using var ui = new WebUi(
            async http =>
            {
                if (http.Request.Path.StartsWithSegments("/api/logs", StringComparison.Ordinal))
                {
                    await read.Task;
                }

                await http.Response.WriteAsync("""{"total_requests":4711,"buckets":[],"groups":[],"budgets":[]}""");
            },
            NullLoggerFactory.Instance,
            TimeProvider.System
        );
        var sent = new Pipe();
        var answering = AskAsync(ui, "GET", "/ui/dashboard", "", sent.Writer.AsStream());
        var frame = "";
        while (!frame.Contains("</html>", StringComparison.Ordinal))
        {
            var part = await sent.Reader.ReadAsync();
            frame += Encoding.UTF8.GetString(part.Buffer);
            sent.Reader.AdvanceTo(part.Buffer.End);
        }

        Assert.Contains("<h1", frame, StringComparison.Ordinal);
        Assert.Contains("Virtual keys</a>", frame, StringComparison.Ordinal);
        Assert.Contains("Latency p95", frame, StringComparison.Ordinal);
        Assert.DoesNotContain("4,711", frame, StringComparison.Ordinal);

        read.SetResult();
        await answering;
        await sent.Writer.CompleteAsync();
        using var rest = new StreamReader(sent.Reader.AsStream());
        Assert.Contains("4,711", await rest.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_has_to_sign_in_is_led_there_without_a_script_and_sees_nothing_of_the_page()
    {
        await using var ui = AUi(_ => (401, """{"error":{"message":"Sign in."}}"""));
        var (response, text) = await AskAsync(ui, "GET", "/ui/dashboard", "?period=7d");
        Assert.Equal(302, response.StatusCode);
        Assert.EndsWith("login?return=dashboard%3Fperiod%3D7d", response.Headers.Location.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("<h1", text, StringComparison.Ordinal);
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
        var response = await AskAsync(ui, method, path, query, body);
        return (response, Encoding.UTF8.GetString(body.ToArray()));
    }

    private static async Task<HttpResponse> AskAsync(WebUi ui, string method, string path, string query, Stream body)
    {
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
        return http.Response;
    }
}
