using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Bifrost.Core.Accept;
using Bifrost.Core.Contracts;
using Bifrost.Wire.Json;

namespace Bifrost.Core.Attempt;

/// <summary>The bytes that go upstream when both sides speak the same dialect: the caller's own, with as little changed as must be.</summary>
internal static class UpstreamBody
{
    private static readonly byte[] UsageAsked = "\"stream_options\":{\"include_usage\":true},"u8.ToArray();
    private static readonly byte[] UsageAlone = "{\"include_usage\":true}"u8.ToArray();
    private static readonly byte[] UsageFirst = "\"include_usage\":true,"u8.ToArray();
    private static readonly byte[] True = "true"u8.ToArray();

    public static ReadOnlyMemory<byte> For(Exchange exchange, Target target)
    {
        exchange.UsageIsOurs = false;
        var reservation = exchange.Reservation;
        if (!ReferenceEquals(reservation, Reservation.None) && !exchange.Envelope.InForm)
        {
            var edits = new BodyEdits();
            if (reservation.OutputCap is { } cap)
            {
                OutputCaps.Lower(exchange, target, cap, edits);
            }

            if (reservation.WantsUsage)
            {
                AskUsage(exchange, target, edits);
            }

            if (!edits.IsEmpty)
            {
                return Edited(exchange, target, edits);
            }
        }

        return target.Lane == Lane.Verbatim ? exchange.Body : Patched(exchange, target);
    }

    private static void AskUsage(Exchange exchange, Target target, BodyEdits edits)
    {
        var envelope = exchange.Envelope;
        if (
            envelope.AsksUsage
            || !exchange.Streams
            || exchange.Operation is not (Operation.Chat or Operation.Completion)
            || !target.Provider.StreamsUsage
        )
        {
            return;
        }

        exchange.UsageIsOurs = true;
        var options = envelope.StreamOptions;
        if (options.IsEmpty)
        {
            edits.Replace(Inserting.At(exchange.Body.Span), UsageAsked);
            return;
        }

        if (!envelope.IncludeUsage.IsEmpty)
        {
            edits.Replace(envelope.IncludeUsage, True);
            return;
        }

        var value = exchange.Body.Span.Slice(options.Start, options.Length);
        var hasMembers = value[0] == (byte)'{' && value.Contains((byte)':');
        edits.Replace(hasMembers ? new ByteRange(options.Start + 1, 0) : options, hasMembers ? UsageFirst : UsageAlone);
    }

    private static ReadOnlyMemory<byte> Edited(Exchange exchange, Target target, BodyEdits edits)
    {
        var envelope = exchange.Envelope;
        if (target.Lane == Lane.Patched)
        {
            edits.Replace(
                envelope.Model,
                Encoding.UTF8.GetBytes($"\"{JsonEncodedText.Encode(target.Model, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"")
            );
            if (!envelope.FallbacksMember.IsEmpty)
            {
                edits.Replace(envelope.FallbacksMember, default);
            }
        }

        var edited = new PooledBuffer(exchange.Body.Length + edits.Growth);
        exchange.Keep(edited);
        edits.Write(exchange.Body.Span, edited);
        return edited.Memory;
    }

    private static ReadOnlyMemory<byte> Patched(Exchange exchange, Target target)
    {
        var patched = new PooledBuffer(exchange.Body.Length + target.Model.Length);
        exchange.Keep(patched);
        if (exchange.Envelope.InForm)
        {
            Splice.Write(exchange.Body.Span, exchange.Envelope.Model, Encoding.UTF8.GetBytes(target.Model), patched);
        }
        else
        {
            Splice.WriteRequest(exchange.Body.Span, exchange.Envelope, target.Model, patched);
        }

        return patched.Memory;
    }
}
