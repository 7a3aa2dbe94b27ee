using Bifrost.Core.World;

namespace Bifrost.Core.Contracts;

/// <summary>A company or server with an address, a credential scheme, and offers. One instance serves every configured provider of its
/// kind, on all threads; what belongs to one configuration lives in <see cref="ProviderModel"/>.</summary>
public abstract class Provider
{
    /// <summary>Name in model strings and in the configuration: <c>openai</c>.</summary>
    public abstract string Id { get; }

    /// <summary>Base address when none is configured, ending with a slash.</summary>
    public abstract Uri Home { get; }

    public abstract ICredentialScheme Credentials { get; }

    /// <summary>What it can do. What is not listed cannot be asked.</summary>
    public abstract IReadOnlyList<Offer> Offers { get; }

    /// <summary>How long one request may take in all when the configuration does not say.</summary>
    public virtual TimeSpan Patience => TimeSpan.FromMinutes(2);

    /// <summary>Environment variables that hold a key, first set one wins: with no configuration file they are enough to start.</summary>
    public abstract IReadOnlyList<string> TokenVariables { get; }

    /// <summary>Environment variable that holds the base address, or null.</summary>
    public virtual string? BaseUrlVariable => null;

    /// <summary>Turns the address as people write it (with or without version, with or without slash) into a base ending with a slash.</summary>
    public virtual Uri BaseOf(Uri configured) => configured.AbsoluteUri.EndsWith('/') ? configured : new Uri(configured.AbsoluteUri + "/");

    /// <summary>A sentence for the log when an address is probably a mistake, or null.</summary>
    public virtual string? DoubtAbout(Uri baseUrl) => null;

    /// <summary>Whether a bare model name (no provider prefix) is plainly one of this provider's.</summary>
    public virtual bool Knows(string model) => false;

    /// <summary>Whether a credential has the form of this provider's keys. Many clients insist on some key and send a made-up one: only
    /// what passes here (or comes where no key is configured) is taken for the caller's own.</summary>
    public abstract bool LooksLikeKey(string credential);

    /// <summary>Where its model list comes from.</summary>
    public abstract IModelSource Models { get; }

    /// <summary>The offer that answers an operation: its own, or for a Responses call a chat offer that is translated.</summary>
    public Offer? OfferFor(Operation operation)
    {
        Offer? chat = null;
        var offers = Offers;
        for (var i = 0; i < offers.Count; i++)
        {
            var offer = offers[i];
            if (offer.Operation == operation)
            {
                return offer;
            }

            if (offer.Operation == Operation.Chat)
            {
                chat = offer;
            }
        }

        return operation == Operation.Response ? chat : null;
    }
}
