using System.Text.Json.Nodes;

namespace Bifrost.Web.Providers;

/// <summary>A kind of provider: what it is called, where it is, what it can be asked for.</summary>
public sealed record Kind(string Name, string Home, List<string> TokenVariables, List<string> Operations, List<string> Configured);

/// <summary>All kinds.</summary>
public sealed record KindList(List<Kind> Kinds);

/// <summary>A configured provider, as <c>/api/providers</c> shows it.</summary>
public sealed record ProviderEntry(
    string Name,
    List<KeyEntry>? Keys,
    JsonObject? NetworkConfig,
    JsonObject? CustomProviderConfig,
    string? ProviderStatus,
    string? Description,
    string? Origin
);

/// <summary>All configured providers.</summary>
public sealed record ProviderList(List<ProviderEntry> Providers);

/// <summary>A provider's key, masked.</summary>
public sealed record KeyEntry(
    string Id,
    string Name,
    SecretView? Value,
    List<string>? Models,
    List<string>? BlacklistedModels,
    double? Weight,
    bool? Enabled
);

/// <summary>A secret as it may be shown: masked, and the variable it comes from.</summary>
public sealed record SecretView(string? Value, string? EnvVar, bool FromEnv);

/// <summary>What came of trying keys.</summary>
public sealed record Trial(bool Ok, List<KeyTrial> Results);

/// <summary>What came of trying one key.</summary>
public sealed record KeyTrial(string KeyId, string KeyName, bool Ok, string? Message, int? Models, double Milliseconds);

/// <summary>What was asked of a provider in the last 30 days.</summary>
public sealed record ProviderUsage(string Id, double TotalRequests, double? SuccessRate, double? AverageLatency, decimal? TotalCost);
