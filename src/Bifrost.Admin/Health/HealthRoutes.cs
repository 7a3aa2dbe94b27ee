using System.Data.Common;
using System.Text.Json.Nodes;
using Bifrost.Admin.Http;

namespace Bifrost.Admin.Health;

/// <summary>Whether the gateway and what it stands on are well. Asked by anybody, so the stores are pinged at most once a second.</summary>
internal sealed class HealthRoutes(IReadOnlyList<StorePing> stores, Func<bool> pings, string version, TimeProvider clock)
{
    private const string Group = "Health";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private Task<string?>? _last;
    private DateTimeOffset _at;

    public IEnumerable<Route> All() =>
        [
            new("GET", "/health", "Whether the gateway and its stores are well.", HealthAsync)
            {
                Group = Group,
                Guard = Guard.Open,
                Answer = "`status` ok.",
                Refusals = [503],
            },
            new("GET", "/api/version", "The version that runs.", _ => Task.FromResult(Reply.Ok(JsonValue.Create($"v{version}"))))
            {
                Group = Group,
                Answer = "A string.",
            },
        ];

    private async Task<Reply> HealthAsync(Call call)
    {
        if (!pings() || stores.Count == 0)
        {
            return Well("disabled");
        }

        return await SharedAsync().WaitAsync(call.Cancel) is { } silent ? Reply.Refused(503, $"{silent} does not answer.") : Well("ok");
    }

    private Task<string?> SharedAsync()
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            if (_last is null || (_last.IsCompleted && now - _at >= Fresh))
            {
                (_last, _at) = (FindSilentAsync(), now);
            }

            return _last;
        }
    }

    private async Task<string?> FindSilentAsync()
    {
        var names = await Task.WhenAll(stores.Select(AskAsync));
        return names.FirstOrDefault(n => n is not null);
    }

    private async Task<string?> AskAsync(StorePing store)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        try
        {
            await store.Ask(patience.Token).WaitAsync(patience.Token);
            return null;
        }
        catch (Exception down)
            when (down is DbException or IOException or TimeoutException or InvalidOperationException or OperationCanceledException)
        {
            return store.Name;
        }
    }

    private static Reply Well(string pings) =>
        Reply.Ok(
            new JsonObject
            {
                ["status"] = "ok",
                ["components"] = new JsonObject { ["db_pings"] = pings },
            }
        );
}
