using Bifrost.Configuration;
using Bifrost.Core.Contracts;
using Bifrost.Providers;
using Bifrost.Server.Flags;
using Bifrost.Server.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bifrost.Server.Tests.Configuration;

/// <summary>The providers there really are, against what the configuration and its pages say of them.</summary>
public sealed class CatalogueTests : IAsyncLifetime
{
    private readonly ProviderSet _providers = ProviderSet.Create(new HostSettings("127.0.0.1", 0, _ => { }), NullLoggerFactory.Instance);

    public static TheoryData<string> NotServed => [.. ProviderCatalog.NotServed];

    private IReadOnlyList<Provider> Kinds => _providers.Kinds;

    [Theory]
    [MemberData(nameof(NotServed))]
    public void A_published_provider_that_is_not_served_is_one_warning(string name)
    {
        var json = $$"""{"providers": {"{{name}}": {"keys": [{"name": 7, "value": "env.NOT_THERE", "weight": -1}], "what": "ever"} } }""";

        var reading = ConfigFile.Read(System.Text.Encoding.UTF8.GetBytes(json), _ => null, Kinds, ProviderCatalog.NotServed);

        Assert.Empty(reading.Mistakes);
        Assert.Empty(reading.Config.Providers);
        Assert.Equal($"`providers.{name}` is not served by this version of Bifrost and is ignored.", Assert.Single(reading.Warnings));
    }

    [Fact]
    public void Help_names_every_variable() =>
        Assert.All(Kinds.SelectMany(k => k.TokenVariables.Append(k.BaseUrlVariable!)), v => Assert.Contains(v, HelpText.Whole));

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _providers.DisposeAsync();
}
