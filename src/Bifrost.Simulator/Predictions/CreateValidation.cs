using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bifrost.Simulator;

/// <summary>Judges the top level of a create's body, which Replicate checks strictly.</summary>
internal static class CreateValidation
{
    private static readonly ImmutableArray<string> Known = ["input", "stream", "webhook", "webhook_events_filter"];
    private static readonly ImmutableArray<string> Events = ["start", "output", "logs", "completed"];

    public static IReadOnlyList<InvalidField> Check(JsonObject body, bool withVersion)
    {
        var faults = new List<InvalidField>();
        if (withVersion)
        {
            Require(body, "version", JsonValueKind.String, "string", faults);
        }

        Require(body, "input", JsonValueKind.Object, "object", faults);
        foreach (var (name, value) in body)
        {
            if (!Known.Contains(name) && !(withVersion && name == "version"))
            {
                faults.Add(new InvalidField("additional_property_not_allowed", "", $"Additional property {name} is not allowed"));
            }
            else if (name == "webhook" && !Uri.TryCreate(value?.ToString(), UriKind.Absolute, out _))
            {
                faults.Add(new InvalidField("format", "webhook", "Does not match format 'uri'"));
            }
            else if (name == "webhook_events_filter")
            {
                CheckFilter(value, faults);
            }
        }

        return faults;
    }

    private static void Require(JsonObject body, string name, JsonValueKind kind, string type, List<InvalidField> faults)
    {
        if (!body.TryGetPropertyValue(name, out var value))
        {
            faults.Add(new InvalidField("required", "", name + " is required"));
        }
        else if (value?.GetValueKind() != kind)
        {
            faults.Add(
                new InvalidField(
                    "invalid_type",
                    name,
                    $"Invalid type. Expected: {type}, given: {value?.GetValueKind().ToString().ToLowerInvariant() ?? "null"}"
                )
            );
        }
    }

    private static void CheckFilter(JsonNode? value, List<InvalidField> faults)
    {
        if (value is not JsonArray filter)
        {
            faults.Add(new InvalidField("invalid_type", "webhook_events_filter", "Invalid type. Expected: array"));
            return;
        }

        for (var i = 0; i < filter.Count; i++)
        {
            if (!Events.Contains(filter[i]?.ToString() ?? ""))
            {
                faults.Add(
                    new InvalidField(
                        "enum",
                        $"webhook_events_filter.{i}",
                        $"webhook_events_filter.{i} must be one of the following: \"start\", \"output\", \"logs\", \"completed\""
                    )
                );
            }
        }
    }
}
