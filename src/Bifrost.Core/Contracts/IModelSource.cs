using Bifrost.Core.World;
using Bifrost.Wire.Canonical.Models;
using Bifrost.Wire.Faults;

namespace Bifrost.Core.Contracts;

/// <summary>Lists what a configured provider can be asked for. Ids come without the provider's prefix.</summary>
public interface IModelSource
{
    /// <summary>Asks upstream with one key. Cached by the caller. A fault leaves configured and seed models standing.</summary>
    ValueTask<Outcome<IReadOnlyList<ModelEntry>>> ListAsync(ProviderModel provider, KeyModel key, CancellationToken cancel);

    /// <summary>Models listed whether or not upstream answers.</summary>
    IReadOnlyList<ModelEntry> Seeds { get; }
}
