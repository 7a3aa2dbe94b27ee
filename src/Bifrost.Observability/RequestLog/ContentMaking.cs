using Bifrost.Core.Contracts;

namespace Bifrost.Observability.RequestLog;

/// <summary>Makes of what was copied what is kept: without secrets, with the words it can be found by.</summary>
internal static class ContentMaking
{
    /// <summary>Null when nothing is kept.</summary>
    public static LogPayload? Make(LogDraft draft, string id)
    {
        if (draft.Request is null && draft.Answer is null)
        {
            return null;
        }

        var request = Clean(draft, draft.Request, draft.Request is { Truncated: true });
        // A stream that broke off may have done so in the middle of a secret.
        var answer = Clean(draft, draft.Answer, draft.Answer is { Truncated: true } || (draft.Streams && draft.Fault is not null));
        if (request.Length == 0 && answer.Length == 0)
        {
            return null;
        }

        return new LogPayload(
            id,
            draft.At,
            request,
            answer,
            SearchWords.Of(request, answer),
            draft.Request is { Truncated: true } || draft.Answer is { Truncated: true }
        );
    }

    private static byte[] Clean(LogDraft draft, ContentCopy? copy, bool brokeOff)
    {
        if (copy is null)
        {
            return [];
        }

        copy.Close();
        return draft.Policy.Redactor.Body(copy.Memory.Span, brokeOff);
    }
}
