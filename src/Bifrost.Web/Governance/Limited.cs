using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Bifrost.Web.Api;

namespace Bifrost.Web.Governance;

/// <summary>Anything that has limits, apart from virtual keys: what its kind does not have is null.</summary>
public sealed record Limited
{
    public string? Id { get; init; }
    public string? Name { get; init; }
    public string? Email { get; init; }
    public string? CustomerId { get; init; }
    public string? BusinessUnitId { get; init; }
    public string? ModelName { get; init; }
    public string? Provider { get; init; }
    public string? UserId { get; init; }
    public string? Header { get; init; }
    public string? Value { get; init; }
    public string? VirtualKeyId { get; init; }
    public int? VirtualKeyCount { get; init; }
    public IReadOnlyList<Budget> Budgets { get; init; } = [];
    public RateLimit? RateLimit { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Told beside it, not in it; null in a list.</summary>
    [JsonIgnore]
    public string? Version { get; init; }

    /// <summary>A provider's limits go by its name.</summary>
    public string Key => Id ?? Provider ?? "";

    public string Title => Name ?? ModelName ?? Provider ?? Key;

    public string? this[string field] =>
        field switch
        {
            "name" => Name,
            "email" => Email,
            "customer_id" => CustomerId,
            "business_unit_id" => BusinessUnitId,
            "model_name" => ModelName,
            "provider" => Provider,
            "user_id" => UserId,
            "header" => Header,
            "value" => Value,
            "virtual_key_id" => VirtualKeyId,
            _ => null,
        };
}

/// <summary>A part of a list.</summary>
public sealed record Listed<T>(IReadOnlyList<T> Items, int Total, string? Next)
{
    public static Listed<T> Of(JsonObject? answer, string many) =>
        new(
            answer?[many]?.Deserialize<List<T>>(GatewayApi.Written) ?? [],
            (int?)answer?["total_count"] ?? (int?)answer?["count"] ?? 0,
            (string?)answer?["next_after"]
        );
}
