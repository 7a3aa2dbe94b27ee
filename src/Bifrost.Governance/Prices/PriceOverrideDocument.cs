using System.Text.Json;
using System.Text.Json.Serialization;

namespace Bifrost.Governance.Prices;

/// <summary>
/// A price of the operator's as it is kept, configured and edited: the published scoped override. Prices stand in one of two places.
/// <see cref="Prices"/> is ours: dollars per million tokens, or per picture, second or request, by the names of <see cref="RateKinds"/>; zero means free.
/// <see cref="Patch"/> (in files <see cref="PricingPatch"/>, the same as JSON text) is the published one: dollars per token; zero sets nothing.
/// Read it with <see cref="PriceOverrideReader"/>.
/// </summary>
public sealed record PriceOverrideDocument
{
    // The generated reader sets absent fields to null, whatever their type says.

    public string Id
    {
        get;
        init => field = value ?? "";
    } = "";

    /// <summary>For people.</summary>
    public string? Name { get; init; }

    /// <summary><c>global</c>, <c>provider</c>, <c>provider_key</c>, <c>virtual_key</c>, <c>virtual_key_provider</c> or
    /// <c>virtual_key_provider_key</c>; the later in this list, the stronger.</summary>
    public string ScopeKind
    {
        get;
        init => field = value ?? "global";
    } = "global";

    /// <summary>A provider's name; given exactly where the scope speaks of a provider.</summary>
    public string? ProviderId { get; init; }

    /// <summary>A provider key's id; given exactly where the scope speaks of a provider key.</summary>
    public string? ProviderKeyId { get; init; }

    /// <summary>A virtual key's id; given exactly where the scope speaks of a virtual key.</summary>
    public string? VirtualKeyId { get; init; }

    /// <summary><c>exact</c>, <c>wildcard</c> (the pattern ends with a star) or <c>regex</c>.</summary>
    public string MatchType
    {
        get;
        init => field = value ?? "exact";
    } = "exact";

    /// <summary>The model's name as it is sent to the provider.</summary>
    public string Pattern
    {
        get;
        init => field = value ?? "";
    } = "";

    /// <summary>Which requests it is for, in the published words; empty: all. Streams are included.</summary>
    public IReadOnlyList<string> RequestTypes
    {
        get;
        init => field = value ?? [];
    } = [];

    /// <summary>Dollars per million tokens, or per one of anything else.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Prices { get; init; }

    /// <summary>Dollars per token, by the published names.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Patch { get; init; }

    /// <summary><see cref="Patch"/> as JSON text.</summary>
    public string? PricingPatch { get; init; }
}

/// <summary>Reads and writes overrides without reflection; names in snake_case, unknown fields refused.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow
)]
[JsonSerializable(typeof(PriceOverrideDocument))]
[JsonSerializable(typeof(IReadOnlyList<PriceOverrideDocument>))]
public sealed partial class PriceOverrideJson : JsonSerializerContext;
