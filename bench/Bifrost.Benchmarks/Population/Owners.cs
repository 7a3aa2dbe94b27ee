using Bifrost.Governance.Objects;
using Bifrost.Governance.Registry;
using Bifrost.Governance.Stores;
using Bifrost.Governance.VirtualKeys;

namespace Bifrost.Benchmarks.Population;

/// <summary>Customers, business units, teams and virtual keys, each with a budget and a rate limit that nobody reaches; each key may use one provider.</summary>
internal sealed class Owners
{
    private const int KeysPerTeam = 20;
    private const int TeamsPerUnit = 100;
    private const int UnitsPerCustomer = 10;

    private readonly List<Edit> _edits = [];

    private Owners(string[] values) => Values = values;

    /// <summary>Of the virtual keys, in order.</summary>
    public string[] Values { get; }

    public IReadOnlyList<Edit> Edits => _edits;

    /// <param name="keys">How many virtual keys; a team for each 20, a business unit for each 100 teams, a customer for each 10 units.</param>
    public static Owners Of(int keys)
    {
        var owners = new Owners(new string[keys]);
        owners.AddAbove((keys + KeysPerTeam - 1) / KeysPerTeam);
        for (var i = 0; i < keys; i++)
        {
            owners.AddKey(i);
        }

        return owners;
    }

    private void AddAbove(int teams)
    {
        var units = (teams + TeamsPerUnit - 1) / TeamsPerUnit;
        for (var i = 0; i < (units + UnitsPerCustomer - 1) / UnitsPerCustomer; i++)
        {
            Add(
                new Customer
                {
                    Id = $"customer-{i}",
                    Name = $"Customer {i}",
                    Budgets = Money(),
                    RateLimit = Rate(),
                }
            );
        }

        for (var i = 0; i < units; i++)
        {
            Add(
                new BusinessUnit
                {
                    Id = $"unit-{i}",
                    Name = $"Unit {i}",
                    CustomerId = $"customer-{i / UnitsPerCustomer}",
                    Budgets = Money(),
                    RateLimit = Rate(),
                }
            );
        }

        for (var i = 0; i < teams; i++)
        {
            Add(
                new Team
                {
                    Id = $"team-{i}",
                    Name = $"Team {i}",
                    BusinessUnitId = $"unit-{i / TeamsPerUnit}",
                    Budgets = Money(),
                    RateLimit = Rate(),
                }
            );
        }
    }

    private void AddKey(int number)
    {
        var value = VirtualKeyValue.New();
        Values[number] = value.Value;
        Add(
            new VirtualKey
            {
                Id = Guid.NewGuid().ToString(),
                Name = $"Key {number}",
                ValueHash = value.Hash,
                ValuePreview = value.Preview,
                TeamId = $"team-{number / KeysPerTeam}",
                ProviderConfigs =
                [
                    new VirtualKeyProvider
                    {
                        Id = 0,
                        Provider = "openai",
                        Weight = 1,
                        AllowedModels = ["*"],
                        KeyIds = ["*"],
                    },
                ],
                Budgets = Money(),
                RateLimit = Rate(),
            }
        );
    }

    private void Add(GovernanceObject value) =>
        _edits.Add(
            new Edit(
                value switch
                {
                    Customer => ObjectKinds.Customer,
                    BusinessUnit => ObjectKinds.BusinessUnit,
                    Team => ObjectKinds.Team,
                    _ => ObjectKinds.VirtualKey,
                },
                value.Id,
                value
            )
        );

    private static Budget[] Money() =>
        [
            new()
            {
                Id = Guid.NewGuid().ToString(),
                MaxLimit = 1_000_000_000_000_000,
                ResetDuration = "1M",
            },
        ];

    private static RateLimit Rate() =>
        new()
        {
            Id = Guid.NewGuid().ToString(),
            TokenMaxLimit = 1_000_000_000_000,
            TokenResetDuration = "1h",
            RequestMaxLimit = 1_000_000_000,
            RequestResetDuration = "1h",
        };
}
