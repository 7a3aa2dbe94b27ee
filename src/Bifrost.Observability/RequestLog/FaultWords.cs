using System.Globalization;
using System.Text;
using Bifrost.Wire.Faults;

namespace Bifrost.Observability.RequestLog;

/// <summary>Kinds of faults as rows, filters and metrics name them: <c>upstream_rate_limited</c>.</summary>
public static class FaultWords
{
    private static readonly string[] Words = [.. Enum.GetNames<FaultKind>().Select(Snake)];
    private static readonly string[] Culprits = ["caller", "gateway", "target"];

    public static string Word(this FaultKind kind) => Words[(int)kind];

    public static string Word(this Culprit culprit) => Culprits[(int)culprit];

    private static string Snake(string name)
    {
        var word = new StringBuilder();
        foreach (var c in name)
        {
            if (char.IsUpper(c) && word.Length > 0)
            {
                word.Append('_');
            }

            word.Append(char.ToLower(c, CultureInfo.InvariantCulture));
        }

        return word.ToString();
    }
}
