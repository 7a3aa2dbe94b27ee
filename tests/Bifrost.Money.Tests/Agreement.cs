using Bifrost.Testing;

namespace Bifrost.Money.Tests;

/// <summary>Ledger, rows and roll-ups say the same, exchange by exchange, to the token and the billionth of a dollar.</summary>
internal static class Agreement
{
    /// <summary>Waits until what is on its way has arrived, then looks closely.</summary>
    public static async Task<Sums> ReachedAsync(Books books, TimeSpan? within = null)
    {
        var ledger = await books.LedgerAsync();
        await Eventually.IsTrueAsync(
            async () =>
            {
                ledger = await books.LedgerAsync();
                var ids = (await books.RowsAsync()).Select(row => row.Id).ToHashSet();
                return ledger.All(entry => ids.Contains(entry.RequestId));
            },
            within ?? TimeSpan.FromSeconds(20)
        );
        var rows = await books.RowsAsync();
        var paid = ledger
            .GroupBy(entry => entry.RequestId)
            .ToDictionary(call => call.Key, call => Sums.Of(call.Select(entry => entry.Sums)));
        Assert.Equal(rows.Count, rows.Select(row => row.Id).Distinct().Count());
        foreach (var row in rows)
        {
            // What was refused, or failed and cost nothing, has a row and no entry.
            Assert.Equal((row, paid.GetValueOrDefault(row.Id)), (row, row.Sums));
        }

        var sum = Sums.Of(ledger.Select(entry => entry.Sums));
        Assert.Equal(sum, Sums.Of(rows.Select(row => row.Sums)));
        Assert.Equal(sum, await books.RollupsAsync());
        var byModel = rows.GroupBy(row => row.Model is { Length: > 0 } model ? model : "(none)")
            .ToDictionary(model => model.Key, model => Sums.Of(model.Select(row => row.Sums)));
        Assert.Equal(byModel.OrderBy(model => model.Key), (await books.RollupsByModelAsync()).OrderBy(model => model.Key));
        return sum;
    }
}
