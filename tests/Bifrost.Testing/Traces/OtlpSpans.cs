using System.Buffers.Binary;
using System.Text;

namespace Bifrost.Testing.Traces;

/// <summary>Reads spans from the bytes of an ExportTraceServiceRequest, by the field numbers of opentelemetry-proto
/// (https://github.com/open-telemetry/opentelemetry-proto, trace/v1/trace.proto).</summary>
internal static class OtlpSpans
{
    public static List<SeenSpan> Read(ReadOnlyMemory<byte> request)
    {
        var spans = new List<SeenSpan>();
        foreach (var resourceSpans in Fields(request).Where(f => f.Number == 1))
        {
            var resource = new Dictionary<string, object?>();
            foreach (var part in Fields(resourceSpans.Bytes))
            {
                if (part.Number == 1)
                {
                    AddAttributes(resource, part.Bytes, 1);
                }
                else if (part.Number == 2)
                {
                    ReadScope(part.Bytes, resource, spans);
                }
            }
        }

        return spans;
    }

    private static void ReadScope(ReadOnlyMemory<byte> bytes, Dictionary<string, object?> resource, List<SeenSpan> spans)
    {
        var scope = "";
        foreach (var part in Fields(bytes))
        {
            if (part.Number == 1)
            {
                scope = Fields(part.Bytes).Where(f => f.Number == 1).Select(f => f.Text).FirstOrDefault("");
            }
            else if (part.Number == 2)
            {
                var span = Span(part.Bytes);
                (span.Scope, span.Resource) = (scope, resource);
                spans.Add(span);
            }
        }
    }

    private static SeenSpan Span(ReadOnlyMemory<byte> bytes)
    {
        var span = new SeenSpan();
        foreach (var field in Fields(bytes))
        {
            switch (field.Number)
            {
                case 1:
                    span.TraceId = Convert.ToHexStringLower(field.Bytes.Span);
                    break;
                case 2:
                    span.SpanId = Convert.ToHexStringLower(field.Bytes.Span);
                    break;
                case 3:
                    span.TraceState = field.Text;
                    break;
                case 4:
                    span.ParentId = Convert.ToHexStringLower(field.Bytes.Span);
                    break;
                case 5:
                    span.Name = field.Text;
                    break;
                case 6:
                    span.Kind = (int)field.Value;
                    break;
                case 7:
                    span.Start = field.Value;
                    break;
                case 8:
                    span.End = field.Value;
                    break;
                case 9:
                    AddAttribute(span.Attributes, field.Bytes);
                    break;
                case 11:
                    var attributes = new Dictionary<string, object?>();
                    AddAttributes(attributes, field.Bytes, 3);
                    span.Events.Add((Fields(field.Bytes).First(f => f.Number == 2).Text, attributes));
                    break;
                case 15:
                    span.Status = (int)Fields(field.Bytes).FirstOrDefault(f => f.Number == 3).Value;
                    span.StatusMessage = Fields(field.Bytes).Where(f => f.Number == 2).Select(f => f.Text).FirstOrDefault("");
                    break;
            }
        }

        return span;
    }

    private static void AddAttributes(Dictionary<string, object?> to, ReadOnlyMemory<byte> bytes, int number)
    {
        foreach (var field in Fields(bytes).Where(f => f.Number == number))
        {
            AddAttribute(to, field.Bytes);
        }
    }

    private static void AddAttribute(Dictionary<string, object?> to, ReadOnlyMemory<byte> pair)
    {
        var (name, value) = ("", (object?)null);
        foreach (var field in Fields(pair))
        {
            (name, value) = field.Number == 1 ? (field.Text, value) : (name, Value(field.Bytes));
        }

        to.Add(name, value);
    }

    private static object? Value(ReadOnlyMemory<byte> any)
    {
        foreach (var field in Fields(any))
        {
            return field.Number switch
            {
                1 => field.Text,
                2 => field.Value != 0,
                3 => (long)field.Value,
                4 => BitConverter.UInt64BitsToDouble(field.Value),
                5 => Fields(field.Bytes).Select(f => Value(f.Bytes)).ToList(),
                _ => throw new InvalidDataException($"A value of the kind {field.Number} is not expected here."),
            };
        }

        return null;
    }

    private static IEnumerable<Field> Fields(ReadOnlyMemory<byte> message)
    {
        for (var at = 0; at < message.Length; )
        {
            var tag = Varint(message.Span, ref at);
            var number = (int)(tag >> 3);
            switch (tag & 7)
            {
                case 0:
                    yield return new Field(number, Varint(message.Span, ref at), default);
                    break;
                case 1:
                    yield return new Field(number, BinaryPrimitives.ReadUInt64LittleEndian(message.Span[at..]), default);
                    at += 8;
                    break;
                case 2:
                    var length = (int)Varint(message.Span, ref at);
                    yield return new Field(number, 0, message.Slice(at, length));
                    at += length;
                    break;
                case 5:
                    yield return new Field(number, BinaryPrimitives.ReadUInt32LittleEndian(message.Span[at..]), default);
                    at += 4;
                    break;
                default:
                    throw new InvalidDataException($"There is no wire type {tag & 7}.");
            }
        }
    }

    private static ulong Varint(ReadOnlySpan<byte> bytes, ref int at)
    {
        var value = 0ul;
        for (var shift = 0; ; shift += 7)
        {
            var next = bytes[at++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }

    private readonly record struct Field(int Number, ulong Value, ReadOnlyMemory<byte> Bytes)
    {
        public string Text => Encoding.UTF8.GetString(Bytes.Span);
    }
}
