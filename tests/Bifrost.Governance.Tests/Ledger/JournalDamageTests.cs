using Bifrost.Governance.Ledger;

namespace Bifrost.Governance.Tests.Ledger;

/// <summary>A run of several calls is recorded, then its file is cut or changed at every place and read again.</summary>
public sealed class JournalDamageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Wherever_the_file_ends_each_call_that_was_held_exists_once()
    {
        var run = await RecordAsync();
        for (var cut = SegmentHeader.Size; cut <= run.End; cut++)
        {
            var bytes = run.Bytes.AsSpan().ToArray();
            bytes.AsSpan(cut).Clear();
            var (store, _) = await ReadAsync(run, bytes);

            // A record whose last bytes are zeros is whole without them.
            var written = cut;
            while (written < run.End && run.Bytes[written] == 0)
            {
                written++;
            }

            var expected = run
                .Calls.Where(call => call.HeldEnd <= written && (call.Outcome is not null || call.OverEnd > written))
                .Select(call =>
                    (call.Id, call.OverEnd <= written ? call.Outcome : LedgerOutcome.Recovered, call.OverEnd <= written ? 70L : 100L)
                );
            Assert.Equal(
                expected.OrderBy(call => call.Id),
                store.Entries.Select(entry => (entry.Id, (LedgerOutcome?)entry.Outcome, entry.Cost)).OrderBy(call => call.Id)
            );
            Assert.Equal(store.Entries.Sum(entry => entry.Cost), store.Totals.GetValueOrDefault(ALedger.Budget.Id));
            Assert.Equal(0, store.Repeated);
        }
    }

    [Fact]
    public async Task A_file_that_is_shorter_than_it_should_be_is_read_as_far_as_it_goes()
    {
        var run = await RecordAsync();
        foreach (var length in new[] { 0, 1, 63, SegmentHeader.Size, run.Calls[0].HeldEnd - 1, run.Calls[0].HeldEnd, run.End - 1 })
        {
            var (store, _) = await ReadAsync(run, run.Bytes[..length]);
            Assert.Equal(
                run.Calls.Count(call => call.HeldEnd <= length && (call.Outcome is not null || call.OverEnd > length)),
                store.Entries.Count()
            );
        }
    }

    [Fact]
    public async Task A_changed_bit_is_noticed_and_never_becomes_a_wrong_entry()
    {
        var run = await RecordAsync();
        for (var at = 0; at < run.End; at++)
        {
            var bytes = run.Bytes.AsSpan().ToArray();
            bytes[at] ^= (byte)(1 << at % 8);
            var (store, recovery) = await ReadAsync(run, bytes);

            foreach (var entry in store.Entries)
            {
                var call = Assert.Single(run.Calls, call => call.Id == entry.Id);
                Assert.Equal(call.RequestId, entry.Call.RequestId);
                Assert.True(
                    entry is { Outcome: LedgerOutcome.Recovered, Cost: 100 } || (entry.Outcome == call.Outcome && entry.Cost == 70),
                    $"Byte {at}: {entry}"
                );
            }

            // Headers are there twice, and the end of a file may be half a record.
            var noticed = recovery.Damaged > 0 || at < SegmentHeader.Size || at >= run.LastRecord;
            Assert.True(noticed, $"The change of byte {at} went unnoticed.");
            if (at < SegmentHeader.Size)
            {
                Assert.Equal(run.Calls.Count(call => call.Outcome is not null), store.Entries.Count());
            }
        }
    }

    [Fact]
    public async Task What_the_database_knows_and_the_disk_lost_is_not_charged_twice()
    {
        var run = await RecordAsync();
        // After a power cut: the database has read to the end, of the file only the first holds are left.
        var store = new RecordingStore();
        await ReadAsync(run, run.Bytes, store);
        var known = store.Entries.Count();
        var bytes = run.Bytes.AsSpan().ToArray();
        bytes.AsSpan(run.Calls[2].HeldEnd).Clear();
        var position = store.Position;

        await ReadAsync(run, bytes, store);
        Assert.Equal(known, store.Entries.Count());
        Assert.True(store.Position!.Segment > position!.Segment, "What is written from now on must lie behind what was read.");
    }

    private async Task<Run> RecordAsync()
    {
        var folder = _folder["recorded"];
        var calls = new List<Recorded>();
        await using var ledger = await ALedger.OpenAsync(folder, new RecordingStore(), 4096);
        var open = new Queue<(HoldId Hold, string RequestId, int End)>();
        for (var i = 0; i < 10; i++)
        {
            var requestId = $"request-{i}";
            var hold = ledger.Hold(requestId, template: i % 4 == 3 ? ALedger.TemplateOf("other") : null);
            open.Enqueue((hold, requestId, ledger.Journal.End().Offset));
            if (i < 2)
            {
                continue;
            }

            EndFirst(released: i == 5);
        }

        while (open.Count > 0)
        {
            EndFirst(released: false);
        }

        void EndFirst(bool released)
        {
            var (over, id, heldEnd) = open.Dequeue();
            if (released)
            {
                ledger.Journal.Release(over, []);
            }
            else
            {
                ledger.Settle(over);
            }

            calls.Add(new Recorded(over.Entry, id, heldEnd, ledger.Journal.End().Offset, released ? null : LedgerOutcome.Succeeded));
        }

        var (segment, end, _, _) = ledger.Journal.End();
        Assert.Equal(1, segment);
        await using var file = new FileStream(ledger.Journal.Files.PathOf(segment), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[file.Length];
        await file.ReadExactlyAsync(bytes);
        return new Run(ledger.Journal.Id, bytes, end, calls, calls[^2].OverEnd);
    }

    private async Task<(RecordingStore Store, LedgerRecovery Recovery)> ReadAsync(Run run, byte[] bytes, RecordingStore? store = null)
    {
        var folder = _folder["again"];
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "journal.id"), run.Journal.ToString("D"));
        await File.WriteAllBytesAsync(Path.Combine(folder, "000000000001.segment"), bytes);
        return await ALedger.RecoverAsync(folder, store);
    }

    private sealed record Recorded(Guid Id, string RequestId, int HeldEnd, int OverEnd, LedgerOutcome? Outcome);

    private sealed record Run(Guid Journal, byte[] Bytes, int End, List<Recorded> Calls, int LastRecord);
}
