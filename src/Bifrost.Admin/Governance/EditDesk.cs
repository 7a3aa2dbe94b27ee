using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Bifrost.Admin.Bodies;
using Bifrost.Admin.Http;
using Bifrost.Core.World;
using Bifrost.Governance.Registry;

namespace Bifrost.Admin.Governance;

/// <summary>Takes changes to the registry: what to change is decided from how things stand when nobody else can change them.</summary>
internal sealed class EditDesk(GovernanceRegistry registry)
{
    /// <param name="decide">The edits, or why there are none.</param>
    /// <param name="answer">From how things stand after the change.</param>
    /// <param name="body">What was sent: mistakes are told by its paths.</param>
    /// <param name="cancel">Stops waiting.</param>
    public async Task<Reply> ChangeAsync(
        Func<GovernanceSnapshot, Decision> decide,
        Func<GovernanceSnapshot, Reply> answer,
        Body body,
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
        return decision.Refusal
            ?? (mistakes.Count > 0 ? Reply.Bad([.. mistakes.Select(m => m with { Path = AsSent(m.Path, body) })]) : answer(registry.Now));
    }

    // The only budget may be sent as `budget`; objects have a list of them.
    private static string AsSent(string path, Body body)
    {
        const string First = "budgets[0]";
        var at = path.IndexOf(First, StringComparison.Ordinal);
        var owner = at <= 0 ? body : PartAt(path[..(at - 1)], body);
        return at >= 0 && owner?.Has("budget") is true ? $"{path[..at]}budget{path[(at + First.Length)..]}" : path;
    }

    private static Body? PartAt(string path, Body body) => body.Objects("provider_configs").Value?.FirstOrDefault(p => p.Path == path);

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
