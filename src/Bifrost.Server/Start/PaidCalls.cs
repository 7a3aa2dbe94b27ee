using Bifrost.Configuration.Settings;
using Bifrost.Governance.Ledger;
using Bifrost.Governance.Registry;
using Bifrost.Governance.Stores;
using Bifrost.Observability.RequestLog;
using Bifrost.Observability.Stores;

namespace Bifrost.Server.Start;

/// <summary>This gateway's entries in the ledger, as the rows they would be in the request log.</summary>
internal sealed class PaidCalls(
    ILedgerStore ledger,
    Journal journal,
    LedgerWriter writer,
    GovernanceRegistry registry,
    GatewaySettings settings
) : IPaidCalls
{
    private const int AtOnce = 1000;

    public string Name => journal.Name;

    public Task CaughtUpAsync(CancellationToken cancel) => writer.CaughtUpAsync(cancel);

    public async Task<PaidPage> ReadAsync(DateTimeOffset from, DateTimeOffset to, Guid? after, CancellationToken cancel)
    {
        var (entries, next) = await ledger.EntriesAsync(
            new LedgerQuery
            {
                From = from,
                To = to,
                After = after,
                OldestFirst = true,
                Limit = AtOnce,
            },
            cancel
        );
        // What other gateways have written is theirs to compare: their rows may still be on the way.
        return new PaidPage([.. entries.Where(entry => journal.Made(entry.Id)).Select(Call)], next);
    }

    // Only a target that failed can be followed by another.
    private PaidCall Call(LedgerEntry entry) => new(Row(entry), entry.Call.Dimensions, entry.Outcome != LedgerOutcome.Failed);

    private LogRow Row(LedgerEntry entry)
    {
        var call = entry.Call;
        var usage = entry.Usage;
        var died = entry.Outcome == LedgerOutcome.Recovered;
        return new LogRow
        {
            Id = call.RequestId,
            At = Micros(call.At - DateTimeOffset.UnixEpoch),
            Operation = call.Operation,
            Status = entry.Outcome switch
            {
                LedgerOutcome.Succeeded => LogStatus.Success,
                LedgerOutcome.Cancelled => LogStatus.Cancelled,
                _ => LogStatus.Error,
            },
            Message = died ? "The gateway died while this was under way. It is charged at its estimate." : null,
            VirtualKeyId = call.VirtualKeyId,
            VirtualKeyName = call.VirtualKeyId is { } key ? registry.Now.VirtualKeys.GetValueOrDefault(key)?.Name : null,
            TeamId = call.TeamId,
            BusinessUnitId = call.BusinessUnitId,
            CustomerId = call.CustomerId,
            UserId = call.UserId,
            Provider = call.Provider,
            ProviderKeyId = KeyId(call.Provider, call.ProviderKey),
            ProviderKeyName = call.ProviderKey,
            AskedModel = call.AskedModel,
            SentModel = call.SentModel is { Length: > 0 } sent ? sent : null,
            InputTokens = usage?.InputTokens ?? 0,
            OutputTokens = usage?.OutputTokens ?? 0,
            CachedReadTokens = usage?.CachedReadTokens ?? 0,
            CachedWriteTokens = usage?.CachedWriteTokens ?? 0,
            ReasoningTokens = usage?.ReasoningTokens ?? 0,
            AudioTokens = (usage?.AudioInputTokens ?? 0) + (usage?.AudioOutputTokens ?? 0),
            Images = usage?.Images ?? 0,
            VideoMilliseconds = Milliseconds(usage?.VideoSeconds),
            ComputeMilliseconds = Milliseconds(usage?.ComputeSeconds),
            Cost = entry is { Unpriced: true, Cost: 0 } ? null : entry.Cost,
            Estimated = entry.Estimated,
            PriceVersion = entry.PriceVersion,
            // How long a call ran that nobody saw the end of is not known.
            Latency = died ? 0 : Micros(entry.SettledAt - call.At),
        };
    }

    private string KeyId(string provider, string name)
    {
        var keys = settings.Config.Providers.GetValueOrDefault(provider)?.Keys ?? [];
        return keys.FirstOrDefault(key => key.Name == name)?.Id ?? name;
    }

    private static long Micros(TimeSpan time) => time.Ticks / TimeSpan.TicksPerMicrosecond;

    private static long Milliseconds(double? seconds) => seconds is { } known ? (long)Math.Round(known * 1000) : 0;
}
