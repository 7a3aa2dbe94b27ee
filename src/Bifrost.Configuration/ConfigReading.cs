using System.Text.Json.Nodes;
using Bifrost.Configuration.Governance;
using Bifrost.Core.World;
using Bifrost.Observability.Traces;

namespace Bifrost.Configuration;

/// <summary>What a configuration says, and everything there is to say about it. With mistakes, <see cref="Config"/> must not be used.</summary>
/// <param name="Config">The configuration, references to the environment resolved.</param>
/// <param name="Mistakes">Everything wrong, in the order of the file.</param>
/// <param name="Warnings">One sentence for each thing that works otherwise than the file's author may believe.</param>
public sealed record ConfigReading(GatewayConfig Config, IReadOnlyList<Mistake> Mistakes, IReadOnlyList<string> Warnings)
{
    /// <summary>What is good to know and no reason to worry: a key taken from the environment.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Where things are kept.</summary>
    public StoreSettings Store { get; init; } = new();

    /// <summary>Where the request log is kept. Null: where everything is; for SQLite, in a file of its own beside it.</summary>
    public StoreSettings? LogStore { get; init; }

    /// <summary>What secrets are sealed with: <c>encryption_key</c>, else <c>BIFROST_ENCRYPTION_KEY</c>; empty when there is neither.</summary>
    public Secret EncryptionKey { get; init; } = Secret.Empty;

    /// <summary>Which exchanges are traced and where their spans go: the plugin <c>otel</c>, else OpenTelemetry's variables. Null: nothing is traced.</summary>
    public TraceOptions? Traces { get; init; }

    /// <summary>What the file says of who may call, and spend what.</summary>
    public GovernanceFile Governance { get; init; } = GovernanceFile.Empty;

    /// <summary>The file's sections as they are written; null without a file.</summary>
    internal FileSections? File { get; init; }
}

/// <summary>What the file says of things that are kept, as it is written: references to the environment are not resolved.</summary>
internal sealed record FileSections(
    JsonObject? Client,
    IReadOnlyList<KeyValuePair<string, JsonObject>> Providers,
    JsonObject? Auth,
    IReadOnlyList<JsonObject> Prices
);
