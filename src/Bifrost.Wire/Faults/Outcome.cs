using System.Diagnostics.CodeAnalysis;

namespace Bifrost.Wire.Faults;

/// <summary>Either a value or the fault that stood in its way.</summary>
public readonly struct Outcome<T>
{
    private Outcome(T? value, Fault? fault)
    {
        Value = value;
        Fault = fault;
    }

    public T? Value { get; }

    public Fault? Fault { get; }

    /// <summary>True when there is a fault; then <paramref name="value"/> must not be used.</summary>
    public bool Failed([NotNullWhen(true)] out Fault? fault, [NotNullWhen(false)] out T? value)
    {
        (fault, value) = (Fault, Value);
        return fault is not null;
    }

    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(Fault fault) => new(default, fault);

    /// <summary>For interfaces, which C# does not convert implicitly.</summary>
    public static Outcome<T> Of(T value) => new(value, null);
}
