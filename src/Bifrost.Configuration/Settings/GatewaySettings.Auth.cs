using System.Text.Json;
using System.Text.Json.Nodes;
using Bifrost.Configuration.Documents;
using Bifrost.Governance.Stores;

namespace Bifrost.Configuration.Settings;

public sealed partial class GatewaySettings
{
    /// <summary>The <c>auth_config</c> section; the password is <c>&lt;redacted&gt;</c>, or the reference to the environment it comes from. A copy.</summary>
    public JsonObject AuthDocument()
    {
        var auth = _now.Auth;
        var document = AuthReader.Published(_now.AuthDocument);
        document["is_enabled"] = auth.IsEnabled;
        document["disable_auth_on_inference"] = auth.DisableAuthOnInference;
        document["admin_username"] ??= auth.Username;
        document[AuthReader.Password] ??= auth.PasswordHash is null ? "" : SecretFields.Redacted;
        return document;
    }

    /// <param name="patch">Fields of the <c>auth_config</c> section: what is left out stays, null takes away; a password sent as shown stays as it is. Whoever
    /// calls this ends the sessions.</param>
    /// <param name="cancel">Stops it before anything is changed.</param>
    public Task<EditOutcome> PatchAuthAsync(JsonElement patch, CancellationToken cancel) =>
        EditAsync(draft => PatchAuth(draft, patch), cancel);

    /// <summary>Both at once: when either has a mistake, neither is changed. Paths of mistakes begin with <c>client_config</c> and <c>auth_config</c>.</summary>
    /// <param name="client">As for <see cref="PatchClientAsync"/>; null: unchanged.</param>
    /// <param name="auth">As for <see cref="PatchAuthAsync"/>; null: unchanged.</param>
    /// <param name="cancel">Stops it before anything is changed.</param>
    public Task<EditOutcome> PatchConfigAsync(JsonElement? client, JsonElement? auth, CancellationToken cancel) =>
        EditAsync(
            draft =>
            {
                if (client is { } clientPatch)
                {
                    draft.Part("client_config", part => PatchClient(part, clientPatch));
                }

                if (auth is { } authPatch)
                {
                    draft.Part("auth_config", part => PatchAuth(part, authPatch));
                }

                return null;
            },
            cancel
        );

    private EditOutcome? PatchAuth(Draft draft, JsonElement patch)
    {
        if (Patch.Body(patch, draft.Findings) is not { } body)
        {
            return null;
        }

        if (body[AuthReader.Password] is JsonValue sent && sent.TryGetValue<string>(out var text) && text is SecretFields.Redacted or "")
        {
            body.Remove(AuthReader.Password);
        }

        var state = draft.Next;
        var before = state.AuthDocument;
        var meant = SecretFields.Meant(body, before, OperatorShape.Auth);
        var written = Patch.Applied(AuthReader.Published(before), meant, OperatorShape.Auth);
        var section = _reader.Walk(written, OperatorShape.Auth, draft.Findings);
        if (draft.Findings.Mistakes.Count > 0)
        {
            return null;
        }

        if (!body.ContainsKey(AuthReader.Password) && before[AuthReader.Hash] is { } hash)
        {
            written[AuthReader.Hash] = hash.DeepClone();
        }

        var kept = AuthReader.Kept(written, _parts.Passwords);
        if (before[AuthReader.HashInFile] is { } inFile)
        {
            kept[AuthReader.HashInFile] = inFile.DeepClone();
        }

        draft.Next = state with { AuthDocument = kept, Auth = AuthReader.Read(section, kept, _parts.Passwords, draft.Findings) };
        draft.Changes.Add(new ObjectChange(Stored(ObjectKinds.Auth, ObjectKinds.Auth, kept, null, state.AuthHash)));
        return null;
    }
}
