using System.Text.Json;
using System.Text.Json.Nodes;
using Bifrost.Configuration.Documents;
using Bifrost.Governance.Stores;

namespace Bifrost.Configuration.Settings;

public sealed partial class GatewaySettings
{
    /// <summary>By id; those that stand within a provider (<c>pricing_overrides</c>) are not among them.</summary>
    public IReadOnlyList<PriceOverrideView> PriceOverrideList => [.. _now.Prices.Values.Select(Viewed)];

    /// <summary>Null when there is none.</summary>
    public PriceOverrideView? FindPriceOverride(string id) => _now.Prices.TryGetValue(id, out var price) ? Viewed(price) : null;

    /// <param name="body">The published object. Without <c>id</c> it gets one (<see cref="EditOutcome.Id"/>). <c>rates</c> are dollars per million tokens.</param>
    /// <param name="cancel">Stops it before anything is changed.</param>
    public Task<EditOutcome> AddPriceOverrideAsync(JsonElement body, CancellationToken cancel) =>
        EditAsync(
            draft =>
            {
                if (Patch.Body(body, draft.Findings) is not { } item)
                {
                    return null;
                }

                var id = Text(item, "id") ?? Guid.NewGuid().ToString("D");
                draft.Id = id;
                return draft.Next.Prices.ContainsKey(id)
                    ? EditOutcome.Failed(EditStatus.Conflict, $"There is an override {JsonPath.Quoted(id)} already.")
                    : TakePrice(draft, id, Patch.Applied([], item, PriceShape.Scoped), null);
            },
            cancel
        );

    /// <summary>What is left out stays, null takes away.</summary>
    public Task<EditOutcome> PatchPriceOverrideAsync(string id, JsonElement patch, CancellationToken cancel) =>
        EditAsync(
            draft =>
            {
                if (!draft.Next.Prices.TryGetValue(id, out var before))
                {
                    return NoPrice(id);
                }

                return Patch.Body(patch, draft.Findings) is { } item
                    ? TakePrice(draft, id, Patch.Applied(before.Body, item, PriceShape.Scoped), before.FileHash)
                    : null;
            },
            cancel
        );

    public Task<EditOutcome> DeletePriceOverrideAsync(string id, CancellationToken cancel) =>
        EditAsync(
            draft =>
            {
                if (!draft.Next.Prices.ContainsKey(id))
                {
                    return NoPrice(id);
                }

                draft.Next = draft.Next with { Prices = draft.Next.Prices.Remove(id) };
                draft.Changes.Add(Gone(ObjectKinds.PriceOverride, id));
                return null;
            },
            cancel
        );

    private EditOutcome? TakePrice(Draft draft, string id, JsonObject document, string? fileHash)
    {
        document.Remove("id");
        if (_reader.Price(id, document, draft.Findings) is { } price)
        {
            draft.Next = draft.Next with { Prices = draft.Next.Prices.SetItem(id, price with { FileHash = fileHash }) };
            draft.Changes.Add(new ObjectChange(Stored(ObjectKinds.PriceOverride, id, document, null, fileHash)));
        }

        return null;
    }

    private static EditOutcome NoPrice(string id) =>
        EditOutcome.Failed(EditStatus.NotFound, $"There is no override with the id {JsonPath.Quoted(id)}.");

    private static PriceOverrideView Viewed(PriceDocument price)
    {
        var document = price.Body.DeepClone().AsObject();
        document.Insert(0, "id", price.Id);
        return new PriceOverrideView(price.Id, document, price.Override);
    }
}
