using System.Text.Json;
using System.Text.Json.Nodes;
using Bifrost.Configuration.Documents;
using Bifrost.Governance.Stores;

namespace Bifrost.Configuration.Settings;

public sealed partial class GatewaySettings
{
    /// <summary>The <c>client</c> section as it is in force, defaults filled in, with what is set and not served yet. A copy.</summary>
    public JsonObject ClientDocument() => ClientWriter.Write(_now.Client, _now.UnpricedModels, _now.ClientDocument);

    /// <param name="patch">Fields of the <c>client</c> section: what is left out stays, null goes back to the default.</param>
    /// <param name="cancel">Stops it before anything is changed.</param>
    public Task<EditOutcome> PatchClientAsync(JsonElement patch, CancellationToken cancel) =>
        EditAsync(draft => PatchClient(draft, patch), cancel);

    private EditOutcome? PatchClient(Draft draft, JsonElement patch)
    {
        if (Patch.Body(patch, draft.Findings) is not { } body)
        {
            return null;
        }

        var state = draft.Next;
        var document = Patch.Applied(
            state.ClientDocument,
            SecretFields.Meant(body, state.ClientDocument, PublishedShape.Client),
            PublishedShape.Client
        );
        var (client, unpriced) = _reader.Client(document, draft.Findings);
        draft.Next = state with { ClientDocument = document, Client = client, UnpricedModels = unpriced };
        draft.Changes.Add(
            new ObjectChange(Stored(ObjectKinds.Client, ObjectKinds.Client, document, PublishedShape.Client, state.ClientHash))
        );
        return null;
    }

    /// <summary>The proxy for everything that goes out, in the published shape; empty when none is set. A copy without the password.</summary>
    public JsonObject ProxyDocument() => SecretFields.Shown(_now.ProxyDocument, OperatorShape.Proxy);

    public Task<EditOutcome> PatchProxyAsync(JsonElement patch, CancellationToken cancel) =>
        EditAsync(
            draft =>
            {
                if (Patch.Body(patch, draft.Findings) is not { } body)
                {
                    return null;
                }

                var state = draft.Next;
                var document = Patch.Applied(
                    state.ProxyDocument,
                    SecretFields.Meant(body, state.ProxyDocument, OperatorShape.Proxy),
                    OperatorShape.Proxy
                );
                var proxy = ProxyReader.Read(_reader.Walk(document, OperatorShape.Proxy, draft.Findings), draft.Findings);
                draft.Next = state with { ProxyDocument = document, Proxy = proxy };
                draft.Changes.Add(
                    new ObjectChange(Stored(ObjectKinds.Proxy, ObjectKinds.Proxy, document, OperatorShape.Proxy, state.ProxyHash))
                );
                return null;
            },
            cancel
        );
}
