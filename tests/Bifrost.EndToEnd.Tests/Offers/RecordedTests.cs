using Bifrost.Testing.Conformance;
using Xunit.Sdk;

namespace Bifrost.EndToEnd.Tests.Offers;

/// <summary>What passes for the same as recorded, and what does not.</summary>
public sealed class RecordedTests : IDisposable
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.http");

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData("""{"a":1,"b":[2]}""", """{ "a": 1, "b": [ 2 ] }""")]
    [InlineData("""{"id":"{{any}}","created":{{any}},"b":[{{any}}]}""", """{"id":"x7","created":99,"b":[true]}""")]
    [InlineData("""{"id":"resp_{{any}}_0"}""", """{"id":"resp_77_0"}""")]
    public void Spacing_and_placeholders_differ_freely(string recorded, string happened) => ShouldBe(recorded, happened);

    [Theory]
    [InlineData("""{"a":1,"b":2}""", """{"b":2,"a":1}""")]
    [InlineData("""{"a":1}""", """{"a":1.0}""")]
    [InlineData("""{"a":1}""", """{"a":1,"b":null}""")]
    [InlineData("""{"id":"resp_{{any}}"}""", """{"id":"msg_7"}""")]
    public void Order_numbers_and_members_do_not(string recorded, string happened) =>
        Assert.Throws<TrueException>(() => ShouldBe(recorded, happened));

    [Fact]
    public void Spacing_counts_where_the_bytes_are_somebodys_own() =>
        Assert.Throws<TrueException>(() => ShouldBe("""{"a":1}""", """{"a": 1}""", exact: true));

    [Fact]
    public void A_further_header_may_be_there() => ShouldBe("{}", "{}", header: [("x-new", "1")]);

    [Fact]
    public void A_credential_that_is_not_recorded_may_not() =>
        Assert.Throws<TrueException>(() => ShouldBe("{}", "{}", header: [("authorization", "Bearer k")]));

    private void ShouldBe(string recorded, string happened, bool exact = false, params (string Name, string Value)[] header)
    {
        Assert.SkipWhen(Recorded.IsRecording, "Nothing is compared while recording.");
        File.WriteAllText(_file, $"200\n\n{recorded}\n");
        Recorded.ShouldBe(_file, new HttpText("200", header, happened), exact);
    }
}
