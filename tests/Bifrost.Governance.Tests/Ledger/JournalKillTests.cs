using System.Diagnostics;
using Bifrost.Governance.JournalChild;
using Bifrost.Governance.Ledger;

namespace Bifrost.Governance.Tests.Ledger;

public sealed class JournalKillTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_was_held_before_a_kill_is_in_the_store_exactly_once_fifty_times()
    {
        var random = new Random(3);
        var held = new HashSet<Guid>();
        var settled = new HashSet<Guid>();
        for (var round = 0; round < 50; round++)
        {
            await RunAndKillAsync(random.Next(0, 30), held, settled);
            // Every other life is recovered by the child itself, at its next start.
            if (round % 2 == 0 || round == 49)
            {
                await CheckAsync(held, settled);
            }
        }

        Assert.True(settled.Count > 500, $"Only {settled.Count} calls were settled; the test is not worth its name.");
    }

    private async Task CheckAsync(HashSet<Guid> held, HashSet<Guid> settled)
    {
        var store = new FileLedgerStore(_folder["store"]);
        await using var journal = Journal.Open(
            new JournalOptions { Folder = _folder["journal"], SegmentBytes = 8192 },
            TimeProvider.System
        );
        await using var writer = new LedgerWriter(journal, store, new LedgerWriterOptions(), TimeProvider.System);
        var recovery = await writer.RecoverAsync(CancellationToken.None);

        Assert.Equal(0, recovery.Damaged);
        Assert.Equal(0, store.Repeated);
        Assert.DoesNotContain(held, id => !store.Calls.ContainsKey(id));
        Assert.DoesNotContain(settled, id => store.Calls[id] != LedgerOutcome.Succeeded);
        Assert.Equal(store.Calls.Count, store.Charged);
    }

    private async Task RunAndKillAsync(int milliseconds, HashSet<Guid> held, HashSet<Guid> settled)
    {
        var file = Path.Combine(AppContext.BaseDirectory, "Bifrost.Governance.JournalChild" + (OperatingSystem.IsWindows() ? ".exe" : ""));
        using var child = Process.Start(
            new ProcessStartInfo(file, [_folder["journal"], _folder["store"]])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var output = child.StandardOutput.BaseStream;
        var said = new byte[17];
        var first = true;
        while (await output.ReadAtLeastAsync(said, said.Length, throwOnEndOfStream: false) == said.Length)
        {
            var id = new Guid(said.AsSpan(1));
            Assert.True((said[0] == 'h' ? held : settled).Add(id), "An id was given twice.");
            if (first)
            {
                first = false;
                _ = Task.Delay(milliseconds).ContinueWith(_ => child.Kill(), TaskScheduler.Default);
            }
        }

        await child.WaitForExitAsync();
        Assert.False(first, "The child said nothing: " + await child.StandardError.ReadToEndAsync());
    }
}
