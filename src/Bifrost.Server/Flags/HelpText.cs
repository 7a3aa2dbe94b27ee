namespace Bifrost.Server.Flags;

/// <summary>What <c>--help</c> answers.</summary>
internal static class HelpText
{
    public const string Whole = """
        Bifrost, an AI gateway of your own.

        Usage: bifrost [flags]

          --host ADDRESS      Where to listen: an IP address, localhost, or * for every network.
                              Default 127.0.0.1; environment BIFROST_HOST, APP_HOST.
          --port NUMBER       0 takes any free port. Default 8080; environment APP_PORT.
          --app-dir FOLDER    Where config.json is. It may be missing.
                              Default ~/.config/bifrost, or %APPDATA%\bifrost; environment APP_DIR.
          --log-level LEVEL   debug, info, warn or error. Default info; environment LOG_LEVEL.
          --log-style STYLE   json or pretty. Default pretty on a terminal, else json; environment LOG_STYLE.
          --demo              Answer from the built-in simulator: no key needed, no answer is real.
          --still             With --demo: no keys, no past and no traffic of its own.
          --version           Print the version.
          --help              Print this.

        A flag goes before its environment variable. One dash works like two.

        Without config.json, one environment variable is enough to start:
          REPLICATE_API_TOKEN, or OPENAI_API_KEY (OPENAI_KEY)
        and if you need them:
          REPLICATE_BASE_URL, OPENAI_BASE_URL, BIFROST_PUBLIC_URL

        """;
}
