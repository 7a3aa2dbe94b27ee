using Bifrost.EndToEnd.Tests.Program;
using Bifrost.Testing.Stores;

namespace Bifrost.EndToEnd.Tests.Scale;

/// <summary><c>bench/logs</c> with 60,000 rows instead of ten million, and four times its limits, for machines with other things to do. It fails when a question
/// takes longer, or when rows do not arrive meanwhile.</summary>
[Collection(ProcessTestGroup.Name)]
public sealed class LogScaleTests
{
    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Every_question_to_a_log_is_answered_in_time_while_it_is_written(DatabaseKind kind)
    {
        await using var place = await StorePlace.FreshAsync(kind);
        string[] where = place.Connection is { } connection
            ? ["--postgres", connection]
            : ["--sqlite", Path.Combine(place.Folder, "logs.db")];

        var run = await Bench.RunAsync(["logs", .. where, "--rows", "60000", "--rounds", "1", "--slack", "4"]);

        Assert.True(run.ExitCode == 0, run.Told);
        Assert.Contains("| rows when asking began | 60,000 |", run.Output, StringComparison.Ordinal);
    }
}
