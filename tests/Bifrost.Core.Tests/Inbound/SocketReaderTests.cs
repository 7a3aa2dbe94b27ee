using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Bifrost.Core.Inbound;
using Microsoft.AspNetCore.Connections;

namespace Bifrost.Core.Tests.Inbound;

public sealed class SocketReaderTests : IAsyncLifetime
{
    private Socket _caller = null!;
    private SocketConnection _connection = null!;

    private static CancellationToken Patience => TestContext.Current.CancellationToken;

    private PipeReader Reader => _connection.Input;

    public async ValueTask InitializeAsync()
    {
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        _caller = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await _caller.ConnectAsync(listener.LocalEndPoint!, Patience);
        _connection = new SocketConnection(await listener.AcceptAsync(Patience), MemoryPool<byte>.Shared);
    }

    public async ValueTask DisposeAsync()
    {
        _caller.Dispose();
        await _connection.DisposeAsync();
    }

    [Fact]
    public async Task What_was_not_consumed_comes_again_with_what_follows()
    {
        await SayAsync("one ");
        var first = await Reader.ReadAsync(Patience);
        Reader.AdvanceTo(first.Buffer.Start, first.Buffer.End);
        await SayAsync("two");

        Assert.Equal("one two", await TakeAsync());
    }

    [Fact]
    public async Task What_was_not_examined_is_there_at_once()
    {
        await SayAsync("onetwo");
        var first = await Reader.ReadAsync(Patience);
        Reader.AdvanceTo(first.Buffer.GetPosition(3));

        Assert.True(Reader.TryRead(out var rest));
        Assert.Equal("two", Encoding.ASCII.GetString(rest.Buffer));
    }

    [Fact]
    public async Task A_read_that_is_cancelled_by_its_token_loses_nothing()
    {
        using var patience = new CancellationTokenSource();
        var read = Reader.ReadAsync(patience.Token).AsTask();
        await patience.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => read);
        await SayAsync("late");

        Assert.Equal("late", await TakeAsync());
    }

    [Fact]
    public async Task A_wait_that_is_ended_from_outside_says_so_and_the_next_goes_on()
    {
        var read = Reader.ReadAsync(Patience).AsTask();
        Reader.CancelPendingRead();
        var ended = await read;
        Assert.True(ended.IsCanceled);
        Reader.AdvanceTo(ended.Buffer.Start);
        await SayAsync("late");

        Assert.Equal("late", await TakeAsync());
    }

    [Fact]
    public async Task An_end_that_was_asked_for_before_anybody_waits_counts_once()
    {
        Reader.CancelPendingRead();
        var ended = await Reader.ReadAsync(Patience);
        Reader.AdvanceTo(ended.Buffer.End);
        await SayAsync("more");

        Assert.True(ended.IsCanceled);
        Assert.Equal("more", await TakeAsync());
    }

    [Fact]
    public async Task The_last_bytes_come_before_the_end()
    {
        await SayAsync("goodbye");
        _caller.Shutdown(SocketShutdown.Send);

        Assert.Equal("goodbye", await TakeAsync());
        Assert.True((await Reader.ReadAsync(Patience)).IsCompleted);
    }

    [Fact]
    public async Task Who_has_left_is_told_of_without_being_read()
    {
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _connection.ConnectionClosed.Register(() => left.SetResult());
        await SayAsync("question");
        await TakeAsync();
        _caller.Dispose();

        await left.Task.WaitAsync(TimeSpan.FromSeconds(10), Patience);
    }

    [Fact]
    public async Task A_read_ends_when_the_connection_is_broken_off()
    {
        var read = Reader.ReadAsync(Patience).AsTask();
        _connection.Abort(new ConnectionAbortedException("enough"));

        Assert.Equal("enough", (await Assert.ThrowsAsync<ConnectionAbortedException>(() => read)).Message);
    }

    private ValueTask<int> SayAsync(string text) => _caller.SendAsync(Encoding.ASCII.GetBytes(text), Patience);

    private async Task<string> TakeAsync()
    {
        var read = await Reader.ReadAsync(Patience);
        var text = Encoding.ASCII.GetString(read.Buffer);
        Reader.AdvanceTo(read.Buffer.End);
        return text;
    }
}
