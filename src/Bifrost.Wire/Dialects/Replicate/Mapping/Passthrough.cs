using System.Text.Json;
using Bifrost.Wire.Canonical;
using Bifrost.Wire.Faults;

namespace Bifrost.Wire.Dialects.Replicate;

/// <summary>Carries what the caller said in the model's own words: unknown members of the body, and <c>replicate.input</c> (also within
/// <c>extra_body</c>), which wins over everything mapped.</summary>
internal sealed class Passthrough
{
    private readonly InputBuilder _builder;
    private readonly HashSet<string> _handled = new(StringComparer.Ordinal);

    private Passthrough(InputBuilder builder, ReadOnlySpan<string> handled)
    {
        _builder = builder;
        foreach (var name in handled)
        {
            _handled.Add(name);
        }
    }

    /// <param name="builder">Where the values go.</param>
    /// <param name="extensions">What the caller's dialect did not model.</param>
    /// <param name="handled">Names of members that the mapping has dealt with itself.</param>
    public static void Add(InputBuilder builder, Extensions extensions, params ReadOnlySpan<string> handled)
    {
        var pass = new Passthrough(builder, handled);
        var explicitInputs = new List<JsonElement>();
        foreach (var (name, value) in extensions.Fields)
        {
            pass.Member(name, value, explicitInputs);
        }

        foreach (var input in explicitInputs)
        {
            foreach (var member in input.EnumerateObject())
            {
                if (SchemaReader.NameOf(member) is { } name)
                {
                    pass.Explicit(name, member.Value);
                }
            }
        }
    }

    private void Member(string name, JsonElement value, List<JsonElement> explicitInputs)
    {
        if (_handled.Contains(name))
        {
            return;
        }

        if (name == "extra_body" && value.ValueKind == JsonValueKind.Object)
        {
            foreach (var inner in value.EnumerateObject())
            {
                if (SchemaReader.NameOf(inner) is { } own and not "extra_body")
                {
                    Member(own, inner.Value, explicitInputs);
                }
            }
        }
        else if (name == "replicate" && value.ValueKind == JsonValueKind.Object)
        {
            OwnObject(value, explicitInputs);
        }
        else
        {
            Loose(name, value);
        }
    }

    private void OwnObject(JsonElement value, List<JsonElement> explicitInputs)
    {
        foreach (var member in value.EnumerateObject())
        {
            var name = SchemaReader.NameOf(member);
            if (name == "input" && member.Value.ValueKind == JsonValueKind.Object)
            {
                explicitInputs.Add(member.Value);
            }
            else
            {
                _builder.Dropped($"replicate.{name}", $"`replicate.{name}` has no effect: only `replicate.input`, an object, is read.");
            }
        }
    }

    private void Loose(string name, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Null || Forbidden(name, name))
        {
            return;
        }

        var target = _builder.Schema.FirstOf(_builder.Options.Overrides.AliasesOf(name))?.Name ?? (_builder.Schema.IsOpen ? name : null);
        if (target is null)
        {
            _builder.Dropped(name);
            return;
        }

        Put(target, value, name);
    }

    private void Explicit(string name, JsonElement value)
    {
        var param = $"replicate.input.{name}";
        if (Forbidden(name, param))
        {
            return;
        }

        if (value.ValueKind == JsonValueKind.Null)
        {
            _builder.Remove(name);
        }
        else if (_builder.Schema.Has(name) || _builder.Schema.IsOpen)
        {
            Put(name, value, param);
        }
        else
        {
            _builder.Dropped(param, $"`{param}` has no effect: {_builder.Model} has no input `{name}`.");
        }
    }

    private void Put(string name, JsonElement value, string param)
    {
        if (Nodes.IsSound(value))
        {
            _builder.Set(name, Nodes.Of(value), param);
        }
        else
        {
            _builder.Refuse(Fault.Invalid($"`{param}` holds text that is not valid Unicode.", param, "invalid_value"));
        }
    }

    private bool Forbidden(string name, string param)
    {
        if (name.StartsWith("webhook", StringComparison.OrdinalIgnoreCase))
        {
            _builder.Dropped(param, $"`{param}` has no effect: callers cannot set webhooks.");
            return true;
        }

        if (_builder.Schema.TryGet(name, out var input) && input.Secret)
        {
            _builder.Dropped(param, $"`{param}` has no effect: it is secret, and filled from the gateway's configuration only.");
            return true;
        }

        return false;
    }
}
