using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Bifrost.Configuration.Documents;

namespace Bifrost.Configuration.Settings;

/// <summary>Brings what the file says of a provider together with what is kept of it. Each part the file has not changed since it was last taken from
/// there stays as it is kept; each part it did change is the file's.</summary>
internal static class ProviderReconciliation
{
    /// <param name="name">Of the provider.</param>
    /// <param name="written">What the file says.</param>
    /// <param name="kept">What the store has, or null.</param>
    public static ProviderDocument Of(string name, JsonObject written, ProviderDocument? kept)
    {
        var body = written.DeepClone().AsObject();
        body.Remove("keys");
        var hash = JsonText.HashOf(body);
        var changed = kept is null || kept.FileHash != hash;
        var keys = ImmutableArray.CreateBuilder<KeyDocument>();
        foreach (var item in (written["keys"] as JsonArray)?.OfType<JsonObject>() ?? [])
        {
            keys.Add(Key(name, item, kept));
        }

        // A key the file once had and has no more is one that was taken away; one made through the API stays unless the provider itself was rewritten.
        foreach (var key in kept?.Keys ?? [])
        {
            if (!changed && key.FileHash is null && keys.All(k => k.Id != key.Id && k.Name != key.Name))
            {
                keys.Add(key);
            }
        }

        return new ProviderDocument(name, changed ? body : kept!.Body, keys.ToImmutable(), Origin.File) { FileHash = hash };
    }

    private static KeyDocument Key(string provider, JsonObject written, ProviderDocument? kept)
    {
        var body = written.DeepClone().AsObject();
        body.Remove("id");
        var hash = JsonText.HashOf(written);
        var fresh = new KeyDocument("", body) { FileHash = hash };
        var own = written["id"]?.GetValue<string>();
        var id = own ?? JsonText.StableId("provider_key", provider, fresh.Name);
        var before = kept?.Keys.FirstOrDefault(k => k.Id == id) ?? kept?.Keys.FirstOrDefault(k => k.Name == fresh.Name);
        return before?.FileHash == hash ? before : fresh with { Id = own ?? before?.Id ?? id };
    }
}
