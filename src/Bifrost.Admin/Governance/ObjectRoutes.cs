using System.Text.Json.Nodes;
using Bifrost.Admin.Bodies;
using Bifrost.Admin.Http;
using Bifrost.Core.World;
using Bifrost.Governance.Objects;
using Bifrost.Governance.Registry;

namespace Bifrost.Admin.Governance;

/// <summary>List, make, read, change and take away objects of one kind.</summary>
internal class ObjectRoutes<T>(ObjectKind<T> kind, GovernanceRegistry registry, IStandings standings, TimeProvider clock)
    where T : LimitedObject
{
    protected const string Root = "/api/governance/";

    protected EditDesk Desk { get; } = new(registry);

    protected GovernanceRegistry Registry => registry;

    protected ObjectKind<T> Kind => kind;

    protected TimeProvider Clock => clock;

    private string Collection => Root + kind.Path;

    private string One => $"{Collection}/{{id}}";

    public virtual IEnumerable<Route> All() =>
        [ListRoute(Paging.Parameters), CreateRoute(), ReadRoute(), ChangeRoute("PUT"), ChangeRoute("PATCH"), RemoveRoute()];

    protected Route ListRoute(IReadOnlyList<Parameter> query) =>
        new("GET", Collection, $"Lists {kind.Words}s.", ListAsync)
        {
            Group = kind.Group,
            Query = query,
            Answer = $"`{kind.Many}`, with `count`, `total_count`, `limit`, `offset` and `next_after`.",
            Refusals = [400],
        };

    protected Route CreateRoute() =>
        new("POST", Collection, $"Makes a {kind.Words}.", CreateAsync)
        {
            Group = kind.Group,
            Body = kind.Shape,
            Answer = $"`{kind.One}` as it was made.",
            Status = 201,
            Refusals = [400, 409, 413, 415],
        };

    protected Route ReadRoute() =>
        new("GET", One, $"Reads a {kind.Words}.", ReadAsync)
        {
            Group = kind.Group,
            Query = [Paging.FromMemory],
            Answer = $"`{kind.One}`. The `ETag` header is its version.",
            Refusals = [404],
        };

    protected Route ChangeRoute(string method) =>
        new(method, One, $"Changes a {kind.Words}: what is left out stays as it is, null takes away.", ChangeAsync)
        {
            Group = kind.Group,
            Body = kind.Shape.AsUpdate(LimitShapes.ResetUsage),
            Answer = $"`{kind.One}` as it is now.",
            Refusals = [400, 404, 409, 412, 413, 415],
            Versioned = true,
        };

    protected Route RemoveRoute() =>
        new("DELETE", One, $"Takes a {kind.Words} away, with its limits.", RemoveAsync)
        {
            Group = kind.Group,
            Answer = "A message.",
            Refusals = [400, 404, 412],
            Versioned = true,
        };

    protected virtual Task<Reply> ListAsync(Call call)
    {
        var mistakes = new List<Mistake>();
        var paging = Paging.Read(call, mistakes);
        if (mistakes.Count > 0)
        {
            return Task.FromResult(Reply.Bad(mistakes));
        }

        var page = registry.List<T>(paging.Query);
        var relations = Relations.Of(registry.Now);
        return Task.FromResult(Reply.Ok(paging.Envelope(kind.Many, page.Items.Select(i => Shown(i, relations)), page.Total, page.Next)));
    }

    protected virtual async Task<Reply> CreateAsync(Call call)
    {
        var id = Guid.NewGuid().ToString();
        return await Desk.ChangeAsync(now => Decide(now, null, id, call), now => Answer(now, id, 201, "created"), call.Body, call.Cancel);
    }

    protected Task<Reply> ReadAsync(Call call) =>
        Task.FromResult(
            kind.In(registry.Now).TryGetValue(call["id"], out var found)
                ? Reply.Ok(new JsonObject { [kind.One] = Shown(found, Relations.Of(registry.Now)) }, kind.Version(found))
                : Reply.NotFound(kind.Words, call["id"])
        );

    protected virtual Task<Reply> ChangeAsync(Call call) =>
        Desk.ChangeAsync(
            now => Find(now, call, out var refusal) is { } current ? Decide(now, current, current.Id, call) : Decision.Refuse(refusal!),
            now => Answer(now, call["id"], 200, "updated"),
            call.Body,
            call.Cancel
        );

    protected Task<Reply> RemoveAsync(Call call) =>
        Desk.ChangeAsync(
            now =>
                Find(now, call, out var refusal) is { } current
                    ? Decision.Make(new Edit(kind.Kind, current.Id, null))
                    : Decision.Refuse(refusal!),
            _ => Reply.Ok(new JsonObject { ["message"] = $"The {kind.Words} is gone." }),
            call.Body,
            call.Cancel
        );

    /// <summary>The object, in the version the caller has seen if it said one.</summary>
    protected T? Find(GovernanceSnapshot now, Call call, out Reply? refusal)
    {
        refusal = null;
        if (!kind.In(now).TryGetValue(call["id"], out var found))
        {
            refusal = Reply.NotFound(kind.Words, call["id"]);
            return null;
        }

        if (call.IfMatch is { } seen && seen != kind.Version(found))
        {
            refusal = Reply.Refused(412, $"Somebody has changed this {kind.Words} since you read it. Read it again, then change that.");
            return null;
        }

        return found;
    }

    protected Decision Decide(GovernanceSnapshot now, T? current, string id, Call call)
    {
        var limits = new LimitReading(clock.GetUtcNow(), []);
        var next = kind.Read(current, id, call.Body, limits);
        if (limits.Mistakes.Count > 0)
        {
            return Decision.Refuse(limits.Mistakes);
        }

        return kind.Clash(next, now) is { } clash ? Decision.Refuse(Reply.Conflict([clash])) : Decision.Make(new Edit(kind.Kind, id, next));
    }

    protected Reply Answer(GovernanceSnapshot now, string id, int status, string done)
    {
        if (!kind.In(now).TryGetValue(id, out var value))
        {
            return Reply.NotFound(kind.Words, id);
        }

        var body = new JsonObject { ["message"] = $"The {kind.Words} was {done}.", [kind.One] = Shown(value, Relations.Of(now)) };
        return new Reply(status, body) { Version = kind.Version(value) };
    }

    protected JsonObject Shown(T value, Relations relations) => kind.View(value, relations, new LimitViews(standings));
}
