using System.Text;
using Bifrost.Wire.Canonical.Chat;
using Bifrost.Wire.Dialects;
using Bifrost.Wire.Dialects.OpenAIChat;
using Bifrost.Wire.Dialects.OpenAIResponses;
using CsCheck;

namespace Bifrost.Wire.Tests.Dialects;

/// <summary>What must hold for every dialect that serves chat on both sides.</summary>
public sealed class ChatLaws
{
    private static readonly int Samples = Fuzz.Or(300);

    public static readonly TheoryData<string> Dialects = ["openai-chat", "openai-responses"];

    private static ICallerDialect<Conversation, Reply, ReplyDelta> Caller(string name) =>
        name == "openai-chat" ? OpenAIChatDialect.Instance : OpenAIResponsesDialect.Instance;

    private static IProviderDialect<Conversation, Reply, ReplyDelta> Provider(string name) =>
        name == "openai-chat" ? OpenAIChatDialect.Instance : OpenAIResponsesDialect.Instance;

    // A tool's own JSON is as received, so it is another one after writing; all that it says is in the other members.
    private static string Comparable(Conversation asked) =>
        Shape.Of(
            asked with
            {
                Tools = [.. asked.Tools.Select(tool => tool with { Json = Nothing })],
                ToolChoice = asked.ToolChoice is null ? null : asked.ToolChoice with { Json = Nothing },
            }
        );

    private static readonly System.Text.Json.JsonElement Nothing = System.Text.Json.JsonDocument.Parse("null").RootElement;

    [Theory, MemberData(nameof(Dialects))]
    public void A_request_written_and_read_is_the_same(string name) =>
        Conversations.All.Sample(
            asked =>
            {
                IReadOnlyList<string> losses = [];
                var bytes = Written.Bytes(output => losses = Provider(name).WriteRequest(asked, "m", output));
                Assert.Empty(losses);
                Assert.False(Caller(name).ReadRequest(new RequestBytes(bytes, null)).Failed(out var fault, out var read), fault?.Message);
                Assert.Equal(Comparable(asked), Comparable(read!));
            },
            iter: Samples
        );

    [Theory, MemberData(nameof(Dialects))]
    public void A_request_is_always_written_in_the_same_bytes(string name) =>
        Conversations.All.Sample(
            asked =>
            {
                var first = Written.Text(output => Provider(name).WriteRequest(asked, "m", output));
                Caller(name).ReadRequest(Written.Request(first)).Failed(out _, out var read);
                Assert.Equal(first, Written.Text(output => Provider(name).WriteRequest(read!, "m", output)));
            },
            iter: Samples
        );

    [Theory, MemberData(nameof(Dialects))]
    public void A_reply_written_and_read_is_the_same(string name) =>
        Conversations.Replies.Sample(
            reply =>
            {
                var bytes = Written.Bytes(output => Caller(name).WriteReply(reply, null, output));
                Assert.False(Provider(name).ReadReply(bytes, "a/b").Failed(out var fault, out var read), fault?.Message);
                Assert.Equal(Shape.Of(reply), Shape.Of(read));
            },
            iter: Samples
        );

    [Theory, MemberData(nameof(Dialects))]
    public void A_stream_written_and_read_is_the_same(string name) =>
        Conversations.Streams.Sample(
            deltas =>
            {
                var asked = new Conversation
                {
                    Model = "a/b",
                    Turns = [],
                    IncludeUsage = true,
                };
                var stream = Written.Stream(Caller(name).OpenWriter(asked), deltas);
                Assert.Equal(deltas, Written.Deltas(Provider(name).OpenReader("a/b"), stream));
            },
            iter: Samples
        );

    [Theory, MemberData(nameof(Dialects))]
    public void Any_chunking_gives_the_same_deltas(string name) =>
        Gen.Select(Conversations.Streams, Gen.Int[1, 50])
            .Sample(
                (deltas, length) =>
                {
                    var stream = Encoding.UTF8.GetBytes(Written.Stream(Caller(name).OpenWriter(null), deltas));
                    var whole = Written.Deltas(Provider(name).OpenReader("a/b"), stream);
                    Assert.Equal(whole, Written.Deltas(Provider(name).OpenReader("a/b"), stream, length));
                },
                iter: Samples
            );

    [Theory, MemberData(nameof(Dialects))]
    public void Usage_of_a_written_reply_is_found_in_its_bytes(string name) =>
        Conversations.Replies.Sample(
            reply =>
            {
                Assert.True(
                    Caller(name).TryReadUsage(Written.Bytes(output => Caller(name).WriteReply(reply, null, output)), out var usage)
                );
                Assert.Equal(reply.Usage, usage);
            },
            iter: Samples
        );
}
