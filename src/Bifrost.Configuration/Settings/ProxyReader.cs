using Bifrost.Core.World;

namespace Bifrost.Configuration.Settings;

/// <summary>Reads the proxy for everything that goes out.</summary>
internal static class ProxyReader
{
    /// <summary>Null when requests to providers go without one.</summary>
    public static ProxyConfig? Read(SectionReading section, Findings findings)
    {
        if (section.Flag("enabled") != true)
        {
            return null;
        }

        if (section.Text("url") is not { } url)
        {
            if (!section.Has("url"))
            {
                findings.Mistake(section.Path, "`url` is missing. Write the proxy's address, or \"enabled\": false.");
            }

            return null;
        }

        return section.Flag("enable_for_inference") ?? true
            ? new ProxyConfig(new Uri(url))
            {
                Username = section.Text("username"),
                Password = section.Text("password") is { } password ? new Secret(password) : Secret.Empty,
                Bypass = (section.Text("no_proxy") ?? "").Split(
                    ',',
                    StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries
                ),
                InsecureSkipVerify = section.Flag("skip_tls_verify") ?? false,
            }
            : null;
    }
}
