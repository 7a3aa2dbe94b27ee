using System.Runtime.InteropServices;
using Bifrost.Governance.JournalChild;
using Bifrost.Governance.Ledger;
using Bifrost.Governance.Limits;

// Holds and settles as fast as it can until it is killed. Says each thing after it was written, in 17 bytes: h(eld), s(ettled), and the id.
var journal = Journal.Open(new JournalOptions { Folder = args[0], SegmentBytes = 256 * 1024 }, TimeProvider.System);
var options = new LedgerWriterOptions { Interval = TimeSpan.FromMilliseconds(3), BatchCalls = 200 };
var writer = new LedgerWriter(journal, new FileLedgerStore(args[1]), options, TimeProvider.System);
await writer.RecoverAsync(CancellationToken.None);
writer.Start();

var template = new CallTemplate(
    new CallRecord
    {
        RequestId = "",
        At = default,
        Operation = "chat",
        Provider = "openai",
        ProviderKey = "first",
        AskedModel = "gpt-4o",
        SentModel = "gpt-4o",
    }
);
MeterCharge[] charges = [new MeterCharge(new MeterKey("budget", 0, MeterUnit.Nanodollars), 0, 0, 1)];
var settlement = new Settlement
{
    At = TimeProvider.System.GetUtcNow(),
    Outcome = LedgerOutcome.Succeeded,
    Cost = 1,
};
var open = new Queue<HoldId>();
var said = new byte[17];
using var output = Console.OpenStandardOutput();
for (var i = 0; ; i++)
{
    if (journal.Hold(template, "r", TimeProvider.System.GetUtcNow(), 1, charges).Failed(out var fault, out var hold))
    {
        Console.Error.WriteLine(fault.Message);
        return 1;
    }

    Say('h', hold);
    open.Enqueue(hold);
    if (open.Count > 20)
    {
        var over = open.Dequeue();
        journal.Settle(over, settlement, charges);
        Say('s', over);
    }
}

void Say(char what, HoldId hold)
{
    said[0] = (byte)what;
    MemoryMarshal.Write(said.AsSpan(1), hold.Entry);
    output.Write(said);
}
