using System.Collections.Concurrent;

namespace Bifrost.Simulator;

/// <summary>Counts requests of an account per second of the budget: 600 creates and 3,000 other calls a minute, refilled evenly.</summary>
internal sealed class RateLimits(Pace pace, bool enforced)
{
    private readonly ConcurrentDictionary<(string Account, bool Create), Bucket> buckets = new();

    /// <summary>Takes one request. Returns what is left, and the seconds to wait when nothing was.</summary>
    public (int Remaining, double? Wait) Take(string account, bool create)
    {
        var perMinute = create ? 600 : 3000;
        if (!enforced)
        {
            return (perMinute - 1, null);
        }

        return buckets.GetOrAdd((account, create), _ => new Bucket { Tokens = perMinute, At = pace.Now }).Take(perMinute, pace.Now);
    }

    private sealed class Bucket
    {
        private readonly Lock gate = new();

        public double Tokens { get; set; }

        public DateTimeOffset At { get; set; }

        public (int Remaining, double? Wait) Take(int perMinute, DateTimeOffset now)
        {
            lock (gate)
            {
                Tokens = Math.Min(perMinute, Tokens + (now - At).TotalMinutes * perMinute);
                At = now;
                if (Tokens < 1)
                {
                    return (0, (1 - Tokens) * 60 / perMinute);
                }

                Tokens--;
                return ((int)Tokens, null);
            }
        }
    }
}
