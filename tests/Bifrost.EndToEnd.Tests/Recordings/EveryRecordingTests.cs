using System.Reflection;

namespace Bifrost.EndToEnd.Tests.Recordings;

public sealed class EveryRecordingTests
{
    public static TheoryData<string> Recordings => [.. Recording.Names];

    [Theory]
    [MemberData(nameof(Recordings))]
    public void Every_recording_is_played_by_a_test(string recording)
    {
        var played = typeof(EveryRecordingTests)
            .Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance))
            .SelectMany(method => method.GetCustomAttributes<PlaysAttribute>())
            .Select(plays => plays.Recording);

        Assert.Contains(recording, played);
        Assert.NotEmpty(Recording.Read(recording).Recorded);
    }

    [Theory]
    [MemberData(nameof(Recordings))]
    public void No_recording_holds_a_token(string recording)
    {
        var text = File.ReadAllText(Bifrost.Testing.Sources.PathOf($"tests/Fixtures/replicate/recordings/{recording}.json"));

        Assert.DoesNotMatch("r8_[A-Za-z0-9]{10}", text);
        Assert.DoesNotContain("authorization", text, StringComparison.OrdinalIgnoreCase);
    }
}
