using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Bifrost.Wire.Json;

namespace Bifrost.Wire.Tests.Json;

public sealed class JsonCursorTests
{
    private static readonly string[] Samples =
    [
        """{"model":"a","n":-0.5e+10,"b":[1,[],{},[[]],{"c":null}],"t":true,"f":false,"e":""}""",
        """ [ 0 , -1 , 10 , 1.0 , 1e5 , 1E-5 ] """,
        """ "alone" """,
        """{"long":"no escape in sight, yet longer than one block of sixty-four bytes, so that the second one is begun as well"}""",
        """{"long":"\n\t\"\\\/\b\f\r\u00e9 escapes everywhere \\\\\\\\\\\" and at the edges of blocks \\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\u12aB"}""",
        """{"h\u00e9":"ÄÖÜ – naïve 日本語 😀 that is longer in bytes than it is in characters, for good measure"}""",
    ];

    [Fact]
    public void Any_text_has_the_tokens_that_the_runtimes_reader_finds() => Fuzz.Run(Samples, IsReadAlike);

    [Fact]
    public void An_escape_may_stand_anywhere_in_a_block()
    {
        string[] escapes = ["\\n", "\\\\", "\\\"", "\\u12Af", "\\x", "\\", "\\u12G4", "\u0001", "\"", "\\\\\\\""];
        foreach (var escape in escapes)
        {
            for (var before = 0; before < 140; before++)
            {
                IsReadAlike(Encoding.UTF8.GetBytes($"[\"{new string('x', before)}{escape}{new string('y', 70)}\",1]"));
                IsReadAlike(Encoding.UTF8.GetBytes($"[\"{new string('x', before)}{escape}\"]"));
                IsReadAlike(Encoding.UTF8.GetBytes($"\"{new string('x', before)}{escape}"));
            }
        }
    }

    [Theory]
    [InlineData(JsonBody.MaxDepth, true)]
    [InlineData(JsonBody.MaxDepth + 1, false)]
    public void Nesting_has_an_end(int levels, bool isRead)
    {
        var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("[{\"a\":", levels / 2)) + (levels % 2 == 0 ? "1" : "[]"));
        text = [.. text, .. Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("}]", levels / 2)))];

        IsReadAlike(text);
        var cursor = new JsonCursor(text, JsonBody.MaxDepth);
        while (cursor.Read()) { }

        Assert.Equal(isRead, !cursor.IsBroken);
    }

    [Fact]
    public void A_name_is_skipped_with_its_value()
    {
        var cursor = new JsonCursor("""{"a":{"b":[1,{"c":2}]},"d":3}"""u8, 8);
        cursor.Read();
        cursor.Read();

        cursor.Skip();
        cursor.Read();

        Assert.True(cursor.Is("d"u8));
    }

    private static void IsReadAlike(byte[] text)
    {
        if (!Utf8.IsValid(text))
        {
            return;
        }

        var cursor = new JsonCursor(text, JsonBody.MaxDepth);
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = JsonBody.MaxDepth });
        while (true)
        {
            bool more;
            try
            {
                more = reader.Read();
            }
            catch (JsonException)
            {
                // The runtime's reader looks a little ahead: a mistake behind a value may be told with the value or after it.
                while (cursor.Read()) { }
                Assert.True(cursor.IsBroken);
                return;
            }

            Assert.Equal(more, cursor.Read());
            Assert.False(cursor.IsBroken);
            if (!more)
            {
                return;
            }

            Assert.Equal(reader.TokenType, cursor.TokenType);
            Assert.Equal(reader.CurrentDepth, cursor.Depth);
            Assert.Equal(reader.TokenStartIndex, cursor.TokenStart);
            Assert.Equal(reader.BytesConsumed, cursor.TokenEnd);
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName or JsonTokenType.Number)
            {
                Assert.Equal(reader.ValueSpan.ToArray(), cursor.Value.ToArray());
                Assert.Equal(reader.ValueIsEscaped, cursor.IsEscaped && reader.TokenType != JsonTokenType.Number);
            }

            if (reader.TokenType == JsonTokenType.Number)
            {
                Assert.Equal(reader.TryGetInt64(out var whole), cursor.TryGetWhole(out var ours));
                Assert.Equal(whole, ours);
                Assert.Equal(reader.TryGetDouble(out var real), cursor.TryGetReal(out var alike));
                Assert.Equal(real, alike);
            }
        }
    }
}
