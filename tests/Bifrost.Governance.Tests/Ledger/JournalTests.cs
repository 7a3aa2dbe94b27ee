using Bifrost.Governance.Ledger;
using Bifrost.Wire.Canonical;

namespace Bifrost.Governance.Tests.Ledger;

public sealed class JournalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RecordingStore _store = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_settled_call_reaches_the_store_with_all_that_is_known_of_it()
    {
        await using var ledger = await ALedger.OpenAsync(_folder.Path, _store);
        var hold = ledger.Hold("request-1");
        var usage = new Usage
        {
            InputTokens = 1,
            OutputTokens = 2,
            CachedReadTokens = 3,
            CachedWriteTokens = 4,
            ReasoningTokens = 5,
            AudioInputTokens = 6,
            ImageInputTokens = 7,
            AudioOutputTokens = 8,
            Images = 9,
            VideoSeconds = 1.5,
            ComputeSeconds = 0.25,
            Estimated = true,
        };
        ledger.Journal.Settle(
            hold,
            new Settlement
            {
                At = ALedger.Noon.AddMilliseconds(1234),
                Outcome = LedgerOutcome.Cancelled,
                Cost = long.MaxValue,
                Estimated = true,
                Unpriced = true,
                PriceVersion = "v1",
                Usage = usage,
            },
            ALedger.Charges(42, -3)
        );
        await ledger.DrainAsync();

        var entry = Assert.Single(_store.Entries);
        Assert.Equal(
            new LedgerEntry
            {
                Id = hold.Entry,
                Call = ALedger.Template.Call with { RequestId = "request-1", At = ALedger.Noon },
                SettledAt = ALedger.Noon.AddMilliseconds(1234),
                Outcome = LedgerOutcome.Cancelled,
                Cost = long.MaxValue,
                Estimated = true,
                Unpriced = true,
                PriceVersion = "v1",
                Usage = usage,
            },
            entry
        );
        Assert.Equal([new("budget-of-team", 1000, 2, 42), new("rate:tokens", 5000, 0, -3)], Assert.Single(_store.Calls).Charges);
    }

    [Fact]
    public async Task A_released_call_makes_no_entry_but_may_charge()
    {
        await using var ledger = await ALedger.OpenAsync(_folder.Path, _store);
        ledger.Journal.Release(ledger.Hold("charged"), ALedger.Charges(0, 1));
        ledger.Journal.Release(ledger.Hold("not charged"), []);
        await ledger.DrainAsync();

        var call = Assert.Single(_store.Calls);
        Assert.Null(call.Entry);
        Assert.Equal(1, _store.Totals["rate:tokens"]);
        Assert.Equal(0, ledger.Writer.State.OpenHolds);
    }

    [Fact]
    public async Task Ids_are_version_7_and_ascend()
    {
        await using var ledger = await ALedger.OpenAsync(_folder.Path, _store);
        var ids = Enumerable.Range(0, 1000).Select(i => ledger.Hold("r").Entry).ToList();

        Assert.All(ids, id => Assert.Equal(7, id.Version));
        Assert.Equal(ids.Order(), ids);
        Assert.Equal(1000, ids.Distinct().Count());
    }

    [Fact]
    public async Task A_usual_pair_takes_less_than_150_bytes()
    {
        await using var ledger = await ALedger.OpenAsync(_folder.Path, _store);
        ledger.Settle(ledger.Hold("first, with all definitions"));
        var before = ledger.Journal.End().Offset;
        for (var i = 0; i < 100; i++)
        {
            ledger.Settle(ledger.Hold("0f8fad5bd9cb469fa16570867728950e", 2_500_000), 1_870_000);
        }

        Assert.InRange((ledger.Journal.End().Offset - before) / 100, 60, 150);
    }

    [Fact]
    public async Task Hold_and_settle_allocate_less_than_200_bytes()
    {
        await using var ledger = await ALedger.OpenAsync(_folder.Path, _store, 4 * 1024 * 1024);
        var charges = ALedger.Charges(100, 10);
        var settlement = new Settlement
        {
            At = ALedger.Noon,
            Outcome = LedgerOutcome.Succeeded,
            Cost = 5,
        };
        long Pairs(int count)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < count; i++)
            {
                var held = ledger.Journal.Hold(ALedger.Template, "0f8fad5bd9cb469fa16570867728950e", ALedger.Noon, 100, charges);
                ledger.Journal.Settle(held.Value, settlement, charges);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Pairs(100);
        Assert.InRange(Pairs(1000) / 1000, 0, 200);
    }

    [Fact]
    public async Task Calls_of_many_chapters_of_one_file_are_read_as_they_were_written()
    {
        const int Calls = 5_000;
        var templates = Enumerable.Range(0, 7).Select(i => ALedger.TemplateOf($"model-{i}")).ToList();
        await using (var ledger = await ALedger.OpenAsync(_folder.Path, _store, 4 * 1024 * 1024))
        {
            for (var i = 0; i < Calls; i++)
            {
                ledger.Settle(ledger.Hold($"request-{i}", template: templates[i % 7]), i);
            }

            Assert.True(ledger.Journal.End().Offset > 2 * JournalRecords.Chapter);
            await ledger.DrainAsync();
            Assert.Equal(0, ledger.Writer.State.Damaged);
        }

        // The same by whoever follows, and by whoever reads the file later.
        var (replayed, recovery) = await ALedger.RecoverAsync(_folder.Path);
        Assert.Equal(0, recovery.Damaged);
        foreach (var store in new[] { _store, replayed })
        {
            Assert.Equal(
                Enumerable.Range(0, Calls).Select(i => ($"request-{i}", $"model-{i % 7}", (long)i)),
                store.Entries.Select(entry => (entry.Call.RequestId, entry.Call.AskedModel, entry.Cost))
            );
            Assert.Equal(Enumerable.Range(0, Calls).Sum(i => (long)i), store.Totals["budget-of-team"]);
        }
    }

    [Fact]
    public async Task A_second_process_is_told_that_the_folder_is_taken()
    {
        await using var ledger = await ALedger.OpenAsync(_folder.Path, _store);

        var refused = Assert.Throws<JournalInUseException>(() =>
            Journal.Open(new JournalOptions { Folder = _folder.Path }, TimeProvider.System)
        );
        Assert.Contains(_folder.Path, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_that_says_nothing_of_itself_twice_is_cut_and_not_refused()
    {
        await using var ledger = await ALedger.OpenAsync(_folder.Path, _store);
        ledger.Settle(ledger.Hold(new string('r', 100_000), template: ALedger.TemplateOf(new string('é', 100_000) + "\0")));
        ledger.Settle(ledger.Hold("zero\0zero"));
        await ledger.DrainAsync();

        Assert.Equal(new string('é', 512), _store.Entries.First().Call.AskedModel);
        Assert.Equal("zero\uFFFDzero", _store.Entries.Last().Call.RequestId);
    }

    [Fact]
    public async Task Nothing_is_held_after_the_end()
    {
        var ledger = await ALedger.OpenAsync(_folder.Path, _store);
        var open = ledger.Hold("open");
        await ledger.DisposeAsync();

        var late = ledger.Journal.Hold(ALedger.Template, "late", ALedger.Noon, 1, []);
        ledger.Settle(open);
        Assert.True(late.Failed(out var fault, out _));
        Assert.Equal((503, "ledger_unavailable"), (fault.Status, fault.Code));

        var (after, recovery) = await ALedger.RecoverAsync(_folder.Path, _store);
        Assert.Equal(1, recovery.Charged);
        Assert.Equal(LedgerOutcome.Recovered, Assert.Single(after.Entries).Outcome);
    }

    [Fact]
    public async Task What_is_written_is_for_its_owner_alone()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows keeps rights otherwise: the folder's own apply.");
            return;
        }

        var folder = Path.Combine(_folder.Path, "journal");
        await using var ledger = await ALedger.OpenAsync(folder, _store);
        const UnixFileMode Others = ~(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(folder) & Others);
        Assert.NotEmpty(Directory.GetFiles(folder, "*.segment"));
        foreach (var file in Directory.GetFiles(folder))
        {
            Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(file) & Others);
        }
    }
}
