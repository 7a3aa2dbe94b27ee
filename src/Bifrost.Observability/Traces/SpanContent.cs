using System.Diagnostics;
using System.Text;
using Bifrost.Core;
using Bifrost.Core.Contracts;
using Bifrost.Observability.Redaction;
using Bifrost.Observability.RequestLog;

namespace Bifrost.Observability.Traces;

/// <summary>Puts into spans what was asked and answered, where the request log may keep it too. It is copied while the exchange is there; secrets are taken
/// out of it on the exporter's thread.</summary>
internal sealed class SpanContent(SpanLosses losses)
{
    private const string Property = "bifrost.content";

    /// <summary>Of content that waits; what is beyond is left out.</summary>
    private const long MostBytes = 32 << 20;

    private long _waiting;

    public void Take(Exchange exchange, LogPolicy policy, Activity span)
    {
        if (!span.IsAllDataRequested || !policy.KeepsContent(exchange) || policy.IsBroken)
        {
            return;
        }

        var answer = exchange.AnswerCopy?.Memory ?? default;
        var room = answer.Length + Math.Min(exchange.Body.Length, policy.MaxContentBytes);
        if (Interlocked.Add(ref _waiting, room) > MostBytes)
        {
            Interlocked.Add(ref _waiting, -room);
            losses.LostContent();
            return;
        }

        var request = RequestCopy.Of(exchange, policy.MaxContentBytes);
        span.SetCustomProperty(
            Property,
            new Held(this, policy.Redactor, request, answer.ToArray(), exchange.AnswerCopy is { Truncated: true }, room)
        );
    }

    /// <summary>Writes what was copied for a span into it.</summary>
    public static void Complete(Activity span)
    {
        if (Take(span) is not { } held)
        {
            return;
        }

        using (held)
        {
            held.WriteTo(span);
        }
    }

    /// <summary>Gives back what was copied for a span.</summary>
    public static void Drop(Activity span) => Take(span)?.Dispose();

    private static Held? Take(Activity span)
    {
        var held = span.GetCustomProperty(Property) as Held;
        if (held is not null)
        {
            span.SetCustomProperty(Property, null);
        }

        return held;
    }

    private sealed class Held(SpanContent owner, Redactor redactor, ContentCopy? request, byte[] answer, bool answerIsCut, int room)
        : IDisposable
    {
        public void WriteTo(Activity span)
        {
            if (request is { Length: > 0 })
            {
                request.Close();
                var clean = redactor.Body(request.Memory.Span, request.Truncated);
                Add(span, MessageText.OfRequest(clean), GenAI.InputMessages, "bifrost.request.body", clean);
            }

            if (answer.Length > 0)
            {
                var clean = redactor.Body(answer, answerIsCut);
                Add(span, MessageText.OfAnswer(clean), GenAI.OutputMessages, "bifrost.response.body", clean);
            }
        }

        public void Dispose()
        {
            request?.Dispose();
            Interlocked.Add(ref owner._waiting, -room);
        }

        private static void Add(Activity span, string? messages, string name, string plainName, byte[] plain)
        {
            if (messages is not null)
            {
                span.AddTag(name, messages);
            }
            else
            {
                span.AddTag(plainName, Encoding.UTF8.GetString(plain));
            }
        }
    }
}
