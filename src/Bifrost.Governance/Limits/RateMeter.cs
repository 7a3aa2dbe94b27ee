using Bifrost.Governance.Objects;

namespace Bifrost.Governance.Limits;

/// <summary>Counts the tokens, requests and running calls of one rate limit. Guarded by the till's lock.</summary>
internal sealed class RateMeter(string id)
{
    public const long NoLimit = -1;

    private WindowCount _tokens;
    private WindowCount _requests;

    // Requests of this window that are written down only when their calls end.
    private int _unwritten;

    public string Id { get; } = id;

    public RateLimit Rate { get; private set; } = null!;

    /// <summary>As <see cref="Rate"/> says, or <see cref="NoLimit"/>; kept here too, so that a call has one object less to wait for.</summary>
    public long MostTokens { get; private set; }

    /// <summary>As <see cref="MostTokens"/>.</summary>
    public long MostRequests { get; private set; }

    /// <summary>Calls in flight; as <see cref="MostTokens"/>.</summary>
    public long MostRunning { get; private set; }

    /// <summary>Made when first charged, as <see cref="RequestKey"/>.</summary>
    public MeterKey? TokenKey { get; set; }

    public MeterKey? RequestKey { get; set; }

    public ref readonly WindowCount Tokens => ref _tokens;

    public ref readonly WindowCount Requests => ref _requests;

    /// <summary>By all open holds, whether or not tokens were limited when they were made: a limit that is set later finds them counted.</summary>
    public Int128 ReservedTokens { get; set; }

    /// <summary>Calls in flight.</summary>
    public int Running { get; set; }

    /// <summary>Number of the last hold made before the request window began, so that a request is taken back only from the window it was
    /// counted in, whatever the clock did since.</summary>
    public long RequestsBeganAfter { get; private set; }

    /// <summary>Open sets that hold this meter.</summary>
    public int Owners { get; set; }

    private long Anchor => Rate.Anchor.ToUnixTimeMilliseconds();

    public bool IsIdle(long now, long lastHold)
    {
        Advance(now, lastHold);
        return _tokens.Used == 0 && _requests.Used == 0 && Running == 0;
    }

    /// <summary>Begins the windows of <paramref name="now"/> where the running ones are over.</summary>
    public void Advance(long now, long lastHold)
    {
        if (_tokens.IsOver(now))
        {
            _tokens.Advance(now, Anchor);
        }

        if (_requests.IsOver(now))
        {
            _requests.Advance(now, Anchor);
            RequestsBeganAfter = lastHold;
            _unwritten = 0;
        }
    }

    public void AddTokens(long amount) => _tokens.Used = Saturating.Add(_tokens.Used, amount);

    /// <summary>Counts a call that begins.</summary>
    public void AddRequest()
    {
        _requests.Used = Saturating.Add(_requests.Used, 1);
        _unwritten++;
    }

    /// <summary>The call has ended, in the window it was counted in.</summary>
    /// <param name="keep">False: it counts no longer.</param>
    public void EndRequest(bool keep)
    {
        _requests.Used = keep ? _requests.Used : Math.Max(0, _requests.Used - 1);
        _unwritten--;
    }

    /// <summary>Takes a definition over, the first one or an edit; what is counted stays.</summary>
    /// <returns>See <see cref="BudgetMeter.Redefine"/>.</returns>
    public (long? Tokens, long? Requests) Define(RateLimit rate, Cadence? tokens, Cadence? requests, long now, long lastHold)
    {
        if (Rate is not null)
        {
            Advance(now, lastHold);
        }

        Rate = rate;
        MostTokens = rate.TokenMaxLimit ?? NoLimit;
        MostRequests = rate.RequestMaxLimit ?? NoLimit;
        MostRunning = rate.ConcurrentMaxLimit ?? NoLimit;
        return (_tokens.Redefine(tokens, now, Anchor, 0), _requests.Redefine(requests, now, Anchor, _unwritten));
    }

    public void Restore(CounterState kept, MeterUnit unit, long now, long lastHold)
    {
        Advance(now, lastHold);
        if (unit == MeterUnit.Tokens)
        {
            _tokens.Restore(kept, Anchor);
        }
        else
        {
            _requests.Restore(kept, Anchor);
        }
    }
}

/// <summary>What was used in a window of time.</summary>
internal struct WindowCount
{
    public long Used;
    private Cadence? _cadence;

    public long Start { readonly get; private set; }

    public long End { readonly get; private set; }

    /// <summary>A limit is or was set.</summary>
    public readonly bool Runs => _cadence is not null;

    public readonly bool IsOver(long now) => now >= End && _cadence is not null;

    /// <summary>Begins the window of <paramref name="now"/>. Only of one that <see cref="IsOver"/>.</summary>
    public void Advance(long now, long anchor)
    {
        (Start, End) = _cadence!.At(now, anchor);
        Used = 0;
    }

    public long? Redefine(Cadence? cadence, long now, long anchor, int unwritten)
    {
        var before = _cadence;
        if (cadence is null || cadence == before)
        {
            // Without a limit the window runs on, so that one that is set again finds what was used.
            return null;
        }

        _cadence = cadence;

        if (before is null)
        {
            (Start, End) = cadence.At(now, anchor);
            return null;
        }

        var period = cadence.At(Math.Max(now, Start), anchor);
        var carried = period.Start > Start ? Used - unwritten : 0;
        (Start, End) = (Math.Max(Start, period.Start), period.End);
        return carried;
    }

    public void Restore(CounterState kept, long anchor)
    {
        if (kept.PeriodStart < Start)
        {
            return;
        }

        (Used, Start) = (Math.Max(0, kept.Used), kept.PeriodStart);
        if (Start >= End)
        {
            End = _cadence!.At(Start, anchor).End;
        }
    }
}
