namespace Bifrost.Simulator;

/// <summary>One event as it goes out on a stream.</summary>
internal sealed record StreamEvent(string? Id, string Name, string Data);
