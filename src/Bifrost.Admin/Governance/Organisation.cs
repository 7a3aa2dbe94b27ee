using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Bifrost.Admin.Bodies;
using Bifrost.Core.World;
using Bifrost.Governance.Objects;
using Bifrost.Governance.Registry;
using Bifrost.Governance.Stores;

namespace Bifrost.Admin.Governance;

/// <summary>Fields and small views that the levels of an organisation share.</summary>
internal static class Organisation
{
    public const string Group = "Organisation";

    /// <summary>More keys or teams than this are counted, not listed, within another object.</summary>
    private const int Listed = 100;

    public static Field Name { get; } = new("name", FieldKind.Text, "What people call it.") { Required = true, Longest = 255 };

    public static Field Customer { get; } =
        new("customer_id", FieldKind.Text, "The customer it belongs to. null: none.") { Nullable = true };

    public static JsonArray Keys(IEnumerable<VirtualKey> keys) =>
        new([
            .. keys.Take(Listed)
                .Select(k => new JsonObject
                {
                    ["id"] = k.Id,
                    ["name"] = k.Name,
                    ["is_active"] = k.IsActive,
                }),
        ]);

    public static JsonArray Teams(IEnumerable<Team> teams) => new([.. teams.Take(Listed).Select(t => Named(t.Id, t.Name))]);

    public static JsonObject Named(string id, string name) => new() { ["id"] = id, ["name"] = name };
}

internal sealed class CustomerKind : ObjectKind<Customer>
{
    public override string Kind => ObjectKinds.Customer;

    public override string Path => "customers";

    public override string One => "customer";

    public override string Group => Organisation.Group;

    public override Shape Shape { get; } = new("Customer", [Organisation.Name, .. LimitShapes.Members]);

    public override ImmutableDictionary<string, Customer> In(GovernanceSnapshot now) => now.Customers;

    public override Customer Read(Customer? current, string id, Body body, LimitReading limits) =>
        (
            current
            ?? new Customer
            {
                Id = id,
                Name = "",
                CreatedAt = limits.Now,
            }
        ) with
        {
            Name = body.Text("name").Value ?? current?.Name ?? "",
            Budgets = limits.Budgets(body, current?.Budgets ?? []),
            RateLimit = limits.RateLimit(body, current?.RateLimit),
            UpdatedAt = limits.Now,
        };

    public override JsonObject Write(Customer value, Relations relations)
    {
        var view = Organisation.Named(value.Id, value.Name);
        view["teams"] = Organisation.Teams(relations.TeamsOf(value.Id));
        view["virtual_keys"] = Organisation.Keys(relations.KeysOfCustomer(value.Id));
        view["virtual_key_count"] = relations.KeysOfCustomer(value.Id).Count();
        return view;
    }
}

internal sealed class BusinessUnitKind : ObjectKind<BusinessUnit>
{
    public override string Kind => ObjectKinds.BusinessUnit;

    public override string Path => "business-units";

    public override string One => "business_unit";

    public override string Group => Organisation.Group;

    public override Shape Shape { get; } = new("BusinessUnit", [Organisation.Name, Organisation.Customer, .. LimitShapes.Members]);

    public override ImmutableDictionary<string, BusinessUnit> In(GovernanceSnapshot now) => now.BusinessUnits;

    public override BusinessUnit Read(BusinessUnit? current, string id, Body body, LimitReading limits) =>
        (
            current
            ?? new BusinessUnit
            {
                Id = id,
                Name = "",
                CreatedAt = limits.Now,
            }
        ) with
        {
            Name = body.Text("name").Value ?? current?.Name ?? "",
            CustomerId = body.Text("customer_id").Or(current?.CustomerId),
            Budgets = limits.Budgets(body, current?.Budgets ?? []),
            RateLimit = limits.RateLimit(body, current?.RateLimit),
            UpdatedAt = limits.Now,
        };

    public override JsonObject Write(BusinessUnit value, Relations relations)
    {
        var view = Organisation.Named(value.Id, value.Name);
        view["customer_id"] = value.CustomerId;
        return view;
    }
}

internal sealed class TeamKind : ObjectKind<Team>
{
    public override string Kind => ObjectKinds.Team;

    public override string Path => "teams";

    public override string One => "team";

    public override string Group => Organisation.Group;

    public override Shape Shape { get; } =
        new(
            "Team",
            [
                Organisation.Name,
                Organisation.Customer,
                new("business_unit_id", FieldKind.Text, "The business unit it belongs to. null: none.") { Nullable = true },
                .. LimitShapes.Members,
            ]
        );

    public override ImmutableDictionary<string, Team> In(GovernanceSnapshot now) => now.Teams;

    public override Team Read(Team? current, string id, Body body, LimitReading limits) =>
        (
            current
            ?? new Team
            {
                Id = id,
                Name = "",
                CreatedAt = limits.Now,
            }
        ) with
        {
            Name = body.Text("name").Value ?? current?.Name ?? "",
            CustomerId = body.Text("customer_id").Or(current?.CustomerId),
            BusinessUnitId = body.Text("business_unit_id").Or(current?.BusinessUnitId),
            Budgets = limits.Budgets(body, current?.Budgets ?? []),
            RateLimit = limits.RateLimit(body, current?.RateLimit),
            UpdatedAt = limits.Now,
        };

    public override JsonObject Write(Team value, Relations relations)
    {
        var view = Organisation.Named(value.Id, value.Name);
        view["customer_id"] = value.CustomerId;
        view["business_unit_id"] = value.BusinessUnitId;
        view["virtual_keys"] = Organisation.Keys(relations.KeysOfTeam(value.Id));
        view["virtual_key_count"] = relations.KeysOfTeam(value.Id).Count();
        return view;
    }
}

internal sealed class UserKind : ObjectKind<User>
{
    public override string Kind => ObjectKinds.User;

    public override string Path => "users";

    public override string One => "user";

    public override string Group => Organisation.Group;

    public override Shape Shape { get; } =
        new(
            "User",
            [
                Organisation.Name,
                new("email", FieldKind.Text, "Their address. null: none.") { Nullable = true, Longest = 320 },
                .. LimitShapes.Members,
            ]
        );

    public override ImmutableDictionary<string, User> In(GovernanceSnapshot now) => now.Users;

    public override User Read(User? current, string id, Body body, LimitReading limits) =>
        (
            current
            ?? new User
            {
                Id = id,
                Name = "",
                CreatedAt = limits.Now,
            }
        ) with
        {
            Name = body.Text("name").Value ?? current?.Name ?? "",
            Email = body.Text("email").Or(current?.Email),
            Budgets = limits.Budgets(body, current?.Budgets ?? []),
            RateLimit = limits.RateLimit(body, current?.RateLimit),
            UpdatedAt = limits.Now,
        };

    public override JsonObject Write(User value, Relations relations)
    {
        var view = Organisation.Named(value.Id, value.Name);
        view["email"] = value.Email;
        return view;
    }
}
