using System.Text.Json.Nodes;
using Bifrost.Admin.Http;
using Bifrost.Governance.Objects;
using Bifrost.Governance.Registry;

namespace Bifrost.Admin.Governance;

/// <summary>As published, a provider's limits are made by setting them.</summary>
internal sealed class ProviderLimitRoutes(GovernanceRegistry registry, IStandings standings, TimeProvider clock)
    : ObjectRoutes<ProviderLimit>(new ProviderLimitKind(), registry, standings, clock)
{
    public override IEnumerable<Route> All() =>
        [ListRoute(Paging.Parameters), ReadRoute(), ChangeRoute("PUT"), ChangeRoute("PATCH"), RemoveRoute()];

    protected override Task<Reply> ChangeAsync(Call call) =>
        Desk.ChangeAsync(
            now =>
            {
                var id = call["id"].ToLowerInvariant();
                if (!Kind.In(now).ContainsKey(id))
                {
                    return call.IfMatch is null ? Decide(now, null, id, call) : Decision.Refuse(Reply.NotFound(Kind.Words, id));
                }

                return Find(now, call, out var refusal) is { } current ? Decide(now, current, id, call) : Decision.Refuse(refusal!);
            },
            now => Answer(now, call["id"].ToLowerInvariant(), 200, "set"),
            call.Body,
            call.Cancel
        );
}
