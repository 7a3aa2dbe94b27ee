using System.Net.Sockets;
using System.Text;
using Bifrost.Admin.Sessions;
using Bifrost.Configuration;
using Bifrost.Core.World;
using Bifrost.Governance.Ledger;
using Bifrost.Governance.Stores;
using Bifrost.Observability.Stores;
using Bifrost.Providers;
using Bifrost.Server.Flags;
using Bifrost.Server.Http;
using Bifrost.Server.Log;
using Bifrost.Simulator;
using Bifrost.Storage;
using Microsoft.AspNetCore.Connections;

namespace Bifrost.Server.Start;

/// <summary>The life of the process: read the configuration, open what is kept, start, say so, and stop in good order.</summary>
internal static class StartUp
{
    private const int Misconfigured = 2;
    private const int AddressTaken = 3;
    private const int NoStore = 4;

    public static async Task<int> RunAsync(StartOptions options, Func<string, string?> environment)
    {
        Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        await using var simulator = options.Demo ? await Demo.StartSimulatorAsync() : null;
        var settings = new HostSettings(options.Host, options.Port, logging => GatewayLog.Configure(logging, options))
        {
            OwnsProcess = true,
            Simulated = simulator is not null,
        };
        using var logs = LoggerFactory.Create(settings.Logging);
        await using var parts = ProviderSet.Create(settings, logs);
        var reading = simulator is not null
            ? Demo.Read(simulator)
            : Bootstrap.Read(options.ConfigPath, environment, parts.Kinds, ProviderCatalog.NotServed);
        if (reading.Mistakes.Count > 0)
        {
            return await MisconfiguredAsync(options, reading.Mistakes);
        }

        try
        {
            var place = new Place(options.AppDir, environment) { InMemory = options.Demo };
            var opening = await ControlPlane.OpenAsync(reading, place, parts, settings.Clock, logs, CancellationToken.None);
            return opening.Plane is { } plane
                ? await ServeAsync(options, environment, settings, reading, opening, plane, parts, logs)
                : await MisconfiguredAsync(options, opening.Mistakes);
        }
        catch (IOException taken) when (taken.InnerException is SocketException or AddressInUseException)
        {
            return await RefuseAsync(
                AddressTaken,
                $"{options.Host}:{options.Port} cannot be listened on ({taken.InnerException.Message}). Choose another with --port or --host."
            );
        }
        catch (Exception unusable)
            when (unusable
                    is StoreUnavailableException
                        or LogStoreUnavailableException
                        or StoreOpenException
                        or JournalInUseException
                        or UnauthorizedAccessException
            )
        {
            return await RefuseAsync(NoStore, unusable.Message);
        }
    }

    private static async Task<int> ServeAsync(
        StartOptions options,
        Func<string, string?> environment,
        HostSettings settings,
        ConfigReading reading,
        ControlPlaneOpening opening,
        ControlPlane plane,
        ProviderSet parts,
        ILoggerFactory logs
    )
    {
        await using (plane)
        {
            var credential = await AdminCredential.EnsureAsync(plane.Settings, options.Host, CancellationToken.None);
            await using var host = await GatewayHost.StartAsync(plane.Settings.Config, settings, parts, logs, plane);
            var view = new BannerView(
                host.Address,
                ReadyProvider.In(host.World),
                [.. parts.Kinds.Select(k => k.TokenVariables[0])],
                options.ConfigPath,
                !options.Demo && File.Exists(options.ConfigPath),
                options.Demo,
                [.. reading.Warnings, .. opening.Warnings],
                reading.Notes
            )
            {
                Credential = credential,
                NewKeys = plane.NewKeys,
            };
            await Console.Out.WriteAsync(Banner.Render(view, Banner.WantsColour(environment)));
            await using var life = options.Lively ? DemoLife.Begin(host.Address, plane, settings.Clock, logs) : null;
            await host.WaitForStopAsync();
            return 0;
        }
    }

    private static async Task<int> MisconfiguredAsync(StartOptions options, IReadOnlyList<Mistake> mistakes)
    {
        var source = File.Exists(options.ConfigPath) ? options.ConfigPath : "the environment";
        await Console.Error.WriteAsync(MistakeList.Render(source, mistakes));
        return Misconfigured;
    }

    private static async Task<int> RefuseAsync(int code, string reason)
    {
        await Console.Error.WriteLineAsync($"Bifrost did not start: {reason}");
        return code;
    }
}
