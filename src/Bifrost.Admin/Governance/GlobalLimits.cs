using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Bifrost.Admin.Bodies;
using Bifrost.Admin.Http;
using Bifrost.Core.World;
using Bifrost.Governance.Objects;
using Bifrost.Governance.Registry;
using Bifrost.Governance.Stores;

namespace Bifrost.Admin.Governance;

internal sealed class ModelLimitKind : ObjectKind<ModelLimit>
{
    public const string Heading = "Limits on models, providers and dimensions";

    public override string Kind => ObjectKinds.ModelLimit;

    public override string Path => "model-configs";

    public override string One => "model_config";

    public override string Words => "model limit";

    public override string Group => Heading;

    public override Shape Shape { get; } =
        new(
            "ModelConfig",
            [
                new("model_name", FieldKind.Text, "The model it limits.") { Required = true, Longest = 255 },
                new("provider", FieldKind.Text, "Only at this provider. null: at every one.") { Nullable = true },
                new("user_id", FieldKind.Text, "Only calls of this user. null: of everybody.") { Nullable = true },
                .. LimitShapes.Members,
            ]
        );

    public override ImmutableDictionary<string, ModelLimit> In(GovernanceSnapshot now) => now.ModelLimits;

    public override ModelLimit Read(ModelLimit? current, string id, Body body, LimitReading limits) =>
        (
            current
            ?? new ModelLimit
            {
                Id = id,
                ModelName = "",
                CreatedAt = limits.Now,
            }
        ) with
        {
            ModelName = body.Text("model_name").Value ?? current?.ModelName ?? "",
            Provider = body.Text("provider").Or(current?.Provider),
            UserId = body.Text("user_id").Or(current?.UserId),
            Budgets = limits.Budgets(body, current?.Budgets ?? []),
            RateLimit = limits.RateLimit(body, current?.RateLimit),
            UpdatedAt = limits.Now,
        };

    public override JsonObject Write(ModelLimit value, Relations relations) =>
        new()
        {
            ["id"] = value.Id,
            ["model_name"] = value.ModelName,
            ["provider"] = value.Provider,
            ["user_id"] = value.UserId,
        };

    public override Mistake? Clash(ModelLimit value, GovernanceSnapshot now) =>
        now.ModelLimits.Values.Any(o =>
            o.Id != value.Id
            && o.ModelName == value.ModelName
            && string.Equals(o.Provider, value.Provider, StringComparison.OrdinalIgnoreCase)
            && o.UserId == value.UserId
        )
            ? new Mistake("model_name", $"There is a limit on {Shown.Quoted(value.ModelName)} for this provider and user already.")
            : null;
}

internal sealed class DimensionLimitKind : ObjectKind<DimensionLimit>
{
    public override string Kind => ObjectKinds.DimensionLimit;

    public override string Path => "dimension-limits";

    public override string One => "dimension_limit";

    public override string Group => ModelLimitKind.Heading;

    public override Shape Shape { get; } =
        new(
            "DimensionLimit",
            [
                Organisation.Name,
                new("header", FieldKind.Text, "The request header whose value is counted by: x-bf-project-id.")
                {
                    Required = true,
                    Longest = 100,
                },
                new("value", FieldKind.Text, "Only this value. null: every value, each counted apart.") { Nullable = true },
                new("virtual_key_id", FieldKind.Text, "Only calls of this virtual key. null: of everybody.") { Nullable = true },
                .. LimitShapes.Members,
            ]
        );

    public override ImmutableDictionary<string, DimensionLimit> In(GovernanceSnapshot now) => now.DimensionLimits;

    public override DimensionLimit Read(DimensionLimit? current, string id, Body body, LimitReading limits) =>
        (
            current
            ?? new DimensionLimit
            {
                Id = id,
                Name = "",
                Header = "",
                CreatedAt = limits.Now,
            }
        ) with
        {
            Name = body.Text("name").Value ?? current?.Name ?? "",
            Header = body.Text("header").Value ?? current?.Header ?? "",
            Value = body.Text("value").Or(current?.Value),
            VirtualKeyId = body.Text("virtual_key_id").Or(current?.VirtualKeyId),
            Budgets = limits.Budgets(body, current?.Budgets ?? []),
            RateLimit = limits.RateLimit(body, current?.RateLimit),
            UpdatedAt = limits.Now,
        };

    public override JsonObject Write(DimensionLimit value, Relations relations) =>
        new()
        {
            ["id"] = value.Id,
            ["name"] = value.Name,
            ["header"] = value.Header,
            ["value"] = value.Value,
            ["virtual_key_id"] = value.VirtualKeyId,
        };

    public override Mistake? Clash(DimensionLimit value, GovernanceSnapshot now) =>
        NameTaken(now.DimensionLimits.Values.Select(o => (o.Id, o.Name)), value.Id, value.Name);
}

/// <summary>Its id is the provider's name; PUT makes it.</summary>
internal sealed class ProviderLimitKind : ObjectKind<ProviderLimit>
{
    public override string Kind => ObjectKinds.ProviderLimit;

    public override string Path => "providers";

    public override string One => "provider";

    public override string Words => "limit on the provider";

    public override string Group => ModelLimitKind.Heading;

    public override Shape Shape { get; } = new("ProviderLimit", LimitShapes.Members);

    public override ImmutableDictionary<string, ProviderLimit> In(GovernanceSnapshot now) => now.ProviderLimits;

    public override ProviderLimit Read(ProviderLimit? current, string id, Body body, LimitReading limits) =>
        (current ?? new ProviderLimit { Id = id, CreatedAt = limits.Now }) with
        {
            Budgets = limits.Budgets(body, current?.Budgets ?? []),
            RateLimit = limits.RateLimit(body, current?.RateLimit),
            UpdatedAt = limits.Now,
        };

    public override JsonObject Write(ProviderLimit value, Relations relations) => new() { ["provider"] = value.Id };
}
