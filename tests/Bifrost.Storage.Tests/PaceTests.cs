using System.Diagnostics;
using System.Text;
using Bifrost.Governance.Limits;
using Bifrost.Governance.Stores;
using Bifrost.Testing.Stores;

namespace Bifrost.Storage.Tests;

public sealed class SqlitePaceTests() : PaceTests(DatabaseKind.Sqlite);

public sealed class PostgresPaceTests() : PaceTests(DatabaseKind.Postgres);

/// <summary>Far below what an idle machine does, so that only a change of kind is noticed. The measured numbers are in the log.</summary>
public abstract class PaceTests(DatabaseKind kind)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Thousands_of_entries_a_second_are_appended()
    {
        await using var place = await StorePlace.FreshAsync(kind);
        await using var store = await place.OpenAsync();
        const int batches = 20;
        const int size = 2_000;
        var all = Enumerable
            .Range(0, batches)
            .Select(batch =>
                Calls.Batch(
                    new(1, batch),
                    Enumerable
                        .Range(0, size)
                        .Select(call =>
                            Calls.Settled(Calls.Full(Calls.Noon.AddSeconds(batch)), new CounterState($"m{call % 100}", 0, 0, 1))
                        )
                        .ToArray()
                )
            )
            .ToList();

        await store.Ledger.AppendAsync(all[0], None);
        var watch = Stopwatch.StartNew();
        foreach (var batch in all.Skip(1))
        {
            await store.Ledger.AppendAsync(batch, None);
        }

        var pace = (batches - 1) * size / watch.Elapsed.TotalSeconds;
        TestContext.Current.TestOutputHelper?.WriteLine($"{kind}: {pace:0} entries a second.");
        Assert.True(pace > 1_000, $"Only {pace:0} entries a second.");
        Assert.Equal(batches * size, (await store.Ledger.CountersAsync(None)).Sum(counter => counter.Used));
    }

    [Fact]
    public async Task A_hundred_thousand_documents_are_loaded_within_seconds()
    {
        await using var place = await StorePlace.FreshAsync(kind);
        await using var store = await place.OpenAsync();
        var filler = new string('x', 400);
        var changes = Enumerable
            .Range(0, 100_000)
            .Select(number => new ObjectChange(
                new StoredObject(
                    ObjectKinds.VirtualKey,
                    $"vk-{number}",
                    Encoding.UTF8.GetBytes($$"""{"id":{{number}},"filler":"{{filler}}"}"""),
                    null
                )
            ))
            .ToList();
        var watch = Stopwatch.StartNew();
        await store.Objects.SaveAsync(changes, None);
        var saved = watch.Elapsed;

        watch.Restart();
        Assert.Equal(100_000, (await store.Objects.LoadAsync(None)).Count);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{kind}: saved in {saved.TotalMilliseconds:0} ms, loaded in {watch.ElapsedMilliseconds} ms."
        );
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(15), $"Loaded in {watch.Elapsed}.");
    }
}
