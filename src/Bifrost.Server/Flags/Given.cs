using Bifrost.Configuration;

namespace Bifrost.Server.Flags;

/// <summary>What stands on the command line, not yet judged.</summary>
/// <param name="Values">Flag name without dashes → as written and value.</param>
internal sealed record Given(IReadOnlyDictionary<string, GivenValue> Values, bool Demo, bool Still, bool Help, bool Version)
{
    public static Given Nothing { get; } = new(new Dictionary<string, GivenValue>(), false, false, false, false);
}

/// <summary>A value and where it was written, so that a mistake can point there.</summary>
internal sealed record GivenValue(string Written, string Text)
{
    public override string ToString() => $"{Written} {JsonPath.Quoted(Text)}";
}

/// <summary>Where a setting may come from.</summary>
internal sealed class Sources(Given given, Func<string, string?> environment)
{
    /// <summary>The flag if it is given, else the first of the variables that is set and not blank, else null.</summary>
    public GivenValue? First(string flag, params ReadOnlySpan<string> variables)
    {
        if (given.Values.TryGetValue(flag, out var value))
        {
            return value;
        }

        foreach (var variable in variables)
        {
            if (environment(variable)?.Trim() is { Length: > 0 } text)
            {
                return new GivenValue(variable, text);
            }
        }

        return null;
    }
}
