using Microsoft.AspNetCore.Http;

namespace Bifrost.Simulator;

/// <summary>Sends bytes in the pieces a script asks for, each flushed by itself.</summary>
internal sealed class SplittingWriter(HttpResponse response, StreamScript script, CancellationToken gone)
{
    private int sent;
    private int nextSplit;

    public async Task WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var piece = bytes[..Math.Min(bytes.Length, PieceLength())];
            await response.Body.WriteAsync(piece, gone);
            await response.Body.FlushAsync(gone);
            sent += piece.Length;
            bytes = bytes[piece.Length..];
        }
    }

    private int PieceLength()
    {
        while (nextSplit < script.SplitsAt.Length && script.SplitsAt[nextSplit] <= sent)
        {
            nextSplit++;
        }

        if (nextSplit < script.SplitsAt.Length)
        {
            return script.SplitsAt[nextSplit] - sent;
        }

        return script.ChunkBytes > 0 ? script.ChunkBytes : int.MaxValue;
    }
}
