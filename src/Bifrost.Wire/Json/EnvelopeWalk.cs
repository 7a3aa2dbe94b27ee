using System.Text.Json;
using Bifrost.Wire.Faults;

namespace Bifrost.Wire.Json;

/// <summary>One pass of the scanner over one body.</summary>
internal ref struct EnvelopeWalk(ReadOnlySpan<byte> body, CapMembers caps)
{
    private readonly ReadOnlySpan<byte> _body = body;
    private readonly CapMembers _caps = caps;
    private Envelope _envelope = new();
    private ContentCount _content;
    private long _choices = 1;
    private bool _uncapped;

    // One bit for each member that was there.
    private uint _seen;

    public Outcome<Envelope> Run(ref JsonCursor reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return Fault.Invalid("The request body must be a JSON object.", code: "invalid_json");
        }

        var memberEnd = reader.TokenEnd;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (Take(ref reader, memberEnd) is { } fault)
            {
                return fault;
            }

            memberEnd = reader.TokenEnd;
        }

        // Anything but white space after the object is a mistake that the reader finds.
        while (reader.Read()) { }

        return _envelope with
        {
            OutputCap = _uncapped ? null : _envelope.OutputCap,
            Choices = (int)Math.Min(_choices * Math.Max(1, _content.Prompts), int.MaxValue),
            ContentReferences = _content.References,
            InlineMedia = _content.InlineMedia,
        };
    }

    private Fault? Take(ref JsonCursor reader, int previousEnd)
    {
        var keyStart = reader.TokenStart;
        var member = EnvelopeNames.Of(ref reader);
        reader.Read();
        switch (member)
        {
            case EnvelopeMember.Model:
                return TakeModel(ref reader);
            case EnvelopeMember.Stream:
                var streams = false;
                var fault = IsRepeated(member, "stream") ?? TakeFlag(ref reader, "stream", ref streams);
                _envelope = _envelope with { Streams = streams };
                return fault;
            case EnvelopeMember.StreamOptions:
                return IsRepeated(member, "stream_options") ?? TakeStreamOptions(ref reader);
            case EnvelopeMember.Fallbacks:
                return IsRepeated(member, "fallbacks") ?? TakeFallbacks(ref reader, previousEnd, keyStart);
            case EnvelopeMember.MaxTokens when _caps.HasFlag(CapMembers.MaxTokens):
                return TakeCap(ref reader, member, "max_tokens");
            case EnvelopeMember.MaxOutputTokens when _caps.HasFlag(CapMembers.MaxOutputTokens):
                return TakeCap(ref reader, member, "max_output_tokens");
            case EnvelopeMember.MaxCompletionTokens when _caps.HasFlag(CapMembers.MaxCompletionTokens):
                return TakeCap(ref reader, member, "max_completion_tokens");
            case EnvelopeMember.Choices:
                return TakeChoices(ref reader, member, "n");
            case EnvelopeMember.BestOf:
                return TakeChoices(ref reader, member, "best_of");
            case EnvelopeMember.Disguised:
                return Fault.Invalid(
                    "The request body has a top-level member whose name differs from a parameter's in capital letters alone. Parameters are written in small letters.",
                    code: "unknown_parameter"
                );
            default:
                _content.Skip(ref reader, member);
                return null;
        }
    }

    private Fault? TakeModel(ref JsonCursor reader)
    {
        if (IsRepeated(EnvelopeMember.Model, "model") is { } repeated)
        {
            return repeated;
        }

        if (reader.TokenType != JsonTokenType.String)
        {
            return Fault.Invalid("`model` must be a string.", "model", "invalid_type");
        }

        _envelope = _envelope with { ModelName = reader.GetString(), Model = ValueAt(ref reader) };
        return null;
    }

    private Fault? TakeFallbacks(ref JsonCursor reader, int previousEnd, int keyStart)
    {
        var valueStart = reader.TokenStart;
        reader.Skip();
        var value = new ByteRange(valueStart, reader.TokenEnd - valueStart);
        _envelope = _envelope with { Fallbacks = value, FallbacksMember = MemberWithComma(_body, previousEnd, keyStart, value.End) };
        return null;
    }

    private Fault? TakeStreamOptions(ref JsonCursor reader)
    {
        var start = reader.TokenStart;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            _envelope = _envelope with { StreamOptions = ValueAt(ref reader) };
            return reader.TokenType == JsonTokenType.Null
                ? null
                : Fault.Invalid("`stream_options` must be an object.", "stream_options", "invalid_type");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var asked = reader.Is("include_usage"u8);
            reader.Read();
            if (!asked)
            {
                reader.Skip();
                continue;
            }

            const string name = "stream_options.include_usage";
            var asks = false;
            var fault = _envelope.IncludeUsage.IsEmpty ? TakeFlag(ref reader, name, ref asks) : Repeated(name);
            if (fault is not null)
            {
                return fault;
            }

            _envelope = _envelope with { AsksUsage = asks, IncludeUsage = ValueAt(ref reader) };
        }

        _envelope = _envelope with { StreamOptions = new ByteRange(start, reader.TokenEnd - start) };
        return null;
    }

    private Fault? TakeCap(ref JsonCursor reader, EnvelopeMember member, string name)
    {
        if ((TakeWhole(ref reader, name, out var cap) ?? IsRepeated(member, name)) is { } fault)
        {
            return fault;
        }

        // Some servers take a negative number for none, whatever the other cap says.
        _uncapped |= cap < 0;
        var at = ValueAt(ref reader);
        _envelope = _envelope with
        {
            // With two caps the higher one may be the one that counts.
            OutputCap = cap is >= 0 && cap >= (_envelope.OutputCap ?? 0) ? cap : _envelope.OutputCap,
            CapAt = member == EnvelopeMember.MaxCompletionTokens ? _envelope.CapAt : at,
            CompletionCapAt = member == EnvelopeMember.MaxCompletionTokens ? at : _envelope.CompletionCapAt,
        };
        return null;
    }

    private Fault? TakeChoices(ref JsonCursor reader, EnvelopeMember member, string name)
    {
        if ((TakeWhole(ref reader, name, out var count) ?? IsRepeated(member, name)) is { } fault)
        {
            return fault;
        }

        if (count is < 1 or > int.MaxValue)
        {
            return Fault.Invalid($"`{name}` must be at least 1, and not beyond all measure.", name, "invalid_value");
        }

        _choices = Math.Max(_choices, count ?? 1);
        return null;
    }

    private static Fault? TakeFlag(ref JsonCursor reader, string name, ref bool value)
    {
        value = reader.TokenType == JsonTokenType.True;
        return reader.TokenType is JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null
            ? null
            : Fault.Invalid($"`{name}` must be true or false.", name, "invalid_type");
    }

    private static Fault? TakeWhole(ref JsonCursor reader, string name, out long? value)
    {
        value = null;
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        if (reader.TokenType == JsonTokenType.Number)
        {
            if (reader.TryGetWhole(out var whole))
            {
                value = whole;
                return null;
            }

            // Some clients write whole numbers with a point.
            if (reader.TryGetReal(out var real) && Math.Abs(real) < 1e15 && real == Math.Floor(real))
            {
                value = (long)real;
                return null;
            }
        }

        return Fault.Invalid($"`{name}` must be a whole number.", name, "invalid_type");
    }

    private Fault? IsRepeated(EnvelopeMember member, string name)
    {
        var bit = 1u << (int)member;
        var repeated = (_seen & bit) != 0;
        _seen |= bit;
        return repeated ? Repeated(name) : null;
    }

    // If we read one of them and the provider reads the other, every rule we enforce is decoration.
    private static Fault Repeated(string name) =>
        Fault.Invalid($"The request body has more than one `{name}`. Send it once.", name, "duplicate_parameter");

    private static ByteRange ValueAt(ref JsonCursor reader) => new(reader.TokenStart, reader.TokenEnd - reader.TokenStart);

    private static ByteRange MemberWithComma(ReadOnlySpan<byte> body, int previousEnd, int start, int end)
    {
        // Between two members stands one comma; before the first stands none.
        var before = body[previousEnd..start].IndexOf((byte)',');
        if (before >= 0)
        {
            return new ByteRange(previousEnd + before, end - previousEnd - before);
        }

        var after = end;
        while (body[after] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            after++;
        }

        return new ByteRange(start, (body[after] == (byte)',' ? after + 1 : end) - start);
    }
}
