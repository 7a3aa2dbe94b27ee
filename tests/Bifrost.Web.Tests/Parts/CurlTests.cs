using Bifrost.Web.Parts;

namespace Bifrost.Web.Tests.Parts;

public sealed class CurlTests
{
    [Fact]
    public void A_quote_in_a_body_ends_no_command() =>
        Assert.Equal(
            "curl http://x/v1 \\\n  -H \"Authorization: Bearer KEY\" \\\n  -H \"Content-Type: application/json\" \\\n  -d '{\"a\":\"it'\\''s\"}'",
            Curl.Json("http://x/v1", "KEY", "{\"a\":\"it's\"}")
        );

    [Fact]
    public void Without_a_key_nothing_is_signed() =>
        Assert.DoesNotContain("Authorization", Curl.Json("http://x/v1", null, "{}"), StringComparison.Ordinal);
}
