using System.Globalization;
using System.Net.Http.Headers;
using Bifrost.Core.World;
using Bifrost.Wire.Dialects.Replicate;
using Bifrost.Wire.Faults;

namespace Bifrost.Providers.Replicate;

/// <summary>The API's verbs for one configured provider and key. Thread-safe; cheap to make.</summary>
internal sealed class PredictionClient(ProviderModel provider, KeyModel key, ReplicateRuntime runtime)
{
    private static readonly TimeSpan Answering = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ShortestDeadline = TimeSpan.FromSeconds(5);
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly ReplicateHttp _http = new(provider, key, runtime.Clock);

    public ProviderModel Provider => provider;

    public KeyModel Key => key;

    public ReplicateRuntime Runtime => runtime;

    /// <summary>Creates a prediction. A fault whose kind allows a retry promises that none was created.</summary>
    /// <param name="path">Relative to the base: <c>predictions</c>, <c>models/o/n/predictions</c>, <c>deployments/o/n/predictions</c>.</param>
    /// <param name="body">The whole JSON body.</param>
    /// <param name="options">Waiting and deadline.</param>
    /// <param name="unversioned">The path names a model whose version may still be found.</param>
    /// <param name="cancel">When the caller leaves. What is created in spite of it is cancelled as soon as its id is known.</param>
    public async Task<Tried<Prediction>> TryCreateAsync(
        string path,
        ReadOnlyMemory<byte> body,
        CreateOptions options,
        bool unversioned,
        CancellationToken cancel
    )
    {
        cancel.ThrowIfCancellationRequested();
        var creating = PostAsync(path, body, options, unversioned);
        try
        {
            return await creating.WaitAsync(cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            runtime.Cancels.Track(CancelOnceKnownAsync(creating));
            throw;
        }
    }

    /// <inheritdoc cref="TryCreateAsync"/>
    public async Task<Outcome<Prediction>> CreateAsync(
        string path,
        ReadOnlyMemory<byte> body,
        CreateOptions options,
        CancellationToken cancel
    ) => (await TryCreateAsync(path, body, options, unversioned: false, cancel)).Outcome;

    /// <summary>The prediction as it is now.</summary>
    public async Task<Outcome<Prediction>> GetAsync(string id, CancellationToken cancel)
    {
        var outcome = await SendAsync(HttpMethod.Get, $"predictions/{Uri.EscapeDataString(id)}", null, ReplicateCall.Get, cancel);
        return outcome.Failed(out var fault, out var answer) ? fault : Prediction.Read(answer.Body);
    }

    /// <summary>Cancels upstream without making anybody wait: goes on whatever becomes of the request, is tried three times, and is waited
    /// for at shutdown.</summary>
    public void Cancel(string id) => runtime.Cancels.Track(CancelAsync(id));

    /// <summary>Cancels upstream and says what the prediction is then.</summary>
    public async Task<Outcome<Prediction>> CancelAsync(string id, CancellationToken cancel)
    {
        var outcome = await SendAsync(
            HttpMethod.Post,
            $"predictions/{Uri.EscapeDataString(id)}/cancel",
            null,
            ReplicateCall.Cancel,
            cancel
        );
        return outcome.Failed(out var fault, out var answer) ? fault : Prediction.Read(answer.Body);
    }

    /// <summary>Any other call, for instance <c>POST files</c>. Throws only when <paramref name="cancel"/> is cancelled.</summary>
    public async Task<Outcome<ReplicateAnswer>> SendAsync(
        HttpMethod method,
        string path,
        HttpContent? content,
        ReplicateCall call,
        CancellationToken cancel,
        TimeSpan? patience = null
    )
    {
        using var request = _http.Request(method, path, content);
        return (await _http.SendAsync(request, call, unversioned: false, patience ?? Answering, cancel)).Outcome;
    }

    /// <summary>Opens a prediction's event stream at its headers, after checking that its host may see the token.</summary>
    public async Task<Outcome<HttpResponseMessage>> OpenStreamAsync(string address, string? lastEventId, CancellationToken cancel)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || !StreamHosts.Allows(uri, provider.Base))
        {
            return new Fault(FaultKind.UpstreamInvalid, "Replicate named a stream address outside its own hosts; it was not followed.");
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        _http.Sign(request);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        request.Headers.CacheControl = new CacheControlHeaderValue { NoStore = true };
        if (lastEventId is not null)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
        }

        return await _http.OpenAsync(request, Answering, cancel);
    }

    private async Task<Tried<Prediction>> PostAsync(string path, ReadOnlyMemory<byte> body, CreateOptions options, bool unversioned)
    {
        using var content = new ReadOnlyMemoryContent(body) { Headers = { ContentType = Json } };
        using var request = _http.Request(HttpMethod.Post, path, content);
        var life = options.CancelAfter < ShortestDeadline ? ShortestDeadline : options.CancelAfter;
        request.Headers.TryAddWithoutValidation("Cancel-After", Seconds(life));
        if (options.Wait is { } wait)
        {
            request.Headers.TryAddWithoutValidation("Prefer", $"wait={(int)Math.Clamp(wait.TotalSeconds, 1, 60)}");
        }

        options.Trace?.WriteTo(request.Headers);
        var answer = await _http.SendAsync(
            request,
            ReplicateCall.Create,
            unversioned,
            Answering + (options.Wait ?? TimeSpan.Zero),
            CancellationToken.None
        );
        return answer.Trouble is not null ? new Tried<Prediction>(null, answer.Trouble)
            : Prediction.Read(answer.Value!.Body).Failed(out var fault, out var prediction) ? Tried<Prediction>.Bad(fault)
            : Tried<Prediction>.Good(prediction);
    }

    private static string Seconds(TimeSpan life) => string.Create(CultureInfo.InvariantCulture, $"{(long)Math.Floor(life.TotalSeconds)}s");

    private async Task CancelOnceKnownAsync(Task<Tried<Prediction>> creating)
    {
        if ((await creating).Value is { IsTerminal: false } orphan)
        {
            await CancelAsync(orphan.Id);
        }
    }

    private async Task CancelAsync(string id)
    {
        using var budget = new CancellationTokenSource(TimeSpan.FromSeconds(10), runtime.Clock);
        for (var attempt = 0; attempt < 3; attempt++)
        {
            try
            {
                var outcome = await CancelAsync(id, budget.Token);
                if (!outcome.Failed(out var fault, out _))
                {
                    return;
                }

                // Gone, or none of ours any more: there is nothing left to stop.
                if (fault.Rule.Culprit == Culprit.Caller)
                {
                    return;
                }

                await Task.Delay(TimeSpan.FromMilliseconds(200 << attempt), runtime.Clock, budget.Token);
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }

        runtime.CancelFailed(id);
    }
}
