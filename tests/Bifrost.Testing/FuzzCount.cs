using System.Globalization;

namespace Bifrost.Testing;

/// <summary>How many inputs a property test takes: what <c>BIFROST_FUZZ</c> says, else what the test finds enough for everyday.</summary>
public static class FuzzCount
{
    public static int Or(int everyday) =>
        int.TryParse(Environment.GetEnvironmentVariable("BIFROST_FUZZ"), CultureInfo.InvariantCulture, out var asked) ? asked : everyday;
}
