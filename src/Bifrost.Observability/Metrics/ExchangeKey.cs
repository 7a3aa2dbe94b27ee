using System.Text;
using Bifrost.Core;
using Bifrost.Core.Contracts;

namespace Bifrost.Observability.Metrics;

/// <summary>What tells series of exchanges apart: the published labels. The strings nearly always are the very same objects as in the series' own key,
/// so comparing costs little.</summary>
internal readonly record struct ExchangeKey
{
    public string Provider { get; init; }

    public string Model { get; init; }

    public Operation Operation { get; init; }

    public bool Streams { get; init; }

    public string? VirtualKeyId { get; init; }

    public string? VirtualKeyName { get; init; }

    public string? TeamId { get; init; }

    public string? CustomerId { get; init; }

    public string KeyId { get; init; }

    public string KeyName { get; init; }

    public int Retries { get; init; }

    public int FallbackIndex { get; init; }

    /// <summary>The operator's own labels, as they stand in the text.</summary>
    public string Own { get; init; }

    // Of few members: the rest would cost more than the collisions it avoids.
    public override int GetHashCode() =>
        HashCode.Combine(Model, VirtualKeyId, KeyId, (int)Operation, Streams, (Retries << 8) | FallbackIndex, Own);

    public static ExchangeKey Of(Exchange exchange, Target target, string model, string own)
    {
        var caller = exchange.Caller;
        return new ExchangeKey
        {
            Provider = target.Provider.Id,
            Model = model,
            Operation = exchange.Operation,
            Streams = exchange.Streams,
            VirtualKeyId = caller?.Id,
            VirtualKeyName = caller?.Name,
            TeamId = caller?.TeamId,
            CustomerId = caller?.CustomerId,
            KeyId = target.Key.Id,
            KeyName = target.Key.Name,
            Retries = RetriesOf(exchange, target),
            FallbackIndex = exchange.TargetIndex,
            Own = own,
        };
    }

    public LabelText Labels(MetricsOptions options)
    {
        var text = new StringBuilder();
        LabelText.Add(text, "provider", Provider);
        LabelText.Add(text, "model", Model);
        LabelText.Add(text, "method", MethodOf(Operation, Streams));
        LabelText.Add(text, "virtual_key_id", VirtualKeyId);
        LabelText.Add(text, "virtual_key_name", VirtualKeyName);
        LabelText.Add(text, "selected_key_id", KeyId);
        LabelText.Add(text, "selected_key_name", KeyName);
        LabelText.Add(text, "number_of_retries", Text(Retries));
        LabelText.Add(text, "fallback_index", Text(FallbackIndex));
        LabelText.Add(text, "team_id", TeamId);
        LabelText.Add(text, "team_name", TeamId is null ? null : options.TeamName(TeamId));
        LabelText.Add(text, "customer_id", CustomerId);
        LabelText.Add(text, "customer_name", CustomerId is null ? null : options.CustomerName(CustomerId));
        return With(text, Own);
    }

    /// <summary>Of the series in which all the rest is counted.</summary>
    public static LabelText OtherLabels { get; } =
        LabelText.Of(
            ("provider", CallerValues.Other),
            ("model", CallerValues.Other),
            ("method", CallerValues.Other),
            ("virtual_key_id", CallerValues.Other),
            ("selected_key_id", CallerValues.Other)
        );

    /// <summary>The published word of the call: streamed ones end in <c>_stream</c>.</summary>
    internal static string MethodOf(Operation operation, bool streams) => streams ? operation.Word() + "_stream" : operation.Word();

    internal static LabelText With(StringBuilder text, string own)
    {
        if (own.Length > 0)
        {
            text.Append(text.Length > 0 ? "," : "").Append(own);
        }

        return LabelText.Of(text);
    }

    internal static string Text(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static int RetriesOf(Exchange exchange, Target target)
    {
        var failed = 0;
        foreach (var attempt in exchange.Attempts)
        {
            failed +=
                !attempt.Refused
                && attempt.Key == target.Key.Name
                && attempt.Model == target.Model
                && attempt.Provider == target.Provider.Id
                    ? 1
                    : 0;
        }

        // The last of several tries that all failed is no retry of a success.
        return exchange.AnsweredAt == 0 && failed > 0 ? failed - 1 : failed;
    }
}
