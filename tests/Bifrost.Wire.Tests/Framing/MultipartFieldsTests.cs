using System.Text.Json;
using Bifrost.Wire.Faults;
using Bifrost.Wire.Framing;

namespace Bifrost.Wire.Tests.Framing;

public sealed class MultipartFieldsTests
{
    [Theory]
    [InlineData("2", "2")]
    [InlineData("-0.5", "-0.5")]
    [InlineData("true", "true")]
    [InlineData("false", "false")]
    [InlineData("""{"a":[1]}""", """{"a":[1]}""")]
    [InlineData("[1,2]", "[1,2]")]
    [InlineData("007", "\"007\"")]
    [InlineData("1024x1024", "\"1024x1024\"")]
    [InlineData("{broken", "\"{broken\"")]
    [InlineData("[see notes]", "\"[see notes]\"")]
    [InlineData("null", "\"null\"")]
    [InlineData("True", "\"True\"")]
    [InlineData("", "\"\"")]
    [InlineData("1 2", "\"1 2\"")]
    public void Values_get_the_type_they_look_like(string text, string json)
    {
        Assert.Equal(json, Read(("x", text)).GetProperty("x").GetRawText());
    }

    [Fact]
    public void Fields_known_as_text_stay_text()
    {
        Assert.Equal("42", Read(("prompt", "42")).GetProperty("prompt").GetString());
    }

    [Fact]
    public void Half_a_surrogate_pair_stays_the_text_it_was()
    {
        Assert.Equal("""["\ud800"]""", Read(("x", """["\ud800"]""")).GetProperty("x").GetString());
    }

    [Theory]
    [InlineData("x[]", "x[]")]
    [InlineData("x", "x")]
    [InlineData("x[0]", "x[1]")]
    public void Repeated_and_bracketed_names_are_arrays(string first, string second)
    {
        Assert.Equal("""["a","b"]""", Read((first, "a"), (second, "b")).GetProperty("x").GetRawText());
    }

    [Fact]
    public void One_bracketed_name_is_an_array_of_one()
    {
        Assert.Equal("""["a"]""", Read(("x[]", "a")).GetProperty("x").GetRawText());
    }

    [Fact]
    public void Keys_in_brackets_make_an_object()
    {
        var value = Read(("expires_after[anchor]", "created_at"), ("expires_after[seconds]", "3600"));

        Assert.Equal("""{"anchor":"created_at","seconds":3600}""", value.GetProperty("expires_after").GetRawText());
    }

    [Theory]
    [InlineData("x[a]", "x[]")]
    [InlineData("x[]", "x[a]")]
    [InlineData("x", "x[a]")]
    [InlineData("x[a]", "x[a]")]
    public void A_field_sent_in_two_ways_is_a_fault(string first, string second)
    {
        Assert.Equal("x", ReadOutcome((first, "1"), (second, "1")).Fault?.Param);
    }

    private static JsonElement Read(params (string, string)[] fields)
    {
        var outcome = ReadOutcome(fields);
        Assert.Null(outcome.Fault);
        return outcome.Value;
    }

    private static Outcome<JsonElement> ReadOutcome(params (string, string)[] fields)
    {
        var bytes = Forms.Of(fields);
        return MultipartFields.ToJson(MultipartForm.Parse(bytes.Body, bytes.ContentType).Value!, "prompt");
    }
}
