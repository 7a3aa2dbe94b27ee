using System.Globalization;
using Bifrost.Storage.Databases;

namespace Bifrost.Storage.Logs.Rollups;

/// <summary>From which moment on each level is kept. What is before is neither written nor read.</summary>
internal sealed class Floors
{
    private readonly long[] _moments = [long.MinValue, long.MinValue, long.MinValue];

    public long this[Level level] => _moments[(int)level];

    public static async Task<Floors> ReadAsync(Session session)
    {
        var floors = new Floors();
        foreach (
            var (level, moment) in await session.QueryAsync(
                "SELECT level, moment FROM log_floors",
                reader => (Convert.ToInt32(reader.GetValue(0), CultureInfo.InvariantCulture), reader.GetInt64(1))
            )
        )
        {
            floors._moments[level] = moment;
        }

        return floors;
    }

    /// <summary>Never lowers it.</summary>
    public async Task RaiseAsync(Session session, Level level, long moment)
    {
        if (moment > this[level])
        {
            _moments[(int)level] = moment;
            await session.ExecuteAsync(
                """
                INSERT INTO log_floors (level, moment) VALUES (@level, @moment)
                ON CONFLICT (level) DO UPDATE SET moment = excluded.moment WHERE excluded.moment > log_floors.moment
                """,
                ("@level", (int)level),
                ("@moment", moment)
            );
        }
    }
}
