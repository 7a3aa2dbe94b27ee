using System.Buffers;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using Bifrost.Core.Accept;
using Bifrost.Core.Contracts;
using Bifrost.Wire.Canonical.Chat;
using Bifrost.Wire.Dialects;
using Bifrost.Wire.Faults;

namespace Bifrost.Core.Attempt;

/// <summary>Caller and provider speak different chat dialects: through the canonical model, both ways.</summary>
internal static class ChatTranslation
{
    public static async ValueTask<Outcome<Answer>> CarryAsync(
        HttpCarrier http,
        Exchange exchange,
        Target target,
        HttpOffer offer,
        CancellationToken cancel
    )
    {
        if (offer.Dialect is not IProviderDialect<Conversation, Reply, ReplyDelta> theirs)
        {
            return new Fault(
                FaultKind.UnsupportedOperation,
                $"{target.Provider.Id} does not offer {exchange.Operation.Word()} through this gateway."
            )
            {
                Param = "model",
            };
        }

        var read = exchange.Read<Conversation>();
        if (read.Failed(out var unreadable, out var asked))
        {
            return unreadable;
        }

        if (asked.Background || asked.PreviousReplyId is not null)
        {
            return Fault.Unsupported(
                $"{target.Provider.Id} keeps no responses, so `background` and `previous_response_id` cannot be used with it.",
                asked.Background ? "background" : "previous_response_id"
            );
        }

        var body = new PooledBuffer(exchange.Body.Length + 512);
        exchange.Keep(body);
        foreach (var lost in theirs.WriteRequest(asked, target.Model, body))
        {
            if (exchange.Strict)
            {
                return Fault.Unsupported($"`{lost}` cannot be passed on to {target.Provider.Id}.", lost);
            }

            exchange.Note(new ParameterNote(lost, "dropped", $"{target.Provider.Id} has no place for it."));
        }

        var content = new ReadOnlyMemoryContent(body.Memory);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var sent = await http.SendAsync(exchange, target, offer, content, cancel);
        if (sent.Failed(out var fault, out var response))
        {
            // The bytes are in a dialect the caller does not speak.
            return fault with { UpstreamBody = default };
        }

        return asked.Streams
            ? StreamedAnswer.Of(DeltasAsync(response, theirs, exchange, target, cancel), asked, exchange.CallerSpeaks)
            : await WholeAsync(response, theirs, exchange, asked, cancel);
    }

    private static async ValueTask<Outcome<Answer>> WholeAsync(
        HttpResponseMessage response,
        IProviderDialect<Conversation, Reply, ReplyDelta> theirs,
        Exchange exchange,
        Conversation asked,
        CancellationToken cancel
    )
    {
        using (response)
        {
            byte[] body;
            try
            {
                body = await response.Content.ReadAsByteArrayAsync(cancel);
            }
            catch (Exception broken) when (broken is HttpRequestException or IOException)
            {
                return new Fault(FaultKind.UpstreamError, $"The provider's answer broke off: {broken.Message}") { Cause = broken };
            }

            var reply = theirs.ReadReply(body, exchange.AskedModel);
            if (reply.Failed(out var unreadable, out var whole))
            {
                return unreadable;
            }

            exchange.Usage = whole.Usage;
            return WrittenAnswer.Of(whole, asked);
        }
    }

    private static async IAsyncEnumerable<ReplyDelta> DeltasAsync(
        HttpResponseMessage response,
        IProviderDialect<Conversation, Reply, ReplyDelta> theirs,
        Exchange exchange,
        Target target,
        CancellationToken cancel,
        [EnumeratorCancellation] CancellationToken stop = default
    )
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, stop);
        using var owned = response;
        await using var stream = await response.Content.ReadAsStreamAsync(either.Token);
        var reader = theirs.OpenReader(exchange.AskedModel);
        var deltas = new List<ReplyDelta>();
        var idle = TimeSpan.FromSeconds(target.Provider.Network.StreamIdleTimeoutSeconds);
        var began = false;
        var block = ArrayPool<byte>.Shared.Rent(16384);
        try
        {
            for (var over = false; !over; )
            {
                deltas.Clear();
                if (began)
                {
                    // A stream may go on for as long as it keeps coming.
                    exchange.Deadline?.CancelAfter(idle);
                }

                try
                {
                    over = await ReadAsync(stream, block, reader, deltas, either.Token);
                }
                catch (OperationCanceledException)
                    when (began && !exchange.CallerLeft.IsCancellationRequested && !stop.IsCancellationRequested)
                {
                    deltas.Add(new ReplyFailed(Silence(target)));
                }

                // A caller who reads slowly is no silence of the provider's.
                exchange.Deadline?.CancelAfter(Timeout.InfiniteTimeSpan);
                began = true;
                foreach (var delta in deltas)
                {
                    yield return delta;
                    over |= delta is ReplyFailed;
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    private static async ValueTask<bool> ReadAsync(
        Stream stream,
        byte[] block,
        IDeltaReader<ReplyDelta> reader,
        List<ReplyDelta> deltas,
        CancellationToken cancel
    )
    {
        try
        {
            var read = await stream.ReadAsync(block, cancel);
            if (read > 0)
            {
                reader.Read(block.AsSpan(0, read), deltas);
                return false;
            }

            reader.End(deltas);
            return true;
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException)
        {
            deltas.Add(
                new ReplyFailed(new Fault(FaultKind.UpstreamError, $"The provider's stream broke off: {broken.Message}") { Cause = broken })
            );
            return true;
        }
    }

    private static Fault Silence(Target target) =>
        new(
            FaultKind.Timeout,
            $"{target.Provider.Id} sent nothing for {target.Provider.Network.StreamIdleTimeoutSeconds} s (`network_config.stream_idle_timeout_in_seconds`)."
        );
}
