using System.Text.Json;
using Bifrost.Configuration;
using Bifrost.Core.World;
using Bifrost.Simulator;

namespace Bifrost.Server.Start;

/// <summary><c>--demo</c>: the gateway as it is, with the built-in simulator for a provider. No key, no network; config.json is not read.</summary>
internal static class Demo
{
    private const string Token = "r8_simulated";

    /// <summary>Lifelike, though three times as quick as life, and modest in memory.</summary>
    public static Task<ReplicateSimulator> StartSimulatorAsync() =>
        ReplicateSimulator.StartAsync(
            new SimulatorOptions
            {
                Speed = 0.3,
                Token = Token,
                KeptRequests = 100,
                KeptPredictions = 200,
            }
        );

    public static ConfigReading Read(ReplicateSimulator simulator)
    {
        var options = new SimulatorOptions();
        var extras = JsonSerializer.SerializeToElement(
            new Dictionary<string, string> { ["account"] = options.AccountName, ["files_signing_secret"] = options.FilesSigningSecret }
        );
        var replicate = new ProviderConfig
        {
            Kind = "replicate",
            Keys =
            [
                new KeyConfig
                {
                    Name = "demo",
                    Value = new Secret(Token),
                    Extras = extras,
                },
            ],
            Network = new NetworkConfig { BaseUrl = simulator.BaseUrl },
        };
        var config = new GatewayConfig { Providers = new Dictionary<string, ProviderConfig> { ["replicate"] = replicate } };
        return new ConfigReading(config, [], []);
    }
}
