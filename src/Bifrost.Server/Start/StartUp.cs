using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Bifrost.Configuration;
using Bifrost.Core.World;
using Bifrost.Providers;
using Bifrost.Server.Flags;
using Bifrost.Server.Http;
using Bifrost.Server.Log;
using Bifrost.Simulator;

namespace Bifrost.Server.Start;

/// <summary>The life of the process: read the configuration, start, say so, and stop in good order.</summary>
internal static class StartUp
{
    private const int Misconfigured = 2;
    private const int AddressTaken = 3;

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
            var source = File.Exists(options.ConfigPath) ? options.ConfigPath : "the environment";
            await Console.Error.WriteAsync(MistakeList.Render(source, reading.Mistakes));
            return Misconfigured;
        }

        try
        {
            await using var host = await GatewayHost.StartAsync(reading.Config, settings, parts, logs);
            var banner = Banner.Render(ViewOf(host, options, reading, parts), Banner.WantsColour(environment));
            await Console.Out.WriteAsync(banner);
            await host.WaitForStopAsync();
            return 0;
        }
        catch (IOException taken) when (taken.InnerException is SocketException or Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            await Console.Error.WriteLineAsync(
                $"Bifrost did not start: {options.Host}:{options.Port} cannot be listened on ({taken.InnerException.Message}). Choose another with --port or --host."
            );
            return AddressTaken;
        }
    }

    private static BannerView ViewOf(GatewayHost host, StartOptions options, ConfigReading reading, ProviderSet parts) =>
        new(
            host.Address,
            ReadyProvider.In(host.World),
            [.. parts.Kinds.Select(k => k.TokenVariables[0])],
            options.ConfigPath,
            !options.Demo && File.Exists(options.ConfigPath),
            options.Demo,
            reading.Warnings,
            reading.Notes
        );
}
