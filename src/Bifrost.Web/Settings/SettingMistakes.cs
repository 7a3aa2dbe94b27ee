using Bifrost.Web.Api;

namespace Bifrost.Web.Settings;

/// <summary>Whose mistakes are whose.</summary>
internal static class SettingMistakes
{
    /// <summary>Whether it is in this setting, or in a line of it.</summary>
    public static bool IsIn(this Mistake mistake, Setting setting) =>
        mistake.Path == setting.Path || mistake.Path.StartsWith($"{setting.Path}[", StringComparison.Ordinal);

    /// <summary>Paths of the proxy's own route, as those of the page. A mistake of the whole is one of the address.</summary>
    public static Problem OfProxy(Problem problem) =>
        problem with
        {
            Mistakes = [.. problem.Mistakes.Select(m => m with { Path = $"proxy_config.{(m.Path == "body" ? "url" : m.Path)}" })],
        };
}
