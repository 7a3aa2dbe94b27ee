using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Bifrost.Simulator;

/// <summary>One rejected field, in the words of the JSON schema validator behind Replicate's API.</summary>
public sealed record InvalidField(string Type, string Field, string Description);

/// <summary>An error body of media type <c>application/problem+json</c> with Replicate's members.</summary>
public sealed record Problem
{
    /// <summary>HTTP status; repeated in the body unless <see cref="HideStatus"/>.</summary>
    public required int Status { get; init; }

    /// <summary>Short name; often missing in reality.</summary>
    public string? Title { get; init; }

    /// <summary>The sentence for people.</summary>
    public string? Detail { get; init; }

    /// <summary>Which fields a validation rejected.</summary>
    public ImmutableArray<InvalidField> InvalidFields { get; init; } = [];

    /// <summary>Seconds to wait, as a member of the body.</summary>
    public double? RetryAfter { get; init; }

    /// <summary>Value of a <c>Retry-After</c> header.</summary>
    public string? RetryAfterHeader { get; init; }

    /// <summary>Leaves <c>status</c> out of the body.</summary>
    public bool HideStatus { get; init; }

    /// <summary>Any problem.</summary>
    public static Problem Of(int status, string? title, string? detail) =>
        new()
        {
            Status = status,
            Title = title,
            Detail = detail,
        };

    /// <summary>401, as recorded.</summary>
    public static Problem Unauthenticated() => Of(401, "Unauthenticated", "You did not pass a valid authentication token");

    /// <summary>402 when the account has no credit left.</summary>
    public static Problem InsufficientCredit() =>
        Of(
            402,
            "Insufficient credit",
            "You have insufficient credit to run this model. Go to https://replicate.com/account/billing to purchase credit. Once you purchase credit, please wait a few minutes before trying again."
        );

    /// <summary>403 for a gated model.</summary>
    public static Problem Forbidden() => Of(403, "Forbidden", "You do not have permission to perform this action.");

    /// <summary>404 of anything that does not exist.</summary>
    public static Problem NotFound() => Of(404, null, "The requested resource could not be found.");

    /// <summary>413 of an upload that is too large.</summary>
    public static Problem FileTooLarge() => Of(413, null, "File must be under 100MB.");

    /// <summary>422 of an unknown version, or a community model on the official endpoint.</summary>
    public static Problem InvalidVersion() =>
        Of(
            422,
            "Invalid version or not permitted",
            "The specified version does not exist (or perhaps you don't have permission to use it?)"
        );

    /// <summary>422 of rejected input; the detail lists every field on its own line.</summary>
    public static Problem InvalidInput(params ReadOnlySpan<InvalidField> fields)
    {
        var lines = new System.Text.StringBuilder();
        foreach (var field in fields)
        {
            _ = lines.Append("- ");
            _ = field.Field.Length == 0 ? lines : lines.Append(field.Field).Append(": ");
            _ = lines.Append(field.Description).Append('\n');
        }

        return Of(422, "Input validation failed", lines.ToString()) with
        {
            InvalidFields = [.. fields],
        };
    }

    /// <summary>429 of today: detail, status and the wait in the body.</summary>
    public static Problem Throttled(double seconds) =>
        Of(
            429,
            null,
            string.Create(CultureInfo.InvariantCulture, $"Request was throttled. Your rate limit resets in ~{Math.Ceiling(seconds)}s.")
        ) with
        {
            RetryAfter = seconds,
        };

    /// <summary>429 of an account that runs low on credit: a reduced limit rather than too many requests.</summary>
    public static Problem LowCredit(double seconds) =>
        Of(
            429,
            null,
            string.Create(
                CultureInfo.InvariantCulture,
                $"Request was throttled. Your rate limit for creating predictions is reduced to 6 requests per minute with a burst of 1 requests while you have less than $5.0 in credit. Your rate limit resets in ~{Math.Ceiling(seconds)}s."
            )
        ) with
        {
            RetryAfter = seconds,
        };

    /// <summary>500 as the API words it.</summary>
    public static Problem InternalError() => Of(500, null, "Internal server error") with { HideStatus = true };

    /// <summary>The answer carrying this problem.</summary>
    public Reply ToReply()
    {
        var body = new JsonObject();
        Put(body, "detail", Detail);
        if (!HideStatus)
        {
            body["status"] = Status;
        }

        Put(body, "title", Title);
        if (InvalidFields.Length > 0)
        {
            var fields = new JsonArray();
            foreach (var field in InvalidFields)
            {
                fields.Add(
                    (JsonNode)
                        new JsonObject
                        {
                            ["type"] = field.Type,
                            ["field"] = field.Field,
                            ["description"] = field.Description,
                        }
                );
            }

            body["invalid_fields"] = fields;
        }

        if (RetryAfter is { } seconds)
        {
            body["retry_after"] = seconds;
        }

        var reply = Reply.Json(Status, body) with { ContentType = "application/problem+json" };
        return RetryAfterHeader is { } header ? reply.With("Retry-After", header) : reply;
    }

    private static void Put(JsonObject body, string name, string? value)
    {
        if (value is not null)
        {
            body[name] = value;
        }
    }
}
