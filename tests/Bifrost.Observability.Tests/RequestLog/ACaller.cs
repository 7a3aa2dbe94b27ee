using Bifrost.Core.Contracts;
using Bifrost.Wire.Faults;

namespace Bifrost.Observability.Tests.RequestLog;

/// <summary>The owner of a virtual key.</summary>
internal sealed class ACaller : Caller
{
    public bool? Keeps { get; init; }

    public string Key { get; init; } = "vk-1";

    public string? Team { get; init; } = "team-1";

    public override string Id => Key;

    public override string Name => "key one";

    public override string? TeamId => Team;

    public override string? BusinessUnitId => "unit-1";

    public override string? CustomerId => "customer-1";

    public override string? UserId => "user-1";

    public override bool? KeepsContent => Keeps;

    public override IReadOnlyList<ProviderAccess>? Providers => null;

    public override Fault? Refusal(DateTimeOffset now) => null;
}
