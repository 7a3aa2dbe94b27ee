using System.Net.Http.Headers;
using Bifrost.Core.World;

namespace Bifrost.Core.Contracts;

/// <summary>How a key is shown to a provider.</summary>
public interface ICredentialScheme
{
    void Apply(HttpRequestHeaders headers, KeyModel key);
}
