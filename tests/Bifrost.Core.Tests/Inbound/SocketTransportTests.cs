using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Bifrost.Core.Inbound;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Bifrost.Core.Tests.Inbound;

/// <summary>Kestrel over our transport, and a caller who speaks in bytes.</summary>
public sealed class SocketTransportTests : IAsyncLifetime
{
    private RequestDelegate _answer = EchoAsync;
    private WebApplication _server = null!;
    private IPEndPoint _address = null!;

    private static CancellationToken Patience => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder
            .WebHost.UseKestrelCore()
            .ConfigureKestrel(o =>
            {
                o.Listen(IPAddress.Loopback, 0);
                o.Limits.MaxRequestHeadersTotalSize = 64 << 10;
            });
        builder.Services.AddSingleton<IConnectionListenerFactory, SocketTransport>();
        _server = builder.Build();
        _server.UseWebSockets();
        _server.Run(http => _answer(http));
        await _server.StartAsync(Patience);
        var address = _server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        _address = new IPEndPoint(IPAddress.Loopback, new Uri(address).Port);
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Requests_come_whole_however_they_are_cut(int seed)
    {
        var random = new Random(seed);
        using var caller = await CallAsync();
        for (var request = 0; request < 12; request++)
        {
            var body = new byte[
                random.Next(4) switch
                {
                    0 => random.Next(4),
                    1 => random.Next(1500),
                    2 => random.Next(70_000),
                    _ => random.Next(400_000),
                }
            ];
            random.NextBytes(body);
            var bytes = Post(body, chunked: random.Next(3) == 0);
            var sent = SendInPiecesAsync(caller, bytes, random);

            Assert.Equal(body, await ReadBodyAsync(caller));
            await sent;
        }
    }

    [Fact]
    public async Task Requests_sent_at_once_are_answered_in_their_order()
    {
        using var caller = await CallAsync();
        var bodies = Enumerable.Range(0, 50).Select(i => Encoding.ASCII.GetBytes(new string((char)('a' + (i % 26)), 40 * i))).ToList();
        await caller.SendAsync(bodies.SelectMany(body => Post(body)).ToArray(), Patience);

        foreach (var body in bodies)
        {
            Assert.Equal(body, await ReadBodyAsync(caller));
        }
    }

    [Fact]
    public async Task A_long_head_is_read()
    {
        using var caller = await CallAsync();
        var padding = string.Concat(Enumerable.Range(0, 60).Select(i => $"x-padding-{i}: {new string('x', 900)}\r\n"));
        await caller.SendAsync(Encoding.ASCII.GetBytes($"POST / HTTP/1.1\r\nHost: a\r\n{padding}Content-Length: 2\r\n\r\nhi"), Patience);

        Assert.Equal("hi"u8.ToArray(), await ReadBodyAsync(caller));
    }

    [Fact]
    public async Task A_caller_who_leaves_is_noticed_while_others_work_for_him()
    {
        var (begun, left) = (Signal(), Signal());
        _answer = async http =>
        {
            await http.Request.Body.CopyToAsync(Stream.Null, http.RequestAborted);
            http.RequestAborted.Register(() => left.SetResult());
            begun.SetResult();
            await left.Task;
        };
        var caller = await CallAsync();
        await caller.SendAsync(Post("question"u8.ToArray()), Patience);
        await begun.Task.WaitAsync(Patience);
        caller.Dispose();

        await left.Task.WaitAsync(TimeSpan.FromSeconds(10), Patience);
    }

    [Fact]
    public async Task A_slow_reader_gets_every_byte()
    {
        var body = new byte[20 << 20];
        new Random(7).NextBytes(body);
        _answer = http => http.Response.Body.WriteAsync(body, http.RequestAborted).AsTask();
        using var caller = await CallAsync();
        await caller.SendAsync(Post([]), Patience);
        await Task.Delay(200, Patience);

        Assert.Equal(body, await ReadBodyAsync(caller));
    }

    [Fact]
    public async Task Flushes_that_the_kernel_takes_in_part_are_sent_whole()
    {
        var body = new byte[16 << 20];
        new Random(8).NextBytes(body);
        _answer = async http =>
        {
            http.Response.ContentLength = body.Length;
            foreach (var piece in body.Chunk(60_001))
            {
                piece.CopyTo(http.Response.BodyWriter.GetSpan(piece.Length));
                http.Response.BodyWriter.Advance(piece.Length);
                await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
            }
        };
        using var caller = await CallAsync();
        await caller.SendAsync(Post([]), Patience);
        await Task.Delay(100, Patience);

        Assert.Equal(body, await ReadBodyAsync(caller));
    }

    [Fact]
    public async Task An_answer_that_is_broken_off_does_not_look_like_one_that_has_ended()
    {
        _answer = async http =>
        {
            http.Response.Headers.Connection = "close";
            await http.Response.Body.WriteAsync("half"u8.ToArray(), http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
            http.Abort();
        };
        using var caller = await CallAsync();
        await caller.SendAsync(Post([]), Patience);

        await Assert.ThrowsAsync<SocketException>(async () =>
        {
            while (await caller.ReceiveAsync(new byte[1000], Patience) > 0) { }
        });
    }

    [Fact]
    public async Task A_flush_that_is_cancelled_breaks_the_connection_off()
    {
        var broken = Signal();
        _answer = async http =>
        {
            using var patience = new CancellationTokenSource(200);
            try
            {
                await http.Response.Body.WriteAsync(new byte[30 << 20], patience.Token);
            }
            catch (OperationCanceledException)
            {
                broken.SetResult();
            }
        };
        using var caller = await CallAsync();
        await caller.SendAsync(Post([]), Patience);

        await broken.Task.WaitAsync(TimeSpan.FromSeconds(10), Patience);
    }

    [Fact]
    public async Task A_stop_does_not_wait_for_callers_who_ask_nothing()
    {
        using var caller = await CallAsync();
        await caller.SendAsync(Post("once"u8.ToArray()), Patience);
        await ReadBodyAsync(caller);
        using var never = await CallAsync();

        await _server.StopAsync(Patience).WaitAsync(TimeSpan.FromSeconds(3), Patience);

        Assert.Equal(0, await caller.ReceiveAsync(new byte[100], Patience));
    }

    [Fact]
    public async Task Messages_go_both_ways_at_once_on_an_upgraded_connection()
    {
        _answer = async http =>
        {
            using var socket = await http.WebSockets.AcceptWebSocketAsync();
            var buffer = new byte[100_000];
            while (await socket.ReceiveAsync(buffer, http.RequestAborted) is { MessageType: not WebSocketMessageType.Close } got)
            {
                await socket.SendAsync(buffer.AsMemory(0, got.Count), got.MessageType, got.EndOfMessage, http.RequestAborted);
            }
        };
        using var client = new ClientWebSocket();
        await client.ConnectAsync(new Uri($"ws://{_address}/"), Patience);
        var said = Enumerable
            .Range(0, 40)
            .Select(i =>
                new byte[i * i * 40]
                    .Select((_, at) => (byte)(at + i))
                    .ToArray()
            )
            .ToList();
        var saying = Task.Run(
            async () =>
            {
                foreach (var message in said)
                {
                    await client.SendAsync(message, WebSocketMessageType.Binary, endOfMessage: true, Patience);
                }
            },
            Patience
        );

        foreach (var message in said)
        {
            Assert.Equal(message, await ReceiveMessageAsync(client));
        }

        await saying;
    }

    private static async Task<byte[]> ReceiveMessageAsync(ClientWebSocket client)
    {
        var message = new List<byte>();
        var buffer = new byte[8000];
        while (true)
        {
            var got = await client.ReceiveAsync(buffer, Patience);
            message.AddRange(buffer[..got.Count]);
            if (got.EndOfMessage)
            {
                return [.. message];
            }
        }
    }

    private static async Task EchoAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body.ToArray(), http.RequestAborted);
    }

    private static byte[] Post(byte[] body, bool chunked = false)
    {
        if (!chunked)
        {
            return [.. Encoding.ASCII.GetBytes($"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {body.Length}\r\n\r\n"), .. body];
        }

        var bytes = new List<byte>("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"u8.ToArray());
        foreach (var chunk in body.Chunk(10_000))
        {
            bytes.AddRange([.. Encoding.ASCII.GetBytes($"{chunk.Length:x}\r\n"), .. chunk, .. "\r\n"u8]);
        }

        bytes.AddRange("0\r\n\r\n"u8.ToArray());
        return [.. bytes];
    }

    private static async Task SendInPiecesAsync(Socket caller, byte[] bytes, Random random)
    {
        for (var at = 0; at < bytes.Length; )
        {
            var piece = Math.Min(
                bytes.Length - at,
                random.Next(3) switch
                {
                    0 => 1 + random.Next(20),
                    1 => 1024,
                    _ => 1 + random.Next(100_000),
                }
            );
            await caller.SendAsync(bytes.AsMemory(at, piece), Patience);
            at += piece;
            if (random.Next(4) == 0)
            {
                await Task.Delay(1, Patience);
            }
        }
    }

    /// <summary>Reads one answer, in the framing it comes in.</summary>
    private static async Task<byte[]> ReadBodyAsync(Socket caller)
    {
        var head = new List<byte>();
        var one = new byte[1];
        while (!head.TakeLast(4).SequenceEqual("\r\n\r\n"u8.ToArray()))
        {
            Assert.Equal(1, await caller.ReceiveAsync(one, Patience));
            head.Add(one[0]);
        }

        var text = Encoding.ASCII.GetString([.. head]);
        Assert.StartsWith("HTTP/1.1 200", text);
        if (!text.Contains("chunked", StringComparison.Ordinal))
        {
            var length = int.Parse(text.Split("Content-Length: ")[1].Split("\r\n")[0]);
            return await ReadExactlyAsync(caller, length);
        }

        var body = new List<byte>();
        while (true)
        {
            var line = "";
            while (!line.EndsWith("\r\n", StringComparison.Ordinal))
            {
                line += (char)(await ReadExactlyAsync(caller, 1))[0];
            }

            var length = Convert.ToInt32(line.Trim(), 16);
            body.AddRange((await ReadExactlyAsync(caller, length + 2))[..length]);
            if (length == 0)
            {
                return [.. body];
            }
        }
    }

    private static async Task<byte[]> ReadExactlyAsync(Socket caller, int count)
    {
        var bytes = new byte[count];
        for (var at = 0; at < count; )
        {
            var came = await caller.ReceiveAsync(bytes.AsMemory(at), Patience);
            Assert.NotEqual(0, came);
            at += came;
        }

        return bytes;
    }

    private static TaskCompletionSource Signal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task<Socket> CallAsync()
    {
        var caller = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await caller.ConnectAsync(_address, Patience);
        return caller;
    }
}
