namespace Bifrost.EndToEnd.Tests.Stress;

/// <summary>Alone: what these tests count belongs to the whole process.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class StressCollection
{
    public const string Name = "stress";
}
