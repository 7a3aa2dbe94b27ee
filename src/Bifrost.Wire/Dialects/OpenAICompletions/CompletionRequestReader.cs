using System.Text.Json;
using Bifrost.Wire.Canonical.Completions;
using Bifrost.Wire.Dialects.OpenAI;
using Bifrost.Wire.Faults;
using Bifrost.Wire.Json;

namespace Bifrost.Wire.Dialects.OpenAICompletions;

internal static class CompletionRequestReader
{
    public static Outcome<Prompt> Read(ReadOnlyMemory<byte> body)
    {
        if (JsonBody.ReadObject(body).Failed(out var broken, out var json))
        {
            return broken;
        }

        var fields = new Fields(json);
        // The gateway's own member: other models to try.
        fields.Ignore("fallbacks");
        var model = fields.Text("model", required: true, allowEmpty: false);
        var prompt = new Prompt
        {
            Model = model ?? "",
            Texts = Texts(fields),
            Sampling = SamplingFields.Read(fields, fields.Integer("max_tokens", 0)),
            Count = SamplingFields.Choices(fields) ?? 1,
            Echo = fields.Flag("echo") ?? false,
            Suffix = fields.Text("suffix"),
            BestOf = fields.Integer("best_of", 1, 20),
            LogProbs = fields.Integer("logprobs", 0, 5),
            Streams = fields.Flag("stream") ?? false,
            IncludeUsage = SamplingFields.IncludesUsage(fields),
            User = fields.Text("user"),
        };
        return fields.Mistakes is { } mistakes ? mistakes : prompt with { Extensions = fields.Rest() };
    }

    private static IReadOnlyList<string> Texts(Fields fields)
    {
        if (fields.Any("prompt") is not { } prompt)
        {
            fields.Mistake("prompt", "`prompt` is required.", "missing_required_parameter");
            return [];
        }

        if (prompt.ValueKind == JsonValueKind.Array)
        {
            if (prompt.GetArrayLength() == 0)
            {
                fields.Mistake("prompt", "`prompt` must hold at least one string.", "empty_array");
                return [];
            }

            if (prompt[0].ValueKind is JsonValueKind.Number or JsonValueKind.Array)
            {
                fields.Mistake("prompt", "`prompt` holds token ids, which are not supported; send text.", "invalid_type");
                return [];
            }
        }

        return fields.Texts("prompt");
    }
}
