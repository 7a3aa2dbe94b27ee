using Bifrost.Core.Contracts;
using Bifrost.Providers;

namespace Bifrost.EndToEnd.Tests.Offers;

public sealed class ProviderCatalogTests
{
    [Fact]
    public void The_catalog_lists_every_provider_that_exists()
    {
        var written = typeof(ProviderCatalog).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Provider)) && !type.IsAbstract);
        var listed = EveryOffer.Providers.Select(provider => provider.GetType());

        Assert.Equal(written.Select(type => type.Name).Order(), listed.Select(type => type.Name).Order());
    }

    [Fact]
    public void No_provider_is_listed_as_served_and_as_not_served() =>
        Assert.Empty(EveryOffer.Providers.Select(provider => provider.Id).Intersect(ProviderCatalog.NotServed));

    [Fact]
    public void No_provider_offers_an_operation_twice() =>
        Assert.All(EveryOffer.Providers, provider => Assert.Distinct(provider.Offers.Select(offer => offer.Operation)));
}
