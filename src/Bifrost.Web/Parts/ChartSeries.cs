namespace Bifrost.Web.Parts;

/// <summary>One row of numbers over time.</summary>
/// <param name="Name">As the legend says it.</param>
/// <param name="Colour">0 to 6, <c>bad</c> or <c>good</c>.</param>
/// <param name="Values">One for each time; null where there is none.</param>
/// <param name="Total">Beside the name, or null.</param>
public sealed record ChartSeries(string Name, string Colour, IReadOnlyList<double?> Values, string? Total = null);
