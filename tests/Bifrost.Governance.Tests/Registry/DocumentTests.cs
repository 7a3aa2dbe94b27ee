using System.Text;
using Bifrost.Governance.Objects;
using Bifrost.Governance.Registry;
using Bifrost.Governance.Stores;
using CsCheck;

namespace Bifrost.Governance.Tests.Registry;

public sealed class DocumentTests
{
    private static readonly Gen<string> Text = Gen.String[1, 30].Where(text => !text.Any(char.IsSurrogate));
    private static readonly Gen<string?> MaybeText = Text.Null();
    private static readonly Gen<DateTimeOffset> Time = Gen.Long[0, DateTimeOffset.MaxValue.UtcTicks]
        .Select(ticks => new DateTimeOffset(ticks, TimeSpan.Zero));
    private static readonly Gen<DateTimeOffset?> MaybeTime = Time.Nullable();
    private static readonly Gen<IReadOnlyList<string>?> MaybeTexts = Text.List[0, 3].Select(list => (IReadOnlyList<string>)list).Null();

    private static readonly Gen<BudgetOverride?> Override = Gen.Select(
            Gen.Long,
            Time,
            Gen.Int.Nullable(),
            (a, f, c) => new BudgetOverride(a, f, c)
        )
        .Null();

    private static readonly Gen<Budget> AnyBudget = Gen.Select(
        Gen.Select(Text, Gen.Long, Text, Gen.Bool),
        Gen.Select(Text, Gen.Int, Gen.Enum<Enforcement>(), Time),
        Gen.Select(Override, Gen.Int),
        (one, two, three) =>
            new Budget
            {
                Id = one.Item1,
                MaxLimit = one.Item2,
                ResetDuration = one.Item3,
                CalendarAligned = one.Item4,
                TimeZone = two.Item1,
                QuarterStartMonth = two.Item2,
                Enforcement = two.Item3,
                Anchor = two.Item4,
                Override = three.Item1,
                UsageEpoch = three.Item2,
            }
    );

    private static readonly Gen<RateLimit?> AnyRate = Gen.Select(
            Gen.Select(Text, Gen.Long.Nullable(), MaybeText, Gen.Long.Nullable()),
            Gen.Select(MaybeText, Gen.Long.Nullable(), Time),
            (one, two) =>
                new RateLimit
                {
                    Id = one.Item1,
                    TokenMaxLimit = one.Item2,
                    TokenResetDuration = one.Item3,
                    RequestMaxLimit = one.Item4,
                    RequestResetDuration = two.Item1,
                    ConcurrentMaxLimit = two.Item2,
                    Anchor = two.Item3,
                }
        )
        .Null();

    private static readonly Gen<VirtualKeyProvider> AnyConfig = Gen.Select(
        Gen.Select(Gen.Int, Text, Gen.Double[0, 1e9].Nullable()),
        Gen.Select(MaybeTexts, MaybeTexts, AnyBudget.Array[0, 2], AnyRate),
        (one, two) =>
            new VirtualKeyProvider
            {
                Id = one.Item1,
                Provider = one.Item2,
                Weight = one.Item3,
                AllowedModels = two.Item1,
                KeyIds = two.Item2,
                Budgets = two.Item3,
                RateLimit = two.Item4,
            }
    );

    private static readonly Gen<VirtualKey> AnyKey = Gen.Select(
        Gen.Select(Text, Text, MaybeText, Text, Text),
        Gen.Select(MaybeText, MaybeTime, Gen.Bool, MaybeTime, Text.List[0, 3]),
        Gen.Select(MaybeText, MaybeText, MaybeText, AnyConfig.Array[0, 2].Null()),
        Gen.Select(AnyBudget.Array[0, 2], AnyRate, Time, Time),
        (one, two, three, four) =>
            new VirtualKey
            {
                Id = one.Item1,
                Name = one.Item2,
                Description = one.Item3,
                ValueHash = one.Item4,
                ValuePreview = one.Item5,
                PreviousValueHash = two.Item1,
                PreviousValueUntil = two.Item2,
                IsActive = two.Item3,
                ExpiresAt = two.Item4,
                Tags = two.Item5,
                UserId = three.Item1,
                TeamId = three.Item2,
                CustomerId = three.Item3,
                ProviderConfigs = three.Item4,
                Budgets = four.Item1,
                RateLimit = four.Item2,
                CreatedAt = four.Item3,
                UpdatedAt = four.Item4,
            }
    );

    private static readonly Gen<LimitedObject> AnyOther = Gen.Select(
        Gen.Select(Gen.Int[0, 6], Text, Text, MaybeText),
        Gen.Select(MaybeText, AnyBudget.Array[0, 2], AnyRate, Time),
        (one, two) =>
            Other(one.Item1, one.Item2, one.Item3, one.Item4, two.Item1) with
            {
                Budgets = two.Item2,
                RateLimit = two.Item3,
                CreatedAt = two.Item4,
                UpdatedAt = two.Item4,
            }
    );

    [Fact]
    public void A_virtual_key_reads_back_as_it_was() =>
        AnyKey.Sample(key => Assert.Equivalent(key, RoundTrip(key), strict: true), iter: 300);

    [Fact]
    public void Everything_else_reads_back_as_it_was() =>
        AnyOther.Sample(
            value =>
            {
                var back = RoundTrip(value);
                Assert.Equal(value.GetType(), back.GetType());
                Assert.Equivalent((object)value, back, strict: true);
            },
            iter: 300
        );

    [Fact]
    public void What_is_left_out_is_the_default()
    {
        var reader = new DocumentReader();

        var key = Assert.IsType<VirtualKey>(
            reader.Read(
                Document(
                    ObjectKinds.VirtualKey,
                    """{"name":"n","value_hash":"h","value_preview":"p","budgets":[{"id":"b","max_limit":1,"reset_duration":"1h"}]}"""
                )
            )
        );

        Assert.True(key.IsActive);
        Assert.Null(key.ProviderConfigs);
        Assert.Empty(key.Tags);
        Assert.Equal("1", key.Id);
        Assert.Equal(
            ("UTC", 1, Enforcement.Standard),
            (key.Budgets[0].TimeZone, key.Budgets[0].QuarterStartMonth, key.Budgets[0].Enforcement)
        );
    }

    [Fact]
    public async Task A_member_that_is_not_known_is_passed_over_with_a_warning()
    {
        var store = new MemoryObjectStore();
        store.Put(Document(ObjectKinds.Team, """{"id":"1","later":{"a":[1,{}]},"name":"n","rate_limit":{"id":"r","more":1}}"""));

        using var registry = await ARegistry.OpenAsync(store);

        Assert.Equal("n", registry.Now.Teams["1"].Name);
        Assert.Equal(2, registry.Registry.Warnings.Count);
        Assert.Contains(registry.Registry.Warnings, warning => warning.Contains("team.later", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"id":"1"}""")]
    [InlineData("""{"id":"1","name":7}""")]
    [InlineData("""{"id":"1","name":"n","budgets":{}}""")]
    [InlineData("""{"id":"1","name":"n","budgets":[{"id":"b","max_limit":1.5,"reset_duration":"1h"}]}""")]
    [InlineData("""{"id":"1","name":"n","created_at":"yesterday"}""")]
    public async Task A_damaged_document_stops_the_start_and_is_named(string json)
    {
        var store = new MemoryObjectStore();
        store.Put(Document(ObjectKinds.Team, json));

        var thrown = await Assert.ThrowsAsync<InvalidDataException>(() => ARegistry.OpenAsync(store));

        Assert.Contains("team \"1\"", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Documents_of_other_kinds_are_left_alone()
    {
        var store = new MemoryObjectStore();
        store.Put(Document(ObjectKinds.Provider, "not ours"));

        using var registry = await ARegistry.OpenAsync(store);

        Assert.Empty(registry.Registry.Warnings);
    }

    [Fact]
    public void Equal_texts_and_lists_are_one_instance()
    {
        var reader = new DocumentReader();
        using var writer = new DocumentWriter();
        var key = ARegistry.AKey("1") with
        {
            TeamId = "team",
            ProviderConfigs =
            [
                new VirtualKeyProvider
                {
                    Id = 1,
                    Provider = "openai",
                    AllowedModels = ["a", "b"],
                },
            ],
        };
        var json = writer.Write(key);

        var one = (VirtualKey)reader.Read(new StoredObject(ObjectKinds.VirtualKey, "1", json, null));
        var two = (VirtualKey)reader.Read(new StoredObject(ObjectKinds.VirtualKey, "1", json, null));

        Assert.Same(one.TeamId, two.TeamId);
        Assert.Same(one.ProviderConfigs![0].AllowedModels, two.ProviderConfigs![0].AllowedModels);
    }

    private static LimitedObject Other(int kind, string id, string text, string? one, string? two) =>
        kind switch
        {
            0 => new Customer { Id = id, Name = text },
            1 => new BusinessUnit
            {
                Id = id,
                Name = text,
                CustomerId = one,
            },
            2 => new Team
            {
                Id = id,
                Name = text,
                CustomerId = one,
                BusinessUnitId = two,
            },
            3 => new User
            {
                Id = id,
                Name = text,
                Email = one,
            },
            4 => new ModelLimit
            {
                Id = id,
                ModelName = text,
                Provider = one,
                UserId = two,
            },
            5 => new ProviderLimit { Id = id },
            _ => new DimensionLimit
            {
                Id = id,
                Name = text,
                Header = id,
                Value = one,
                VirtualKeyId = two,
            },
        };

    private static LimitedObject RoundTrip(GovernanceObject value)
    {
        using var writer = new DocumentWriter();
        return new DocumentReader().Read(new StoredObject(ObjectRef.KindOf(value), value.Id, writer.Write(value), null));
    }

    private static StoredObject Document(string kind, string json) => new(kind, "1", Encoding.UTF8.GetBytes(json), null);
}
