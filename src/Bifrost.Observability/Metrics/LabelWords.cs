using System.Text;
using Bifrost.Core.Contracts;
using Bifrost.Wire.Faults;

namespace Bifrost.Observability.Metrics;

/// <summary>Names of ours as labels write them: <c>upstream_down</c>.</summary>
internal static class LabelWords
{
    private static readonly string[] Faults = [.. Enum.GetNames<FaultKind>().Select(Snake)];
    private static readonly string[] Lanes = [.. Enum.GetNames<Lane>().Select(Snake)];

    public static string Of(FaultKind fault) => Faults[(int)fault];

    public static string Of(Lane lane) => Lanes[(int)lane];

    private static string Snake(string name)
    {
        var text = new StringBuilder(name.Length + 4);
        foreach (var c in name)
        {
            text.Append(char.IsAsciiLetterUpper(c) && text.Length > 0 ? "_" : "").Append(char.ToLowerInvariant(c));
        }

        return text.ToString();
    }
}
