using Bifrost.Core.World;
using Bifrost.Governance.Objects;
using Bifrost.Governance.VirtualKeys;

namespace Bifrost.Governance.Registry;

/// <summary>What an object must be, looked at alone.</summary>
internal static class ObjectRules
{
    private const int MostTags = 50;
    private const int LongestDescription = 4000;

    public static void Check(GovernanceObject value, Change change, List<Mistake> mistakes)
    {
        Text(value.Id, "id", change, mistakes);
        if (ObjectParts.Name(value) is { } name && value is not ModelLimit)
        {
            Text(name, "name", change, mistakes);
        }

        switch (value)
        {
            case VirtualKey key:
                Check(key, change, mistakes);
                break;
            case User { Email: { } email }:
                Text(email, "email", change, mistakes);
                break;
            case ModelLimit limit:
                Text(limit.ModelName, "model_name", change, mistakes);
                OptionalText(limit.Provider, "provider", change, mistakes);
                break;
            case DimensionLimit limit:
                Check(limit, change, mistakes);
                break;
        }

        if (value is LimitedObject limited)
        {
            LimitRules.Check(limited.Budgets, limited.RateLimit, "", change, mistakes);
        }
    }

    private static void Check(VirtualKey key, Change change, List<Mistake> mistakes)
    {
        void Wrong(string member, string message) => mistakes.Add(new Mistake(change.At(member), message));

        if (key.Description?.Length > LongestDescription)
        {
            Wrong("description", $"A description has at most {LongestDescription} characters.");
        }

        if (KeyHash.Parse(key.ValueHash) is null || string.IsNullOrEmpty(key.ValuePreview))
        {
            Wrong(
                "value",
                $"A value begins with \"{VirtualKeyValue.Prefix}\", has at most {VirtualKeyValue.MaxLength} visible ASCII characters, and is kept as its hash."
            );
        }

        if (
            key.PreviousValueHash is null != key.PreviousValueUntil is null
            || (key.PreviousValueHash is { } hash && KeyHash.Parse(hash) is null)
        )
        {
            Wrong("previous_value", "The value before a rotation is kept as its hash, together with the time until which it counts.");
        }

        if (key is { TeamId: not null, CustomerId: not null })
        {
            Wrong("customer_id", "A virtual key belongs to a team or to a customer, not to both; leave out one.");
        }

        if (key.Tags.Count > MostTags)
        {
            Wrong("tags", $"A virtual key has at most {MostTags} tags; these are {key.Tags.Count}.");
        }

        Words(key.Tags, "tags", false, change, mistakes);
        if (key.ProviderConfigs is { } configs)
        {
            Check(configs, change, mistakes);
        }
    }

    private static void Check(IReadOnlyList<VirtualKeyProvider> configs, Change change, List<Mistake> mistakes)
    {
        var ids = new HashSet<int>();
        var providers = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < configs.Count; i++)
        {
            var (config, within) = (configs[i], $"provider_configs[{i}].");
            if (config.Id < 1 || !ids.Add(config.Id))
            {
                mistakes.Add(
                    new Mistake(change.At(within + "id"), "The id of a provider config is a positive number, and each is there once.")
                );
            }

            Text(config.Provider, within + "provider", change, mistakes);
            if (config.Provider == "*")
            {
                mistakes.Add(
                    new Mistake(
                        change.At(within + "provider"),
                        "Providers are listed by name; leave out `provider_configs` to allow every one."
                    )
                );
            }

            if (!providers.Add(config.Provider))
            {
                mistakes.Add(
                    new Mistake(
                        change.At(within + "provider"),
                        $"The provider \"{config.Provider}\" is there already; each has one config."
                    )
                );
            }

            if (config.Weight is { } weight && !(weight >= 0 && double.IsFinite(weight)))
            {
                mistakes.Add(
                    new Mistake(change.At(within + "weight"), "A weight is 0 or more; without one the provider is never chosen by weight.")
                );
            }

            Words(config.AllowedModels, within + "allowed_models", true, change, mistakes);
            Words(config.KeyIds, within + "key_ids", true, change, mistakes);
            LimitRules.Check(config.Budgets, config.RateLimit, within, change, mistakes);
        }
    }

    private static void Check(DimensionLimit limit, Change change, List<Mistake> mistakes)
    {
        if (!TextRules.IsHeaderName(limit.Header))
        {
            mistakes.Add(
                new Mistake(change.At("header"), $"\"{limit.Header}\" is not the name of a header; \"x-bf-project-id\" would be one.")
            );
        }
        else if (TextRules.IsSecretHeader(limit.Header))
        {
            mistakes.Add(
                new Mistake(
                    change.At("header"),
                    $"The header {limit.Header} carries secrets, and what is counted by is recorded; use another one."
                )
            );
        }

        OptionalText(limit.Value, "value", change, mistakes);
        if (limit.Value is { } value && value != value.Trim())
        {
            mistakes.Add(
                new Mistake(change.At("value"), "Values of headers are compared without the spaces around them; write it without.")
            );
        }
    }

    private static void Words(IReadOnlyList<string>? words, string member, bool isList, Change change, List<Mistake> mistakes)
    {
        if (words is null || words.Count == 0)
        {
            return;
        }

        if (isList && words.Count > 1 && words.Contains("*"))
        {
            mistakes.Add(new Mistake(change.At(member), "\"*\" means all and stands alone."));
        }

        var seen = words.Count > 1 ? new HashSet<string>(StringComparer.Ordinal) : null;
        for (var i = 0; i < words.Count; i++)
        {
            Text(words[i], $"{member}[{i}]", change, mistakes);
            if (seen?.Add(words[i]) == false)
            {
                mistakes.Add(new Mistake(change.At($"{member}[{i}]"), $"\"{words[i]}\" is there already."));
            }
        }
    }

    private static void OptionalText(string? text, string member, Change change, List<Mistake> mistakes)
    {
        if (text is not null)
        {
            Text(text, member, change, mistakes);
        }
    }

    private static void Text(string? text, string member, Change change, List<Mistake> mistakes)
    {
        if (TextRules.IsBlankOrLong(text))
        {
            mistakes.Add(new Mistake(change.At(member), TextRules.Length));
        }
    }
}
