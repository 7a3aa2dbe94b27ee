using System.Text.Json.Nodes;

namespace Bifrost.Simulator;

/// <summary>Transcripts of audio nobody listened to.</summary>
internal static class Transcripts
{
    private static readonly (double Start, double End, string Text)[] Segments =
    [
        (0.0, 3.2, " This is a simulated transcript from Bifrost's demo."),
        (3.2, 6.4, " No audio was heard and nothing was billed."),
        (6.4, 9.0, " The timestamps are made up but well formed."),
    ];

    public static Answer For(SimulatorModel model, JsonObject input) =>
        model.Schema.Streams ? new Answer.Pieces(Tokens.Split(Text().TrimStart()), 40) : new Answer.Value(Whisper(input));

    public static Answer Chunks(JsonObject input)
    {
        var chunks = new JsonArray();
        foreach (var (start, end, text) in Segments)
        {
            chunks.Add((JsonNode)new JsonObject { ["text"] = text, ["timestamp"] = new JsonArray(start, end) });
        }

        _ = input;
        return new Answer.Value(new JsonObject { ["text"] = Text(), ["chunks"] = chunks });
    }

    private static string Text() => string.Concat(Segments.Select(segment => segment.Text));

    private static JsonObject Whisper(JsonObject input)
    {
        var segments = new JsonArray();
        foreach (var (start, end, text) in Segments)
        {
            segments.Add(
                (JsonNode)
                    new JsonObject
                    {
                        ["id"] = segments.Count,
                        ["seek"] = 0,
                        ["start"] = start,
                        ["end"] = end,
                        ["text"] = text,
                        ["tokens"] = new JsonArray(50364, 639, 307, 257),
                        ["temperature"] = 0,
                        ["avg_logprob"] = -0.25,
                        ["compression_ratio"] = 1.3,
                        ["no_speech_prob"] = 0.01,
                    }
            );
        }

        var language = input["language"]?.ToString() ?? "auto";
        var format = input["transcription"]?.ToString();
        return new JsonObject
        {
            ["segments"] = segments,
            ["srt_file"] = null,
            ["txt_file"] = null,
            ["translation"] = input["translate"] is JsonValue value && value.TryGetValue(out bool translate) && translate ? Text() : null,
            ["transcription"] = format switch
            {
                "srt" => Timed("", ','),
                "vtt" => Timed("WEBVTT\n\n", '.'),
                _ => Text(),
            },
            ["detected_language"] = language is "auto" or "en" ? "english" : language,
        };
    }

    private static string Timed(string header, char point)
    {
        var text = new System.Text.StringBuilder(header);
        for (var i = 0; i < Segments.Length; i++)
        {
            var (start, end, said) = Segments[i];
            _ = point == ',' ? text.Append(i + 1).Append('\n') : text;
            _ = text.Append(Stamp(start, point)).Append(" --> ").Append(Stamp(end, point)).Append('\n').Append(said.Trim()).Append("\n\n");
        }

        return text.ToString();
    }

    private static string Stamp(double seconds, char point) =>
        TimeSpan.FromSeconds(seconds).ToString($@"hh\:mm\:ss\{point}fff", System.Globalization.CultureInfo.InvariantCulture);
}
