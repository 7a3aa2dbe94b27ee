using System.Net;
using System.Text;
using System.Text.Json;
using Bifrost.Core.World;
using Microsoft.AspNetCore.Http;

namespace Bifrost.Testing.Conformance;

/// <summary>What happened when a case was played.</summary>
/// <param name="Replies">What the caller got, by the stem of its question.</param>
/// <param name="Requests">What arrived upstream, by stem; those that never came are missing.</param>
/// <param name="Unforeseen">First lines of requests that the case does not foresee.</param>
/// <param name="Log">What the gateway logged.</param>
public sealed record Played(
    IReadOnlyDictionary<string, Spoken> Replies,
    IReadOnlyDictionary<string, Spoken> Requests,
    IReadOnlyList<string> Unforeseen,
    string Log
);

/// <summary>A message, readable and as its bytes were.</summary>
public sealed record Spoken(HttpText Text, byte[] Bytes);

/// <summary>Plays a case: a real gateway between a caller who asks what is recorded and a provider on a real socket that answers what is
/// recorded, whatever it is asked in whichever order.</summary>
public sealed class CasePlayer
{
    private const string UpstreamMark = "{{upstream}}";

    // What belongs to a connection or a moment, not to the message.
    private static readonly HashSet<string> Passing = new(StringComparer.OrdinalIgnoreCase)
    {
        "connection",
        "content-length",
        "date",
        "host",
        "traceparent",
        "transfer-encoding",
        "x-request-id",
    };

    private readonly Case _case;
    private readonly Dictionary<string, Spoken> _requests = [];
    private readonly List<string> _unforeseen = [];

    private CasePlayer(Case played) => _case = played;

    public static async Task<Played> PlayAsync(Case played)
    {
        var player = new CasePlayer(played);
        await using var upstream = await FakeUpstream.StartAsync(player.AnswerAsync);
        await using var gateway = await AGateway
            .With()
            .Provider(played.Provider, played.Provider, upstream.Address, Key())
            .StartAsync(new StillClock());

        var replies = new Dictionary<string, Spoken>();
        foreach (var stem in played.Callers)
        {
            replies[stem] = await AskAsync(gateway, played.Request(stem), upstream.Address);
        }

        await player.AllCameAsync();
        await gateway.StopAsync();
        lock (player._requests)
        {
            return new Played(replies, player._requests, player._unforeseen, gateway.Log);
        }
    }

    private static KeyConfig Key() =>
        new()
        {
            Name = "main",
            Value = new Secret("sk-upstream"),
            // Without these Replicate's files cannot be read back; other providers do not look.
            Extras = JsonElement.Parse("""{"account":"acme","files_signing_secret":"signing"}"""),
        };

    private static async Task<Spoken> AskAsync(RunningGateway gateway, HttpText asked, Uri upstream)
    {
        using var request = new HttpRequestMessage(new HttpMethod(asked.Method), asked.Path);
        if (asked.Body.Length > 0)
        {
            request.Content = new ByteArrayContent(asked.Bytes());
        }

        foreach (var (name, value) in asked.Headers)
        {
            _ =
                request.Headers.TryAddWithoutValidation(name, value)
                || request.Content?.Headers.TryAddWithoutValidation(name, value) == true;
        }

        using var response = await gateway.Client.SendAsync(request);
        var bytes = await response.Content.ReadAsByteArrayAsync();
        var headers = response.Headers.Concat(response.Content.Headers).Select(h => (h.Key, string.Join(", ", h.Value)));
        return new Spoken(
            TextOf(((int)response.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture), headers, bytes, upstream),
            bytes
        );
    }

    private static HttpText TextOf(string start, IEnumerable<(string Name, string Value)> headers, byte[] body, Uri upstream)
    {
        var text = HttpText.Of(
            start,
            headers.Where(h => !Passing.Contains(h.Name)).OrderBy(h => h.Name, StringComparer.OrdinalIgnoreCase),
            body
        );
        var address = upstream.AbsoluteUri.TrimEnd('/');
        return text with { Body = text.Body.Replace(address, UpstreamMark, StringComparison.Ordinal) };
    }

    private async Task AnswerAsync(HttpContext http)
    {
        var start = $"{http.Request.Method} {http.Request.Path}{http.Request.QueryString}";
        var body = ((MemoryStream)http.Request.Body).ToArray();
        var address = new Uri($"http://{http.Request.Host}");
        var headers = http.Request.Headers.Select(h => (h.Key, h.Value.ToString()));
        string? stem;
        lock (_requests)
        {
            stem = _case.Upstreams.FirstOrDefault(one => !_requests.ContainsKey(one) && _case.Request(one).Start == start);
            if (stem is null)
            {
                _unforeseen.Add(start);
            }
            else
            {
                _requests[stem] = new Spoken(TextOf(start, headers, body, address), body);
            }
        }

        if (stem is null)
        {
            await FakeUpstream.WriteAsync(http, """{"detail":"Not in the recording."}""", (int)HttpStatusCode.NotImplemented);
            return;
        }

        var reply = _case.Reply(stem);
        http.Response.StatusCode = reply.Status;
        foreach (var (name, value) in reply.Headers)
        {
            http.Response.Headers[name] = value;
        }

        var text = Encoding.UTF8.GetString(reply.Bytes()).Replace(UpstreamMark, address.AbsoluteUri.TrimEnd('/'), StringComparison.Ordinal);
        if (text.Length > 0)
        {
            await http.Response.WriteAsync(text);
        }
    }

    /// <summary>Some requests follow the reply, a cancellation for instance: they get up to two seconds.</summary>
    private async Task AllCameAsync()
    {
        for (var pauses = 0; pauses < 200 && !AllCame(); pauses++)
        {
            await Task.Delay(10);
        }
    }

    private bool AllCame()
    {
        lock (_requests)
        {
            return _requests.Count == _case.Upstreams.Count;
        }
    }

    /// <summary>It is always the same moment, so that times in answers are what is recorded. Timers run as usual.</summary>
    private sealed class StillClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    }
}
