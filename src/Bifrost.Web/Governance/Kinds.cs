namespace Bifrost.Web.Governance;

/// <summary>Every kind there is.</summary>
public static class Kinds
{
    private static readonly Asked Name = new("name", "Name") { IsRequired = true };

    private static readonly Asked Customer = new("customer_id", "Customer", "Its limits hold for this too.", "customers");

    private static readonly Asked User = new("user_id", "Only calls of this user", null, "users");

    public static Kind Teams { get; } =
        new(
            "teams",
            "team",
            "team",
            "Teams",
            "People who share a budget. Give them virtual keys.",
            "A team has a budget and a rate limit that all its virtual keys share. Make one for each group of people whose spending you want to see and to stop apart.",
            Name,
            Customer,
            new Asked("business_unit_id", "Business unit", "Its limits hold for this team too.", "business-units")
        )
        {
            KeyFilter = "team_id",
            LogFilter = "team_ids",
        };

    public static Kind Customers { get; } =
        new(
            "customers",
            "customer",
            "customer",
            "Customers",
            "Who pays in the end: everything below counts here too.",
            "A customer stands above teams and business units; what their keys spend counts against the customer as well. Use it for tenants of your product, or for yourself as a whole.",
            Name
        )
        {
            KeyFilter = "customer_id",
            LogFilter = "customer_ids",
        };

    public static Kind BusinessUnits { get; } =
        new(
            "business-units",
            "business_unit",
            "business unit",
            "Business units",
            "Several teams under one budget.",
            "A business unit gathers teams: what they spend counts here too. Use it for departments or cost centres, then say in each team which one it belongs to.",
            Name,
            Customer
        )
        {
            LogFilter = "business_unit_ids",
        };

    public static Kind Users { get; } =
        new(
            "users",
            "user",
            "user",
            "Users",
            "People who own virtual keys.",
            "A user's limits hold for all virtual keys that are theirs, in whatever team. Use it to give every person an allowance. Users here do not sign in to these pages.",
            Name,
            new Asked("email", "E-mail address")
        )
        {
            KeyFilter = "user_id",
            LogFilter = "user_ids",
        };

    public static Kind Models { get; } =
        new(
            "model-configs",
            "model_config",
            "model limit",
            "Model limits",
            "For everybody's calls of one model.",
            "A model limit counts everybody's calls of a model: cap what a dear model may cost in a day, whoever calls it.",
            new Asked("model_name", "Model", "As callers write it, without the provider.") { IsRequired = true },
            new Asked("provider", "Only at this provider", null, "providers"),
            User
        )
        {
            OwnerType = "model_limit",
        };

    public static Kind Providers { get; } =
        new(
            "providers",
            "provider",
            "provider limit",
            "Provider limits",
            "For everybody's calls to one provider.",
            "A provider limit counts everybody's calls to a provider: a last line against a bill nobody expected, or against the provider's own rate limit.",
            new Asked("provider", "Provider", null, "providers") { IsRequired = true }
        )
        {
            IsSetByName = true,
            OwnerType = "provider_limit",
        };

    public static Kind Dimensions { get; } =
        new(
            "dimension-limits",
            "dimension_limit",
            "dimension limit",
            "Dimension limits",
            "For each value of a request header: a project, a run, a session.",
            "A dimension limit counts each value of a request header apart, without a key for each: every run of an agent at most two dollars, for example.",
            Name,
            new Asked("header", "Header", "Whose value is counted by, such as x-run-id.") { IsRequired = true },
            new Asked("value", "Only this value", "Empty: every value, each counted apart."),
            new Asked("virtual_key_id", "Only calls of this virtual key", null, "virtual-keys")
        );

    /// <summary>Those that stand on the page of limits.</summary>
    public static IReadOnlyList<Kind> Limits { get; } = [Models, Providers, Dimensions];

    /// <summary>In the order of checking.</summary>
    public static IReadOnlyList<Kind> All { get; } = [Providers, Models, Users, Dimensions, Teams, BusinessUnits, Customers];

    /// <summary>The kind at a path.</summary>
    public static Kind? At(string path) => All.FirstOrDefault(k => k.Path == path);
}
