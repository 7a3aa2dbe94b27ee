using System.Diagnostics;
using Bifrost.Observability.Redaction;

namespace Bifrost.Observability.Traces;

/// <summary>Models and ids are what callers and providers say they are, and somebody may have put a key where a name belongs.</summary>
internal static class SpanNames
{
    public const string AskedModel = "bifrost.request.model";

    private static readonly string[] Said = [AskedModel, GenAI.RequestModel, GenAI.ResponseModel, GenAI.ResponseId];

    public static void Clean(Activity span, Redactor redactor)
    {
        foreach (var name in Said)
        {
            if (span.GetTagItem(name) is string said && redactor.Text(said) is var clean && clean != said)
            {
                span.SetTag(name, clean);
            }
        }

        if (redactor.Text(span.DisplayName) is var shown && shown != span.DisplayName)
        {
            span.DisplayName = shown;
        }
    }
}
