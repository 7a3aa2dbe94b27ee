using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using Bifrost.Wire.Faults;
using Microsoft.AspNetCore.Http;

namespace Bifrost.Core.Accept;

/// <summary>Reads a request body whole into a pooled buffer, up to a limit that counts the bytes after decompression.</summary>
internal static class BodyReader
{
    /// <summary>Room made on a caller's word alone; more is made as the bytes really come.</summary>
    private const int MaxAtOnce = 1 << 20;

    /// <summary>Who has really sent so much and announced more is believed this many times as much, so that a large body moves once, not with each doubling.</summary>
    private const int Belief = 16;

    private static readonly Fault Gone = new(FaultKind.CallerLeft, "The caller closed the connection before its request was complete.");

    public static async ValueTask<Outcome<PooledBuffer>> ReadAsync(HttpRequest request, long maxBytes)
    {
        if (request.ContentLength > maxBytes)
        {
            return TooLarge(maxBytes);
        }

        var encoding = request.Headers.ContentEncoding;
        if (encoding.Count > 0 && !string.Equals(encoding.ToString(), "identity", StringComparison.OrdinalIgnoreCase))
        {
            return await ReadCompressedAsync(request, encoding.ToString(), maxBytes);
        }

        var buffer = new PooledBuffer((int)Math.Min(request.ContentLength ?? 4096, MaxAtOnce));
        try
        {
            while (true)
            {
                // Without the request's token: a connection that dies ends the read by itself, and a cancelled read would still be under way
                // when the server comes to drain the body.
                var read = await request.BodyReader.ReadAsync(CancellationToken.None);
                if (buffer.Length + read.Buffer.Length > maxBytes)
                {
                    request.BodyReader.AdvanceTo(read.Buffer.End);
                    buffer.Dispose();
                    return TooLarge(maxBytes);
                }

                if (request.ContentLength > buffer.Capacity && buffer.Length + read.Buffer.Length > buffer.Capacity)
                {
                    buffer.GetMemory((int)Math.Min(request.ContentLength.Value - buffer.Length, (long)buffer.Capacity * Belief));
                }

                foreach (var segment in read.Buffer)
                {
                    buffer.Write(segment.Span);
                }

                request.BodyReader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                {
                    return buffer;
                }
            }
        }
        catch (Exception gone) when (gone is OperationCanceledException or (IOException and not BadHttpRequestException))
        {
            buffer.Dispose();
            return Gone;
        }
        catch (BadHttpRequestException broken)
        {
            buffer.Dispose();
            return broken.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? TooLarge(maxBytes)
                : Fault.Invalid($"The request body could not be read: {broken.Message}");
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    private static async ValueTask<Outcome<PooledBuffer>> ReadCompressedAsync(HttpRequest request, string encoding, long maxBytes)
    {
        Stream? plain = encoding.ToLowerInvariant() switch
        {
            "gzip" or "x-gzip" => new GZipStream(request.Body, CompressionMode.Decompress),
            "deflate" => new ZLibStream(request.Body, CompressionMode.Decompress),
            "br" => new BrotliStream(request.Body, CompressionMode.Decompress),
            _ => null,
        };
        if (plain is null)
        {
            return Fault.Invalid(
                $"The content encoding \"{encoding}\" is not understood. Send the body plain, or with gzip, deflate or br."
            );
        }

        var buffer = new PooledBuffer(16384);
        await using (plain)
        {
            try
            {
                int read;
                while ((read = await plain.ReadAsync(buffer.GetMemory(16384), CancellationToken.None)) > 0)
                {
                    buffer.Advance(read);
                    if (buffer.Length > maxBytes)
                    {
                        buffer.Dispose();
                        return TooLarge(maxBytes);
                    }
                }

                return buffer;
            }
            catch (Exception gone) when (gone is OperationCanceledException or (IOException and not BadHttpRequestException))
            {
                buffer.Dispose();
                return Gone;
            }
            catch (Exception broken) when (broken is InvalidDataException or BadHttpRequestException)
            {
                buffer.Dispose();
                return Fault.Invalid($"The request body is not valid {encoding}: {broken.Message}");
            }
            catch
            {
                buffer.Dispose();
                throw;
            }
        }
    }

    private static Fault TooLarge(long maxBytes) =>
        new(
            FaultKind.BodyTooLarge,
            $"The request body is larger than the limit of {maxBytes >> 20} MB (`client.max_request_body_size_mb`)."
        );
}
