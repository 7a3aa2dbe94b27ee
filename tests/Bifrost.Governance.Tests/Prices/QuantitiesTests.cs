using Bifrost.Governance.Prices;
using Bifrost.Wire.Canonical;

namespace Bifrost.Governance.Tests.Prices;

public sealed class QuantitiesTests
{
    [Fact]
    public void Every_number_of_a_usage_is_there()
    {
        var usage = new Usage();
        var numbers = typeof(Usage)
            .GetProperties()
            .Where(number =>
                number.CanWrite
                && (number.PropertyType == typeof(long) || number.PropertyType == typeof(int) || number.PropertyType == typeof(double))
            )
            .ToList();
        for (var at = 0; at < numbers.Count; at++)
        {
            numbers[at]
                .SetValue(usage, Convert.ChangeType(at + 1, numbers[at].PropertyType, System.Globalization.CultureInfo.InvariantCulture));
        }

        object quantities = Quantities.Of(usage);

        Assert.True(numbers.Count >= 11);
        Assert.All(
            numbers,
            number => Assert.Equal(number.GetValue(usage), typeof(Quantities).GetProperty(number.Name)?.GetValue(quantities))
        );
    }
}
