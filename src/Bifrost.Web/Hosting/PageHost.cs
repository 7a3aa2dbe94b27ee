using Bifrost.Web.Api;
using Bifrost.Web.Parts;
using Bifrost.Web.Shell;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Bifrost.Web.Hosting;

/// <summary>The framework that makes pages, started without a socket of its own: the gateway's front door hands it what it took in.</summary>
internal sealed class PageHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HandedServer _server;

    private PageHost(WebApplication app, HandedServer server)
    {
        (_app, _server) = (app, server);
    }

    public static async Task<PageHost> StartAsync(RequestDelegate front, ILoggerFactory logs, TimeProvider clock)
    {
        var builder = WebApplication.CreateEmptyBuilder(
            new WebApplicationOptions
            {
                ContentRootPath = AppContext.BaseDirectory,
                ApplicationName = typeof(PageHost).Assembly.GetName().Name,
            }
        );
        var server = new HandedServer();
        var services = builder.Services;
        services.AddSingleton<IServer>(server);
        services.AddSingleton(logs);
        services.AddSingleton(clock);
        services.AddSingleton(new FrontDoor(front));
        services.AddHttpContextAccessor();
        services.AddSingleton<HandedOver>();
        services.AddScoped<Visitor>();
        services.AddScoped<Handoff>();
        services.AddScoped<GatewayApi>();
        services.AddScoped<Toasts>();
        // A restart ends every page's connection anyway: nothing is gained by keys that outlive it, or by files that hold them.
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        services.AddRoutingCore();
        services.AddRazorComponents().AddInteractiveServerComponents();
        KeepNoKeys(services);
        builder.WebHost.UseSetting(WebHostDefaults.PreventHostingStartupKey, "true");

        var app = builder.Build();
        app.UsePathBase(WebUi.Root);
        app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
        app.UseRouting();
        app.UseAntiforgery();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(o => o.ContentSecurityFrameAncestorsPolicy = null);
        await app.StartAsync();
        return new PageHost(app, server);
    }

    // Laid over the door's features, not the same: what a server keeps there for its application would be taken for this one's.
    public Task AnswerAsync(HttpContext http)
    {
        var features = new FeatureCollection(http.Features);
        if (HttpMethods.IsHead(http.Request.Method))
        {
            AskWhole(features, http.Request);
        }

        return _server.AnswerAsync(features);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    // The framework would make keys in files at a start all the same, for nobody.
    private static void KeepNoKeys(IServiceCollection services)
    {
        var makers = services.Where(s =>
            s.ServiceType == typeof(IHostedService) && s.ImplementationType?.Assembly == typeof(EphemeralDataProtectionProvider).Assembly
        );
        foreach (var maker in makers.ToList())
        {
            services.Remove(maker);
        }
    }

    // Pages are made for GET only. Whoever asks for the head of one gets that of the whole page, and the page goes nowhere.
    private static void AskWhole(FeatureCollection features, HttpRequest request)
    {
        var asked = features.GetRequiredFeature<IHttpRequestFeature>();
        features.Set<IHttpRequestFeature>(
            new HttpRequestFeature
            {
                Method = HttpMethods.Get,
                Scheme = asked.Scheme,
                PathBase = asked.PathBase,
                Path = asked.Path,
                QueryString = asked.QueryString,
                RawTarget = asked.RawTarget,
                Protocol = asked.Protocol,
                Headers = request.Headers,
                Body = asked.Body,
            }
        );
        features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(Stream.Null));
    }

    /// <summary>A server that listens to nothing and serves what it is handed.</summary>
    private sealed class HandedServer : IServer
    {
        private Func<IFeatureCollection, Task>? _serve;

        public IFeatureCollection Features { get; } = new FeatureCollection();

        public Task AnswerAsync(IFeatureCollection features) => _serve!(features);

        public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
            where TContext : notnull
        {
            _serve = async features =>
            {
                var context = application.CreateContext(features);
                try
                {
                    await application.ProcessRequestAsync(context);
                    application.DisposeContext(context, null);
                }
                catch (Exception broken)
                {
                    application.DisposeContext(context, broken);
                    throw;
                }
            };
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void Dispose() { }
    }
}
