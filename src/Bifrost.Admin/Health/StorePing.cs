namespace Bifrost.Admin.Health;

/// <summary>How to learn whether a store answers.</summary>
/// <param name="Name">For people: <c>The configuration store</c>.</param>
/// <param name="Ask">A cheap question; throws what a store throws when it does not answer.</param>
public sealed record StorePing(string Name, Func<CancellationToken, Task> Ask);
