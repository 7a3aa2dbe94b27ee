using System.Text.Json;
using Bifrost.Governance.Objects;
using Bifrost.Governance.Stores;

namespace Bifrost.Governance.Registry;

/// <summary>Reads the documents that <see cref="DocumentWriter"/> writes, and those of a later version as far as it knows them: a member it does not
/// know is passed over and told in <see cref="Warnings"/>. Equal texts become one instance. Not thread-safe.</summary>
internal sealed class DocumentReader
{
    private readonly WordPool _pool = new();
    private readonly JsonWalk _walk = new();
    private readonly LimitsReader _limits;
    private readonly HashSet<VirtualKeyProvider[]> _configs = new(new SameConfigs());
    private readonly List<VirtualKeyProvider> _found = [];
    private string _kind = "";
    private string _id = "";

    public DocumentReader() => _limits = new LimitsReader(_pool, _walk);

    public IEnumerable<string> Warnings =>
        _walk.Unknown.Select(name =>
            $"Stored documents hold \"{name}\", which this version does not know: it is ignored, and lost when the object is edited."
        );

    /// <summary>Throws <see cref="InvalidDataException"/> when the document is damaged.</summary>
    public LimitedObject Read(StoredObject document)
    {
        (_kind, _id) = (document.Kind, document.Id);
        try
        {
            var json = new Utf8JsonReader(document.Json.Span);
            JsonWalk.Begin(ref json);
            var read = new Members();
            while (JsonWalk.Next(ref json))
            {
                Read(ref json, ref read);
            }

            read.Id ??= document.Id;
            return Make(read);
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            throw new InvalidDataException($"The document of {document.Kind} \"{document.Id}\" cannot be read: {e.Message}", e);
        }
    }

    private void Read(ref Utf8JsonReader json, ref Members read)
    {
        if (JsonWalk.Is(ref json, "id"u8))
        {
            read.Id =
                _kind != ObjectKinds.VirtualKey ? _pool.Word(ref json)
                : json.ValueTextEquals(_id) ? _id
                : json.GetString();
        }
        else if (JsonWalk.Is(ref json, "name"u8))
        {
            read.Name = json.GetString();
        }
        else if (JsonWalk.Is(ref json, "budgets"u8))
        {
            read.Budgets = _limits.Budgets(ref json);
        }
        else if (JsonWalk.Is(ref json, "rate_limit"u8))
        {
            read.RateLimit = _limits.RateLimit(ref json);
        }
        else if (JsonWalk.Is(ref json, "created_at"u8))
        {
            read.CreatedAt = json.GetDateTimeOffset();
        }
        else if (JsonWalk.Is(ref json, "updated_at"u8))
        {
            read.UpdatedAt = json.GetDateTimeOffset();
        }
        else if (JsonWalk.Is(ref json, "team_id"u8))
        {
            read.TeamId = _pool.Word(ref json);
        }
        else if (JsonWalk.Is(ref json, "customer_id"u8))
        {
            read.CustomerId = _pool.Word(ref json);
        }
        else if (JsonWalk.Is(ref json, "user_id"u8))
        {
            read.UserId = _pool.Word(ref json);
        }
        else if (_kind == ObjectKinds.VirtualKey)
        {
            ReadOfKey(ref json, ref read);
        }
        else
        {
            ReadOfOthers(ref json, ref read);
        }
    }

    private void ReadOfKey(ref Utf8JsonReader json, ref Members read)
    {
        if (JsonWalk.Is(ref json, "value_hash"u8))
        {
            read.ValueHash = json.GetString();
        }
        else if (JsonWalk.Is(ref json, "value_preview"u8))
        {
            read.ValuePreview = json.GetString();
        }
        else if (JsonWalk.Is(ref json, "is_active"u8))
        {
            read.IsActive = json.GetBoolean();
        }
        else if (JsonWalk.Is(ref json, "log_content"u8))
        {
            read.LogContent = json.GetBoolean();
        }
        else if (JsonWalk.Is(ref json, "provider_configs"u8))
        {
            read.ProviderConfigs = ProviderConfigs(ref json);
        }
        else if (JsonWalk.Is(ref json, "tags"u8))
        {
            read.Tags = _pool.Words(ref json);
        }
        else if (JsonWalk.Is(ref json, "expires_at"u8))
        {
            read.ExpiresAt = json.GetDateTimeOffset();
        }
        else if (JsonWalk.Is(ref json, "description"u8))
        {
            read.Description = _pool.Word(ref json);
        }
        else if (JsonWalk.Is(ref json, "previous_value_hash"u8))
        {
            read.PreviousValueHash = json.GetString();
        }
        else if (JsonWalk.Is(ref json, "previous_value_until"u8))
        {
            read.PreviousValueUntil = json.GetDateTimeOffset();
        }
        else
        {
            _walk.Skip(ref json, _kind + ".");
        }
    }

    private void ReadOfOthers(ref Utf8JsonReader json, ref Members read)
    {
        if (JsonWalk.Is(ref json, "business_unit_id"u8))
        {
            read.BusinessUnitId = _pool.Word(ref json);
        }
        else if (JsonWalk.Is(ref json, "email"u8))
        {
            read.Email = json.GetString();
        }
        else if (JsonWalk.Is(ref json, "model_name"u8))
        {
            read.ModelName = _pool.Word(ref json);
        }
        else if (JsonWalk.Is(ref json, "provider"u8))
        {
            read.Provider = _pool.Word(ref json);
        }
        else if (JsonWalk.Is(ref json, "header"u8))
        {
            read.Header = _pool.Word(ref json);
        }
        else if (JsonWalk.Is(ref json, "value"u8))
        {
            read.Value = json.GetString();
        }
        else if (JsonWalk.Is(ref json, "virtual_key_id"u8))
        {
            read.VirtualKeyId = json.GetString();
        }
        else
        {
            _walk.Skip(ref json, _kind + ".");
        }
    }

    private VirtualKeyProvider[] ProviderConfigs(ref Utf8JsonReader json)
    {
        _found.Clear();
        while (JsonWalk.NextItem(ref json))
        {
            var (id, provider, weight) = ((int?)null, (string?)null, (double?)null);
            var (models, keys) = ((IReadOnlyList<string>?)null, (IReadOnlyList<string>?)null);
            Budget[] budgets = [];
            RateLimit? rate = null;
            while (JsonWalk.Next(ref json))
            {
                if (JsonWalk.Is(ref json, "id"u8))
                {
                    id = json.GetInt32();
                }
                else if (JsonWalk.Is(ref json, "provider"u8))
                {
                    provider = _pool.Word(ref json);
                }
                else if (JsonWalk.Is(ref json, "weight"u8))
                {
                    weight = json.GetDouble();
                }
                else if (JsonWalk.Is(ref json, "allowed_models"u8))
                {
                    models = _pool.Words(ref json);
                }
                else if (JsonWalk.Is(ref json, "key_ids"u8))
                {
                    keys = _pool.Words(ref json);
                }
                else if (JsonWalk.Is(ref json, "budgets"u8))
                {
                    budgets = _limits.Budgets(ref json);
                }
                else if (JsonWalk.Is(ref json, "rate_limit"u8))
                {
                    rate = _limits.RateLimit(ref json);
                }
                else
                {
                    _walk.Skip(ref json, _kind + ".provider_configs.");
                }
            }

            _found.Add(
                new VirtualKeyProvider
                {
                    Id = id ?? throw JsonWalk.Missing("provider_configs.id"),
                    Provider = JsonWalk.Needed(provider, "provider_configs.provider"),
                    Weight = weight,
                    AllowedModels = models,
                    KeyIds = keys,
                    Budgets = budgets,
                    RateLimit = rate,
                }
            );
        }

        return Shared([.. _found]);
    }

    // Keys of one team may nearly always use the same. What has limits of its own is nobody else's.
    private VirtualKeyProvider[] Shared(VirtualKeyProvider[] configs)
    {
        if (Array.Exists(configs, config => config.Budgets.Count > 0 || config.RateLimit is not null))
        {
            return configs;
        }

        if (_configs.TryGetValue(configs, out var known))
        {
            return known;
        }

        _configs.Add(configs);
        return configs;
    }

    private LimitedObject Make(in Members read) =>
        _kind switch
        {
            ObjectKinds.VirtualKey => Key(read),
            ObjectKinds.Team => With(
                read,
                new Team
                {
                    Id = read.Id!,
                    Name = Name(read),
                    CustomerId = read.CustomerId,
                    BusinessUnitId = read.BusinessUnitId,
                }
            ),
            ObjectKinds.BusinessUnit => With(
                read,
                new BusinessUnit
                {
                    Id = read.Id!,
                    Name = Name(read),
                    CustomerId = read.CustomerId,
                }
            ),
            ObjectKinds.Customer => With(read, new Customer { Id = read.Id!, Name = Name(read) }),
            ObjectKinds.User => With(
                read,
                new User
                {
                    Id = read.Id!,
                    Name = Name(read),
                    Email = read.Email,
                }
            ),
            ObjectKinds.ModelLimit => With(
                read,
                new ModelLimit
                {
                    Id = read.Id!,
                    ModelName = JsonWalk.Needed(read.ModelName, "model_name"),
                    Provider = read.Provider,
                    UserId = read.UserId,
                }
            ),
            ObjectKinds.ProviderLimit => With(read, new ProviderLimit { Id = read.Id! }),
            ObjectKinds.DimensionLimit => With(
                read,
                new DimensionLimit
                {
                    Id = read.Id!,
                    Name = Name(read),
                    Header = JsonWalk.Needed(read.Header, "header"),
                    Value = read.Value,
                    VirtualKeyId = read.VirtualKeyId,
                }
            ),
            _ => throw new JsonException($"There is no kind \"{_kind}\"."),
        };

    private static LimitedObject With(in Members read, LimitedObject made) =>
        made with
        {
            Budgets = read.Budgets ?? [],
            RateLimit = read.RateLimit,
            CreatedAt = read.CreatedAt,
            UpdatedAt = read.UpdatedAt,
        };

    // The many: made in one go, without a copy.
    private static VirtualKey Key(in Members read) =>
        new()
        {
            Id = read.Id!,
            Name = Name(read),
            Description = read.Description,
            ValueHash = JsonWalk.Needed(read.ValueHash, "value_hash"),
            ValuePreview = JsonWalk.Needed(read.ValuePreview, "value_preview"),
            PreviousValueHash = read.PreviousValueHash,
            PreviousValueUntil = read.PreviousValueUntil,
            IsActive = read.IsActive ?? true,
            LogContent = read.LogContent,
            ExpiresAt = read.ExpiresAt,
            Tags = read.Tags ?? [],
            UserId = read.UserId,
            TeamId = read.TeamId,
            CustomerId = read.CustomerId,
            ProviderConfigs = read.ProviderConfigs,
            Budgets = read.Budgets ?? [],
            RateLimit = read.RateLimit,
            CreatedAt = read.CreatedAt,
            UpdatedAt = read.UpdatedAt,
        };

    private static string Name(in Members read) => JsonWalk.Needed(read.Name, "name");

    private sealed class SameConfigs : IEqualityComparer<VirtualKeyProvider[]>
    {
        public bool Equals(VirtualKeyProvider[]? x, VirtualKeyProvider[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(VirtualKeyProvider[] obj) => obj.Length == 0 ? 0 : HashCode.Combine(obj.Length, obj[0]);
    }

    /// <summary>What a document of any kind may hold.</summary>
    private struct Members
    {
        public string? Id;
        public string? Name;
        public string? Description;
        public string? Email;
        public string? Provider;
        public string? ModelName;
        public string? Header;
        public string? Value;
        public string? VirtualKeyId;
        public string? ValueHash;
        public string? ValuePreview;
        public string? PreviousValueHash;
        public string? UserId;
        public string? TeamId;
        public string? CustomerId;
        public string? BusinessUnitId;
        public DateTimeOffset? PreviousValueUntil;
        public DateTimeOffset? ExpiresAt;
        public DateTimeOffset CreatedAt;
        public DateTimeOffset UpdatedAt;
        public bool? IsActive;
        public bool? LogContent;
        public IReadOnlyList<string>? Tags;
        public IReadOnlyList<VirtualKeyProvider>? ProviderConfigs;
        public IReadOnlyList<Budget>? Budgets;
        public RateLimit? RateLimit;
    }
}
