using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Bifrost.Core.Tests.Outbound.Http1;

/// <summary>A server that says what a test tells it to, byte for byte.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<RawConnection, Task> _serve;
    private readonly ConcurrentBag<Task> _served = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private int _connections;

    public RawServer(Func<RawConnection, Task> serve)
    {
        _serve = serve;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Answers every request on every connection with the same bytes.</summary>
    public static RawServer Saying(string answer, bool thenCloses = false) =>
        new(async connection =>
        {
            while (await connection.ReadRequestAsync() is not null)
            {
                await connection.SayAsync(answer);
                if (thenCloses)
                {
                    return;
                }
            }
        });

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/a/b?c=d");

    public int Connections => Volatile.Read(ref _connections);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(_served).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            Interlocked.Increment(ref _connections);
            _served.Add(ServeAsync(client));
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            client.NoDelay = true;
            await _serve(new RawConnection(client.GetStream(), _stop.Token));
        }
    }
}

internal sealed class RawConnection(Stream stream, CancellationToken stop)
{
    private readonly List<byte> _read = [];

    public Stream Stream => stream;

    /// <summary>The head and as much of the body as it promises by its length; null: the client has closed.</summary>
    public async Task<string?> ReadRequestAsync()
    {
        var block = new byte[64 * 1024];
        while (true)
        {
            var text = Encoding.Latin1.GetString([.. _read]);
            var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end >= 0)
            {
                var head = text[..(end + 4)];
                var at = head.IndexOf("Content-Length: ", StringComparison.OrdinalIgnoreCase);
                var length =
                    at < 0 ? 0 : int.Parse(head[(at + 16)..head.IndexOf('\r', at)], System.Globalization.CultureInfo.InvariantCulture);
                var chunked = head.Contains("chunked", StringComparison.OrdinalIgnoreCase);
                var whole = chunked ? text.IndexOf("\r\n0\r\n\r\n", end, StringComparison.Ordinal) + 7 : end + 4 + length;
                if (whole > end && text.Length >= whole)
                {
                    _read.RemoveRange(0, whole);
                    return text[..whole];
                }
            }

            int count;
            try
            {
                count = await stream.ReadAsync(block, stop);
            }
            catch (IOException)
            {
                count = 0;
            }

            if (count == 0)
            {
                return null;
            }

            _read.AddRange(block.AsSpan(0, count));
        }
    }

    public async Task SayAsync(string bytes)
    {
        await stream.WriteAsync(Encoding.Latin1.GetBytes(bytes), stop);
    }

    /// <summary>Returns when the client has closed.</summary>
    public async Task ClosedAsync()
    {
        while (await ReadRequestAsync() is not null) { }
    }
}
