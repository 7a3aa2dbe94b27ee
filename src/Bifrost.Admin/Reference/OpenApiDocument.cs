using System.Text.Json.Nodes;
using Bifrost.Admin.Bodies;
using Bifrost.Admin.Http;

namespace Bifrost.Admin.Reference;

/// <summary>Describes the routes as OpenAPI 3.1, from the very values that route and check requests.</summary>
internal static class OpenApiDocument
{
    private static readonly Dictionary<int, string> Reasons = new()
    {
        [400] = "Something in the request is not right; every mistake is listed.",
        [401] = "Nobody is signed in.",
        [403] = "What was shown does not open this, or another site's page asked.",
        [404] = "There is no such thing.",
        [409] = "There is such a thing already.",
        [412] = "It was changed since the version in If-Match.",
        [413] = "The body is too large.",
        [415] = "The body is not JSON, or packed in an unknown way.",
        [426] = "An ordinary request where a WebSocket is wanted.",
        [429] = "Too many attempts; Retry-After says when to try again.",
        [503] = "A store does not answer; nothing was changed.",
    };

    public static JsonObject Write(IReadOnlyList<Route> routes, string version)
    {
        var shapes = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        var paths = new JsonObject();
        foreach (var group in routes.GroupBy(r => r.Pattern))
        {
            var path = new JsonObject();
            foreach (var route in group)
            {
                path[route.Method.ToLowerInvariant()] = Operation(route, shapes);
            }

            paths[group.Key] = path;
        }

        var schemas = new JsonObject { ["Error"] = ErrorSchema() };
        foreach (var (name, schema) in shapes.OrderBy(s => s.Key, StringComparer.Ordinal))
        {
            schemas[name] = schema;
        }

        return new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject
            {
                ["title"] = "Bifrost management API",
                ["version"] = version,
                ["description"] =
                    "Governs an AI gateway: providers, keys, virtual keys, limits, prices. Money is in US dollars, exact to a billionth.",
            },
            ["paths"] = paths,
            ["components"] = new JsonObject { ["schemas"] = schemas, ["securitySchemes"] = SecuritySchemes() },
        };
    }

    private static JsonObject Operation(Route route, Dictionary<string, JsonObject> shapes)
    {
        var operation = new JsonObject
        {
            ["summary"] = route.Summary,
            ["operationId"] = NameOf(route),
            ["tags"] = new JsonArray(route.Group),
            ["parameters"] = Parameters(route),
        };
        if (route.Body is { } body)
        {
            operation["requestBody"] = new JsonObject
            {
                ["required"] = !route.BodyOptional,
                ["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = Reference(body, shapes) } },
            };
        }

        var responses = new JsonObject { [$"{route.Status}"] = new JsonObject { ["description"] = route.Answer } };
        int[] always = route.Guard == Guard.Open ? [] : [401, 403];
        foreach (var status in route.Refusals.Concat(always).Distinct().Order())
        {
            responses[$"{status}"] = new JsonObject
            {
                ["description"] = Reasons[status],
                ["content"] = new JsonObject
                {
                    ["application/json"] = new JsonObject { ["schema"] = new JsonObject { ["$ref"] = "#/components/schemas/Error" } },
                },
            };
        }

        operation["responses"] = responses;
        operation["security"] = Security(route.Guard);
        return operation;
    }

    private static string NameOf(Route route)
    {
        var words = route.Pattern.Split(['/', '{', '}', '-', '_'], StringSplitOptions.RemoveEmptyEntries).Where(w => w != "api");
        return route.Method.ToLowerInvariant() + string.Concat(words.Select(w => char.ToUpperInvariant(w[0]) + w[1..]));
    }

    private static JsonArray Parameters(Route route)
    {
        var parameters = new JsonArray();
        foreach (var segment in route.Pattern.Split('/').Where(s => s.StartsWith('{')))
        {
            parameters.Add(Parameter(segment[1..^1], "path", "Which one.", new JsonObject { ["type"] = "string" }, required: true));
        }

        foreach (var query in route.Query)
        {
            parameters.Add(
                Parameter(query.IsPrefix ? $"{query.Name}{{name}}" : query.Name, "query", query.Meaning, Kind(query.Kind), required: false)
            );
        }

        if (route.Versioned)
        {
            var meaning = "The ETag of what was read; refused with 412 when it was changed since.";
            parameters.Add(Parameter("If-Match", "header", meaning, new JsonObject { ["type"] = "string" }, required: false));
        }

        return parameters;
    }

    private static JsonObject Parameter(string name, string place, string meaning, JsonObject schema, bool required) =>
        new()
        {
            ["name"] = name,
            ["in"] = place,
            ["required"] = required,
            ["description"] = meaning,
            ["schema"] = schema,
        };

    private static JsonObject Reference(Shape shape, Dictionary<string, JsonObject> shapes)
    {
        if (!shapes.ContainsKey(shape.Name))
        {
            shapes[shape.Name] = [];
            shapes[shape.Name] = Schema(shape, shapes);
        }

        return new JsonObject { ["$ref"] = $"#/components/schemas/{shape.Name}" };
    }

    private static JsonObject Schema(Shape shape, Dictionary<string, JsonObject> shapes)
    {
        var schema = new JsonObject { ["type"] = "object" };
        if (shape.Meaning is { } meaning)
        {
            schema["description"] = meaning;
        }

        if (shape.IsFree)
        {
            return schema;
        }

        var properties = new JsonObject();
        foreach (var field in shape.Fields)
        {
            properties[field.Name] = Property(field, shapes);
        }

        schema["properties"] = properties;
        schema["additionalProperties"] = false;
        if (shape.Fields.Any(f => f.Required))
        {
            schema["required"] = new JsonArray([.. shape.Fields.Where(f => f.Required).Select(f => JsonValue.Create(f.Name))]);
        }

        return schema;
    }

    private static JsonObject Property(Field field, Dictionary<string, JsonObject> shapes)
    {
        var schema = field.Kind switch
        {
            FieldKind.Object => Reference(field.Inside!, shapes),
            FieldKind.Objects => new JsonObject { ["type"] = "array", ["items"] = Reference(field.Inside!, shapes) },
            _ => Kind(field.Kind),
        };
        if (field.Choices is { } choices)
        {
            schema["enum"] = new JsonArray([.. choices.Select(c => JsonValue.Create(c))]);
        }

        if (field.Least != decimal.MinValue)
        {
            schema["minimum"] = field.Least;
        }

        if (field.Most != decimal.MaxValue)
        {
            schema["maximum"] = field.Most;
        }

        if (field.Nullable)
        {
            schema = new JsonObject { ["anyOf"] = new JsonArray(schema, new JsonObject { ["type"] = "null" }) };
        }

        schema["description"] = field.Meaning;
        return schema;
    }

    private static JsonObject Kind(FieldKind kind) =>
        kind switch
        {
            FieldKind.Flag => new() { ["type"] = "boolean" },
            FieldKind.Whole => new() { ["type"] = "integer" },
            FieldKind.Number => new() { ["type"] = "number" },
            FieldKind.Dollars => new() { ["type"] = "number", ["multipleOf"] = 0.000000001m },
            FieldKind.Time => new() { ["type"] = "string", ["format"] = "date-time" },
            FieldKind.Texts => new()
            {
                ["type"] = "array",
                ["items"] = new JsonObject { ["type"] = "string" },
                ["uniqueItems"] = true,
            },
            FieldKind.Numbers => new()
            {
                ["type"] = "object",
                ["additionalProperties"] = new JsonObject { ["type"] = "number" },
            },
            FieldKind.Text => new() { ["type"] = "string" },
            _ => new() { ["type"] = "object" },
        };

    private static JsonArray Security(Guard guard) =>
        guard switch
        {
            Guard.Open => [],
            Guard.VirtualKey => [new JsonObject { ["virtual_key"] = new JsonArray() }],
            _ =>
            [
                new JsonObject { ["session"] = new JsonArray() },
                new JsonObject { ["bearer"] = new JsonArray() },
                new JsonObject { ["basic"] = new JsonArray() },
            ],
        };

    private static JsonObject SecuritySchemes() =>
        new()
        {
            ["session"] = new JsonObject
            {
                ["type"] = "apiKey",
                ["in"] = "cookie",
                ["name"] = "token",
            },
            ["bearer"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" },
            ["basic"] = new JsonObject { ["type"] = "http", ["scheme"] = "basic" },
            ["virtual_key"] = new JsonObject
            {
                ["type"] = "apiKey",
                ["in"] = "header",
                ["name"] = "x-bf-vk",
            },
        };

    private static JsonObject ErrorSchema()
    {
        var mistake = new Shape("Mistake", [new("path", FieldKind.Text, "Where it is."), new("message", FieldKind.Text, "What is wrong.")]);
        var text = new Shape(
            "ErrorText",
            [new("message", FieldKind.Text, "What is wrong."), new("mistakes", FieldKind.Json, "Each of them: path and message.")]
        );
        var schema = Schema(
            new Shape(
                "Error",
                [
                    new("is_bifrost_error", FieldKind.Flag, "false: the request is to blame."),
                    new("status_code", FieldKind.Whole, "The HTTP status."),
                    new("error", FieldKind.Json, "What is wrong."),
                ]
            ),
            []
        );
        var error = Schema(text, []);
        error["properties"]!["mistakes"] = new JsonObject { ["type"] = "array", ["items"] = Schema(mistake, []) };
        schema["properties"]!["error"] = error;
        return schema;
    }
}
