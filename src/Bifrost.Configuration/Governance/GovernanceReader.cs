using System.Globalization;
using System.Text.Json.Nodes;
using Bifrost.Configuration.Documents;
using Bifrost.Governance.Objects;
using Bifrost.Governance.Stores;
using Bifrost.Governance.VirtualKeys;

namespace Bifrost.Configuration.Governance;

/// <summary>Reads the <c>governance</c> section. Whether durations, names and references are right is for the registry to judge, which judges those
/// of the API too.</summary>
internal sealed class GovernanceReader(SectionReading governance, Findings findings, Func<string, bool> isProvider)
{
    private readonly LimitShelf _limits = new(governance, findings);
    private readonly List<GovernanceEntry> _entries = [];
    private readonly HashSet<(string Kind, string Id)> _ids = [];

    public GovernanceFile Read()
    {
        foreach (var section in governance.Sections("customers"))
        {
            Add(section, ObjectKinds.Customer, "customer_id", (id, _) => new Customer { Id = id, Name = NameOf(section) });
        }

        var unitOf = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var section in governance.Sections("business_units"))
        {
            var id = IdOf(section, ObjectKinds.BusinessUnit);
            foreach (var team in section.Texts("team_ids") ?? [])
            {
                unitOf[team] = id;
            }

            Add(
                section,
                ObjectKinds.BusinessUnit,
                null,
                (own, _) =>
                    new BusinessUnit
                    {
                        Id = own,
                        Name = NameOf(section),
                        CustomerId = section.Text("customer_id"),
                    }
            );
        }

        foreach (var section in governance.Sections("teams"))
        {
            Add(
                section,
                ObjectKinds.Team,
                "team_id",
                (id, _) =>
                    new Team
                    {
                        Id = id,
                        Name = NameOf(section),
                        CustomerId = section.Text("customer_id"),
                        BusinessUnitId = section.Text("business_unit_id") ?? unitOf.GetValueOrDefault(id),
                    },
                unitOf.GetValueOrDefault(IdOf(section, ObjectKinds.Team)) ?? ""
            );
        }

        foreach (var section in governance.Sections("users"))
        {
            Add(
                section,
                ObjectKinds.User,
                null,
                (id, _) =>
                    new User
                    {
                        Id = id,
                        Name = NameOf(section),
                        Email = section.Text("email"),
                    }
            );
        }

        foreach (var section in governance.Sections("virtual_keys"))
        {
            AddKey(section);
        }

        AddGlobal();
        _limits.WarnOfLeftOvers();
        return new GovernanceFile(_entries);
    }

    private void AddGlobal()
    {
        foreach (var section in governance.Sections("model_configs"))
        {
            CheckProvider(section, "provider");
            Add(
                section,
                ObjectKinds.ModelLimit,
                "model_config_id",
                (id, _) =>
                    new ModelLimit
                    {
                        Id = id,
                        ModelName = section.Text("model_name") ?? "",
                        Provider = section.Text("provider"),
                        UserId = section.Text("user_id") ?? (section.Text("scope") == "user" ? section.Text("scope_id") : null),
                    }
            );
        }

        foreach (var section in governance.Sections("providers"))
        {
            CheckProvider(section, "name");
            Add(section, ObjectKinds.ProviderLimit, null, (_, _) => new ProviderLimit { Id = NameOf(section) });
        }

        foreach (var section in governance.Sections("dimension_limits"))
        {
            Add(
                section,
                ObjectKinds.DimensionLimit,
                null,
                (id, _) =>
                    new DimensionLimit
                    {
                        Id = id,
                        Name = NameOf(section),
                        Header = section.Text("header") ?? "",
                        Value = section.Text("value"),
                        VirtualKeyId = section.Text("virtual_key_id"),
                    }
            );
        }
    }

    private void AddKey(SectionReading section)
    {
        var written = section.Text("value");
        var value = written is null ? null : VirtualKeyValue.Chosen(written);
        if (written is not null && value is null)
        {
            findings.Warning(
                $"`{section.PathOf("value")}` does not begin with `{VirtualKeyValue.Prefix}`, or is longer than {VirtualKeyValue.MaxLength} characters: a new value is made instead."
            );
        }

        var names = new List<(int, IReadOnlyList<string>)>();
        var parts = new JsonArray();
        var aligned = section.Flag("calendar_aligned") ?? false;
        var id = IdOf(section, ObjectKinds.VirtualKey);
        var places = new List<KeyValuePair<string, string>>();
        var providers = section.Sections("provider_configs").Select((p, i) => Access(p, i, id, aligned, names, parts, places)).ToArray();
        Add(
            section,
            ObjectKinds.VirtualKey,
            "virtual_key_id",
            (own, _) =>
                new VirtualKey
                {
                    Id = own,
                    Name = NameOf(section),
                    Description = section.Text("description"),
                    ValueHash = value?.Hash ?? "",
                    ValuePreview = value?.Preview ?? "",
                    IsActive = section.Flag("is_active") ?? true,
                    LogContent = section.Flag("log_content"),
                    ExpiresAt = section.Text("expires_at") is { } end
                        ? DateTimeOffset.Parse(end, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)
                        : null,
                    Tags = section.Texts("tags") ?? [],
                    UserId = section.Text("user_id"),
                    TeamId = section.Text("team_id"),
                    CustomerId = section.Text("customer_id"),
                    ProviderConfigs = section.Has("provider_configs") ? providers : null,
                },
            // The value counts by its hash, so that a changed variable is noticed and the value itself is in no comparison.
            $"{value?.Hash}{parts.ToJsonString()}",
            places,
            names
        );
    }

    private VirtualKeyProvider Access(
        SectionReading section,
        int index,
        string key,
        bool aligned,
        List<(int, IReadOnlyList<string>)> names,
        JsonArray parts,
        List<KeyValuePair<string, string>> places
    )
    {
        CheckProvider(section, "provider");
        var provider = section.Text("provider") ?? "";
        var limits = _limits.Of(
            section,
            "virtual_key_provider",
            section.Whole("id")?.ToString(CultureInfo.InvariantCulture) ?? $"{key}/{provider}",
            "provider_config_id",
            aligned
        );
        places.AddRange(limits.Places.Select(p => KeyValuePair.Create($"provider_configs[{index}].{p.Key}", p.Value)));
        parts.Add((JsonNode)limits.Written);
        if (section.Texts("allowed_keys") is { } allowed)
        {
            names.Add((index, allowed));
        }

        return new VirtualKeyProvider
        {
            Id = section.Whole("id") ?? 0,
            Provider = provider,
            Weight = section.Number("weight"),
            AllowedModels = section.Texts("allowed_models"),
            KeyIds = section.Texts("key_ids"),
            Budgets = limits.Budgets,
            RateLimit = limits.RateLimit,
        };
    }

    private void Add(
        SectionReading section,
        string kind,
        string? pointer,
        Func<string, SectionReading, LimitedObject> make,
        string more = "",
        IReadOnlyList<KeyValuePair<string, string>>? places = null,
        IReadOnlyList<(int, IReadOnlyList<string>)>? keyNames = null
    )
    {
        var id = IdOf(section, kind);
        if (!_ids.Add((kind, id)))
        {
            findings.Mistake(section.Path, $"{JsonPath.Quoted(id)} stands for another one too. Give each an `id` of its own.");
        }

        var limits = _limits.Of(section, kind, id, pointer);
        var compared = LimitText.Compared(section.Element).AsObject();
        compared.Remove("value");
        if (kind == ObjectKinds.DimensionLimit)
        {
            compared["value"] = section.Text("value");
        }

        var hash = JsonText.HashOf(new JsonArray(compared, limits.Written.DeepClone(), more));
        var value = make(id, section) with { Budgets = limits.Budgets, RateLimit = limits.RateLimit };
        _entries.Add(
            new GovernanceEntry(kind, section.Path, hash, value, [.. limits.Places, .. places ?? []]) { KeyNames = keyNames ?? [] }
        );
    }

    private void CheckProvider(SectionReading section, string field)
    {
        if (section.Text(field) is { } name && !isProvider(name))
        {
            findings.Mistake(section.PathOf(field), $"{JsonPath.Quoted(name)} is not a provider of this file, nor one that Bifrost knows.");
        }
    }

    private static string NameOf(SectionReading section) => section.Text("name") ?? "";

    private static string IdOf(SectionReading section, string kind) =>
        kind == ObjectKinds.ProviderLimit
            ? NameOf(section)
            : section.Text("id")
                ?? JsonText.StableId(
                    kind,
                    kind == ObjectKinds.ModelLimit
                        ?
                        [
                            section.Text("model_name") ?? "",
                            section.Text("provider") ?? "",
                            section.Text("user_id") ?? section.Text("scope_id") ?? "",
                        ]
                        : [NameOf(section)]
                );
}
