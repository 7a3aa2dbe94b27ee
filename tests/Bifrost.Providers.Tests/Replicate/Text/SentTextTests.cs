using System.Text;
using Bifrost.Providers.Replicate;
using Bifrost.Testing;
using CsCheck;

namespace Bifrost.Providers.Tests.Replicate.Text;

public sealed class SentTextTests
{
    private enum Server
    {
        StartsOverWithSameIds,
        StartsOverWithNewIds,
        GoesOn,
    }

    [Fact]
    public void Whatever_a_server_does_after_a_loss_each_character_is_passed_on_once()
    {
        var tokens = Gen.String[Gen.Char["ab "], 1, 4].Array[1, 30];
        var cuts = Gen.Int[0, 30].Array[0, 4];
        Gen.Select(tokens, cuts, Gen.Enum<Server>())
            .Sample(
                (texts, losses, server) =>
                {
                    var whole = string.Concat(texts);
                    var sent = new SentText();
                    var heard = new StringBuilder();
                    var next = 0;
                    var line = 0;
                    foreach (var loss in losses.Append(texts.Length))
                    {
                        var from = server == Server.GoesOn ? next : 0;
                        next = Math.Max(next, Math.Min(loss, texts.Length));
                        for (var i = from; i < next; i++)
                        {
                            Hear(sent, texts[i], server == Server.StartsOverWithNewIds ? $"{line}:{i}" : $"0:{i}");
                            heard.Append(sent.TakeNew());
                        }

                        line++;
                        sent.OpenAgain(string.Concat(texts[..next]));
                    }

                    heard.Append(sent.TryPassRest(whole) ? sent.TakeNew() : "(does not fit)");
                    Assert.Equal(whole, heard.ToString());
                },
                iter: FuzzCount.Or(3000)
            );
    }

    [Fact]
    public void A_stream_that_fits_nothing_is_noticed()
    {
        var sent = new SentText();
        Hear(sent, "Hello", "1:0");
        sent.OpenAgain("Hello you");

        sent.TakeNew();
        Hear(sent, "Completely different", "2:0");

        Assert.Equal("", sent.TakeNew());
        Assert.True(sent.Diverged);
    }

    private static void Hear(SentText sent, string text, string id) => sent.Hear(Encoding.UTF8.GetBytes(text), Encoding.UTF8.GetBytes(id));
}
