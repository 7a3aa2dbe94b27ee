using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Bifrost.Core.Contracts;
using Bifrost.Core.World;
using Bifrost.Wire.Canonical.Chat;
using Bifrost.Wire.Canonical.Completions;
using Bifrost.Wire.Json;

namespace Bifrost.Core.Attempt;

/// <summary>Lowers what a request lets a model write to what its reservation pays for, on every lane, and tells the caller.</summary>
internal static class OutputCaps
{
    // Reasoning models take no max_tokens, wherever they are served; the rest of the world knows nothing newer.
    private static readonly string[] ReasoningFamilies = ["o1", "o3", "o4", "gpt-5"];

    /// <summary>For the translated lane.</summary>
    public static T Lower<T>(Exchange exchange, long cap, T request)
        where T : class
    {
        var most = (int)Math.Clamp(cap, 1, int.MaxValue);
        switch (request)
        {
            case Conversation { Sampling: var sampling } asked when sampling.MaxTokens is not { } wanted || wanted > most:
                Tell(exchange, MemberOf(exchange, null), most);
                return (T)(object)(asked with { Sampling = sampling with { MaxTokens = most } });
            case Prompt { Sampling: var sampling } asked when sampling.MaxTokens is not { } wanted || wanted > most:
                Tell(exchange, "max_tokens", most);
                return (T)(object)(asked with { Sampling = sampling with { MaxTokens = most } });
            default:
                return request;
        }
    }

    /// <summary>For the lanes on which the caller's own bytes go up.</summary>
    public static void Lower(Exchange exchange, Target target, long cap, BodyEdits edits)
    {
        var envelope = exchange.Envelope;
        cap = Math.Max(1, cap);
        if (
            exchange.Operation is not (Operation.Chat or Operation.Completion or Operation.Response)
            || (envelope.OutputCap is { } wanted && wanted <= cap)
        )
        {
            return;
        }

        var text = Encoding.UTF8.GetBytes(cap.ToString(CultureInfo.InvariantCulture));
        var lowered = LowerAt(exchange, envelope.CapAt, cap, text, edits) | LowerAt(exchange, envelope.CompletionCapAt, cap, text, edits);
        var member = MemberOf(exchange, target);
        if (!lowered)
        {
            // Nothing limits the answer yet.
            edits.Replace(Inserting.At(exchange.Body.Span), Encoding.UTF8.GetBytes($"\"{member}\":{cap},"));
        }

        Tell(exchange, lowered && envelope.CompletionCapAt.IsEmpty && exchange.Operation == Operation.Chat ? "max_tokens" : member, cap);
    }

    /// <summary>The member that says it in the caller's dialect, to this server.</summary>
    public static string MemberFor(Operation operation, ProviderModel? provider, string model) =>
        operation switch
        {
            Operation.Response => "max_output_tokens",
            Operation.Completion => "max_tokens",
            _ when provider is null || provider.IsHome || IsReasoning(model) => "max_completion_tokens",
            _ => "max_tokens",
        };

    private static string MemberOf(Exchange exchange, Target? target) =>
        MemberFor(exchange.Operation, target?.Provider, target?.Model ?? "");

    private static bool LowerAt(Exchange exchange, ByteRange at, long cap, byte[] text, BodyEdits edits)
    {
        if (at.IsEmpty)
        {
            return false;
        }

        // Null and what is below zero are no limit; a number with a point was found whole, and small ones stay.
        var value = exchange.Body.Span.Slice(at.Start, at.Length);
        if (!Utf8Parser.TryParse(value, out double wanted, out _) || wanted < 0 || wanted > cap)
        {
            edits.Replace(at, text);
        }

        return true;
    }

    private static bool IsReasoning(string model)
    {
        var name = model.AsSpan(model.LastIndexOf('/') + 1);
        foreach (var family in ReasoningFamilies)
        {
            if (name.StartsWith(family, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static void Tell(Exchange exchange, string member, long cap) =>
        exchange.Note(
            new ParameterNote(
                member,
                "changed",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The budget pays for at most {cap} output tokens, so `{member}` was set to that."
                )
            )
        );
}

/// <summary>Where new members of a body go: first, since a comma can always follow there.</summary>
internal static class Inserting
{
    public static ByteRange At(ReadOnlySpan<byte> body) => new(body.IndexOf((byte)'{') + 1, 0);
}
