using System.Net;
using System.Text;
using Bifrost.Web.Api;
using Microsoft.AspNetCore.Http;

namespace Bifrost.Web.Tests.Api;

public sealed class FrontDoorTests
{
    [Fact]
    public async Task A_request_comes_in_as_its_visitor_sent_it()
    {
        HttpContext? seen = null;
        using var client = ClientOf(
            http =>
            {
                seen = http;
                return http.Response.WriteAsync("ok");
            },
            AVisitor()
        );
        Assert.Equal("ok", await client.GetStringAsync(new Uri("/api/version?x=1", UriKind.Relative)));
        Assert.Equal("/api/version", seen!.Request.Path);
        Assert.Equal("?x=1", seen.Request.QueryString.Value);
        Assert.Equal("gateway.example:8080", seen.Request.Host.Value);
        Assert.Equal("token=abc", seen.Request.Headers.Cookie);
        Assert.Equal(IPAddress.Parse("192.0.2.7"), seen.Connection.RemoteIpAddress);
    }

    [Fact]
    public async Task A_call_of_inference_carries_no_administrators_cookie()
    {
        HttpContext? seen = null;
        using var client = ClientOf(
            http =>
            {
                seen = http;
                return Task.CompletedTask;
            },
            AVisitor()
        );
        await client.PostAsync(new Uri("/v1/chat/completions", UriKind.Relative), new StringContent("{}"));
        Assert.Empty(seen!.Request.Headers.Cookie.ToString());
        Assert.Empty(seen.Request.Headers.Authorization.ToString());
    }

    [Fact]
    public async Task Status_headers_and_body_come_back()
    {
        using var client = ClientOf(
            async http =>
            {
                using var body = new StreamReader(http.Request.Body);
                http.Response.StatusCode = 418;
                http.Response.Headers["x-kind"] = "teapot";
                await http.Response.WriteAsync(await body.ReadToEndAsync());
            },
            AVisitor()
        );
        var answer = await client.PostAsync(new Uri("/api/x", UriKind.Relative), new StringContent("short and stout"));
        Assert.Equal(418, (int)answer.StatusCode);
        Assert.Equal("teapot", Assert.Single(answer.Headers.GetValues("x-kind")));
        Assert.Equal("short and stout", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task An_answer_is_read_as_it_comes_and_leaving_it_tells_the_gateway()
    {
        var left = new TaskCompletionSource();
        using var client = ClientOf(
            async http =>
            {
                await http.Response.Body.WriteAsync("first"u8.ToArray());
                await http.Response.Body.FlushAsync();
                http.RequestAborted.Register(() => left.TrySetResult());
                await Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            },
            AVisitor()
        );
        using (var answer = await client.GetAsync(new Uri("/api/live", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead))
        {
            var stream = await answer.Content.ReadAsStreamAsync();
            var buffer = new byte[16];
            var read = await stream.ReadAsync(buffer);
            Assert.Equal("first", Encoding.UTF8.GetString(buffer, 0, read));
        }

        await left.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task What_breaks_behind_the_door_breaks_for_the_reader()
    {
        using var client = ClientOf(_ => throw new InvalidOperationException("a bug"), AVisitor());
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri("/api/x", UriKind.Relative)));
    }

    private static HttpClient ClientOf(RequestDelegate front, Visitor visitor) =>
        new(new FrontDoor(front).For(visitor)) { BaseAddress = new Uri("http://gateway.example:8080/") };

    private static Visitor AVisitor()
    {
        var http = new DefaultHttpContext();
        http.Request.Scheme = "http";
        http.Request.Host = new HostString("gateway.example:8080");
        http.Request.Headers.Cookie = "token=abc";
        http.Request.Headers.Authorization = "Basic YTpi";
        http.Connection.RemoteIpAddress = IPAddress.Parse("192.0.2.7");
        return new Visitor(new HttpContextAccessor { HttpContext = http });
    }
}
