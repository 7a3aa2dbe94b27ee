using Bifrost.Wire.Faults;

namespace Bifrost.Wire.Canonical;

/// <summary>A delta that ends its stream with a failure.</summary>
public interface IFailedDelta
{
    Fault Fault { get; }
}

/// <summary>A delta that says only that something will come. A stream that has shown nothing else may still be abandoned for another target.</summary>
public interface IOpeningDelta;

/// <summary>A delta that brings generated text.</summary>
public interface ITextDelta
{
    /// <summary>What the model wrote.</summary>
    string Text { get; }
}

/// <summary>A delta that may know what the answer consumed.</summary>
public interface IUsageDelta
{
    Usage? Usage { get; }
}
