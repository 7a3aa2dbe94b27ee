using Bifrost.Core.Contracts;
using Bifrost.Wire.Faults;

namespace Bifrost.Core.Tests.Governed;

/// <summary>The virtual keys of a test.</summary>
internal sealed class Keyring : ICallers
{
    public const string Value = "sk-bf-11111111-2222-3333-4444-555555555555";

    private readonly Dictionary<string, Caller> _callers = [];

    /// <summary>One key, <see cref="Value"/>.</summary>
    public static Keyring Of(params ProviderAccess[] providers) => new() { _callers = { [Value] = new Owner(providers, null) } };

    public static Keyring Unlimited() => new() { _callers = { [Value] = new Owner(null, null) } };

    public static Keyring Refusing(Fault fault) => new() { _callers = { [Value] = new Owner(null, fault) } };

    public static ProviderAccess Access(string provider, string[]? models = null, string[]? keys = null, double? weight = 1) =>
        new(provider, models, keys, weight);

    public Caller? Find(string virtualKey, DateTimeOffset now) => _callers.GetValueOrDefault(virtualKey);

    private sealed class Owner(IReadOnlyList<ProviderAccess>? providers, Fault? refusal) : Caller
    {
        public override string Id => "vk-1";

        public override string Name => "team one";

        public override IReadOnlyList<ProviderAccess>? Providers => providers;

        public override Fault? Refusal(DateTimeOffset now) => refusal;
    }
}
