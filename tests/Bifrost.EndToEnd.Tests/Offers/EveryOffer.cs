using Bifrost.Core.Contracts;
using Bifrost.Server.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bifrost.EndToEnd.Tests.Offers;

/// <summary>The providers there are, and all that they offer.</summary>
internal static class EveryOffer
{
    public static IReadOnlyList<Provider> Providers { get; } =
        ProviderSet.Create(new HostSettings("127.0.0.1", 0, static _ => { }), NullLoggerFactory.Instance).Kinds;

    public static Offer Of(string provider, string operation) =>
        Providers.Single(p => p.Id == provider).Offers.Single(o => o.Operation.Word() == operation);
}
