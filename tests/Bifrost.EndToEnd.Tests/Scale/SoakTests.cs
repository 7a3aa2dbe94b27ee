using Bifrost.EndToEnd.Tests.Program;

namespace Bifrost.EndToEnd.Tests.Scale;

/// <summary><c>bench/soak</c> for 16 seconds instead of half an hour. Memory is hardly warm by then and may grow by half; a request without its row, a drop, an
/// answer other than it should be, or handles that stay open fail it all the same.</summary>
[Collection(ProcessTestGroup.Name)]
public sealed class SoakTests
{
    [Fact]
    public async Task Mixed_traffic_leaves_nothing_behind_and_loses_nothing()
    {
        var folder = Directory.CreateTempSubdirectory("bifrost-soak-").FullName;
        try
        {
            var run = await Bench.RunAsync(
                "soak",
                "--server",
                BifrostProcess.Program,
                "--folder",
                folder,
                "--seconds",
                "16",
                "--rate",
                "80",
                "--bound",
                "0.5"
            );

            Assert.True(run.ExitCode == 0, run.Told);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
