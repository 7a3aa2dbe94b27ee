using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Bifrost.Simulator;

/// <summary>A rule for requests, built fluently. It is inert until it is told what to do.</summary>
public sealed class RequestRule
{
    private readonly string method;
    private readonly Regex path;
    private readonly Allowance allowance = new();
    private readonly Lock gate = new();
    private Func<RecordedRequest, bool>? condition;
    private string? model;
    private RequestAction? action;
    private int hits;

    internal RequestRule(string method, Regex path)
    {
        this.method = method;
        this.path = path;
    }

    /// <summary>How often the rule acted.</summary>
    public int Hits => Volatile.Read(ref hits);

    /// <summary>Acts at most this often.</summary>
    public RequestRule Times(int times)
    {
        allowance.Limit(times);
        return this;
    }

    /// <summary>Acts with this probability, repeatably for a seed.</summary>
    public RequestRule WithProbability(double probability, int seed)
    {
        allowance.Roll(probability, seed);
        return this;
    }

    /// <summary>Acts only when the request fits.</summary>
    public RequestRule When(Func<RecordedRequest, bool> fits)
    {
        condition = fits;
        return this;
    }

    /// <summary>Acts only on creates for this model (<c>owner/name</c>), whatever endpoint they use.</summary>
    public RequestRule ForModel(string ownerAndName)
    {
        model = ownerAndName;
        return this;
    }

    /// <summary>Answers with a problem.</summary>
    public RequestRule Answer(Problem problem) => Answer(problem.ToReply());

    /// <summary>Answers with this.</summary>
    public RequestRule Answer(Reply reply) => Do(known => known with { Answer = _ => reply });

    /// <summary>Answers with what the function makes of the request.</summary>
    public RequestRule Answer(Func<RecordedRequest, Reply> answer) => Do(known => known with { Answer = answer });

    /// <summary>Answers with this JSON text, valid or not.</summary>
    public RequestRule AnswerJson(int status, string json) => Answer(Reply.Text(status, json, "application/json; charset=UTF-8"));

    /// <summary>Answers with this JSON.</summary>
    public RequestRule AnswerJson(int status, JsonNode json) => Answer(Reply.Json(status, json));

    /// <summary>Answers with an HTML page, as a failing edge does.</summary>
    public RequestRule AnswerHtml(
        int status,
        string html = "<html><body><h1>Web server is returning an unknown error</h1></body></html>"
    ) => Answer(Reply.Text(status, html, "text/html; charset=UTF-8"));

    /// <summary>Answers with text that is not JSON although it says it is.</summary>
    public RequestRule AnswerMalformedJson(int status = 200) => AnswerJson(status, "{\"id\": \"abc\", \"status\": succeeded,,}");

    /// <summary>Lets the real handler work and sends only the first bytes of its answer, ended in order.</summary>
    public RequestRule TruncateBody(int bytes) => Rewrite(reply => reply with { Body = reply.Body[..Math.Min(bytes, reply.Body.Length)] });

    /// <summary>Lets the real handler work and labels its answer with another content type.</summary>
    public RequestRule WithContentType(string contentType) => Rewrite(reply => reply with { ContentType = contentType });

    /// <summary>Lets the real handler work and edits the JSON it answers.</summary>
    public RequestRule EditJson(Action<JsonObject> edit) =>
        Rewrite(reply =>
        {
            if (JsonNode.Parse(Encoding.UTF8.GetString(reply.Body.Span)) is not JsonObject body)
            {
                return reply;
            }

            edit(body);
            return reply with { Body = Reply.Json(reply.Status, body).Body };
        });

    /// <summary>Lets the real handler work (or the rule's own answer stand) and changes the answer.</summary>
    public RequestRule Rewrite(Func<Reply, Reply> rewrite) =>
        Do(known => known with { Rewrite = known.Rewrite is { } first ? reply => rewrite(first(reply)) : rewrite });

    /// <summary>Waits this long by the simulator's clock before anything else.</summary>
    public RequestRule Delay(TimeSpan time) => Do(known => known with { Delay = time });

    /// <summary>Closes the connection without a byte of answer; the request is not handled.</summary>
    public RequestRule CutBeforeHeaders() => Do(known => known with { Ending = Ending.Cut });

    /// <summary>Resets the connection without a byte of answer; the request is not handled.</summary>
    public RequestRule Reset() => Do(known => known with { Ending = Ending.Reset });

    /// <summary>Never answers, until the caller gives up or the simulator stops; the request is not handled.</summary>
    public RequestRule Stall() => Do(known => known with { Ending = Ending.Stall });

    /// <summary>Handles the request, announces the whole answer, sends its first bytes and closes the connection.</summary>
    public RequestRule CutMidBody(int afterBytes) => Do(known => known with { Ending = Ending.Cut, SentBytes = afterBytes });

    /// <summary>Handles the request, announces the whole answer, sends its first bytes and resets the connection.</summary>
    public RequestRule ResetMidBody(int afterBytes) => Do(known => known with { Ending = Ending.Reset, SentBytes = afterBytes });

    /// <summary>Handles the request, announces the whole answer, sends its first bytes and then nothing.</summary>
    public RequestRule StallMidBody(int afterBytes) => Do(known => known with { Ending = Ending.Stall, SentBytes = afterBytes });

    /// <summary>Handles the request, but the caller loses the connection instead of getting the answer.</summary>
    public RequestRule LoseAnswer() => Do(known => known with { Ending = Ending.Reset, SentBytes = 0 });

    internal RequestAction? TryTake(RecordedRequest request, string? requestModel)
    {
        var ready = Volatile.Read(ref action);
        var matches =
            ready is not null
            && (method == "*" || string.Equals(method, request.Method, StringComparison.OrdinalIgnoreCase))
            && path.IsMatch(request.PathOnly)
            && (model is null || model == requestModel)
            && (condition is null || condition(request))
            && allowance.TryTake();
        if (!matches)
        {
            return null;
        }

        _ = Interlocked.Increment(ref hits);
        return ready;
    }

    private RequestRule Do(Func<RequestAction, RequestAction> change)
    {
        lock (gate)
        {
            Volatile.Write(ref action, change(action ?? new RequestAction()));
        }

        return this;
    }
}
