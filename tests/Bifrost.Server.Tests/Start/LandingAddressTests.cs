using Bifrost.Server.Start;

namespace Bifrost.Server.Tests.Start;

public sealed class LandingAddressTests
{
    private static readonly Uri Listening = new("http://0.0.0.0:8080");

    [Theory]
    [InlineData("localhost:8080", "http://localhost:8080")]
    [InlineData("gateway.example.com", "http://gateway.example.com")]
    [InlineData("192.168.1.7:81", "http://192.168.1.7:81")]
    [InlineData("[::1]:8080", "http://[::1]:8080")]
    [InlineData("[::1]", "http://[::1]")]
    public void It_is_the_one_the_visitor_came_by(string host, string address) =>
        Assert.Equal(address, LandingAddress.For(host, Listening, null));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("a\"b")]
    [InlineData("a'b")]
    [InlineData("a b")]
    [InlineData("me@evil.example")]
    [InlineData("a/b")]
    [InlineData("a:b")]
    [InlineData("a:0")]
    [InlineData("a:99999")]
    [InlineData(":80")]
    [InlineData("[::1")]
    [InlineData("[x]:80")]
    [InlineData("::1")]
    [InlineData("-")]
    [InlineData("ünicode.example")]
    [InlineData("a\r\nb")]
    public void What_is_no_address_is_replaced_by_ours(string? host) =>
        Assert.Equal("http://127.0.0.1:8080", LandingAddress.For(host, Listening, null));

    [Fact]
    public void A_name_longer_than_any_is_no_address() =>
        Assert.Equal("http://127.0.0.1:8080", LandingAddress.For(new string('a', 300), Listening, null));

    [Fact]
    public void Under_its_public_name_it_is_the_public_address() =>
        Assert.Equal(
            "https://gateway.example.com",
            LandingAddress.For("Gateway.example.com", Listening, new Uri("https://gateway.example.com/"))
        );
}
