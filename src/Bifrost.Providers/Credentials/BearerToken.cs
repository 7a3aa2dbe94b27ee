using System.Net.Http.Headers;
using Bifrost.Core.Contracts;
using Bifrost.Core.World;

namespace Bifrost.Providers.Credentials;

/// <summary><c>Authorization: Bearer KEY</c>; nothing for a key without a value.</summary>
internal sealed class BearerToken : ICredentialScheme
{
    public static readonly BearerToken Instance = new();

    public void Apply(HttpRequestHeaders headers, KeyModel key)
    {
        if (key.Bearer is { } bearer)
        {
            // As text: the typed property would take it apart again for every request.
            headers.TryAddWithoutValidation("Authorization", bearer);
        }
    }
}
