using System.Globalization;
using System.Text.Json;
using Bifrost.Wire.Canonical;

namespace Bifrost.Wire.Dialects.OpenAIVideos;

/// <summary>A video job has no usage member: what it consumed are the seconds of a completed one.</summary>
internal static class VideoUsage
{
    /// <summary>Never throws; false for a job that is not completed.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out Usage usage)
    {
        usage = new Usage();
        var completed = false;
        double seconds = 0;
        var reader = new Utf8JsonReader(payload);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName)
                {
                    continue;
                }

                if (reader.ValueTextEquals("status"u8))
                {
                    reader.Read();
                    completed = reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("completed"u8);
                }
                else if (reader.ValueTextEquals("seconds"u8))
                {
                    reader.Read();
                    var text = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
                    seconds = double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var known)
                        ? known
                        : 0;
                }
                else
                {
                    reader.Skip();
                }
            }
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: the string holds bytes that are not UTF-8.
            return false;
        }

        usage = usage with { VideoSeconds = seconds };
        return completed && seconds > 0;
    }
}
