using System.Text.Json;

namespace Bifrost.Wire.Json;

/// <summary>Forgiving reads of what others answered: a member that is missing, null or of another type is null.</summary>
internal static class JsonMembers
{
    public static string? TextOf(this JsonElement json, string name) => Of(json, name, JsonValueKind.String)?.GetString();

    public static JsonElement? ObjectOf(this JsonElement json, string name) => Of(json, name, JsonValueKind.Object);

    public static JsonElement? ArrayOf(this JsonElement json, string name) => Of(json, name, JsonValueKind.Array);

    public static int? IndexOf(this JsonElement json, string name) =>
        LongOf(json, name) is >= 0 and <= int.MaxValue and var value ? (int)value : null;

    public static long? LongOf(this JsonElement json, string name)
    {
        if (Of(json, name, JsonValueKind.Number) is not { } value)
        {
            return null;
        }

        if (value.TryGetInt64(out var number))
        {
            return number;
        }

        return value.TryGetDouble(out var real) && Math.Abs(real) < 9e15 ? (long)real : null;
    }

    /// <summary>Seconds since 1970 as a time. What is missing or beyond the calendar is 1970: dialects have no clock.</summary>
    public static DateTimeOffset TimeOf(this JsonElement json, string name) =>
        LongOf(json, name) is >= 0 and <= 253402300799 and var seconds
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : DateTimeOffset.UnixEpoch;

    private static JsonElement? Of(JsonElement json, string name, JsonValueKind kind) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == kind ? value : null;
}
