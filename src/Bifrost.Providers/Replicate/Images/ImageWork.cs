using System.Text.Json;
using Bifrost.Core;
using Bifrost.Wire.Canonical;
using Bifrost.Wire.Canonical.Images;
using Bifrost.Wire.Dialects.Replicate;
using Bifrost.Wire.Faults;

namespace Bifrost.Providers.Replicate;

/// <summary>One request for pictures, prepared.</summary>
internal sealed class ImageWork(Exchange exchange, ImageRequest request, PredictionLaunch launch, PredictionRuns runs) : IDisposable
{
    // Events of image streams hold the bytes in OpenAI's API; its clients look for nothing else.
    private readonly PictureDelivery _delivery = new(
        launch.Client.Runtime.Outbound,
        request.Delivery ?? (request.Streams ? ImageDelivery.Base64 : ImageDelivery.Url)
    );

    public PredictionLaunch Launch => launch;

    public PredictionRuns Runs => runs;

    public ImageRequest Request => request;

    public PictureDelivery Delivery => _delivery;

    public DateTimeOffset Now => launch.Client.Runtime.Clock.GetUtcNow();

    /// <summary>All runs to their end, as one reply.</summary>
    public async Task<Outcome<ImageReply>> FinishAsync(CancellationToken cancel)
    {
        return (await runs.AllAsync(cancel)).Failed(out var fault, out var done) ? Failed(fault) : await ReplyAsync(done, cancel);
    }

    /// <summary>A run that was started by itself, to its end.</summary>
    public async Task<Outcome<ImageReply>> EndAsync(RunningPrediction running, CancellationToken cancel) =>
        (await runs.EndAsync(running, blocking: false, cancel)).Failed(out var fault, out var done)
            ? Failed(fault)
            : await ReplyAsync([done], cancel);

    /// <summary>What ran is billed even if nothing came of it.</summary>
    private Fault Failed(Fault fault)
    {
        exchange.Usage = runs.Spent;
        return fault;
    }

    private async Task<Outcome<ImageReply>> ReplyAsync(IReadOnlyList<Prediction> done, CancellationToken cancel)
    {
        var outputs = new List<string>();
        foreach (var prediction in done)
        {
            outputs.AddRange(PredictionFiles.Of(prediction.Output));
        }

        if (outputs.Count == 0)
        {
            return Failed(Empty(done));
        }

        if ((await _delivery.AllAsync(outputs, cancel)).Failed(out var fault, out var pictures))
        {
            return fault;
        }

        var facts = launch.Starts[0].Input.Effective;
        return new ImageReply
        {
            CreatedAt = Now,
            Pictures = pictures,
            OutputFormat = PictureDelivery.FormatOf(pictures[0]) ?? facts.OutputFormat,
            Size = facts.Size,
            Quality = facts.Quality,
            Background = facts.Background,
            Usage = Settle(done, pictures.Count),
        };
    }

    /// <summary>Notes what was used, and gives what the caller is told: token counts, when there are any.</summary>
    private Usage? Settle(IReadOnlyList<Prediction> done, int pictures)
    {
        var total = new Usage();
        var counted = false;
        foreach (var prediction in done)
        {
            var tokens = PredictionUsage.Of(prediction);
            counted |= tokens is not null;
            var used = tokens ?? PredictionUsage.Metered(prediction);
            total = total with
            {
                InputTokens = total.InputTokens + used.InputTokens,
                OutputTokens = total.OutputTokens + used.OutputTokens,
                ReasoningTokens = total.ReasoningTokens + used.ReasoningTokens,
                ImageInputTokens = total.ImageInputTokens + used.ImageInputTokens,
                ComputeSeconds = total.ComputeSeconds + used.ComputeSeconds,
            };
        }

        total = total with { Images = pictures };
        exchange.Usage = total;
        return counted ? total : null;
    }

    /// <summary>A model that succeeds with an empty list has a filter that took the pictures away; one that gives nothing at all is broken.</summary>
    private static Fault Empty(IReadOnlyList<Prediction> done)
    {
        foreach (var prediction in done)
        {
            if (prediction.DataRemoved)
            {
                return new Fault(FaultKind.Gone, $"The output of prediction {prediction.Id} is no longer kept by Replicate.");
            }

            if (prediction.Output is not { ValueKind: JsonValueKind.Array })
            {
                return new Fault(FaultKind.UpstreamError, $"The model finished without any picture (prediction {prediction.Id}).")
                {
                    Code = "empty_output",
                };
            }
        }

        return new Fault(
            FaultKind.ContentPolicy,
            $"The model finished (prediction {done[0].Id}) without giving a picture, which means that its safety filter removed it. Change the prompt."
        )
        {
            Param = "prompt",
        };
    }

    public void Dispose() => launch.Dispose();
}
