using System.Globalization;
using System.Net;
using System.Text;
using Bifrost.Testing;
using Bifrost.Testing.Governed;
using Bifrost.Testing.Processes;
using Bifrost.Testing.Stores;

namespace Bifrost.Money.Tests;

/// <summary>The program in a folder and on a database that outlive it, between callers and two providers that count what reaches them.</summary>
internal sealed class House : IAsyncDisposable
{
    private readonly StorePlace _place;
    private readonly SocketsHttpHandler _wires = new() { UseCookies = false, UseProxy = false };
    private readonly HttpClient _http;
    private BifrostProcess? _program;

    private House(StorePlace place, Provider main, Provider other)
    {
        (_place, Main, Other) = (place, main, other);
        _http = new HttpClient(_wires) { Timeout = TimeSpan.FromSeconds(60) };
        Api = new ManagementClient(_http);
    }

    public Provider Main { get; }

    public Provider Other { get; }

    public ManagementClient Api { get; }

    /// <summary>Everything the program said since it was last started.</summary>
    public string Said => _program is { } program ? program.Output + program.Errors : "";

    /// <param name="database">Of settings, ledger and log.</param>
    /// <param name="before">Awaited before each answer of the main provider.</param>
    public static async Task<House> OpenAsync(DatabaseKind database, Func<Task>? before = null)
    {
        var place = await StorePlace.FreshAsync(database);
        var house = new House(place, await Provider.StartAsync(before), await Provider.StartAsync());
        await house.Main.DescribeAsync(house.Other, place);
        await house.StartAsync();
        return house;
    }

    public async Task StartAsync()
    {
        _program = BifrostProcess.StartIn(_place.Folder, ["--port", "0"]);
        Api.Address = await _program.AddressAsync();
    }

    /// <summary>SIGTERM: it finishes what is under way.</summary>
    public async Task TerminateAsync()
    {
        await _program!.TerminateAsync();
        Assert.True(await _program.ExitAsync() == 0, Said);
        await _program.DisposeAsync();
    }

    public async Task KillAsync()
    {
        await _program!.KillAsync();
        await _program.DisposeAsync();
    }

    /// <summary>The value of a new virtual key, and its id.</summary>
    public async Task<(string Value, string Id)> KeyAsync(string members)
    {
        var made = await Api.MakeAsync("virtual-keys", $$"""{"name": "key-{{Guid.NewGuid():N}}", {{members}}}""");
        return ((string)made["value"]!, (string)made["id"]!);
    }

    /// <summary>What a key's budget says was spent.</summary>
    public async Task<decimal> SpentAsync(string keyId) =>
        (decimal)(await Api.ReadAsync("virtual-keys", keyId, fromMemory: true))["budget"]!["current_usage"]!;

    /// <summary>One chat, read to its end; null when the connection broke or none came about.</summary>
    /// <param name="key">The virtual key's value.</param>
    /// <param name="model">With its provider.</param>
    /// <param name="number">Which call this is: the provider counts by it.</param>
    /// <param name="stream">Whether the answer is to be one.</param>
    public async Task<HttpStatusCode?> ChatAsync(string key, string model, int number, bool stream = false)
    {
        try
        {
            using var request = Chat(key, model, number, stream);
            using var response = await _http.SendAsync(request);
            return response.StatusCode;
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            return null;
        }
    }

    /// <summary>A chat whose answer may be left before it is over.</summary>
    public async Task<HttpResponseMessage> OpenChatAsync(
        string key,
        string model,
        int number,
        string? fallback = null,
        string? requestId = null
    )
    {
        var request = Chat(key, model, number, stream: true, fallback);
        if (requestId is not null)
        {
            request.Headers.Add("x-request-id", requestId);
        }

        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => _http.SendAsync(request);

    public HttpRequestMessage Chat(string key, string model, int number, bool stream, string? fallback = null)
    {
        var more = fallback is null ? "" : $", \"fallbacks\": [\"{fallback}\"]";
        return Post(
            key,
            "/v1/chat/completions",
            $$"""
            {"model": "{{model}}", "stream": {{(stream ? "true" : "false")}}, "max_tokens": 500,
             "messages": [{"role": "user", "content": "{{number.ToString(CultureInfo.InvariantCulture)}}"}]{{more}}}
            """
        );
    }

    public HttpRequestMessage Post(string key, string path, string json)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Api.Address, path))
        {
            Content = new StringContent(json, Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("x-bf-vk", key);
        return request;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_program is not null)
        {
            await _program.DisposeAsync();
        }

        await Main.DisposeAsync();
        await Other.DisposeAsync();
        await _place.DisposeAsync();
    }
}
