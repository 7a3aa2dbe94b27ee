using System.Net.Http.Headers;
using Bifrost.Core.Contracts;
using Bifrost.Core.World;

namespace Bifrost.Providers.Replicate;

/// <summary><c>Authorization: Bearer r8_…</c>.</summary>
internal sealed class ReplicateToken : ICredentialScheme
{
    public static readonly ReplicateToken Instance = new();

    public void Apply(HttpRequestHeaders headers, KeyModel key) => headers.Authorization = key.Bearer;
}
