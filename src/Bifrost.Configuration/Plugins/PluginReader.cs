using System.Text.Json;
using Bifrost.Observability.Traces;

namespace Bifrost.Configuration;

/// <summary>Reads <c>plugins</c>. Only <c>otel</c> is served; it stands here because others have put it here.</summary>
internal static class PluginReader
{
    private const string Otel = "otel";

    /// <summary>What is traced, or null for nothing. Where the file says nothing of it, the environment decides.</summary>
    public static TraceOptions? Traces(IReadOnlyList<SectionReading> plugins, SectionWalker walker, OtelVariables variables)
    {
        SectionReading? otel = null;
        foreach (var plugin in plugins)
        {
            if (plugin.Text("name") is not { } name)
            {
                continue;
            }

            if (!name.Equals(Otel, StringComparison.OrdinalIgnoreCase))
            {
                walker.Findings.NotServed(plugin.Path);
            }
            else if (otel is null)
            {
                otel = plugin;
            }
            else
            {
                walker.Findings.Mistake(plugin.Path, "there is a second plugin `otel`. Keep one of the two.");
            }
        }

        return otel is null ? variables.Read() : Read(otel, walker, variables);
    }

    private static TraceOptions? Read(SectionReading plugin, SectionWalker walker, OtelVariables variables)
    {
        var on = plugin.Flag("enabled") ?? true;
        var at = plugin.PathOf("config");
        if (!plugin.Element.TryGetProperty("config", out var written) || written.ValueKind == JsonValueKind.Null)
        {
            if (on)
            {
                walker.Findings.Mistake(at, "is missing. Write an object with at least `collector_url`.");
            }

            return null;
        }

        var config = walker.Walk(written, PluginShape.Otel, at, needsVariables: on);
        return on ? new OtelReader(config, walker.Findings).Read(variables) : null;
    }
}
