using System.Globalization;
using Bifrost.Observability.Stores;

namespace Bifrost.Benchmarks.Logs;

/// <summary>Who asks whom in the synthetic log: 200 virtual keys of 40 teams, 10 customers and 8 business units, and 50 models of 5 providers. A few do most,
/// as everywhere.</summary>
internal sealed class SyntheticWorld
{
    private const int Teams = 40;
    private const int Customers = 10;
    private const int Units = 8;
    private static readonly string[] Providers = ["openai", "anthropic", "replicate", "azure", "bedrock"];
    private static readonly string[] Lanes = ["verbatim", "translated", "translated", "patched", "translated"];

    private SyntheticWorld(SyntheticModel[] models, SyntheticKey[] keys)
    {
        Models = models;
        Keys = keys;
        KeyShares = Shares.Falling(keys.Length, 0.9);
    }

    /// <summary>The last one has no price.</summary>
    public IReadOnlyList<SyntheticModel> Models { get; }

    /// <summary>The busiest first.</summary>
    public IReadOnlyList<SyntheticKey> Keys { get; }

    public Shares KeyShares { get; }

    public static SyntheticWorld Of(int models, int keys)
    {
        var random = new Random(4711);
        var all = Enumerable.Range(0, models).Select(number => Model(number, number == models - 1, random)).ToArray();
        var popular = Shares.Falling(models, 1.1);
        return new SyntheticWorld(all, [.. Enumerable.Range(0, keys).Select(number => Key(number, all, popular, random))]);
    }

    /// <summary>A value of a dimension that few, some or most rows have.</summary>
    public string ValueOf(LogDimension dimension, Frequency frequency) =>
        dimension switch
        {
            LogDimension.VirtualKey => Pick(Keys, frequency).Id,
            LogDimension.Team => Pick(Keys, frequency).Team ?? "",
            LogDimension.BusinessUnit => Pick(Keys, frequency).Unit ?? "",
            LogDimension.Customer => Pick(Keys, frequency).Customer ?? "",
            LogDimension.User => Pick(Keys, frequency).User ?? "",
            LogDimension.Provider => Pick(Providers, frequency),
            LogDimension.ProviderKey => Pick(Models, frequency).ProviderKeys[0].Id,
            LogDimension.Model => Pick(Models, frequency).Name,
            LogDimension.Operation => Pick(["chat_completion", "embedding", "transcription"], frequency),
            LogDimension.Status => Pick(["success", "error", "cancelled"], frequency),
            LogDimension.Fault => Pick(["", "upstream_rate_limited", "gateway_fault"], frequency),
            LogDimension.Lane => Pick(["verbatim", "translated", "patched"], frequency),
            _ => Pick(["false", "true", "true"], frequency),
        };

    private static T Pick<T>(IReadOnlyList<T> ordered, Frequency frequency) =>
        frequency switch
        {
            Frequency.Most => ordered[0],
            Frequency.Some => ordered[ordered.Count / 2],
            _ => ordered[^1],
        };

    private static SyntheticModel Model(int number, bool unpriced, Random random)
    {
        var at = number % Providers.Length;
        return new SyntheticModel(
            string.Create(CultureInfo.InvariantCulture, $"{Providers[at]}-model-{number}"),
            Providers[at],
            [($"{Providers[at]}-key-1", "main"), ($"{Providers[at]}-key-2", "spare")],
            Lanes[at],
            number switch
            {
                7 or 23 => "embedding",
                12 or 32 => "image_generation",
                18 => "transcription",
                _ when number % 9 == 4 => "responses",
                _ => "chat_completion",
            },
            unpriced ? null : 50 + random.NextInt64(3000),
            unpriced ? null : 200 + random.NextInt64(15_000)
        );
    }

    private static SyntheticKey Key(int number, SyntheticModel[] models, Shares popular, Random random)
    {
        // A key belongs to a team, a customer or a user; teams belong to units, and some of them to customers.
        var team = number % 4 == 3 ? (int?)null : number % Teams;
        var uses = Enumerable.Range(0, 2 + random.Next(7)).Select(_ => models[popular.Pick(random)]).Distinct().ToArray();
        return new SyntheticKey(
            string.Create(CultureInfo.InvariantCulture, $"vk-{number:D4}-8f1c-4e1b-a1d0-5c53f0a7"),
            string.Create(CultureInfo.InvariantCulture, $"Key {number}"),
            team is { } t ? $"team-{t}" : null,
            team is { } u ? $"unit-{u % Units}" : null,
            number % 5 == 4 || team is null ? $"customer-{number % Customers}" : null,
            number % 3 == 1 ? $"user-{number}" : null,
            uses,
            Shares.Falling(uses.Length, 1.2)
        );
    }
}

internal enum Frequency
{
    Most,
    Some,
    Few,
}

/// <param name="Name">As it is sent.</param>
/// <param name="Provider">Whose.</param>
/// <param name="ProviderKeys">Id and name; the first is used mostly.</param>
/// <param name="Lane">What happens to its bytes.</param>
/// <param name="Operation">What it does.</param>
/// <param name="InputPrice">Nanodollars per token; null: none is known.</param>
/// <param name="OutputPrice">The same.</param>
internal sealed record SyntheticModel(
    string Name,
    string Provider,
    IReadOnlyList<(string Id, string Name)> ProviderKeys,
    string Lane,
    string Operation,
    long? InputPrice,
    long? OutputPrice
);

internal sealed record SyntheticKey(
    string Id,
    string Name,
    string? Team,
    string? Unit,
    string? Customer,
    string? User,
    IReadOnlyList<SyntheticModel> Uses,
    Shares UseShares
);

/// <summary>How often each of some things is picked.</summary>
internal sealed class Shares
{
    private readonly double[] _upTo;

    private Shares(double[] upTo) => _upTo = upTo;

    /// <summary>The n-th gets 1/n to a power, of the whole.</summary>
    public static Shares Falling(int count, double power)
    {
        var upTo = new double[count];
        var sum = 0.0;
        for (var at = 0; at < count; at++)
        {
            upTo[at] = sum += 1 / Math.Pow(at + 1, power);
        }

        return new Shares([.. upTo.Select(value => value / sum)]);
    }

    public int Pick(Random random)
    {
        var at = Array.BinarySearch(_upTo, random.NextDouble());
        return Math.Min(_upTo.Length - 1, at < 0 ? ~at : at);
    }
}
