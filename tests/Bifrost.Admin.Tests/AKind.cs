using Bifrost.Core.Contracts;

namespace Bifrost.Admin.Tests;

internal sealed class AKind(string id) : Provider
{
    public override string Id => id;

    public override Uri Home { get; } = new($"https://api.{id}.example/v1/");

    public override ICredentialScheme Credentials => throw new NotSupportedException("Managing needs no credentials.");

    public override IReadOnlyList<Offer> Offers => [];

    public override IReadOnlyList<string> TokenVariables => [];

    public override bool LooksLikeKey(string credential) => false;

    public override IModelSource Models => throw new NotSupportedException("Managing lists no models.");
}
