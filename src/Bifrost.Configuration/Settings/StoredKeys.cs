using System.Text.Json.Nodes;
using Bifrost.Configuration.Documents;
using Bifrost.Governance.Stores;

namespace Bifrost.Configuration.Settings;

/// <summary>How a provider's key is kept: beside its own fields the provider's name, and its place among the provider's keys.</summary>
internal static class StoredKeys
{
    private const string Owner = "provider";
    private const string Place = "position";

    public static StoredObject Write(string provider, int position, KeyDocument key, ISecretBox? box)
    {
        var document = SecretFields.Sealed(key.Body, PublishedShape.Key, box);
        document[Owner] = provider;
        document[Place] = position;
        return new StoredObject(ObjectKinds.ProviderKey, key.Id, JsonText.Bytes(document), key.FileHash);
    }

    public static (string Provider, int Position, KeyDocument Key) Read(StoredObject stored, ISecretBox? box)
    {
        var document = JsonText.ToObject(stored.Json) ?? throw new InvalidDataException($"The kept key {stored.Id} is not an object.");
        var provider = document[Owner]?.GetValue<string>() ?? throw new InvalidDataException($"The kept key {stored.Id} has no provider.");
        var position = document[Place]?.GetValue<int>() ?? 0;
        document.Remove(Owner);
        document.Remove(Place);
        return (
            provider,
            position,
            new KeyDocument(stored.Id, SecretFields.Opened(document, PublishedShape.Key, box)) { FileHash = stored.FileHash }
        );
    }
}
