using Bifrost.Wire.Faults;

namespace Bifrost.Wire.Dialects.Replicate;

/// <summary>The last look before money is spent: secrets from configuration, types, ranges, choices, and what is required.</summary>
internal static class InputCheck
{
    public static void Complete(InputBuilder builder)
    {
        Secrets(builder);
        Values(builder);
        Required(builder);
    }

    private static void Secrets(InputBuilder builder)
    {
        foreach (var input in builder.Schema.Inputs)
        {
            if (input.Secret && builder.Options.Secrets.TryGetValue(input.Name, out var secret))
            {
                builder.Set(input.Name, Nodes.Of(secret), input.Name);
            }
        }
    }

    private static void Values(InputBuilder builder)
    {
        foreach (var name in builder.Names())
        {
            if (!builder.Schema.TryGet(name, out var input) || builder.Get(name) is not { } value || input.Secret)
            {
                continue;
            }

            var param = builder.ParamOf(name);
            if (Coercion.Exact(input, value, out var reason) is { } node)
            {
                builder.Set(name, node, param);
            }
            else
            {
                builder.Refuse(
                    Fault.Invalid($"`{param}` is {Nodes.Show(value)}; for {builder.Model} it {reason}.", param, "invalid_value")
                );
            }
        }
    }

    private static void Required(InputBuilder builder)
    {
        foreach (var input in builder.Schema.Inputs)
        {
            if (input.Required && input.Default is null)
            {
                Demand(builder, input.Name, input.Secret);
            }
        }

        foreach (var name in builder.Traits.Required)
        {
            Demand(builder, name, secret: false);
        }
    }

    private static void Demand(InputBuilder builder, string name, bool secret)
    {
        if (builder.IsSet(name))
        {
            return;
        }

        builder.Refuse(
            secret
                ? new Fault(
                    FaultKind.UpstreamCredential,
                    $"{builder.Model} needs the secret input `{name}`, which this gateway has not configured."
                )
                : Fault.Invalid(
                    $"{builder.Model} needs the input `{name}`, and nothing in the request gives it.",
                    name,
                    "missing_required_parameter"
                )
        );
    }
}
