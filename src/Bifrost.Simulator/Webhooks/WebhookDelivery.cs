namespace Bifrost.Simulator;

/// <summary>One attempt to deliver a webhook. <see cref="StatusCode"/> is null when nobody answered.</summary>
public sealed record WebhookDelivery(
    string PredictionId,
    Uri Url,
    string WebhookId,
    int Attempt,
    int? StatusCode,
    ReadOnlyMemory<byte> Body
);
