using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Bifrost.Configuration.Settings;
using Bifrost.Core.World;
using Bifrost.Governance.Stores;

namespace Bifrost.Configuration.Tests.Settings;

/// <summary>Starts settings from a file and a store, as often as a test likes: the store outlives the starts.</summary>
internal sealed class AStart : IAsyncDisposable
{
    public static readonly (string, string)[] Environment =
    [
        ("OPENAI_API_KEY", "sk-from-environment"),
        ("ADMIN_PASSWORD", "correct horse"),
        ("SEAL", "seal"),
        ("PLATFORM_VK", "sk-bf-aaaaaaaa-2222-4333-8444-555555555555"),
    ];

    private readonly List<GatewaySettings> _opened = [];

    public FailingStore Store { get; } = new();

    public IReadOnlyList<string> Warnings { get; private set; } = [];

    public async Task<GatewaySettings> OpenAsync(string? json, bool keeps = true)
    {
        var variables = AConfig.Variables(Environment);
        var file = json is null ? ZeroConfig.Read(variables, AConfig.Kinds) : AConfig.Read(json, Environment);
        file.Good();
        var parts = new SettingsParts(keeps ? Store : null, new ABox(), new AHasher(), TimeProvider.System);
        var opened = await GatewaySettings.OpenAsync(file, parts, variables, AConfig.Kinds, AConfig.NotServed, CancellationToken.None);
        Assert.Empty(opened.Mistakes);
        Warnings = opened.Warnings;
        _opened.Add(opened.Settings!);
        return opened.Settings!;
    }

    public async Task<string> StoredAsync() =>
        string.Join(
            '\n',
            (await Store.LoadAsync(CancellationToken.None)).Select(s => $"{s.Kind} {s.Id} {Encoding.UTF8.GetString(s.Json.Span)}")
        );

    public static JsonElement Json(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var settings in _opened)
        {
            await settings.DisposeAsync();
        }
    }
}

/// <summary>A store that may be told to fail.</summary>
internal sealed class FailingStore : IObjectStore
{
    private readonly InMemoryObjectStore _inner = new();

    public bool IsDown { get; set; }

    public int Saves { get; private set; }

    public Task<IReadOnlyList<StoredObject>> LoadAsync(CancellationToken cancel) => _inner.LoadAsync(cancel);

    public Task SaveAsync(IReadOnlyList<ObjectChange> changes, CancellationToken cancel)
    {
        Saves++;
        return IsDown ? throw new IOException("The disk is full.") : _inner.SaveAsync(changes, cancel);
    }
}

/// <summary>Reversible, and no secret stands in it as it is.</summary>
internal sealed class ABox : ISecretBox
{
    public string Seal(string secret) => "sealed:" + Convert.ToBase64String(Encoding.UTF8.GetBytes(secret));

    public string Open(string text) =>
        text.StartsWith("sealed:", StringComparison.Ordinal) ? Encoding.UTF8.GetString(Convert.FromBase64String(text[7..])) : text;
}

/// <summary>Quick; salted like a real one, so that two hashes of one password differ.</summary>
internal sealed class AHasher : IPasswordHasher
{
    public string Hash(string password) => Hash(password, Guid.NewGuid().ToString("N"));

    public bool Verify(string password, string hash) => Hash(password, hash.Split(':')[0]) == hash;

    private static string Hash(string password, string salt) =>
        $"{salt}:{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(salt + password)))}";
}
