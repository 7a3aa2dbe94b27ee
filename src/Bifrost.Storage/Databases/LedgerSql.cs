using System.Data.Common;
using Bifrost.Governance.Limits;
using Bifrost.Governance.Stores;

namespace Bifrost.Storage.Databases;

/// <summary>Statements about money that both databases understand.</summary>
internal static class LedgerSql
{
    public const string Position = "SELECT segment, position FROM journals WHERE journal = @journal";

    public const string SetPosition = """
        INSERT INTO journals (journal, segment, position) VALUES (@journal, @segment, @position)
        ON CONFLICT (journal) DO UPDATE SET segment = excluded.segment, position = excluded.position
        """;

    public const string ForgetReleases = "DELETE FROM releases WHERE journal = @journal AND segment < @segment";

    public const string Counters = "SELECT meter_id, period_start, epoch, used FROM counters";

    /// <summary>The rule of <see cref="Database.AddToCountersAsync"/>. The epoch counts first: it is raised to make all that was before count no more, also
    /// when a change of the period's length has moved its beginning back.</summary>
    public const string OnCounter = """
        ON CONFLICT (meter_id) DO UPDATE SET
            used = CASE
                WHEN excluded.epoch = counters.epoch AND excluded.period_start = counters.period_start THEN counters.used + excluded.used
                ELSE excluded.used
            END,
            period_start = excluded.period_start,
            epoch = excluded.epoch
        WHERE excluded.epoch > counters.epoch OR (excluded.epoch = counters.epoch AND excluded.period_start >= counters.period_start)
        """;

    public static JournalPosition ReadPosition(DbDataReader reader) => new(reader.GetInt64(0), reader.GetInt64(1));

    public static CounterState ReadCounter(DbDataReader reader) =>
        new(reader.GetString(0), reader.GetInt64(1), reader.GetInt32(2), reader.GetInt64(3));
}
