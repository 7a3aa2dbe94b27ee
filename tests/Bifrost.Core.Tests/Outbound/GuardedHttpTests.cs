using System.Collections.Frozen;
using System.Net;
using System.Net.Http.Headers;
using Bifrost.Core.Outbound;
using Bifrost.Wire.Faults;
using Microsoft.AspNetCore.Http;

namespace Bifrost.Core.Tests.Outbound;

public sealed class GuardedHttpTests
{
    private static readonly FrozenSet<string> Nobody = FrozenSet<string>.Empty;

    private static CancellationToken Soon => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("2130706433")]
    [InlineData("0x7f000001")]
    [InlineData("0177.0.0.1")]
    [InlineData("127.1")]
    [InlineData("[::ffff:127.0.0.1]")]
    public async Task Loopback_is_refused_however_it_is_written(string host)
    {
        await using var site = await LoopbackSite.StartAsync(Words("secret"));
        using var http = new GuardedHttp(() => Nobody);

        var outcome = await http.DownloadAsync(site.At("/", host), 1000, Soon);

        Assert.Equal("forbidden_address", outcome.Fault?.Code);
        Assert.Equal(FaultKind.InvalidRequest, outcome.Fault?.Kind);
        Assert.Empty(site.Seen);
    }

    [Theory]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    [InlineData("http://10.0.0.1/")]
    [InlineData("http://100.64.0.1/")]
    [InlineData("http://[fd00::1]/")]
    [InlineData("http://0.0.0.0/")]
    public async Task Private_addresses_are_refused_without_a_connection(string address)
    {
        using var http = new GuardedHttp(() => Nobody);

        var outcome = await http.GetAsync(new Uri(address), null, Soon);

        Assert.Equal("forbidden_address", outcome.Fault?.Code);
    }

    [Theory]
    [InlineData("ftp://example.com/a")]
    [InlineData("file:///etc/passwd")]
    [InlineData("http://somebody:word@127.0.0.1/")]
    public async Task Only_plain_http_addresses_are_fetched(string address)
    {
        using var http = new GuardedHttp(() => Nobody);

        var outcome = await http.GetAsync(new Uri(address), null, Soon);

        Assert.Equal(FaultKind.InvalidRequest, outcome.Fault?.Kind);
        Assert.DoesNotContain("word", outcome.Fault!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trusted_host_may_be_private()
    {
        await using var site = await LoopbackSite.StartAsync(Words("hello", "text/plain; charset=utf-8"));
        using var http = new GuardedHttp(() => site.Trusted());

        var outcome = await http.DownloadAsync(site.At("/a"), 1000, Soon);

        Assert.Null(outcome.Fault);
        Assert.Equal("hello"u8.ToArray(), outcome.Value!.Bytes.ToArray());
        Assert.Equal("text/plain", outcome.Value.MediaType);
    }

    [Fact]
    public async Task Trust_is_for_a_port_too()
    {
        await using var site = await LoopbackSite.StartAsync(Words("hello"));
        await using var other = await LoopbackSite.StartAsync(Words("hello"));
        using var http = new GuardedHttp(() => site.Trusted());

        var outcome = await http.GetAsync(other.At("/"), null, Soon);

        Assert.Equal("forbidden_address", outcome.Fault?.Code);
    }

    [Fact]
    public async Task Trust_is_asked_for_at_each_connection()
    {
        await using var site = await LoopbackSite.StartAsync(Words("hello"));
        var trusted = site.Trusted();
        using var http = new GuardedHttp(() => trusted);
        trusted = Nobody;

        var outcome = await http.GetAsync(site.At("/"), null, Soon);

        Assert.Equal("forbidden_address", outcome.Fault?.Code);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var goal = await LoopbackSite.StartAsync(Words("goal"));
        await using var site = await LoopbackSite.StartAsync(context =>
        {
            context.Response.Redirect(goal.At("/").AbsoluteUri);
            return Task.CompletedTask;
        });
        using var http = new GuardedHttp(() => site.Trusted().Union(goal.Trusted()).ToHashSet());

        var outcome = await http.GetAsync(site.At("/"), null, Soon);

        using var response = outcome.Value!;
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.Empty(goal.Seen);
    }

    [Fact]
    public async Task A_redirect_is_no_download()
    {
        await using var site = await LoopbackSite.StartAsync(context =>
        {
            context.Response.Redirect("http://169.254.169.254/");
            return Task.CompletedTask;
        });
        using var http = new GuardedHttp(() => site.Trusted());

        var outcome = await http.DownloadAsync(site.At("/"), 1000, Soon);

        Assert.Equal(302, outcome.Fault?.UpstreamStatus);
    }

    [Fact]
    public async Task A_file_of_just_the_limit_is_downloaded()
    {
        await using var site = await LoopbackSite.StartAsync(Words(new string('x', 4096)));
        using var http = new GuardedHttp(() => site.Trusted());

        var outcome = await http.DownloadAsync(site.At("/"), 4096, Soon);

        Assert.Equal(4096, outcome.Value?.Bytes.Length);
    }

    [Fact]
    public async Task A_file_beyond_the_limit_is_refused()
    {
        await using var site = await LoopbackSite.StartAsync(Words(new string('x', 4097)));
        using var http = new GuardedHttp(() => site.Trusted());

        var outcome = await http.DownloadAsync(site.At("/"), 4096, Soon);

        Assert.Equal(FaultKind.UpstreamInvalid, outcome.Fault?.Kind);
    }

    [Fact]
    public async Task A_file_that_never_ends_is_refused_at_the_limit()
    {
        await using var site = await LoopbackSite.StartAsync(async context =>
        {
            var block = new byte[65536];
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(block, context.RequestAborted);
            }
        });
        using var http = new GuardedHttp(() => site.Trusted());

        var outcome = await http.DownloadAsync(site.At("/"), 1 << 20, Soon);

        Assert.Equal(FaultKind.UpstreamInvalid, outcome.Fault?.Kind);
    }

    [Fact]
    public async Task A_failing_server_is_a_fault()
    {
        await using var site = await LoopbackSite.StartAsync(context =>
        {
            context.Response.StatusCode = 503;
            return Task.CompletedTask;
        });
        using var http = new GuardedHttp(() => site.Trusted());

        var outcome = await http.DownloadAsync(site.At("/"), 1000, Soon);

        Assert.Equal(503, outcome.Fault?.UpstreamStatus);
    }

    [Fact]
    public async Task A_server_that_breaks_off_is_a_fault()
    {
        await using var site = await LoopbackSite.StartAsync(async context =>
        {
            context.Response.ContentLength = 1000;
            await context.Response.WriteAsync("only this");
            await context.Response.Body.FlushAsync();
            context.Abort();
        });
        using var http = new GuardedHttp(() => site.Trusted());

        var outcome = await http.DownloadAsync(site.At("/"), 10_000, Soon);

        Assert.Equal(FaultKind.UpstreamError, outcome.Fault?.Kind);
    }

    [Fact]
    public async Task A_name_without_an_address_is_a_fault()
    {
        using var http = new GuardedHttp(() => Nobody);

        var outcome = await http.GetAsync(new Uri("http://nowhere.invalid/"), null, Soon);

        Assert.Equal(FaultKind.UpstreamError, outcome.Fault?.Kind);
    }

    [Fact]
    public async Task A_range_travels_and_credentials_do_not()
    {
        await using var site = await LoopbackSite.StartAsync(Words("hello"));
        using var http = new GuardedHttp(() => site.Trusted());

        var outcome = await http.GetAsync(site.At("/"), new RangeHeaderValue(2, 5), Soon);

        outcome.Value!.Dispose();
        var seen = Assert.Single(site.Seen);
        Assert.Equal("bytes=2-5", seen["Range"]);
        Assert.DoesNotContain("Authorization", seen.Keys);
        Assert.DoesNotContain("Cookie", seen.Keys);
    }

    private static RequestDelegate Words(string text, string contentType = "text/plain") =>
        context =>
        {
            context.Response.ContentType = contentType;
            return context.Response.WriteAsync(text);
        };
}
