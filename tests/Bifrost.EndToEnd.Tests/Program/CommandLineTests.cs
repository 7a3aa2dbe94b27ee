namespace Bifrost.EndToEnd.Tests.Program;

[Collection(ProcessTestGroup.Name)]
public sealed class CommandLineTests
{
    [Fact]
    public async Task Help_names_every_flag()
    {
        await using var bifrost = BifrostProcess.Start(["--help"]);

        Assert.Equal(0, await bifrost.ExitAsync());
        Assert.All(
            ["--host", "--port", "--app-dir", "--log-level", "--log-style", "--demo", "--version", "REPLICATE_API_TOKEN"],
            flag => Assert.Contains(flag, bifrost.Output, StringComparison.Ordinal)
        );
        Assert.Equal("", bifrost.Errors);
    }

    [Fact]
    public async Task Version_is_one_line()
    {
        await using var bifrost = BifrostProcess.Start(["--version"]);

        Assert.Equal(0, await bifrost.ExitAsync());
        Assert.Matches(@"^bifrost \d+\.\d+\.\d+\n$", bifrost.Output);
        Assert.Equal("", bifrost.Errors);
    }

    [Fact]
    public async Task Wrong_flags_are_told_all_at_once_and_nothing_starts()
    {
        await using var bifrost = BifrostProcess.Start(["--prot", "1", "--log-level", "inf", "--host", "nowhere at all", "--demo"]);

        Assert.Equal(2, await bifrost.ExitAsync());
        Assert.Equal("", bifrost.Output);
        Assert.Contains("\"--prot\" is not a flag. Did you mean `--port`?", bifrost.Errors, StringComparison.Ordinal);
        Assert.Contains("--log-level \"inf\"", bifrost.Errors, StringComparison.Ordinal);
        Assert.Contains("Did you mean `info`?", bifrost.Errors, StringComparison.Ordinal);
        Assert.Contains("--host \"nowhere at all\" is not an IP address", bifrost.Errors, StringComparison.Ordinal);
        Assert.Contains("bifrost --help", bifrost.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_environment_variable_is_told_by_its_name()
    {
        await using var bifrost = BifrostProcess.Start(["--demo"], ("APP_PORT", "eighty"));

        Assert.Equal(2, await bifrost.ExitAsync());
        Assert.Contains("APP_PORT \"eighty\" is not a port", bifrost.Errors, StringComparison.Ordinal);
    }
}
