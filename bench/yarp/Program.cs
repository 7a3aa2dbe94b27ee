// The least a YARP proxy can be: one route, one destination, no logging. Arguments: LISTEN-URL UPSTREAM-URL
using System.Net;
using Yarp.ReverseProxy.Configuration;

var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
builder.WebHost.UseUrls(args[0]);
builder
    .Services.AddReverseProxy()
    .LoadFromMemory(
        [
            new RouteConfig
            {
                RouteId = "all",
                ClusterId = "mock",
                Match = new RouteMatch { Path = "/{**rest}" },
            },
        ],
        [
            new ClusterConfig
            {
                ClusterId = "mock",
                Destinations = new Dictionary<string, DestinationConfig> { ["mock"] = new() { Address = args[1] } },
            },
        ]
    )
    .ConfigureHttpClient(
        (_, handler) =>
        {
            handler.AutomaticDecompression = DecompressionMethods.None;
            handler.UseProxy = false;
            handler.UseCookies = false;
            handler.ActivityHeadersPropagator = null;
        }
    );

var app = builder.Build();
app.MapReverseProxy();
await app.RunAsync();
