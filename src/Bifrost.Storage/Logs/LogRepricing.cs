using Bifrost.Observability.RequestLog;
using Bifrost.Observability.Stores;
using Bifrost.Storage.Databases;
using Bifrost.Storage.Logs.Queries;
using Bifrost.Storage.Logs.Rollups;

namespace Bifrost.Storage.Logs;

/// <summary>Gives rows another cost, and the sums they are in.</summary>
internal sealed class LogRepricing(LogDatabase database, LogCatalog catalog, RollupWriter rollups)
{
    private const int AtOnce = 1000;

    public async Task RepriceAsync(IReadOnlyList<RepricedRow> rows, CancellationToken cancel)
    {
        foreach (var some in rows.Chunk(AtOnce))
        {
            await catalog.InternAsync(
                [
                    .. some.Select(row => new LogRow
                    {
                        Id = row.Id,
                        At = 0,
                        Operation = "",
                        Status = LogStatus.Success,
                        PriceVersion = row.PriceVersion,
                    }),
                ],
                cancel
            );
            await rollups.MergeWhenAbleAsync(await database.WriteAsync(session => RepriceAsync(session, some), cancel), cancel);
        }
    }

    private async Task<List<(Level, long)>> RepriceAsync(Session session, IReadOnlyCollection<RepricedRow> prices)
    {
        var byId = prices.GroupBy(price => price.Id).ToDictionary(price => price.Key, price => price.Last());
        var changes = new RollupChanges();
        foreach (var row in await Finding.ByIdAsync(session, byId.Keys))
        {
            var price = byId[row.Id];
            var detail = LogDetail.Write(
                LogDetail.Read(row, catalog) with
                {
                    PriceVersion = price.PriceVersion,
                    CostLines = price.CostLines,
                },
                catalog
            );
            await session.ExecuteAsync(
                "UPDATE log_rows SET cost = @cost, detail = @detail WHERE key = @key",
                ("@cost", price.Cost),
                ("@detail", detail),
                ("@key", row.Key)
            );
            var cell = changes.Of(row.At, row.Tuple);
            cell.AddCost(row.Cost, -1);
            cell.AddCost(price.Cost, 1);
            cell.Bounds.IncludeCost(price.Cost);
        }

        return await rollups.WriteAsync(session, changes);
    }
}
