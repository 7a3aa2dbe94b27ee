using Bifrost.Admin;
using Bifrost.Admin.Governance;
using Bifrost.Admin.Health;
using Bifrost.Admin.Sessions;
using Bifrost.Configuration;
using Bifrost.Configuration.Governance;
using Bifrost.Configuration.Settings;
using Bifrost.Core.World;
using Bifrost.Governance;
using Bifrost.Governance.Estimates;
using Bifrost.Governance.Ledger;
using Bifrost.Governance.Limits;
using Bifrost.Governance.Prices;
using Bifrost.Governance.Registry;
using Bifrost.Governance.Stores;
using Bifrost.Observability.Traces;
using Bifrost.Providers;
using Bifrost.Server.Flags;
using Bifrost.Server.Http;
using Bifrost.Storage;

namespace Bifrost.Server.Start;

/// <summary>Everything behind the corridor that is kept and may be changed while it runs: settings, governance, counters, the ledger, the management API.
/// Opened before the gateway listens, closed after its last request.</summary>
public sealed class ControlPlane : IAsyncDisposable
{
    private const int ManyKeys = 20_000;
    private static readonly TimeSpan DrainPatience = TimeSpan.FromSeconds(10);

    private readonly KeptStores _stores;
    private readonly Journal _journal;
    private readonly LedgerWriter _writer;
    private readonly Passwords _passwords;
    private readonly Costing _costing;
    private readonly CancellationTokenSource _closing = new();

    private ControlPlane(
        KeptStores stores,
        GatewaySettings settings,
        GovernanceRegistry registry,
        Till till,
        Costing costing,
        Journal journal,
        LedgerWriter writer,
        Passwords passwords,
        TimeProvider clock
    )
    {
        _stores = stores;
        _journal = journal;
        _writer = writer;
        _passwords = passwords;
        Settings = settings;
        Registry = registry;
        Till = till;
        Governor = new Governor(registry, costing, till, journal, clock);
        _costing = costing;
        settings.Changed += () => Price(costing, settings);
        Price(costing, settings);
    }

    public GatewaySettings Settings { get; }

    public GovernanceRegistry Registry { get; }

    public Till Till { get; }

    public Governor Governor { get; }

    /// <summary>The request log and the metrics.</summary>
    internal Observers Observers { get; private set; } = null!;

    /// <summary>Spans that the collector did not get; null when nothing is traced.</summary>
    public SpanLosses? SpanLosses => Observers.SpanLosses;

    public ILedgerStore Ledger => _stores.Ledger;

    /// <summary>How far the database is behind the journal.</summary>
    public LedgerState LedgerState => _writer.State;

    public AdminSurface Admin { get; private set; } = null!;

    /// <summary>What must be printed once: virtual keys whose value the file left open.</summary>
    public IReadOnlyList<NewVirtualKey> NewKeys { get; private set; } = [];

    /// <summary>Opens the store, brings the file and the store together, and charges what a crash left open. With mistakes there is no control plane.</summary>
    /// <param name="file">What config.json says; it has no mistakes.</param>
    /// <param name="place">Where things are kept.</param>
    /// <param name="providers">The kinds of provider.</param>
    /// <param name="clock">The time.</param>
    /// <param name="logs">Told of what goes on.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="StoreUnavailableException">The database cannot be reached.</exception>
    /// <exception cref="StoreOpenException">It must not be used as things are.</exception>
    /// <exception cref="JournalInUseException">Another gateway runs in the same app directory.</exception>
    public static async Task<ControlPlaneOpening> OpenAsync(
        ConfigReading file,
        Place place,
        ProviderSet providers,
        TimeProvider clock,
        ILoggerFactory logs,
        CancellationToken cancel
    )
    {
        // Read while the store opens; the first priced request would wait for it otherwise.
        _ = Task.Run(() => PriceCatalogue.Embedded, cancel);
        var opening = Observers.OpenAsync(file, place, clock, logs, cancel);
        var closing = new Stack<IAsyncDisposable>();
        try
        {
            var stores = await KeptStores.OpenAsync(file, place, clock, logs, cancel);
            closing.Push(stores);
            var passwords = new Passwords();
            var opened = await GatewaySettings.OpenAsync(
                file,
                new SettingsParts(stores.AreKept ? stores.Objects : null, stores.Box, passwords, clock),
                place.Environment,
                providers.Kinds,
                ProviderCatalog.NotServed,
                cancel
            );
            if (opened.Settings is not { } settings)
            {
                await CloseAsync(closing);
                await Observers.DropAsync(opening);
                return new ControlPlaneOpening(null, opened.Mistakes, opened.Warnings);
            }

            closing.Push(settings);
            var till = new Till(clock);
            var registry = await GovernanceRegistry.OpenAsync(stores.Objects, till, clock, cancel);
            var journal = Journal.Open(new JournalOptions { Folder = stores.JournalFolder }, clock);
            closing.Push(journal);
            var writer = new LedgerWriter(journal, stores.Ledger, new LedgerWriterOptions(), clock);
            closing.Push(writer);
            await writer.RecoverAsync(cancel);
            till.Load(await stores.Ledger.CountersAsync(cancel));
            registry.Carried = charges => Carry(journal, charges, clock);
            // After the counters: the file may change the periods that they belong to.
            var seeded = await Bootstrap.SeedAsync(file, settings, registry, clock, cancel);
            if (seeded.Mistakes.Count > 0)
            {
                await CloseAsync(closing);
                await Observers.DropAsync(opening);
                return new ControlPlaneOpening(null, seeded.Mistakes, opened.Warnings);
            }

            var observers = await opening;
            closing.Push(observers);
            writer.Start();
            var plane = new ControlPlane(
                stores,
                settings,
                registry,
                till,
                new Costing(PriceCatalogue.Embedded),
                journal,
                writer,
                passwords,
                clock
            )
            {
                NewKeys = seeded.NewKeys,
                Observers = observers,
            };
            observers.Watch(plane);
            await observers.RecoverAsync(
                new PaidCalls(stores.Ledger, journal, writer, registry, settings),
                () => settings.Client.Log,
                cancel
            );
            plane.Admin = await AdminSurface.OpenAsync(plane.AdminParts(clock, logs), cancel);
            GiveBack(registry);
            return new ControlPlaneOpening(plane, [], [.. opened.Warnings, .. registry.Warnings]);
        }
        catch
        {
            await CloseAsync(closing);
            await Observers.DropAsync(opening);
            throw;
        }
    }

    /// <summary>Sends away those who watch the log: they would never leave, and the gateway waits for everybody.</summary>
    public void EndLive() => _closing.Cancel();

    /// <summary>Sends spans that wait; false when the collector does not take them in time.</summary>
    public bool FlushTraces(TimeSpan patience) => Observers.FlushTraces(patience);

    /// <summary>Writes down what is still open, as long as that may take.</summary>
    public async ValueTask DisposeAsync()
    {
        await Observers.DisposeAsync();
        using (var patience = new CancellationTokenSource(DrainPatience))
        {
            await _writer.StopAsync(patience.Token);
        }

        await _writer.DisposeAsync();
        await _journal.DisposeAsync();
        await Settings.DisposeAsync();
        _passwords.Dispose();
        _closing.Dispose();
        await _stores.DisposeAsync();
    }

    private AdminParts AdminParts(TimeProvider clock, ILoggerFactory logs) =>
        new()
        {
            Registry = Registry,
            Settings = Settings,
            Standings = new TillStandings(Till),
            Passwords = _passwords,
            Ledger = Ledger,
            Prices = () => PriceCatalogue.Embedded,
            Clock = clock,
            Logs = logs,
            Version = CommandFlags.Version,
            RequestLog = Observers.Logs with
            {
                HidesDeleted = () => Settings.Client.HideDeletedInFilters,
                Price = call => _costing.CostOf(call, Settings.World?.Providers.GetValueOrDefault(call.Provider)),
            },
            Closing = _closing.Token,
            Metrics = Observers.Metrics.WriteAsync,
            Sessions = _stores.Objects,
            Box = _stores.Box,
            Stores = _stores.Ping is { } ping
                ? [new StorePing("The configuration store", ping), new StorePing("The log store", Observers.PingAsync)]
                : [],
        };

    // What an edit moves from one period to another belongs to no call: a hold that is given back at once carries it.
    private static void Carry(Journal journal, IReadOnlyList<MeterCharge> charges, TimeProvider clock)
    {
        var nobody = new CallTemplate(
            new CallRecord
            {
                RequestId = "",
                At = default,
                Operation = "edit",
                Provider = "",
                ProviderKey = "",
                AskedModel = "",
                SentModel = "",
            }
        );
        var hold = journal.Hold(nobody, "", clock.GetUtcNow(), 0, []);
        if (hold.Fault is null)
        {
            journal.Release(hold.Value, [.. charges]);
        }
    }

    private static void Price(Costing costing, GatewaySettings settings) =>
        costing.Use(
            settings.PriceOverrides,
            settings.UnpricedModels == UnpricedModels.Refuse ? PricePolicy.Refuse : PricePolicy.AllowAndFlag
        );

    // What reading so much left behind would stay with the process for long; now nobody waits for an answer yet.
    private static void GiveBack(GovernanceRegistry registry)
    {
        if (registry.Now.VirtualKeys.Count >= ManyKeys)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }
    }

    private static async Task CloseAsync(Stack<IAsyncDisposable> closing)
    {
        while (closing.TryPop(out var open))
        {
            await open.DisposeAsync();
        }
    }
}

/// <param name="Plane">Null with mistakes.</param>
/// <param name="Mistakes">In the file, or between file and store.</param>
/// <param name="Warnings">What works otherwise than one may believe.</param>
public sealed record ControlPlaneOpening(ControlPlane? Plane, IReadOnlyList<Mistake> Mistakes, IReadOnlyList<string> Warnings);
