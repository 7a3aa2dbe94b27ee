using System.Text.Json.Nodes;
using Bifrost.Admin.Bodies;
using Bifrost.Admin.Http;
using Bifrost.Core.World;
using Bifrost.Governance.Objects;
using Bifrost.Governance.Registry;
using Bifrost.Governance.VirtualKeys;

namespace Bifrost.Admin.Governance;

/// <summary>Virtual keys. The value stands in the answer that makes or rotates one, and nowhere else.</summary>
internal sealed class VirtualKeyRoutes(GovernanceRegistry registry, IStandings standings, TimeProvider clock)
    : ObjectRoutes<VirtualKey>(new VirtualKeyKind(), registry, standings, clock)
{
    private const int MostAtOnce = 1000;

    private static readonly Field Grace = new(
        "grace_seconds",
        FieldKind.Whole,
        "How long the old value goes on to count. Default 0: not at all. At most a year."
    )
    {
        Least = 0,
        Most = 365 * 86_400,
    };

    private static readonly Shape OneRotation = new("Rotation", [Grace]);

    private static readonly Shape ManyRotations = new(
        "Rotations",
        [new("ids", FieldKind.Texts, "The virtual keys, at most 1000.") { Required = true }, Grace]
    );

    public override IEnumerable<Route> All() =>
        [
            .. base.All(),
            new("POST", Root + "virtual-keys/rotate", "Gives new values to several virtual keys, to all or to none.", RotateManyAsync)
            {
                Group = VirtualKeyKind.Heading,
                Body = ManyRotations,
                Answer = "`virtual_keys`, each with its new `value`, which is shown this once.",
                Refusals = [400, 404, 413, 415],
            },
            new("POST", Root + "virtual-keys/{id}/rotate", "Gives a virtual key a new value; everything else stays.", RotateAsync)
            {
                Group = VirtualKeyKind.Heading,
                Body = OneRotation,
                BodyOptional = true,
                Answer = "`virtual_key` with its new `value`, which is shown this once.",
                Refusals = [400, 404, 412, 413, 415],
                Versioned = true,
            },
        ];

    protected override async Task<Reply> CreateAsync(Call call)
    {
        var id = Guid.NewGuid().ToString();
        var value = VirtualKeyValue.New();
        return await Desk.ChangeAsync(
            now => WithValue(Decide(now, null, id, call), value),
            now => Shown(Answer(now, id, 201, "created. Keep its value: it is not shown again"), value),
            call.Body,
            call.Cancel
        );
    }

    private async Task<Reply> RotateAsync(Call call)
    {
        if (Find(Registry.Now, call, out var refusal) is not { } key)
        {
            return refusal!;
        }

        var (rotated, mistakes) = await Registry.RotateAsync([key.Id], GraceOf(call), call.Cancel);
        return mistakes.Count > 0
            ? Reply.Bad(mistakes)
            : Shown(Answer(Registry.Now, key.Id, 200, "rotated. Keep its value: it is not shown again"), rotated[0].Value);
    }

    private async Task<Reply> RotateManyAsync(Call call)
    {
        var ids = call.Body.Texts("ids").Value ?? [];
        if (ids.Count is 0 or > MostAtOnce)
        {
            return Reply.Bad("ids", $"names {ids.Count} keys. Write 1 to {MostAtOnce}.");
        }

        var now = Registry.Now;
        var unknown = ids.Select((id, at) => (id, at)).Where(i => !now.VirtualKeys.ContainsKey(i.id)).ToList();
        if (unknown.Count > 0)
        {
            return Reply.Bad([.. unknown.Select(u => new Mistake($"ids[{u.at}]", $"There is no virtual key {Http.Shown.Quoted(u.id)}."))]);
        }

        var (rotated, mistakes) = await Registry.RotateAsync(ids, GraceOf(call), call.Cancel);
        if (mistakes.Count > 0)
        {
            return Reply.Bad(mistakes);
        }

        var relations = Relations.Of(Registry.Now);
        var keys = rotated.Select(r =>
        {
            var view = Shown(r.Key, relations);
            view["value"] = r.Value.Value;
            return view;
        });
        return Reply.Ok(new JsonObject { ["virtual_keys"] = new JsonArray([.. keys]), ["count"] = rotated.Count });
    }

    private static TimeSpan GraceOf(Call call) => TimeSpan.FromSeconds(call.Body.Whole("grace_seconds").Value ?? 0);

    private static Decision WithValue(Decision decision, VirtualKeyValue value) =>
        decision.Edits is [{ Value: VirtualKey key } edit]
            ? Decision.Make(edit with { Value = key with { ValueHash = value.Hash, ValuePreview = value.Preview } })
            : decision;

    private static Reply Shown(Reply reply, VirtualKeyValue value)
    {
        if (reply.Body?["virtual_key"] is JsonObject key)
        {
            key["value"] = value.Value;
        }

        return reply;
    }
}
