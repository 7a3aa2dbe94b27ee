using System.Buffers;
using System.Text.Json;
using Bifrost.Core.Accept;

namespace Bifrost.Core.Deliver;

/// <summary>Takes out of a chat or completions stream what is there only because the gateway asked for usage: the last chunk, which has no choices,
/// and <c>"usage":null</c> in all others. Everything else passes byte for byte; a line is kept until its end is here.</summary>
internal sealed class OwnUsageFilter : IDisposable
{
    private const int MaxLine = 256 << 10;
    private readonly PooledBuffer _line = new(1024);
    private bool _passing;
    private bool _swallowBlank;

    /// <summary>No event is half written.</summary>
    public bool BetweenEvents { get; private set; } = true;

    public void Pass(ReadOnlySpan<byte> bytes, IBufferWriter<byte> to)
    {
        while (!bytes.IsEmpty)
        {
            var end = bytes.IndexOf((byte)'\n') + 1;
            var piece = end == 0 ? bytes : bytes[..end];
            bytes = bytes[piece.Length..];
            if (_passing)
            {
                to.Write(piece);
                _passing = end == 0;
            }
            else if (_line.Length == 0 && end > 0)
            {
                WriteLine(piece, to);
            }
            else
            {
                piece.CopyTo(_line.GetSpan(piece.Length));
                _line.Advance(piece.Length);
                Flush(end > 0, to);
            }
        }
    }

    /// <summary>Writes what no line end came for.</summary>
    public void End(IBufferWriter<byte> to)
    {
        if (_line.Length > 0)
        {
            WriteLine(_line.Memory.Span, to);
            _line.Clear();
        }
    }

    public void Dispose() => _line.Dispose();

    private void Flush(bool complete, IBufferWriter<byte> to)
    {
        if (complete)
        {
            WriteLine(_line.Memory.Span, to);
            _line.Clear();
        }
        else if (_line.Length > MaxLine)
        {
            // So long a line is no usage chunk.
            to.Write(_line.Memory.Span);
            _line.Clear();
            (_passing, BetweenEvents) = (true, false);
        }
    }

    private void WriteLine(ReadOnlySpan<byte> line, IBufferWriter<byte> to)
    {
        var isBlank = line.Trim("\r\n"u8).IsEmpty;
        if (isBlank && _swallowBlank)
        {
            _swallowBlank = false;
            return;
        }

        _swallowBlank = false;
        var usage = isBlank || !line.StartsWith("data:"u8) ? -1 : line.IndexOf("\"usage\""u8);
        if (usage < 0)
        {
            to.Write(line);
            BetweenEvents = isBlank;
            return;
        }

        if (IsUsageAlone(line[5..]))
        {
            _swallowBlank = true;
            return;
        }

        BetweenEvents = false;
        WriteWithoutNull(line, usage, to);
    }

    private static void WriteWithoutNull(ReadOnlySpan<byte> line, int at, IBufferWriter<byte> to)
    {
        var value = line[(at + "\"usage\""u8.Length)..].TrimStart(" :"u8);
        if (!value.StartsWith("null"u8))
        {
            to.Write(line);
            return;
        }

        // Within a string the quotes would be escaped, so this is a member; it goes with the comma before it, or else after it.
        var before = line[..at].TrimEnd((byte)' ');
        var after = value["null"u8.Length..];
        if (before[^1] == (byte)',')
        {
            to.Write(before[..^1]);
        }
        else
        {
            to.Write(before);
            after = after.TrimStart(" ,"u8);
        }

        to.Write(after);
    }

    private static bool IsUsageAlone(ReadOnlySpan<byte> data)
    {
        try
        {
            var (hasUsage, hasNoChoices) = (false, false);
            var reader = new Utf8JsonReader(data);
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isUsage = reader.ValueSpan.SequenceEqual("usage"u8);
                var isChoices = reader.ValueSpan.SequenceEqual("choices"u8);
                reader.Read();
                hasUsage |= isUsage && reader.TokenType == JsonTokenType.StartObject;
                if (isChoices)
                {
                    var ahead = reader;
                    hasNoChoices =
                        reader.TokenType == JsonTokenType.StartArray && ahead.Read() && ahead.TokenType == JsonTokenType.EndArray;
                }

                reader.Skip();
            }

            return hasUsage && hasNoChoices;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
