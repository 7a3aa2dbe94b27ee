namespace Bifrost.EndToEnd.Tests.Program;

/// <summary>Tests that start processes and look at the clock have the machine to themselves.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessTestGroup
{
    public const string Name = "processes";
}
