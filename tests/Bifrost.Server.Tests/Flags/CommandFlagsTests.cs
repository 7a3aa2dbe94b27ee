using Bifrost.Configuration.Tests;
using Bifrost.Server.Flags;
using Microsoft.Extensions.Logging;

namespace Bifrost.Server.Tests.Flags;

public sealed class CommandFlagsTests
{
    [Fact]
    public void Without_flags_there_are_defaults()
    {
        var options = Parse([], ("HOME", "/somewhere"));

        Assert.Equal("127.0.0.1", options.Host);
        Assert.Equal(8080, options.Port);
        Assert.Equal(LogLevel.Information, options.LogLevel);
        Assert.False(options.Demo);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal("/somewhere/.config/bifrost", options.AppDir);
            Assert.Equal("/somewhere/.config/bifrost/config.json", options.ConfigPath);
        }
    }

    [Theory]
    [InlineData("--port", "9000")]
    [InlineData("-port", "9000")]
    [InlineData("--port=9000", null)]
    [InlineData("-port=9000", null)]
    public void One_dash_is_as_good_as_two(string first, string? second) =>
        Assert.Equal(9000, Parse(second is null ? [first] : [first, second]).Port);

    [Fact]
    public void Every_flag_is_read()
    {
        var options = Parse(["--host", "0.0.0.0", "-port=0", "--app-dir", "data", "-log-level", "WARN", "--log-style=json", "--demo"]);

        Assert.Equal("0.0.0.0", options.Host);
        Assert.Equal(0, options.Port);
        Assert.Equal(Path.GetFullPath("data"), options.AppDir);
        Assert.Equal(LogLevel.Warning, options.LogLevel);
        Assert.Equal(LogStyle.Json, options.LogStyle);
        Assert.True(options.Demo);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("[::1]")]
    [InlineData("localhost")]
    [InlineData("*")]
    public void These_are_hosts(string host) => Assert.Equal(host, Parse(["--host", host]).Host);

    [Fact]
    public void The_environment_stands_in_for_flags()
    {
        var options = Parse(
            [],
            ("APP_HOST", "0.0.0.0"),
            ("APP_PORT", "81"),
            ("APP_DIR", "data"),
            ("LOG_LEVEL", "debug"),
            ("LOG_STYLE", "pretty")
        );

        Assert.Equal("0.0.0.0", options.Host);
        Assert.Equal(81, options.Port);
        Assert.Equal(Path.GetFullPath("data"), options.AppDir);
        Assert.Equal(LogLevel.Debug, options.LogLevel);
        Assert.Equal(LogStyle.Pretty, options.LogStyle);
    }

    [Fact]
    public void A_flag_goes_before_the_environment() => Assert.Equal(9000, Parse(["--port", "9000"], ("APP_PORT", "81")).Port);

    [Fact]
    public void A_bad_variable_that_a_flag_replaces_does_no_harm() =>
        Assert.Equal(9000, Parse(["--port", "9000"], ("APP_PORT", "many")).Port);

    [Fact]
    public void BIFROST_HOST_goes_before_APP_HOST() =>
        Assert.Equal("127.0.0.2", Parse([], ("APP_HOST", "0.0.0.0"), ("BIFROST_HOST", "127.0.0.2")).Host);

    [Theory]
    [InlineData(true, "Pretty")]
    [InlineData(false, "Json")]
    public void The_log_is_pretty_where_somebody_reads_along(bool onTerminal, string style) =>
        Assert.Equal(style, CommandFlags.Parse([], _ => null, onTerminal).Options!.LogStyle.ToString());

    [Theory]
    [InlineData("--port 99999", "--port \"99999\" is not a port. Use a number from 1 to 65535, or 0 for any free port.")]
    [InlineData("--port -1", "--port \"-1\" is not a port.")]
    [InlineData("--port 80a", "--port \"80a\" is not a port.")]
    [InlineData("-port=http", "-port \"http\" is not a port.")]
    [InlineData("--host example.com", "--host \"example.com\" is not an IP address. Use 127.0.0.1 or localhost for this machine alone")]
    [InlineData("--log-level wran", "--log-level \"wran\" is not one of debug, info, warn, error. Did you mean `warn`?")]
    [InlineData("--log-style xml", "--log-style \"xml\" is not one of json, pretty.")]
    [InlineData("--prot 9000", "\"--prot\" is not a flag. Did you mean `--port`?")]
    [InlineData("-prot=9000", "\"-prot\" is not a flag. Did you mean `--port`?")]
    [InlineData("start", "\"start\" is not understood: bifrost takes flags only.")]
    [InlineData("--port", "--port needs a value.")]
    [InlineData("--app-dir=", "--app-dir needs a value.")]
    [InlineData("--host --demo", "--host needs a value.")]
    [InlineData("--port 1 --port 2", "--port is given more than once.")]
    [InlineData("--app-dir -demo", "--app-dir needs a value.")]
    [InlineData("--demo perhaps", "\"perhaps\" is not understood: bifrost takes flags only.")]
    [InlineData("--demo true --demo false", "--demo is given more than once.")]
    [InlineData("@file", "\"@file\" is not understood: bifrost takes flags only.")]
    public void A_bad_value_is_told_and_ends_with_code_2(string line, string said)
    {
        var outcome = CommandFlags.Parse(line.Split(' '), _ => null, false);

        Assert.Null(outcome.Options);
        Assert.Equal(2, outcome.ExitCode);
        Assert.StartsWith($"bifrost: {said}", outcome.Text);
        Assert.Equal(2, outcome.Text.Count(c => c == '\n'));
    }

    [Fact]
    public void A_bad_variable_is_told_by_its_name() =>
        Assert.StartsWith("bifrost: APP_PORT \"many\" is not a port.", CommandFlags.Parse([], Variables(("APP_PORT", "many")), false).Text);

    [Fact]
    public void A_file_is_no_folder()
    {
        var file = typeof(CommandFlagsTests).Assembly.Location;

        Assert.Contains(
            "is not a folder. Use the folder that holds config.json.",
            CommandFlags.Parse(["--app-dir", file], _ => null, false).Text
        );
    }

    [Fact]
    public void All_mistakes_are_told_at_once()
    {
        var text = CommandFlags
            .Parse(["--port", "x", "--host", "y z", "--nonsense", "--log-level"], Variables(("LOG_STYLE", "z")), false)
            .Text;

        Assert.Equal(6, text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("-help")]
    [InlineData("-h")]
    public void Help_names_every_flag(string flag)
    {
        var outcome = CommandFlags.Parse([flag, "--port", "x"], _ => null, false);

        Assert.Null(outcome.Options);
        Assert.Equal(0, outcome.ExitCode);
        foreach (var name in (string[])["host", "port", "app-dir", "log-level", "log-style", "demo", "version", "help"])
        {
            Assert.Contains($"  --{name} ", outcome.Text);
        }
    }

    [Fact]
    public void Version_is_one_line()
    {
        var outcome = CommandFlags.Parse(["--version"], _ => null, false);

        Assert.Equal(0, outcome.ExitCode);
        Assert.Matches("^bifrost [0-9]+\\.[0-9]+\\.[0-9]+\n$", outcome.Text);
    }

    [Fact]
    public void Without_a_home_the_folder_it_runs_in_will_do() =>
        Assert.Equal(Path.GetFullPath("bifrost"), CommandFlags.Parse([], _ => null, false).Options!.AppDir);

    private static StartOptions Parse(string[] args, params (string Name, string Value)[] environment)
    {
        var outcome = CommandFlags.Parse(args, Variables(environment), false);
        Assert.Equal("", outcome.Text);
        return outcome.Options!;
    }

    private static Func<string, string?> Variables(params (string Name, string Value)[] environment) => AConfig.Variables(environment);
}
