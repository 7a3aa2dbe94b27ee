using System.Text;
using Bifrost.Providers.Replicate;

namespace Bifrost.Providers.Tests.Replicate.Webhooks;

public sealed class WebhookSignatureTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string Id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private const string Timestamp = "1614265330";
    private const string Body = """{"test": 2432232314}""";
    private const string Right = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    [Fact]
    public void Case_59_the_published_vector_is_accepted() => Assert.True(IsRight(Right));

    [Fact]
    public void Case_59_an_altered_body_is_rejected() => Assert.False(IsRight(Right, body: Body + " "));

    [Theory]
    [InlineData("msg_other", Timestamp, Secret)]
    [InlineData(Id, "1614265331", Secret)]
    [InlineData(Id, Timestamp, "whsec_AAAA9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData(Id, Timestamp, "whsec_")]
    [InlineData(Id, Timestamp, "not base64 at all!")]
    public void Case_59_anything_else_altered_is_rejected(string id, string timestamp, string secret) =>
        Assert.False(WebhookSignature.IsRight(secret, id, timestamp, Right, Encoding.UTF8.GetBytes(Body)));

    [Fact]
    public void Case_59_the_second_of_two_signatures_may_be_the_right_one() =>
        Assert.True(IsRight("v1,AAAA9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE= " + Right));

    [Theory]
    [InlineData("")]
    [InlineData("v1,")]
    [InlineData("v1,%%%")]
    [InlineData("v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")]
    [InlineData("g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")]
    public void Case_59_other_versions_and_nonsense_are_passed_over(string signatures) => Assert.False(IsRight(signatures));

    [Theory]
    [InlineData(0, true)]
    [InlineData(300, true)]
    [InlineData(-300, true)]
    [InlineData(301, false)]
    [InlineData(-301, false)]
    public void Case_59_an_old_or_early_delivery_is_rejected(int seconds, bool recent) =>
        Assert.Equal(recent, WebhookSignature.IsRecent(Timestamp, DateTimeOffset.FromUnixTimeSeconds(1614265330 + seconds)));

    [Theory]
    [InlineData("")]
    [InlineData("-5")]
    [InlineData("yesterday")]
    [InlineData("9223372036854775807")]
    [InlineData("99999999999999999999999")]
    public void A_timestamp_that_is_none_is_not_recent(string timestamp) =>
        Assert.False(WebhookSignature.IsRecent(timestamp, DateTimeOffset.FromUnixTimeSeconds(1614265330)));

    private static bool IsRight(string signatures, string body = Body) =>
        WebhookSignature.IsRight(Secret, Id, Timestamp, signatures, Encoding.UTF8.GetBytes(body));
}
