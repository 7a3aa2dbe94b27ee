using Bifrost.Core.Contracts;

namespace Bifrost.Providers.Replicate;

/// <summary>What the provider does with pictures, films, sound and files.</summary>
internal static class MediaOffers
{
    public static IReadOnlyList<Offer> All(ReplicateRuntime runtime, ReplicateWebhooks webhooks, VideoJobs videos)
    {
        var images = new ImageCarrier(runtime, webhooks);
        var speech = new TranscriptionCarrier(runtime, webhooks);
        var access = new VideoAccess(runtime, videos);
        var order = new VideoOrder(runtime, webhooks, videos);
        return
        [
            new CarriedOffer(Operation.ImageGeneration, images),
            new CarriedOffer(Operation.ImageEdit, images),
            new CarriedOffer(Operation.Transcription, speech),
            new CarriedOffer(Operation.Translation, speech),
            new CarriedOffer(Operation.VideoCreate, new VideoCreateCarrier(order)),
            new CarriedOffer(Operation.VideoList, new VideoListCarrier(runtime, videos)),
            new CarriedOffer(Operation.VideoGet, new VideoGetCarrier(access)),
            new CarriedOffer(Operation.VideoContent, new VideoContentCarrier(runtime, access)),
            new CarriedOffer(Operation.VideoDelete, new VideoDeleteCarrier(runtime, videos, access)),
            new CarriedOffer(Operation.VideoRemix, new VideoRemixCarrier(access, order)),
            new CarriedOffer(Operation.FileUpload, new FileUploadCarrier(runtime)),
            new CarriedOffer(Operation.FileList, new FileListCarrier(runtime)),
            new CarriedOffer(Operation.FileGet, new FileGetCarrier(runtime)),
            new CarriedOffer(Operation.FileDelete, new FileDeleteCarrier(runtime)),
            new CarriedOffer(Operation.FileContent, new FileContentCarrier(runtime)),
        ];
    }
}
