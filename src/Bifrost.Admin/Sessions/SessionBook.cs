using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bifrost.Admin.Bodies;
using Bifrost.Governance.Stores;

namespace Bifrost.Admin.Sessions;

/// <summary>Who is signed in. Kept by the hash of the token, in memory and in the store: a restart signs nobody out, and the store lets nobody in.
/// A session belongs to the credentials it was begun with: whoever changes them, and wherever, ends it. Thread-safe.</summary>
/// <param name="store">Where sessions are kept; null: only in memory.</param>
/// <param name="credentials">Another text whenever the credentials have changed.</param>
/// <param name="clock">The time.</param>
internal sealed class SessionBook(IObjectStore? store, Func<string> credentials, TimeProvider clock)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    /// <summary>At once; the oldest goes when another is begun.</summary>
    private const int Most = 1000;
    private const int TokenBytes = 32;

    private readonly ConcurrentDictionary<string, Session> _open = new(StringComparer.Ordinal);

    public async Task LoadAsync(CancellationToken cancel)
    {
        if (store is null)
        {
            return;
        }

        var kept = new List<StoredObject>();
        await store.ReadAsync([ObjectKinds.Session], kept.Add, cancel);
        var stale = new List<ObjectChange>();
        foreach (var stored in kept)
        {
            if (Read(stored) is { } session && Holds(session))
            {
                _open[stored.Id] = session;
            }
            else
            {
                stale.Add(new ObjectChange(stored, Delete: true));
            }
        }

        if (stale.Count > 0)
        {
            await store.SaveAsync(stale, cancel);
        }
    }

    /// <summary>The token, which is known to nobody else from now on.</summary>
    public async Task<string> BeginAsync(CancellationToken cancel)
    {
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes));
        var session = new Session(clock.GetUtcNow() + Lifetime, credentials());
        var json = new JsonObject { ["expires_at"] = Times.Write(session.End), ["credentials"] = session.Credentials };
        var changes = new List<ObjectChange>
        {
            new(new StoredObject(ObjectKinds.Session, IdOf(token), Encoding.UTF8.GetBytes(json.ToJsonString()), null)),
        };
        changes.AddRange(_open.OrderBy(s => s.Value.End).Take(_open.Count - Most + 1).Select(s => Removal(s.Key)));
        await SaveAsync(changes, cancel);
        foreach (var gone in changes.Where(c => c.Delete))
        {
            _open.TryRemove(gone.Object.Id, out _);
        }

        _open[IdOf(token)] = session;
        return token;
    }

    /// <summary>The session's id, or null when the token is none or no longer.</summary>
    public string? Find(string token) => token.Length <= 100 && IdOf(token) is var id && IsOpen(id) ? id : null;

    public bool IsOpen(string id) => _open.TryGetValue(id, out var session) && Holds(session);

    public async Task EndAsync(string id, CancellationToken cancel)
    {
        _open.TryRemove(id, out _);
        await SaveAsync([Removal(id)], cancel);
    }

    public async Task EndAllAsync(CancellationToken cancel)
    {
        var ids = _open.Keys.ToList();
        _open.Clear();
        if (ids.Count > 0)
        {
            await SaveAsync([.. ids.Select(Removal)], cancel);
        }
    }

    private static string IdOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    private static ObjectChange Removal(string id) => new(new StoredObject(ObjectKinds.Session, id, default, null), Delete: true);

    private static Session? Read(StoredObject stored)
    {
        using var json = JsonDocument.Parse(stored.Json);
        return
            json.RootElement.TryGetProperty("expires_at", out var at)
            && json.RootElement.TryGetProperty("credentials", out var credentials)
            && Times.TryParse(at.GetString() ?? "", out var end)
            ? new Session(end, credentials.GetString() ?? "")
            : null;
    }

    private bool Holds(Session session) => session.End > clock.GetUtcNow() && session.Credentials == credentials();

    private Task SaveAsync(IReadOnlyList<ObjectChange> changes, CancellationToken cancel) =>
        store is null ? Task.CompletedTask : store.SaveAsync(changes, cancel);

    private sealed record Session(DateTimeOffset End, string Credentials);
}
