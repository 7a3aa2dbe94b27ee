using Bifrost.Wire.Dialects.Replicate;

namespace Bifrost.Providers.Replicate;

/// <summary>A prediction that we started and answer for: let go before its end was seen, it is cancelled upstream, once. One owner, not
/// thread-safe.</summary>
internal sealed class RunningPrediction(PredictionClient client, Prediction created) : IDisposable
{
    private bool _over = created.IsTerminal;

    public PredictionClient Client => client;

    public string Id => Latest.Id;

    /// <summary>The newest state that was seen.</summary>
    public Prediction Latest { get; private set; } = created;

    public void See(Prediction prediction)
    {
        Latest = prediction;
        _over |= prediction.IsTerminal;
    }

    /// <summary>It may go on without us: nothing is cancelled.</summary>
    public void Release() => _over = true;

    /// <summary>Stops it upstream now.</summary>
    public void Cancel()
    {
        if (!_over)
        {
            _over = true;
            client.Cancel(Id);
        }
    }

    public void Dispose() => Cancel();
}
