using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Bifrost.Core.Outbound.Http1;
using Microsoft.Extensions.Time.Testing;

namespace Bifrost.Core.Tests.Outbound.Http1;

public sealed class Http1HandlerTests : IDisposable
{
    private const string Hello = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\nX-One: 1\r\nX-One: 2\r\n\r\nhello";

    private readonly HttpMessageInvoker _http = new(new Http1Handler(new Http1Options()));
    private readonly CancellationTokenSource _patience = new(TimeSpan.FromSeconds(20));

    public void Dispose()
    {
        _http.Dispose();
        _patience.Dispose();
    }

    [Fact]
    public async Task An_answer_has_its_status_its_headers_and_its_body()
    {
        await using var server = RawServer.Saying(Hello);

        using var response = await GetAsync(server);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/plain", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(5, response.Content.Headers.ContentLength);
        Assert.Equal(["1", "2"], response.Headers.GetValues("X-One"));
        Assert.Equal("hello", await TextAsync(response));
    }

    [Fact]
    public async Task A_request_says_where_to_what_and_how_long()
    {
        var asked = new List<string?>();
        await using var server = new RawServer(async connection =>
        {
            while (await connection.ReadRequestAsync() is { } request)
            {
                asked.Add(request);
                await connection.SayAsync(Hello);
            }
        });
        var host = server.Address.Authority;

        using var get = new HttpRequestMessage(HttpMethod.Get, server.Address);
        get.Headers.TryAddWithoutValidation("Authorization", "Bearer key");
        Assert.Equal("hello", await TextAsync(await SendAsync(get)));
        using var post = new HttpRequestMessage(HttpMethod.Post, server.Address)
        {
            Content = new StringContent("{}", Encoding.UTF8, "application/json"),
        };
        Assert.Equal("hello", await TextAsync(await SendAsync(post)));
        using var nothing = new HttpRequestMessage(HttpMethod.Post, server.Address);
        Assert.Equal("hello", await TextAsync(await SendAsync(nothing)));

        Assert.Equal(
            [
                $"GET /a/b?c=d HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer key\r\n\r\n",
                $"POST /a/b?c=d HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: 2\r\n\r\n{{}}",
                $"POST /a/b?c=d HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\n\r\n",
            ],
            asked
        );
        Assert.Equal(1, server.Connections);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4000)]
    [InlineData(5000)]
    [InlineData(3_000_000)]
    public async Task A_body_arrives_whole_of_known_length_or_not(int length)
    {
        var got = new List<string?>();
        await using var server = new RawServer(async connection =>
        {
            while (await connection.ReadRequestAsync() is { } request)
            {
                got.Add(request);
                await connection.SayAsync(Hello);
            }
        });
        var body = new string('x', length);

        using var known = new HttpRequestMessage(HttpMethod.Post, server.Address)
        {
            Content = new ByteArrayContent(Encoding.ASCII.GetBytes(body)),
        };
        await TextAsync(await SendAsync(known));
        using var unknown = new HttpRequestMessage(HttpMethod.Post, server.Address) { Content = new Unmeasured(body) };
        await TextAsync(await SendAsync(unknown));

        Assert.EndsWith($"\r\n\r\n{body}", got[0], StringComparison.Ordinal);
        Assert.Contains("Transfer-Encoding: chunked\r\n", got[1], StringComparison.Ordinal);
        Assert.Equal(length, got[1]!.AsSpan(got[1]!.IndexOf("\r\n\r\n", StringComparison.Ordinal)).Count('x'));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;name=value\r\nhe\r\n003 \r\nllo\r\n0\r\nTrailer: x\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\n" + Hello)]
    [InlineData("HTTP/1.1 200\r\ncontent-length:5\r\n\r\nhello")]
    [InlineData("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\nhello")]
    [InlineData("HTTP/1.1 200 OK\nContent-Length: 5\n\nhello")]
    public async Task Whatever_says_where_a_body_ends_the_connection_is_used_again(string answer)
    {
        await using var server = RawServer.Saying(answer);

        for (var i = 0; i < 3; i++)
        {
            using var response = await GetAsync(server);
            Assert.Equal("hello", await TextAsync(response));
        }

        Assert.Equal(1, server.Connections);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello", true)]
    [InlineData("HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello", false)]
    [InlineData("HTTP/1.1 200 OK\r\n\r\nhello", true)]
    public async Task A_connection_that_is_not_kept_is_not_used_again(string answer, bool thenCloses)
    {
        await using var server = RawServer.Saying(answer, thenCloses);

        for (var i = 0; i < 3; i++)
        {
            using var response = await GetAsync(server);
            Assert.Equal("hello", await TextAsync(response));
        }

        Assert.Equal(3, server.Connections);
    }

    [Theory]
    [InlineData("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")]
    [InlineData("GET", "HTTP/1.1 204 No Content\r\n\r\n")]
    [InlineData("GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n")]
    [InlineData("GET", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")]
    public async Task What_has_no_body_leaves_the_connection_free_at_once(string method, string answer)
    {
        await using var server = RawServer.Saying(answer);

        using var first = await SendAsync(new HttpRequestMessage(new HttpMethod(method), server.Address));
        using var second = await SendAsync(new HttpRequestMessage(new HttpMethod(method), server.Address));

        Assert.Equal("", await TextAsync(first));
        Assert.Equal("", await TextAsync(second));
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task A_server_that_closed_an_idle_connection_is_not_noticed_by_whoever_comes_next()
    {
        await using var server = RawServer.Saying(Hello, thenCloses: true);

        for (var i = 0; i < 5; i++)
        {
            using var response = await SendAsync(
                new HttpRequestMessage(HttpMethod.Post, server.Address) { Content = new StringContent("body") }
            );
            Assert.Equal("hello", await TextAsync(response));
            // For the server's goodbye to arrive, also on a busy machine.
            await Task.Delay(200);
        }

        Assert.Equal(5, server.Connections);
    }

    [Fact]
    public async Task What_was_sent_and_not_answered_is_not_sent_again()
    {
        var requests = 0;
        await using var server = new RawServer(async connection =>
        {
            while (await connection.ReadRequestAsync() is not null)
            {
                if (Interlocked.Increment(ref requests) == 2)
                {
                    return;
                }

                await connection.SayAsync(Hello);
            }
        });
        await TextAsync(await PostAsync(server));

        var failed = await Assert.ThrowsAsync<HttpRequestException>(() => PostAsync(server));

        Assert.Equal(HttpRequestError.ResponseEnded, failed.HttpRequestError);
        Assert.Equal(2, requests);
        Assert.Equal("hello", await TextAsync(await PostAsync(server)));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n50\r\nhello")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n")]
    public async Task A_body_that_ends_too_early_is_no_body(string answer)
    {
        await using var server = RawServer.Saying(answer, thenCloses: true);
        using var response = await GetAsync(server);

        var failed = await Assert.ThrowsAsync<HttpIOException>(() => TextAsync(response));

        Assert.Equal(HttpRequestError.ResponseEnded, failed.HttpRequestError);
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n\r\n")]
    [InlineData("HTTP/2 200 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 2x0 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 20\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nno colon\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nb@d name: x\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nhello!")]
    public async Task What_is_no_answer_is_said_to_be_none(string answer)
    {
        await using var server = RawServer.Saying(answer);

        var failed = await Assert.ThrowsAsync<HttpRequestException>(() => GetAsync(server));

        Assert.Equal(HttpRequestError.InvalidResponse, failed.HttpRequestError);
    }

    [Fact]
    public async Task A_head_without_an_end_is_not_read_for_ever()
    {
        await using var server = RawServer.Saying("HTTP/1.1 200 OK\r\nX: " + new string('x', 200_000));

        var failed = await Assert.ThrowsAsync<HttpRequestException>(() => GetAsync(server));

        Assert.Equal(HttpRequestError.ConfigurationLimitExceeded, failed.HttpRequestError);
    }

    [Theory]
    [InlineData("nonsense\r\nhello")]
    [InlineData("-5\r\nhello")]
    [InlineData("5\r\nhello!\r\n0\r\n\r\n")]
    [InlineData("FFFFFFFFFFFFFFFFF\r\nhello")]
    [InlineData("\r\nhello")]
    public async Task Chunks_that_are_none_are_an_error(string body)
    {
        await using var server = RawServer.Saying($"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{body}");
        using var response = await GetAsync(server);

        var failed = await Assert.ThrowsAsync<HttpIOException>(() => TextAsync(response));

        Assert.Equal(HttpRequestError.InvalidResponse, failed.HttpRequestError);
    }

    [Fact]
    public async Task Chunks_are_passed_on_as_they_come_and_waiting_for_one_holds_no_buffer()
    {
        var next = new SemaphoreSlim(0);
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SayAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (var i = 0; i < 3; i++)
            {
                await next.WaitAsync();
                await connection.SayAsync("3\r\nabc\r\n2\r\nde\r\n");
            }

            await connection.SayAsync("0\r\n\r\n");
        });
        using var response = await GetAsync(server);
        var stream = response.Content.ReadAsStream();
        var block = new byte[100];

        for (var i = 0; i < 3; i++)
        {
            var something = stream.ReadAsync(Memory<byte>.Empty, _patience.Token);
            Assert.False(something.IsCompleted);
            next.Release();
            Assert.Equal(0, await something);
            Assert.Equal("abcde", Encoding.ASCII.GetString(block, 0, await stream.ReadAsync(block, _patience.Token)));
        }

        Assert.Equal(0, await stream.ReadAsync(block, _patience.Token));
    }

    [Fact]
    public async Task Whoever_waits_for_an_answer_can_leave_and_the_server_sees_it()
    {
        var closed = new TaskCompletionSource();
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.ClosedAsync();
            closed.SetResult();
        });
        using var leave = new CancellationTokenSource();

        var asked = _http.SendAsync(new HttpRequestMessage(HttpMethod.Get, server.Address), leave.Token);
        await Task.Delay(50);
        Assert.False(asked.IsCompleted);
        await leave.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        await closed.Task.WaitAsync(_patience.Token);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\n\r\nhello")]
    public async Task Whoever_waits_for_more_can_leave_too(string answer)
    {
        var closed = new TaskCompletionSource();
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SayAsync(answer);
            await connection.ClosedAsync();
            closed.SetResult();
        });
        using var response = await GetAsync(server);
        var stream = response.Content.ReadAsStream();
        using var leave = new CancellationTokenSource();
        var block = new byte[100];
        Assert.Equal(5, await stream.ReadAtLeastAsync(block, 5, true, leave.Token));

        var more = stream.ReadAsync(block, leave.Token);
        Assert.False(more.IsCompleted);
        await leave.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await more);
        await closed.Task.WaitAsync(_patience.Token);
    }

    [Fact]
    public async Task An_answer_that_is_thrown_away_closes_its_connection()
    {
        var closed = new TaskCompletionSource();
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SayAsync("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello");
            await connection.ClosedAsync();
            closed.SetResult();
        });

        (await GetAsync(server)).Dispose();

        await closed.Task.WaitAsync(_patience.Token);
    }

    [Fact]
    public async Task With_a_limit_the_next_waits_until_one_is_over()
    {
        await using var server = RawServer.Saying(Hello);
        using var narrow = new HttpMessageInvoker(new Http1Handler(new Http1Options { MaxConnections = 1 }));
        using var first = await narrow.SendAsync(new HttpRequestMessage(HttpMethod.Get, server.Address), _patience.Token);

        var second = narrow.SendAsync(new HttpRequestMessage(HttpMethod.Get, server.Address), _patience.Token);
        await Task.Delay(50);
        Assert.False(second.IsCompleted);
        Assert.Equal("hello", await TextAsync(first));

        Assert.Equal("hello", await TextAsync(await second));
        Assert.Equal(1, server.Connections);

        // One that is thrown away gives its place back too.
        (await narrow.SendAsync(new HttpRequestMessage(HttpMethod.Get, server.Address), _patience.Token)).Dispose();
        Assert.Equal(
            "hello",
            await TextAsync(await narrow.SendAsync(new HttpRequestMessage(HttpMethod.Get, server.Address), _patience.Token))
        );
    }

    [Fact]
    public async Task A_closed_port_is_told_from_a_broken_answer()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();

        var failed = await Assert.ThrowsAsync<HttpRequestException>(() =>
            SendAsync(new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{port}/"))
        );

        Assert.Equal(HttpRequestError.ConnectionError, failed.HttpRequestError);
    }

    [Fact]
    public async Task What_was_idle_for_long_is_closed()
    {
        var closed = new TaskCompletionSource();
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SayAsync(Hello);
            await connection.ClosedAsync();
            closed.SetResult();
        });
        var clock = new FakeTimeProvider();
        using var http = new HttpMessageInvoker(new Http1Handler(new Http1Options { Clock = clock }));
        await TextAsync(await http.SendAsync(new HttpRequestMessage(HttpMethod.Get, server.Address), _patience.Token));

        clock.Advance(TimeSpan.FromSeconds(60));
        await Task.Delay(30);
        Assert.False(closed.Task.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(60));

        await closed.Task.WaitAsync(_patience.Token);
    }

    [Theory]
    [InlineData("line\r\nend: x")]
    [InlineData("ümlaut")]
    public async Task A_header_that_cannot_be_sent_is_not(string value)
    {
        await using var server = RawServer.Saying(Hello);
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Address);
        request.Headers.TryAddWithoutValidation("X-One", value);

        await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync(request));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Over_tls_a_certificate_has_to_be_trusted(bool trusted)
    {
        using var certificate = SelfSigned();
        await using var server = new RawServer(async plain =>
        {
            var secure = new SslStream(plain.Stream);
            await secure.AuthenticateAsServerAsync(certificate);
            var connection = new RawConnection(secure, CancellationToken.None);
            while (await connection.ReadRequestAsync() is not null)
            {
                await connection.SayAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                await Task.Delay(20);
                await connection.SayAsync("5\r\nhello\r\n0\r\n\r\n");
            }
        });
        using var http = new HttpMessageInvoker(
            new Http1Handler(new Http1Options { Trust = how => how.RemoteCertificateValidationCallback = (_, _, _, _) => trusted })
        );
        var address = new UriBuilder(server.Address) { Scheme = "https", Host = "localhost" }.Uri;
        Task<HttpResponseMessage> Ask() => http.SendAsync(new HttpRequestMessage(HttpMethod.Get, address), _patience.Token);

        if (!trusted)
        {
            var failed = await Assert.ThrowsAsync<HttpRequestException>(Ask);
            Assert.Equal(HttpRequestError.SecureConnectionError, failed.HttpRequestError);
            return;
        }

        Assert.Equal("hello", await TextAsync(await Ask()));
        Assert.Equal("hello", await TextAsync(await Ask()));
        Assert.Equal(1, server.Connections);
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }

    private Task<HttpResponseMessage> GetAsync(RawServer server) => SendAsync(new HttpRequestMessage(HttpMethod.Get, server.Address));

    private Task<HttpResponseMessage> PostAsync(RawServer server) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, server.Address) { Content = new StringContent("body") });

    private Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => _http.SendAsync(request, _patience.Token);

    private async Task<string> TextAsync(HttpResponseMessage response)
    {
        using var text = new MemoryStream();
        await response.Content.ReadAsStream().CopyToAsync(text, _patience.Token);
        return Encoding.Latin1.GetString(text.ToArray());
    }

    private sealed class Unmeasured(string text) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            for (var at = 0; at < text.Length; at += 100_000)
            {
                await stream.WriteAsync(Encoding.ASCII.GetBytes(text[at..Math.Min(text.Length, at + 100_000)]));
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
