using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Components;

namespace Bifrost.Web.Api;

/// <summary>The management API as its visitor may use it. One for each page.</summary>
internal sealed class GatewayApi(FrontDoor door, Visitor visitor, Handoff handoff, NavigationManager navigation) : IDisposable
{
    /// <summary>How the API writes: <c>snake_case</c>; what a record does not name is passed over.</summary>
    public static JsonSerializerOptions Written { get; } =
        new(JsonSerializerDefaults.Web)
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            NumberHandling = JsonNumberHandling.AllowReadingFromString,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        };

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly HttpClient _http = new(door.For(visitor))
    {
        BaseAddress = new Uri($"{visitor.Scheme}://{visitor.Host}/"),
        // A picture takes as long as its model does: who asks for one decides how long to wait.
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Reads. What was read while the page was first made is not read again when it comes to life.</summary>
    public async Task<Answer<T>> GetAsync<T>(string path, CancellationToken cancel = default)
    {
        if (handoff.Take(path) is { } kept)
        {
            return Of<T>(kept);
        }

        return await SendAsync<T>(HttpMethod.Get, path, null, cancel);
    }

    public Task<Answer<T>> PostAsync<T>(string path, object? body = null) => SendAsync<T>(HttpMethod.Post, path, body, default);

    /// <summary>With a version: only if nobody has changed it since.</summary>
    public Task<Answer<T>> PutAsync<T>(string path, object? body = null, string? version = null) =>
        SendAsync<T>(HttpMethod.Put, path, body, default, version);

    /// <inheritdoc cref="PutAsync{T}" />
    public Task<Answer<T>> PatchAsync<T>(string path, object? body, string? version = null) =>
        SendAsync<T>(HttpMethod.Patch, path, body, default, version);

    public Task<Answer<JsonNode>> DeleteAsync(string path, object? body = null) =>
        SendAsync<JsonNode>(HttpMethod.Delete, path, body, default);

    /// <summary>Signs in.</summary>
    /// <returns>The cookie that the browser has to keep.</returns>
    public async Task<Answer<string>> SignInAsync(string user, string password)
    {
        var cookie = "";
        var body = new JsonObject { ["username"] = user, ["password"] = password };
        var answer = await SendAsync<JsonNode>(
            HttpMethod.Post,
            "api/session/login",
            body,
            default,
            heard: headers => cookie = string.Join("", headers.GetValues("Set-Cookie"))
        );
        return new Answer<string>(cookie, answer.Problem);
    }

    /// <summary>Anything behind the front door, inference too; the answer is read as it comes.</summary>
    public Task<HttpResponseMessage> SendRawAsync(HttpRequestMessage request, CancellationToken cancel) =>
        _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);

    /// <summary>Server-sent events until they end or <paramref name="cancel"/> is set.</summary>
    public async IAsyncEnumerable<SseItem<string>> EventsAsync(string path, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        using var response = await SendRawAsync(request, cancel);
        response.EnsureSuccessStatusCode();
        await using var stream = await response.Content.ReadAsStreamAsync(cancel);
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(cancel))
        {
            yield return item;
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<Answer<T>> SendAsync<T>(
        HttpMethod method,
        string path,
        object? body,
        CancellationToken cancel,
        string? version = null,
        Action<HttpResponseHeaders>? heard = null
    )
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        waiting.CancelAfter(Patience);
        try
        {
            using var request = new HttpRequestMessage(method, path);
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
            if (version is not null)
            {
                request.Headers.TryAddWithoutValidation("If-Match", version);
            }

            request.Content = body is null ? null : JsonContent.Create(body, body.GetType(), options: Written);
            using var response = await SendRawAsync(request, waiting.Token);
            var text = await response.Content.ReadAsStringAsync(waiting.Token);
            if (!response.IsSuccessStatusCode)
            {
                if ((int)response.StatusCode == 401)
                {
                    SignIn();
                }

                return new Answer<T>(default, ProblemOf((int)response.StatusCode, text));
            }

            heard?.Invoke(response.Headers);
            var read = new Read(text, VersionIn(response), response.Headers.Contains("x-bf-simulated"));
            if (method == HttpMethod.Get)
            {
                handoff.Keep(path, read);
            }

            return Of<T>(read);
        }
        catch (Exception broken)
            when (broken is HttpRequestException or JsonException or TaskCanceledException && !cancel.IsCancellationRequested)
        {
            return new Answer<T>(default, new Problem(0, $"The gateway did not answer as expected: {broken.Message}", []));
        }
    }

    private static Answer<T> Of<T>(Read read) =>
        new(read.Text.Length == 0 ? default : JsonSerializer.Deserialize<T>(read.Text, Written), null)
        {
            Version = read.Version,
            IsSimulated = read.IsSimulated,
        };

    private static string? VersionIn(HttpResponseMessage response) =>
        response.Headers.NonValidated.TryGetValues("ETag", out var tag) ? tag.ToString() : null;

    private void SignIn()
    {
        var here = navigation.ToBaseRelativePath(navigation.Uri);
        if (!here.StartsWith("login", StringComparison.Ordinal))
        {
            navigation.NavigateTo($"login?return={Uri.EscapeDataString(here)}", forceLoad: true);
        }
    }

    private static Problem ProblemOf(int status, string text)
    {
        try
        {
            var error = JsonNode.Parse(text)?["error"];
            var mistakes = error?["mistakes"]?.Deserialize<List<Mistake>>(Written) ?? [];
            if ((string?)error?["message"] is { } message)
            {
                return new Problem(status, message, mistakes);
            }
        }
        catch (Exception notOurs) when (notOurs is JsonException or InvalidOperationException)
        {
            // Then the status says all there is to say.
        }

        return new Problem(status, $"The gateway answered with status {status}.", []);
    }
}
