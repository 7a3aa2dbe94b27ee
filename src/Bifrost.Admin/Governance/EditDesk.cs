using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Bifrost.Admin.Http;
using Bifrost.Core.World;
using Bifrost.Governance.Registry;

namespace Bifrost.Admin.Governance;

/// <summary>Takes changes to the registry: what to change is decided from how things stand when nobody else can change them.</summary>
internal sealed class EditDesk(GovernanceRegistry registry)
{
    /// <param name="decide">The edits, or why there are none.</param>
    /// <param name="answer">From how things stand after the change.</param>
    /// <param name="cancel">Stops waiting.</param>
    public async Task<Reply> ChangeAsync(
        Func<GovernanceSnapshot, Decision> decide,
        Func<GovernanceSnapshot, Reply> answer,
        CancellationToken cancel
    )
    {
        var decision = default(Decision);
        var mistakes = await registry.ApplyAsync(
            now =>
            {
                decision = decide(now);
                return decision.Edits ?? [];
            },
            cancel
        );
        return decision.Refusal ?? (mistakes.Count > 0 ? Reply.Bad(mistakes) : answer(registry.Now));
    }

    /// <summary>A short hash of what is set: the same after a restart, another after every edit.</summary>
    public static string VersionOf(JsonObject bare) =>
        $"\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(bare.ToJsonString())).AsSpan(0, 8))}\"";
}

/// <summary>Either edits or a refusal.</summary>
internal readonly record struct Decision(IReadOnlyList<Edit>? Edits, Reply? Refusal)
{
    public static Decision Make(params IReadOnlyList<Edit> edits) => new(edits, null);

    public static Decision Refuse(Reply reply) => new(null, reply);

    public static Decision Refuse(IReadOnlyList<Mistake> mistakes) => new(null, Reply.Bad(mistakes));
}
