using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Bifrost.Wire.Faults;
using static Bifrost.Wire.Dialects.Replicate.SchemaReader;

namespace Bifrost.Wire.Dialects.Replicate;

internal static class PredictionReader
{
    private const int MaxDepth = 128;
    private const int MaxError = 8 * 1024;

    public static Outcome<Prediction> Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(Sound(body), new JsonDocumentOptions { MaxDepth = MaxDepth });
            return Read(document.RootElement);
        }
        catch (JsonException)
        {
            return new Fault(FaultKind.UpstreamInvalid, "Replicate answered with something that is not JSON.");
        }
    }

    public static Outcome<Prediction> Read(JsonElement prediction)
    {
        if (Text(prediction, "id") is not { Length: > 0 } id)
        {
            return new Fault(FaultKind.UpstreamInvalid, "Replicate answered with something that is not a prediction.");
        }

        _ = Member(prediction, "urls", out var urls);
        return new Prediction
        {
            Id = id,
            Model = Text(prediction, "model"),
            Version = Text(prediction, "version"),
            Status = Status(Text(prediction, "status")),
            Output = Member(prediction, "output", out var output) ? output.Clone() : null,
            Error = Error(prediction),
            Logs = Text(prediction, "logs") ?? "",
            Metrics = Member(prediction, "metrics", out var metrics) ? Metrics(metrics) : PredictionMetrics.None,
            CreatedAt = Time(prediction, "created_at"),
            StartedAt = Time(prediction, "started_at"),
            CompletedAt = Time(prediction, "completed_at"),
            DataRemoved = Flag(prediction, "data_removed"),
            GetUrl = Text(urls, "get"),
            CancelUrl = Text(urls, "cancel"),
            StreamUrl = Text(urls, "stream"),
        };
    }

    /// <summary>Models log arbitrary bytes; what is no UTF-8 becomes question marks instead of making the whole unreadable.</summary>
    internal static ReadOnlyMemory<byte> Sound(ReadOnlyMemory<byte> body) =>
        Utf8.IsValid(body.Span) ? body : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(body.Span));

    private static PredictionStatus Status(string? word) =>
        word switch
        {
            "starting" => PredictionStatus.Starting,
            "processing" => PredictionStatus.Processing,
            "succeeded" => PredictionStatus.Succeeded,
            "failed" => PredictionStatus.Failed,
            "canceled" or "cancelled" => PredictionStatus.Canceled,
            "aborted" => PredictionStatus.Aborted,
            _ => PredictionStatus.Unknown,
        };

    private static string? Error(JsonElement prediction)
    {
        if (!Member(prediction, "error", out var error))
        {
            return null;
        }

        var text =
            Words(error)
            ?? Text(error, "detail")
            ?? Text(error, "message")
            ?? (error.ValueKind == JsonValueKind.False ? "" : error.GetRawText());
        return text.Length switch
        {
            0 => null,
            > MaxError => text[^MaxError..],
            _ => text,
        };
    }

    private static PredictionMetrics Metrics(JsonElement metrics)
    {
        if (metrics.ValueKind != JsonValueKind.Object)
        {
            return PredictionMetrics.None;
        }

        var other = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var metric in metrics.EnumerateObject())
        {
            if (
                NameOf(metric)
                    is { } name
                        and not ("predict_time" or "total_time" or "input_token_count" or "output_token_count" or "image_count")
                && Number(metrics, name) is { } number
                && double.IsFinite(number)
            )
            {
                other[name] = number;
            }
        }

        return new PredictionMetrics
        {
            PredictTime = Seconds(metrics, "predict_time"),
            TotalTime = Seconds(metrics, "total_time"),
            InputTokens = Count(metrics, "input_token_count"),
            OutputTokens = Count(metrics, "output_token_count"),
            Images = (int?)Math.Min(Count(metrics, "image_count") ?? -1, int.MaxValue) is >= 0 and var images ? images : null,
            Other = other,
        };
    }

    private static double? Seconds(JsonElement metrics, string name) =>
        Number(metrics, name) is { } number && double.IsFinite(number) && number >= 0 ? number : null;

    // Counts come as 12 and as 12.0.
    private static long? Count(JsonElement metrics, string name) =>
        Number(metrics, name) is >= 0 and < 1e15 and var number ? (long)Math.Round(number) : null;

    private static DateTimeOffset? Time(JsonElement prediction, string name) =>
        Text(prediction, name) is { } text
        && DateTimeOffset.TryParse(
            Shorten(text),
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var time
        )
            ? time
            : null;

    /// <summary>Replicate writes up to nine fractional digits; .NET reads seven.</summary>
    private static string Shorten(string text)
    {
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0)
        {
            return text;
        }

        var end = dot + 1;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
        {
            end++;
        }

        return end - dot - 1 <= 7 ? text : $"{text.AsSpan(0, dot + 8)}{text.AsSpan(end)}";
    }
}
