using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Bifrost.Admin.Bodies;
using Bifrost.Core.World;
using Bifrost.Governance.Objects;
using Bifrost.Governance.Registry;
using Bifrost.Governance.Stores;

namespace Bifrost.Admin.Governance;

internal sealed class VirtualKeyKind : ObjectKind<VirtualKey>
{
    public const string Heading = "Virtual keys";

    private static readonly Shape ProviderConfig = new(
        "VirtualKeyProvider",
        [
            new(
                "id",
                FieldKind.Whole,
                "Which of those that are there this changes. Without it, the one of the same provider, or a new one."
            )
            {
                Least = 1,
                Most = int.MaxValue,
            },
            new("provider", FieldKind.Text, "A configured provider; may be left out beside an id.")
            {
                RequiredWithout = "id",
                Longest = 255,
            },
            new("weight", FieldKind.Number, "Share in choosing a provider for a bare model name. null: never chosen by weight.")
            {
                Nullable = true,
                Least = 0,
            },
            new("allowed_models", FieldKind.Texts, "null or [\"*\"]: every model. []: none.") { Nullable = true },
            new("key_ids", FieldKind.Texts, "Ids of provider keys. null or [\"*\"]: every key. []: none.") { Nullable = true },
            .. LimitShapes.Members,
            LimitShapes.ResetUsage,
        ]
    );

    public override string Kind => ObjectKinds.VirtualKey;

    public override string Path => "virtual-keys";

    public override string One => "virtual_key";

    public override string Group => Heading;

    public override Shape Shape { get; } =
        new(
            "VirtualKey",
            [
                Organisation.Name,
                new("description", FieldKind.Text, "What it is for.") { Nullable = true, Longest = 4000 },
                new("is_active", FieldKind.Flag, "false: its calls are refused. Default true."),
                new("log_content", FieldKind.Flag, "Whether what its calls say is kept in the request log. null: as the gateway is set.")
                {
                    Nullable = true,
                },
                new("expires_at", FieldKind.Time, "When it ends. null: never.") { Nullable = true },
                new("tags", FieldKind.Texts, "Words to find it by."),
                new("user_id", FieldKind.Text, "Whose it is. null: nobody's.") { Nullable = true },
                new("team_id", FieldKind.Text, "The team that pays; not beside customer_id. null: none.") { Nullable = true },
                new("customer_id", FieldKind.Text, "The customer who pays; not beside team_id. null: none.") { Nullable = true },
                new("provider_configs", FieldKind.Objects, "What it may use, all of it. null: every provider. []: none.")
                {
                    Nullable = true,
                    Inside = ProviderConfig,
                },
                .. LimitShapes.Members,
            ]
        );

    public override ImmutableDictionary<string, VirtualKey> In(GovernanceSnapshot now) => now.VirtualKeys;

    public override VirtualKey Read(VirtualKey? current, string id, Body body, LimitReading limits)
    {
        var configs = body.Objects("provider_configs");
        return (
            current
            ?? new VirtualKey
            {
                Id = id,
                Name = "",
                ValueHash = "",
                ValuePreview = "",
                CreatedAt = limits.Now,
            }
        ) with
        {
            Name = body.Text("name").Value ?? current?.Name ?? "",
            Description = body.Text("description").Or(current?.Description),
            IsActive = body.Flag("is_active").Value ?? current?.IsActive ?? true,
            LogContent = body.Flag("log_content").Or(current?.LogContent),
            ExpiresAt = body.Time("expires_at").Or(current?.ExpiresAt),
            Tags = body.Texts("tags").Value ?? current?.Tags ?? [],
            UserId = body.Text("user_id").Or(current?.UserId),
            TeamId = Owner(body, "team_id", "customer_id", current?.TeamId),
            CustomerId = Owner(body, "customer_id", "team_id", current?.CustomerId),
            ProviderConfigs = configs switch
            {
                { IsGiven: false } => current?.ProviderConfigs,
                { Value: { } given } => Providers(given, current?.ProviderConfigs ?? [], limits),
                _ => null,
            },
            Budgets = limits.Budgets(body, current?.Budgets ?? []),
            RateLimit = limits.RateLimit(body, current?.RateLimit),
            UpdatedAt = limits.Now,
        };
    }

    public override JsonObject Write(VirtualKey value, Relations relations)
    {
        var team = value.TeamId is { } teamId ? relations.Now.Teams.GetValueOrDefault(teamId) : null;
        var customer = value.CustomerId is { } customerId ? relations.Now.Customers.GetValueOrDefault(customerId) : null;
        return new JsonObject
        {
            ["id"] = value.Id,
            ["name"] = value.Name,
            ["description"] = value.Description,
            ["value_preview"] = value.ValuePreview,
            ["previous_value_until"] = value.PreviousValueUntil is { } until ? Times.Write(until) : null,
            ["is_active"] = value.IsActive,
            ["log_content"] = value.LogContent,
            ["expires_at"] = value.ExpiresAt is { } end ? Times.Write(end) : null,
            ["tags"] = new JsonArray([.. value.Tags.Select(t => JsonValue.Create(t))]),
            ["user_id"] = value.UserId,
            ["team_id"] = value.TeamId,
            ["team"] = team is null ? null : Organisation.Named(team.Id, team.Name),
            ["customer_id"] = value.CustomerId,
            ["customer"] = customer is null ? null : Owner(customer),
        };
    }

    // As published: clients read these lists, which are filled only where the customer itself is asked for.
    private static JsonObject Owner(Customer customer)
    {
        var view = Organisation.Named(customer.Id, customer.Name);
        view["teams"] = new JsonArray();
        view["virtual_keys"] = new JsonArray();
        return view;
    }

    public override JsonArray? Parts(VirtualKey value, LimitViews limits) =>
        value.ProviderConfigs is null ? null : new JsonArray([.. value.ProviderConfigs.Select(c => Provider(c, limits))]);

    public override Mistake? Clash(VirtualKey value, GovernanceSnapshot now) =>
        NameTaken(now.VirtualKeys.Values.Select(o => (o.Id, o.Name)), value.Id, value.Name);

    // Giving it to a team takes it from its customer and the other way round: it never has both.
    private static string? Owner(Body body, string mine, string other, string? current) =>
        body.Text(mine) is { IsGiven: true } given ? given.Value
        : body.Text(other).Value is not null ? null
        : current;

    private static List<VirtualKeyProvider> Providers(
        IReadOnlyList<Body> bodies,
        IReadOnlyList<VirtualKeyProvider> current,
        LimitReading limits
    )
    {
        var next = new List<VirtualKeyProvider>();
        foreach (var body in bodies)
        {
            var before = Meant(body, current, limits);
            if (before is not null && next.Any(n => n.Id == before.Id))
            {
                limits.Mistakes.Add(new Mistake(body.Path, "is the same provider config as one before it."));
                continue;
            }

            next.Add(
                new VirtualKeyProvider
                {
                    // The registry gives a number to what has none.
                    Id = before?.Id ?? 0,
                    Provider = body.Text("provider").Value ?? before?.Provider ?? "",
                    Weight = body.Number("weight") is { IsGiven: true } weight ? (double?)weight.Value : before?.Weight,
                    AllowedModels = body.Texts("allowed_models").Or(before?.AllowedModels),
                    KeyIds = body.Texts("key_ids").Or(before?.KeyIds),
                    Budgets = limits.Budgets(body, before?.Budgets ?? []),
                    RateLimit = limits.RateLimit(body, before?.RateLimit),
                }
            );
        }

        return next;
    }

    private static VirtualKeyProvider? Meant(Body body, IReadOnlyList<VirtualKeyProvider> current, LimitReading limits)
    {
        if (body.Whole("id").Value is not { } id)
        {
            return current.FirstOrDefault(c => string.Equals(c.Provider, body.Text("provider").Value, StringComparison.OrdinalIgnoreCase));
        }

        var found = current.FirstOrDefault(c => c.Id == id);
        if (found is null)
        {
            limits.Mistakes.Add(new Mistake(body.At("id"), "There is no such provider config here. Leave the id out to add one."));
        }

        return found;
    }

    private static JsonObject Provider(VirtualKeyProvider config, LimitViews limits)
    {
        var view = new JsonObject
        {
            ["id"] = config.Id,
            ["provider"] = config.Provider,
            ["weight"] = config.Weight,
            ["allowed_models"] = Texts(config.AllowedModels),
            ["key_ids"] = Texts(config.KeyIds),
        };
        limits.Write(view, config.Budgets, config.RateLimit);
        return view;
    }

    private static JsonArray? Texts(IReadOnlyList<string>? texts) =>
        texts is null ? null : new([.. texts.Select(t => JsonValue.Create(t))]);
}
