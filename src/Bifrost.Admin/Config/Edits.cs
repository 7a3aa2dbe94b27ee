using System.Text.Json.Nodes;
using Bifrost.Admin.Http;
using Bifrost.Configuration.Settings;

namespace Bifrost.Admin.Config;

/// <summary>Says what became of an edit of the settings.</summary>
internal static class Edits
{
    /// <param name="outcome">What became of it.</param>
    /// <param name="done">The answer when it is in force.</param>
    public static Reply Answer(EditOutcome outcome, Func<Reply> done) =>
        outcome.Status switch
        {
            EditStatus.Done => WithWarnings(done(), outcome.Warnings),
            EditStatus.NotFound => Reply.Refused(404, outcome.Message!),
            EditStatus.Conflict => Reply.Refused(409, outcome.Message!),
            EditStatus.Mistaken => Reply.Bad([.. outcome.Mistakes.Select(m => m.Path.Length == 0 ? m with { Path = "body" } : m)]),
            _ => Reply.Refused(503, outcome.Message!),
        };

    private static Reply WithWarnings(Reply reply, IReadOnlyList<string> warnings)
    {
        if (warnings.Count > 0 && reply.Body is JsonObject body)
        {
            body["warnings"] = new JsonArray([.. warnings.Select(w => JsonValue.Create(w))]);
        }

        return reply;
    }
}
