using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;

namespace Bifrost.Testing.Conformance;

/// <summary>Compares what happened with what a fixture file says, or writes the file when <c>RECORD=1</c> is set. JSON is compared member by
/// member in order, its spacing aside; <c>{{any}}</c> in a file stands for whatever differs from run to run.</summary>
public static class Recorded
{
    private const string Any = "{{any}}";

    private static readonly JsonWriterOptions Pretty = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Files are written instead of compared.</summary>
    public static bool IsRecording => Environment.GetEnvironmentVariable("RECORD") == "1";

    /// <param name="file">Path of the fixture file.</param>
    /// <param name="spoken">What happened.</param>
    /// <param name="exact">The body is somebody's own bytes: spacing counts.</param>
    public static void ShouldBe(string file, HttpText spoken, bool exact)
    {
        var written = File.Exists(file) ? HttpText.Read(file) : null;
        Assert.True(written is not null || IsRecording, $"{file} is missing: write it, or run with RECORD=1 and read what was recorded.");
        var actual = exact ? spoken : spoken with { Body = Laid(spoken) };
        if (IsRecording)
        {
            File.WriteAllText(file, written is null ? actual.ToString() : Held(actual.ToString(), written.ToString()));
            return;
        }

        // Headers that the file does not name may be there, but for a credential: where none belongs, none may go.
        var named = actual with
        {
            Headers = [.. actual.Headers.Where(h => written!.Header(h.Name) is not null || IsCredential(h.Name))],
        };
        var expected = exact ? written! : written! with { Body = Laid(written!) };
        expected = expected with { Headers = [.. expected.Headers.OrderBy(h => h.Name, StringComparer.OrdinalIgnoreCase)] };
        Compare(file, expected.ToString(), Held(named.ToString(), expected.ToString()));
    }

    private static bool IsCredential(string header) => header.Equals("Authorization", StringComparison.OrdinalIgnoreCase);

    private static void Compare(string file, string expected, string actual)
    {
        var (recorded, happened) = (expected.Split('\n'), actual.Split('\n'));
        var line = recorded.Zip(happened).TakeWhile(pair => pair.First == pair.Second).Count();
        Assert.True(
            expected == actual,
            $"{file} says otherwise, first after {line} lines (spacing of JSON aside):\n"
                + $"recorded: {recorded.ElementAtOrDefault(line)}\nhappened: {happened.ElementAtOrDefault(line)}\n\nAll that happened:\n{actual}"
        );
    }

    /// <summary>One member a line, one event's JSON a line.</summary>
    private static string Laid(HttpText text)
    {
        if (text.IsEventStream)
        {
            return string.Join('\n', text.Body.Split('\n').Select(LaidEvent));
        }

        return text.Body.StartsWith('{') || text.Body.StartsWith('[') ? Written(text.Body, Pretty) : text.Body;
    }

    private static string LaidEvent(string line) =>
        line.StartsWith("data: {", StringComparison.Ordinal) ? "data: " + Written(line["data: ".Length..], Compact) : line;

    private static string Written(string json, JsonWriterOptions options)
    {
        // A placeholder may stand for a number too, which is no JSON.
        using var document = JsonDocument.Parse(Regex.Replace(json, @"(?<=[:\[,]\s*)\{\{any\}\}", $"\"{Any}\""));
        using var output = new MemoryStream();
        using (var writer = new Utf8JsonWriter(output, options))
        {
            document.RootElement.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(output.ToArray()).Replace($"\"{Any}\"", Any, StringComparison.Ordinal);
    }

    /// <summary>The actual text, with the expected line wherever that has a placeholder and fits.</summary>
    private static string Held(string actual, string expected)
    {
        var wanted = expected.Split('\n');
        return string.Join('\n', actual.Split('\n').Select((line, i) => i < wanted.Length && Fits(line, wanted[i]) ? wanted[i] : line));
    }

    private static bool Fits(string line, string wanted) =>
        wanted.Contains(Any, StringComparison.Ordinal)
        && Regex.IsMatch(line, $"^{string.Join(".*", wanted.Split(Any).Select(Regex.Escape))}$");
}
