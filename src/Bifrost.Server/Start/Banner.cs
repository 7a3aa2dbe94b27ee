using System.Net;
using System.Text;
using Bifrost.Admin.Sessions;
using Bifrost.Configuration.Governance;

namespace Bifrost.Server.Start;

/// <summary>What a start has to tell.</summary>
/// <param name="Address">Where it listens.</param>
/// <param name="Ready">Providers that can be called.</param>
/// <param name="Variables">For each kind of provider the environment variable that would give it a key.</param>
/// <param name="ConfigPath">Where config.json is, or would be.</param>
/// <param name="ConfigExists">Whether it is there.</param>
/// <param name="Demo">Everything answered is simulated.</param>
/// <param name="Warnings">Of the configuration.</param>
/// <param name="Notes">Of the configuration.</param>
internal sealed record BannerView(
    Uri Address,
    IReadOnlyList<ReadyProvider> Ready,
    IReadOnlyList<string> Variables,
    string ConfigPath,
    bool ConfigExists,
    bool Demo,
    IReadOnlyList<string> Warnings,
    IReadOnlyList<string> Notes
)
{
    /// <summary>The administrator's account that was made at this start, to be told once; null: none was.</summary>
    public GeneratedCredential? Credential { get; init; }

    /// <summary>Virtual keys that got their value at this start, to be told once.</summary>
    public IReadOnlyList<NewVirtualKey> NewKeys { get; init; } = [];
}

/// <summary>The lines on standard output after a start: where it is, what is ready, what to do next.</summary>
internal static class Banner
{
    private const string Bold = "1";
    private const string Green = "32";
    private const string Yellow = "33";
    private const string Grey = "90";

    /// <summary>Whether standard output is a terminal whose owner did not ask for plain text.</summary>
    public static bool WantsColour(Func<string, string?> environment) =>
        !Console.IsOutputRedirected && string.IsNullOrEmpty(environment("NO_COLOR")) && environment("TERM") is not "dumb";

    public static string Render(BannerView view, bool colour)
    {
        var text = new StringBuilder();
        string Paint(string words, string code) => colour ? $"\e[{code}m{words}\e[0m" : words;
        void Row(string label, string value) => text.Append("  ").Append(Paint(label.PadRight(11), Grey)).Append(value).Append('\n');

        foreach (var warning in view.Warnings)
        {
            text.Append(Paint("!", Yellow)).Append(' ').Append(warning).Append('\n');
        }

        text.Append(view.Warnings.Count > 0 ? "\n" : "")
            .Append(Paint("✓", Green))
            .Append(' ')
            .Append(Paint("Bifrost started", Bold))
            .Append("\n\n");
        var address = Reachable(view.Address);
        Row("HTTP", address + (IsEverywhere(view.Address) ? " and every other address of this machine" : ""));
        Row("Web UI", $"{address}/");
        if (view.Demo)
        {
            Row("Demo", Paint("Everything answered here is SIMULATED. No provider is called, nothing is charged.", Yellow));
        }

        Providers(view, Row);
        Row("Config", view.ConfigExists ? view.ConfigPath : $"{view.ConfigPath} (not there; docs/configuration.md tells what it may say)");
        foreach (var note in view.Notes)
        {
            Row("", note);
        }

        if (view.Credential is { } account)
        {
            Row("Admin", $"user {account.User}, password {Paint(account.Password, Bold)}");
            Row("", "This password is shown once and kept as a hash. Change it with PUT /api/config, `auth_config`.");
        }

        foreach (var key in view.NewKeys)
        {
            Row("Virtual key", $"{key.Name}: {Paint(key.Value.Value, Bold)} (shown once)");
        }

        return text.Append('\n').ToString();
    }

    /// <summary>An address that a browser on this machine can open, without a slash at the end.</summary>
    public static string Reachable(Uri address) =>
        IsEverywhere(address) ? $"{address.Scheme}://127.0.0.1:{address.Port}" : address.GetLeftPart(UriPartial.Authority);

    private static void Providers(BannerView view, Action<string, string> row)
    {
        if (view.Ready.Count > 0)
        {
            var label = "Providers";
            foreach (var provider in view.Ready)
            {
                row(label, $"{provider.Name} ({(view.Demo ? "simulated" : provider.Credential)})");
                label = "";
            }

            return;
        }

        row("Providers", "none is ready yet. Callers can send a key of their own; or do one of these:");
        row("", $"- set {string.Join(" or ", view.Variables)} and start again");
        row("", "- write keys into config.json, at the path below");
        row("", "- try Bifrost without any key: --demo");
    }

    private static bool IsEverywhere(Uri address) =>
        IPAddress.TryParse(address.Host, out var ip) && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any));
}
