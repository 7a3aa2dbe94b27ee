using Bifrost.Core.Contracts;
using Bifrost.Observability.RequestLog;
using Bifrost.Observability.Stores;
using Bifrost.Wire.Faults;

namespace Bifrost.Admin.Logs;

/// <summary>What can be filtered and grouped by, with its words.</summary>
/// <param name="Kind">For the store.</param>
/// <param name="Word">One of them, as <c>by</c> and <c>group_by</c> name it.</param>
/// <param name="Parameter">As the filter names it.</param>
/// <param name="Member">As <c>filterdata</c> names its values.</param>
/// <param name="Meaning">For the reference.</param>
internal sealed record Dimension(LogDimension Kind, string Word, string Parameter, string Member, string Meaning)
{
    /// <summary>How a row without a value is asked for, and shown.</summary>
    public const string None = "(none)";

    /// <summary>The only values there are; null: any.</summary>
    public IReadOnlyList<string>? Choices { get; init; }

    public static IReadOnlyList<Dimension> All { get; } =
    [
        new(LogDimension.Provider, "provider", "providers", "providers", "Providers, by name."),
        new(LogDimension.Model, "model", "models", "models", "Models as they were sent upstream, or asked for where nothing was sent."),
        new(
            LogDimension.Status,
            "status",
            "status",
            "statuses",
            "success, error, cancelled; processing, as published, matches nothing: rows are written when a request is over."
        )
        {
            Choices = ["success", "error", "cancelled", "processing"],
        },
        new(LogDimension.Operation, "object", "objects", "objects", "What was asked for: chat_completion, embedding …")
        {
            Choices = [.. Enum.GetValues<Operation>().Select(static operation => operation.Word())],
        },
        new(LogDimension.ProviderKey, "selected_key", "selected_key_ids", "selected_keys", "Provider keys, by id."),
        new(LogDimension.VirtualKey, "virtual_key", "virtual_key_ids", "virtual_keys", "Virtual keys, by id."),
        new(LogDimension.Team, "team", "team_ids", "teams", "Teams, by id."),
        new(LogDimension.BusinessUnit, "business_unit", "business_unit_ids", "business_units", "Business units, by id."),
        new(LogDimension.Customer, "customer", "customer_ids", "customers", "Customers, by id."),
        new(LogDimension.User, "user", "user_ids", "users", "Users, by id."),
        new(LogDimension.Fault, "fault", "fault", "faults", "What went wrong: upstream_rate_limited, timeout …")
        {
            Choices = [.. Enum.GetValues<FaultKind>().Select(static kind => kind.Word()), None],
        },
        new(LogDimension.Lane, "lane", "lane", "lanes", "verbatim, patched or translated.")
        {
            Choices = ["verbatim", "patched", "translated", None],
        },
        new(LogDimension.Streamed, "stream", "stream", "streams", "true: only streams; false: only whole answers.")
        {
            Choices = ["true", "false"],
        },
    ];

    public static IEnumerable<string> Words => All.Select(static d => d.Word);

    public static Dimension? Find(string word) => All.FirstOrDefault(d => d.Word == word);
}
