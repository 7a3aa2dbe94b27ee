using System.Globalization;

namespace Bifrost.Web.Parts;

/// <summary>A stretch of time that a page looks at: the last so many hours, or from one moment to another. Kept in the address as <c>period</c>, or <c>from</c> and <c>to</c>.</summary>
/// <param name="Start">Included.</param>
/// <param name="End">Not included.</param>
/// <param name="Name">Such as <c>24h</c>; null when it was given by its ends.</param>
public sealed record Period(DateTimeOffset Start, DateTimeOffset End, string? Name)
{
    /// <summary>What can be chosen with one click.</summary>
    public static IReadOnlyList<(string Name, string Title, TimeSpan Length)> Choices { get; } =
    [
        ("1h", "1 h", TimeSpan.FromHours(1)),
        ("6h", "6 h", TimeSpan.FromHours(6)),
        ("24h", "24 h", TimeSpan.FromHours(24)),
        ("7d", "7 days", TimeSpan.FromDays(7)),
        ("30d", "30 days", TimeSpan.FromDays(30)),
    ];

    /// <summary>The stretch of the same length right before.</summary>
    public Period Before => new(Start - (End - Start), Start, null);

    /// <summary>As parameters of the API.</summary>
    public string Query => $"start_time={Written(Start)}&end_time={Written(End)}";

    /// <summary>Reads what the address says; 24 hours when it says nothing that makes sense.</summary>
    public static Period Of(string? name, string? from, string? to, DateTimeOffset now)
    {
        if (Parsed(from) is { } start && (Parsed(to) ?? now) is var end && start < end)
        {
            return new Period(start, end, null);
        }

        var choice = Choices.FirstOrDefault(c => c.Name == name, Choices[2]);
        return new Period(now - choice.Length, now, choice.Name);
    }

    private static DateTimeOffset? Parsed(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;

    private static string Written(DateTimeOffset at) =>
        Uri.EscapeDataString(at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
}
