using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Bifrost.Simulator.Tests;

/// <summary>What a client of the simulator says, shortened for tests.</summary>
internal sealed class Calls : IDisposable
{
    private readonly HttpClient http;

    public Calls(ReplicateSimulator simulator, string? token = "r8_test")
    {
        Simulator = simulator;
        http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(20) };
        if (token is not null)
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
    }

    public ReplicateSimulator Simulator { get; }

    public HttpClient Http => http;

    public Task<HttpResponseMessage> GetAsync(string path) => http.GetAsync(At(path));

    public async Task<JsonObject> GetJsonAsync(string path)
    {
        using var response = await GetAsync(path);
        return await JsonAsync(response);
    }

    public Task<HttpResponseMessage> PostAsync(string path, string json, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, At(path))
        {
            Content = new StringContent(json, Encoding.UTF8, "application/json"),
        };
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        return http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    public async Task<JsonObject> PostJsonAsync(string path, string json, params (string Name, string Value)[] headers)
    {
        using var response = await PostAsync(path, json, headers);
        return await JsonAsync(response);
    }

    /// <summary>Creates a prediction of llama and returns the object of the create.</summary>
    public Task<JsonObject> LlamaAsync(string prompt = "Hello", params (string Name, string Value)[] headers) =>
        PostJsonAsync(
            "/models/meta/meta-llama-3-8b-instruct/predictions",
            new JsonObject { ["input"] = new JsonObject { ["prompt"] = prompt } }.ToJsonString(),
            headers
        );

    /// <summary>The whole body of a stream, as far as it comes.</summary>
    public async Task<string> StreamAsync(JsonObject prediction, string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, prediction["urls"]!["stream"]!.ToString());
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return await response.Content.ReadAsStringAsync();
    }

    public static async Task<JsonObject> JsonAsync(HttpResponseMessage response) =>
        (JsonObject)JsonNode.Parse(await response.Content.ReadAsStringAsync())!;

    public void Dispose() => http.Dispose();

    private Uri At(string path) => path.StartsWith("http", StringComparison.Ordinal) ? new Uri(path) : new Uri(Simulator.BaseUrl + path);
}
