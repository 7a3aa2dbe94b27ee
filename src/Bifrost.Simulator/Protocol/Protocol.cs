using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Bifrost.Simulator;

/// <summary>Small facts of the wire that several features share.</summary>
internal static class Protocol
{
    /// <summary>Replicate does not escape quotes, angle brackets or non-ASCII letters in its JSON.</summary>
    public static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Timestamp(DateTimeOffset at) => at.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>Nine fractional digits, as some of Replicate's regions send them.</summary>
    public static string NanoTimestamp(DateTimeOffset at) =>
        at.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'83Z'", CultureInfo.InvariantCulture);
}
