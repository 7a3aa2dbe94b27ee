using System.Text;
using System.Text.Json;
using Bifrost.Governance.Prices;
using Bifrost.PriceTool;

namespace Bifrost.Governance.Tests.Prices;

public sealed class PriceCatalogueTests
{
    private static readonly PriceCatalogue Own = PriceCatalogue.Embedded;

    [Fact]
    public void Every_entry_has_a_known_source_and_a_date() =>
        Assert.All(
            Own.Models,
            price =>
            {
                Assert.Contains(price.Source, Own.Sources.Keys);
                Assert.Matches(@"^20\d\d(-\d\d){0,2}$", price.Date);
            }
        );

    [Fact]
    public void No_model_is_listed_twice() =>
        Assert.Equal(Own.Models.Count, Own.Models.Select(price => (price.Provider, price.Model)).Distinct().Count());

    [Fact]
    public void Every_entry_is_found_by_a_name_it_gives()
    {
        using var file = JsonDocument.Parse(Files.Catalogue());
        foreach (var entry in file.RootElement.GetProperty("models").EnumerateArray())
        {
            var provider = entry.GetProperty("provider").GetString()!;
            foreach (var name in entry.GetProperty("match").EnumerateArray().Select(text => text.GetString()!).Where(IsName))
            {
                Assert.NotNull(Own.Find(provider, name));
            }
        }
    }

    [Fact]
    public void Every_price_names_at_least_one_rate() =>
        Assert.All(Own.Models, price => Assert.All(price.Rules, rule => Assert.NotEmpty(rule.Rates)));

    [Fact]
    public void The_catalogue_stays_small() => Assert.InRange(Files.Catalogue().Length, 1, 600_000);

    [Theory]
    [InlineData("bedrock", "aws", "eu.amazon.nova-pro-v1:0")]
    [InlineData("vertex", "google", "gemini-2.5-flash")]
    [InlineData("gemini", "google", "gemini-2.5-flash")]
    [InlineData("xai", "x-ai", "grok-4.5-20260701")]
    [InlineData("OpenAI", "openai", "GPT-5")]
    public void A_provider_is_known_by_our_names_for_it(string ours, string theirs, string model)
    {
        Assert.NotNull(Own.Find(ours, model));
        Assert.Same(Own.Find(theirs, model), Own.Find(ours, model));
    }

    [Fact]
    public void A_reseller_without_a_price_charges_the_makers()
    {
        var price = Own.Find("azure", "o1-pro");

        Assert.Equal("openai", price?.Provider);
    }

    [Theory]
    [InlineData("openai", "gpt-of-tomorrow")]
    [InlineData("openai", "")]
    [InlineData("nobody", "gpt-5")]
    public void What_is_not_listed_has_no_price(string provider, string model) => Assert.Null(Own.Find(provider, model));

    [Fact]
    public void A_model_that_the_data_set_gives_no_price_is_unpriced_rather_than_free() =>
        Assert.Null(Own.Find("openai", "omni-moderation-latest"));

    [Fact]
    public void Names_asked_for_by_callers_do_not_pile_up()
    {
        for (var i = 0; i < 5_000; i++)
        {
            Assert.Null(Own.Find("openai", $"nonsense-{i}"));
        }

        Assert.NotNull(Own.Find("openai", "gpt-5-nano-2025-08-07"));
    }

    [Fact]
    public void The_tool_writes_what_is_expected_of_a_small_data_set()
    {
        var notes = new List<string>();

        var written = Write("data-set.json", "providers.json", "replicate.json", notes);

        Assert.Equal(Encoding.UTF8.GetString(Files.Bytes("expected.json")), written);
        Assert.Equal(["left out, no price: acme unknown", "rounded 0.08333333333333334 to 0.083333: acme long"], notes.Order());
    }

    [Fact]
    public void What_the_tool_writes_can_be_read()
    {
        var catalogue = CatalogueReader.Read(Encoding.UTF8.GetBytes(Write("data-set.json", "providers.json", "replicate.json", [])));

        Assert.Equal("small", catalogue.Find("acme-cloud", "small-2")?.Model);
        Assert.Equal("long", catalogue.Find("acme", "long-7")?.Model);
        Assert.Equal("resold", catalogue.Find("acme", "resold")?.Model);
        Assert.Equal("gpu-one", catalogue.Find("replicate", "a/machine")?.Hardware);
        Assert.Equal(50, catalogue.Find("acme", "small")?.BatchPercent);
        Assert.Null(catalogue.Find("acme", "unknown"));
    }

    [Fact]
    public void The_catalogue_holds_our_price_books_as_they_are()
    {
        var fromBooks = Write("data-set.json", "books/providers.json", "books/replicate.json", []).Split('\n').Where(IsReplicate).ToList();
        var committed = Encoding.UTF8.GetString(Files.Catalogue()).Split('\n').Where(IsReplicate).ToList();

        Assert.NotEmpty(fromBooks);
        Assert.Equal(fromBooks, committed);
    }

    private static bool IsReplicate(string line) =>
        line.StartsWith("{\"provider\":\"replicate\"", StringComparison.Ordinal) || line.StartsWith("{\"sku\"", StringComparison.Ordinal);

    private static bool IsName(string pattern) => !pattern.Contains('*', StringComparison.Ordinal) && !pattern.StartsWith('/');

    private static string Write(string data, string providers, string replicate, List<string> notes) =>
        CatalogueWriter.Write(Files.Json(data), "2026-08", Files.Json(providers), Files.Json(replicate), notes);
}
