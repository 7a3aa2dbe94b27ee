using System.Text;
using Bifrost.Core.Contracts;
using Bifrost.Testing.Conformance;
using Bifrost.Wire.Faults;

namespace Bifrost.EndToEnd.Tests.Offers;

/// <summary>Every offer of every provider does what is recorded for it under tests/Fixtures. A new provider is found by itself, and fails by
/// name until its recordings are there.</summary>
public sealed class OfferTests
{
    public static TheoryData<string, string> Offers { get; } =
    [.. EveryOffer.Providers.SelectMany(p => p.Offers.Select(o => new TheoryDataRow<string, string>(p.Id, o.Operation.Word())))];

    public static TheoryData<string, string, string> Cases { get; } =
    [.. Case.All.Select(c => new TheoryDataRow<string, string, string>(c.Provider, c.Operation, c.Name))];

    public static TheoryData<string> Providers { get; } = [.. EveryOffer.Providers.Select(p => p.Id)];

    [Theory]
    [MemberData(nameof(Offers))]
    public void Every_offer_is_recorded(string provider, string operation) =>
        Assert.True(
            Case.For(provider, operation).Count > 0,
            $"{provider} offers {operation}, and tests/Fixtures/{provider}/{operation} holds no case. See docs/how-to/add-a-provider.md."
        );

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Every_case_happens_as_recorded(string provider, string operation, string name)
    {
        var played = new Case(provider, operation, name);
        var happened = await CasePlayer.PlayAsync(played);

        var own = EveryOffer.Of(provider, operation) is HttpOffer;
        foreach (var stem in played.Upstreams)
        {
            Assert.True(happened.Requests.ContainsKey(stem), $"{played.Request(stem).Start} was never asked. {Unforeseen(happened)}");
            Recorded.ShouldBe(played.PathOf($"{stem}-request"), happened.Requests[stem].Text, own);
        }

        Assert.True(happened.Unforeseen.Count == 0, Unforeseen(happened));
        foreach (var stem in played.Callers)
        {
            Recorded.ShouldBe(played.PathOf($"{stem}-reply"), happened.Replies[stem].Text, own);
            Assert.True(
                ReportedUsage.Of(happened.Replies[stem].Text) is not { } used || happened.Log.Contains(used, StringComparison.Ordinal),
                $"The reply's usage was not found in passing: {ReportedUsage.Of(happened.Replies[stem].Text)}\n{happened.Log}"
            );
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Who_speaks_the_callers_dialect_gets_and_gives_the_same_bytes(string provider, string operation, string name)
    {
        var played = new Case(provider, operation, name);
        if (EveryOffer.Of(provider, operation) is not HttpOffer || played.Reply("upstream-1").Status >= 400)
        {
            return;
        }

        var happened = await CasePlayer.PlayAsync(played);

        var asked = Encoding.UTF8.GetString(played.Request("caller").Bytes());
        var prefix = asked.IndexOf(provider + "/", StringComparison.Ordinal);
        var sent = prefix < 0 ? asked : asked.Remove(prefix, provider.Length + 1);
        Assert.Equal(sent, Encoding.UTF8.GetString(happened.Requests["upstream-1"].Bytes));
        Assert.Equal(played.Reply("upstream-1").Bytes(), happened.Replies["caller"].Bytes);
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public void A_refused_key_of_the_gateway_is_recorded_and_is_not_the_callers_fault(string provider)
    {
        var refused = Failing(provider, 401);

        Assert.Equal(FaultTable.Of(FaultKind.UpstreamCredential).Status, refused.Reply("caller").Status);
        Assert.Contains("upstream_authentication_error", refused.Reply("caller").Body, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public void A_rate_limit_is_recorded_and_the_caller_learns_how_long_to_wait(string provider)
    {
        var limited = Failing(provider, 429);

        var upstream = limited.Upstreams.Select(limited.Reply).Single(reply => reply.Status == 429);
        Assert.Equal(429, limited.Reply("caller").Status);
        Assert.NotNull(upstream.Header("Retry-After"));
        Assert.Equal(upstream.Header("Retry-After"), limited.Reply("caller").Header("Retry-After"));
    }

    [Fact]
    public void Every_case_belongs_to_an_offer() => Assert.All(Case.All, one => Assert.NotNull(EveryOffer.Of(one.Provider, one.Operation)));

    private static Case Failing(string provider, int status)
    {
        var found = Case.All.FirstOrDefault(c => c.Provider == provider && c.Upstreams.Any(stem => c.Reply(stem).Status == status));
        Assert.True(found is not null, $"No case of {provider} under tests/Fixtures has an upstream that answers {status}.");
        return found;
    }

    private static string Unforeseen(Played happened) => "Asked, but not in the recording: " + string.Join(", ", happened.Unforeseen);
}
