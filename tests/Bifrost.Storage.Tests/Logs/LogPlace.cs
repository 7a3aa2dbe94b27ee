using Bifrost.Storage.Logs;
using Bifrost.Testing.Stores;
using Microsoft.Extensions.Time.Testing;

namespace Bifrost.Storage.Tests.Logs;

/// <summary>A log of a test's own, and a clock that stands a day after noon.</summary>
internal sealed class LogPlace : IAsyncDisposable
{
    private LogPlace(StorePlace place, LogStore store, FakeTimeProvider clock) => (Place, Store, Clock) = (place, store, clock);

    public StorePlace Place { get; }

    public LogStore Store { get; private set; }

    public FakeTimeProvider Clock { get; }

    public static async Task<LogPlace> FreshAsync(DatabaseKind kind, LogStoreOptions? options = null)
    {
        var place = await StorePlace.FreshAsync(kind);
        var clock = new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds((SomeRows.Noon + SomeRows.Day) / 1000));
        return new LogPlace(place, await LogStore.OpenAsync(place.Settings, options ?? new(), clock, CancellationToken.None), clock);
    }

    public async Task ReopenAsync()
    {
        await Store.DisposeAsync();
        Store = await LogStore.OpenAsync(Place.Settings, new(), Clock, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        await Place.DisposeAsync();
    }
}
