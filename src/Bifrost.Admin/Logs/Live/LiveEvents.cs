namespace Bifrost.Admin.Logs.Live;

/// <summary>Server-sent events.</summary>
internal sealed class LiveEvents(HttpContext http) : ILiveLine
{
    private readonly Stream _body = http.Response.Body;

    /// <inheritdoc/>
    public Task OpenAsync(CancellationToken cancel) => CommentAsync(": live\n\n"u8.ToArray(), cancel);

    /// <inheritdoc/>
    public async Task SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancel)
    {
        await _body.WriteAsync("data: "u8.ToArray(), cancel);
        await _body.WriteAsync(message, cancel);
        await _body.WriteAsync("\n\n"u8.ToArray(), cancel);
    }

    /// <inheritdoc/>
    public Task FlushAsync(CancellationToken cancel) => _body.FlushAsync(cancel);

    /// <inheritdoc/>
    public Task BeatAsync(CancellationToken cancel) => CommentAsync(":\n\n"u8.ToArray(), cancel);

    /// <inheritdoc/>
    public Task CloseAsync(LiveEnd end)
    {
        if (end == LiveEnd.TooSlow)
        {
            // What could not be written is still in the way of an orderly end.
            http.Abort();
        }

        return Task.CompletedTask;
    }

    private async Task CommentAsync(ReadOnlyMemory<byte> comment, CancellationToken cancel)
    {
        await _body.WriteAsync(comment, cancel);
        await _body.FlushAsync(cancel);
    }
}
