using System.Buffers;
using Bifrost.Wire.Canonical.Audio;
using Bifrost.Wire.Dialects.OpenAI;
using Bifrost.Wire.Framing;
using Bifrost.Wire.Json;

namespace Bifrost.Wire.Dialects.OpenAIAudio;

/// <summary>Transcript streams: bare data events, the type within, <c>[DONE]</c> at the end.</summary>
internal sealed class TranscriptDeltaWriter : IDeltaWriter<TranscriptDelta>
{
    private bool _begun;

    public void Write(TranscriptDelta delta, IBufferWriter<byte> output)
    {
        switch (delta)
        {
            case TranscriptPiece piece:
                WritePiece(piece.Text, output);
                break;
            case TranscriptFinished finished:
                WriteFinished(finished.Transcript, output);
                break;
            case TranscriptFailed failed:
                OpenAIFaults.WriteData(failed.Fault, output);
                break;
        }
    }

    public void Finish(IBufferWriter<byte> output) => SseWriter.Data("[DONE]"u8, output);

    // Speech models begin with a space; the whole text has none, so the pieces must not either.
    private void WritePiece(string text, IBufferWriter<byte> output)
    {
        var words = _begun ? text : text.TrimStart();
        if (words.Length == 0)
        {
            return;
        }

        _begun = true;
        output.Write(SseWriter.DataStart);
        using (var lease = JsonLease.On(output))
        {
            var json = lease.Json;
            json.WriteStartObject();
            json.WriteString("type"u8, "transcript.text.delta"u8);
            json.WriteString("delta"u8, words);
            json.WriteEndObject();
        }

        output.Write(SseWriter.EventEnd);
    }

    private static void WriteFinished(Transcript transcript, IBufferWriter<byte> output)
    {
        output.Write(SseWriter.DataStart);
        using (var lease = JsonLease.On(output))
        {
            var json = lease.Json;
            json.WriteStartObject();
            json.WriteString("type"u8, "transcript.text.done"u8);
            json.WriteString("text"u8, transcript.Text.AsSpan().Trim());
            TranscriptWriter.WriteUsage(json, transcript);
            json.WriteEndObject();
        }

        output.Write(SseWriter.EventEnd);
    }
}
