using Bifrost.Core.Contracts;
using Bifrost.Providers.Credentials;
using Microsoft.AspNetCore.Http;

namespace Bifrost.Providers.Replicate;

/// <summary>Replicate: every model is its own API. Work is a prediction that is created, followed and, when nobody wants it any more, cancelled.</summary>
public sealed class ReplicateProvider : Provider, IAsyncDisposable
{
    private readonly ReplicateRuntime _runtime;

    public ReplicateProvider(ReplicateServices services)
    {
        _runtime = new ReplicateRuntime(services);
        var videos = new VideoJobs();
        var webhooks = new ReplicateWebhooks(_runtime, videos);
        Webhook = webhooks.ReceiveAsync;
        Offers =
        [
            new CarriedOffer(Operation.Chat, new ChatCarrier(_runtime)),
            new CarriedOffer(Operation.Completion, new CompletionCarrier(_runtime)),
            new CarriedOffer(Operation.Response, new ResponseCarrier(_runtime)),
            new CarriedOffer(Operation.ResponseGet, new ResponseGetCarrier(_runtime, cancels: false)),
            new CarriedOffer(Operation.ResponseCancel, new ResponseGetCarrier(_runtime, cancels: true)),
            .. MediaOffers.All(_runtime, webhooks, videos),
        ];
        Models = new ReplicateModels(_runtime);
    }

    internal ReplicateRuntime Runtime => _runtime;

    public override string Id => "replicate";

    public override Uri Home { get; } = new("https://api.replicate.com/v1/");

    public override ICredentialScheme Credentials => BearerToken.Instance;

    public override IReadOnlyList<string> TokenVariables { get; } = ["REPLICATE_API_TOKEN"];

    public override string? BaseUrlVariable => "REPLICATE_BASE_URL";

    // Video models may take many minutes, cold starts some more.
    public override TimeSpan Patience => TimeSpan.FromMinutes(10);

    public override IReadOnlyList<Offer> Offers { get; }

    /// <summary>Answers <c>POST /webhooks/replicate</c>, where Replicate reports predictions that are over when
    /// <see cref="Core.World.ClientConfig.PublicUrl"/> is set. Needs no authentication in front of it: deliveries are signed.</summary>
    public RequestDelegate Webhook { get; }

    public override IModelSource Models { get; }

    public override Uri BaseOf(Uri configured) => ReplicateAddress.BaseOf(configured);

    public override string? DoubtAbout(Uri baseUrl) => ReplicateAddress.DoubtAbout(baseUrl);

    public override bool LooksLikeKey(string credential) => credential.StartsWith("r8_", StringComparison.Ordinal);

    public override bool Knows(string model) => ReplicateModels.Knows(model);

    /// <summary>Waits for cancellations that are still on their way upstream, at most 10 seconds.</summary>
    public async ValueTask DisposeAsync() => await _runtime.Cancels.DrainAsync(CancellationToken.None);
}
