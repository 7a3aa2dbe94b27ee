using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bifrost.Core.World;
using Bifrost.Simulator;
using Bifrost.Testing;

namespace Bifrost.Providers.Tests.Replicate;

/// <summary>A whole gateway before a simulated Replicate: everything that works with pictures, films, sound and files is tested as callers see it.</summary>
internal sealed class Studio : IAsyncDisposable
{
    public const string Token = "r8_first";
    public const string OtherToken = "r8_second";

    private Studio(ReplicateSimulator simulator, RunningGateway gateway) => (Simulator, Gateway) = (simulator, gateway);

    public ReplicateSimulator Simulator { get; }

    public RunningGateway Gateway { get; }

    public HttpClient Client => Gateway.Client;

    public static async Task<Studio> OpenAsync(
        SimulatorOptions? simulator = null,
        string? extras = null,
        Func<ClientConfig, ClientConfig>? client = null,
        bool twoKeys = false,
        TimeProvider? clock = null,
        int? patience = null,
        int retries = 0
    )
    {
        var running = await ReplicateSimulator.StartAsync(simulator);
        var keys = new List<KeyConfig> { Key("first", Token, extras) };
        if (twoKeys)
        {
            keys.Add(Key("second", OtherToken, extras));
        }

        var gateway = await AGateway
            .With()
            .Client(client ?? (known => known))
            .Network(known => known with { RequestTimeoutSeconds = patience, MaxRetries = retries })
            .Replicate(running, [.. keys])
            .StartAsync(clock);
        return new Studio(running, gateway);
    }

    /// <summary>Creates that arrived, whatever their endpoint.</summary>
    public IReadOnlyList<RecordedRequest> Creates =>
        [.. Simulator.Requests.Where(r => r.Method == "POST" && r.PathOnly.EndsWith("/predictions", StringComparison.Ordinal))];

    public JsonObject Input => Assert.Single(Creates).Input()!;

    public async Task<Answered> PostAsync(string path, JsonObject body, params (string Name, string Value)[] headers)
    {
        using var response = await Gateway.PostAsync(path, body.ToJsonString(), headers);
        return await Answered.OfAsync(response);
    }

    public async Task<Answered> PostAsync(string path, MultipartFormDataContent form)
    {
        using (form)
        {
            using var response = await Client.PostAsync(path, form);
            return await Answered.OfAsync(response);
        }
    }

    public async Task<Answered> GetAsync(string path)
    {
        using var response = await Client.GetAsync(path);
        return await Answered.OfAsync(response);
    }

    public async Task<Answered> DeleteAsync(string path)
    {
        using var response = await Client.DeleteAsync(path);
        return await Answered.OfAsync(response);
    }

    public static MultipartFormDataContent Form(params (string Name, string Value)[] fields)
    {
        var form = new MultipartFormDataContent();
        foreach (var (name, value) in fields)
        {
            form.Add(new StringContent(value), name);
        }

        return form;
    }

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Simulator.DisposeAsync();
    }

    private static KeyConfig Key(string name, string token, string? extras) =>
        new()
        {
            Name = name,
            Value = new Secret(token),
            Extras = extras is null ? null : JsonDocument.Parse(extras).RootElement,
        };
}

/// <summary>What a caller was told.</summary>
internal sealed record Answered(HttpStatusCode Status, string? ContentType, string Text, byte[] Bytes, HttpResponseHeaders Headers)
{
    public JsonObject Json => JsonNode.Parse(Text)!.AsObject();

    public string? ErrorCode => Json["error"]?["code"]?.ToString();

    public string? ErrorParam => Json["error"]?["param"]?.ToString();

    public static async Task<Answered> OfAsync(HttpResponseMessage response)
    {
        var bytes = await response.Content.ReadAsByteArrayAsync();
        return new Answered(
            response.StatusCode,
            response.Content.Headers.ContentType?.MediaType,
            System.Text.Encoding.UTF8.GetString(bytes),
            bytes,
            response.Headers
        );
    }
}

internal static class Forms
{
    public static MultipartFormDataContent With(
        this MultipartFormDataContent form,
        string name,
        byte[] bytes,
        string fileName,
        string contentType
    )
    {
        var part = new ByteArrayContent(bytes);
        part.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        form.Add(part, name, fileName);
        return form;
    }
}
