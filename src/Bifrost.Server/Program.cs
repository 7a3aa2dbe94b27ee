using Bifrost.Core.World;
using Bifrost.Server.Http;

var config = new GatewayConfig
{
    Providers = new Dictionary<string, ProviderConfig>
    {
        ["replicate"] = new()
        {
            Kind = "replicate",
            Keys =
            [
                new KeyConfig
                {
                    Name = "REPLICATE_API_TOKEN",
                    Value = new Secret(Environment.GetEnvironmentVariable("REPLICATE_API_TOKEN") ?? ""),
                },
            ],
        },
    },
};
await using var host = await GatewayHost.StartAsync(
    config,
    new HostSettings("127.0.0.1", 8080, l => l.AddSimpleConsole()) { OwnsProcess = true }
);
Console.WriteLine(host.Address);
await host.WaitForStopAsync();
return 0;
