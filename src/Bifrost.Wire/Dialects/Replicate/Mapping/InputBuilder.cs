using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bifrost.Wire.Canonical;
using Bifrost.Wire.Faults;

namespace Bifrost.Wire.Dialects.Replicate;

/// <summary>Collects a prediction's input by the model's schema, and what became of each parameter on the way. The first fault stands.</summary>
internal sealed class InputBuilder
{
    private readonly List<string> _order = [];
    private readonly Dictionary<string, InputValue> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _params = new(StringComparer.Ordinal);
    private readonly List<MediaSlot> _slots = [];
    private readonly List<ParameterNote> _notes = [];

    public InputBuilder(ModelSchema schema, ModelReference model, MappingOptions options)
    {
        (Schema, Model, Options) = (schema, model, options);
        Traits = options.Overrides.For(model);
    }

    public ModelSchema Schema { get; }

    public ModelReference Model { get; }

    public MappingOptions Options { get; }

    public ModelTraits Traits { get; }

    public Fault? Fault { get; private set; }

    public IReadOnlyList<MediaSlot> Slots => _slots;

    public IReadOnlyList<ParameterNote> Notes => _notes;

    public void Refuse(Fault fault) => Fault ??= fault;

    public void RefuseParameter(string param, string message) => Refuse(Wire.Faults.Fault.Unsupported(message, param));

    public void Dropped(string param, string message) => Note(param, NoteKind.Dropped, message);

    public void Dropped(string param) => Dropped(param, $"`{param}` has no effect: {Model} has no such input.");

    public void Changed(string param, string message) => Note(param, NoteKind.Changed, message);

    public void Moved(string param, string message) => Note(param, NoteKind.Moved, message);

    public bool IsSet(string name) => _values.ContainsKey(name);

    public JsonNode? Get(string name) => _values.TryGetValue(name, out var value) && value is JsonInput json ? json.Json : null;

    public string ParamOf(string name) => _params.GetValueOrDefault(name, name);

    /// <summary>Sets an input as it is; the last word wins.</summary>
    public void Set(string name, JsonNode value, string param) => Set(name, new JsonInput(value), param);

    public void Set(string name, InputValue value, string param)
    {
        if (_values.TryAdd(name, value))
        {
            _order.Add(name);
        }

        _values[name] = value;
        _params[name] = param;
    }

    public void Remove(string name)
    {
        if (_values.Remove(name))
        {
            _order.Remove(name);
        }
    }

    /// <summary>Gives a number to the first of the inputs that exists, moved into its range, or drops it.</summary>
    /// <returns>The value sent, or null.</returns>
    public double? Number(string param, double? value, params ReadOnlySpan<string> names)
    {
        if (value is not { } wanted)
        {
            return null;
        }

        if (Schema.FirstOf(names) is not { } input)
        {
            Dropped(param);
            return null;
        }

        return Number(param, wanted, input);
    }

    public double? Number(string param, double wanted, SchemaInput input)
    {
        if (input.Choices.Count > 0)
        {
            return NearestChoice(param, wanted, input, atLeast: false);
        }

        var sent = Coercion.Clamp(input, input.Kind == InputKind.Integer ? Math.Round(wanted) : wanted);
        if (!sent.Equals(wanted))
        {
            Changed(
                param,
                string.Create(CultureInfo.InvariantCulture, $"`{param}` is {sent} instead of {wanted}, which is out of {Model}'s range.")
            );
        }

        Set(input.Name, Typed(input, sent), param);
        return sent;
    }

    /// <summary>Gives one of an input's numbers: the one wanted, else the nearest (with <paramref name="atLeast"/> the next above, if any).</summary>
    public double? NearestChoice(string param, double wanted, SchemaInput input, bool atLeast)
    {
        JsonElement? best = null;
        var bestNumber = 0.0;
        foreach (var choice in input.Choices)
        {
            if (!Measures.TryLeadingNumber(Nodes.Show(choice), out var number))
            {
                continue;
            }

            if (best is null || Rank(number) < Rank(bestNumber))
            {
                (best, bestNumber) = (choice, number);
            }
        }

        if (best is not { } found)
        {
            Dropped(param, $"`{param}` has no effect: {Model} takes only {Coercion.Choices(input)}.");
            return null;
        }

        if (!bestNumber.Equals(wanted))
        {
            Changed(
                param,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"`{param}` is {bestNumber} instead of {wanted}: {Model} takes only {Coercion.Choices(input)}."
                )
            );
        }

        Set(input.Name, Nodes.Of(found), param);
        return bestNumber;

        double Rank(double number) => atLeast && number < wanted ? 1e9 + (wanted - number) : Math.Abs(number - wanted);
    }

    /// <summary>Gives a word to the first of the inputs that exists and knows it, or drops it.</summary>
    public bool Word(string param, string? value, params ReadOnlySpan<string> names)
    {
        if (value is null)
        {
            return false;
        }

        if (Schema.FirstOf(names) is not { } input)
        {
            Dropped(param);
            return false;
        }

        if (Coercion.Exact(input, Nodes.Of(value), out var reason) is not { } node)
        {
            Dropped(param, $"`{param}` has no effect: for {Model} it {reason}.");
            return false;
        }

        Set(input.Name, node, param);
        return true;
    }

    public void Flag(string param, bool? value, params ReadOnlySpan<string> names)
    {
        if (value is not { } flag)
        {
            return;
        }

        foreach (var name in names)
        {
            if (Schema.TryGet(name, out var input) && input.Kind is InputKind.Flag or InputKind.Any)
            {
                Set(name, JsonValue.Create(flag), param);
                return;
            }
        }

        Dropped(param);
    }

    public void Media(SchemaInput input, MediaSource source, string param, MaskPolarity? mask = null)
    {
        var slot = Slot(input.Name, source, param, mask);
        Set(input.Name, input.Kind is InputKind.Files or InputKind.List ? new MediaListInput([slot]) : new MediaInput(slot), param);
    }

    public void Media(SchemaInput input, IReadOnlyList<MediaSource> sources, string param)
    {
        var slots = new int[sources.Count];
        for (var i = 0; i < slots.Length; i++)
        {
            slots[i] = Slot(input.Name, sources[i], param, null);
        }

        Set(input.Name, new MediaListInput(slots), param);
    }

    /// <summary>The fields in order, each in the form the model wants; or the reason why the model would refuse them.</summary>
    public Outcome<IReadOnlyList<InputField>> Finish()
    {
        if (Fault is null)
        {
            InputCheck.Complete(this);
        }

        if (Fault is not null)
        {
            return Fault;
        }

        var fields = new List<InputField>(_order.Count);
        foreach (var name in _order)
        {
            fields.Add(new InputField(name, _values[name]));
        }

        return fields;
    }

    /// <summary>Names of what is set so far.</summary>
    public IReadOnlyList<string> Names() => [.. _order];

    private static JsonNode Typed(SchemaInput input, double number) =>
        input.Kind == InputKind.Text ? Nodes.Of(number.ToString(CultureInfo.InvariantCulture)) : Nodes.Of(number);

    private int Slot(string input, MediaSource source, string param, MaskPolarity? mask)
    {
        _slots.Add(new MediaSlot(input, param, source, mask));
        return _slots.Count - 1;
    }

    private void Note(string param, NoteKind kind, string message)
    {
        _notes.Add(new ParameterNote(param, kind, message));
        if (Options.Strict && kind != NoteKind.Moved)
        {
            RefuseParameter(param, $"{message} In strict mode (`x-bf-strict`) such a parameter is refused.");
        }
    }
}
