using System.Diagnostics.CodeAnalysis;
using Bifrost.Core.World;
using Bifrost.Wire.Canonical.Videos;
using Bifrost.Wire.Dialects.Replicate;

namespace Bifrost.Providers.Replicate;

/// <summary>The videos this process had made, newest first: Replicate's own list mixes all predictions of an account and knows neither prompts
/// nor deletions. In memory; the oldest go when there are too many. Thread-safe.</summary>
internal sealed class VideoJobs(int capacity = VideoJobs.Standard)
{
    private const int Standard = 10_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<VideoRecord>> _byPrediction = new(StringComparer.Ordinal);
    private readonly LinkedList<VideoRecord> _newestFirst = new();

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _newestFirst.Count;
            }
        }
    }

    /// <summary>Tells accounts apart without giving their keys away.</summary>
    public static string AccountOf(string provider, KeyModel key) => $"{provider}.{Convert.ToHexStringLower(key.Fingerprint.Span)}";

    /// <summary>Remembers a record, in place of the one that was there for the same prediction.</summary>
    public void Put(VideoRecord record)
    {
        lock (_lock)
        {
            var name = NameOf(record.Account, record.UpstreamId);
            if (_byPrediction.TryGetValue(name, out var there))
            {
                there.Value = record;
                return;
            }

            _byPrediction[name] = _newestFirst.AddFirst(record);
            if (_newestFirst.Count > capacity)
            {
                var oldest = _newestFirst.Last!;
                _newestFirst.RemoveLast();
                _byPrediction.Remove(NameOf(oldest.Value.Account, oldest.Value.UpstreamId));
            }
        }
    }

    public bool TryFind(string account, string upstreamId, [NotNullWhen(true)] out VideoRecord? record)
    {
        lock (_lock)
        {
            record = _byPrediction.TryGetValue(NameOf(account, upstreamId), out var node) ? node.Value : null;
            return record is not null;
        }
    }

    /// <summary>Brings what is remembered up to date, if anything is. Gives the record before and after; a job that is over stays so.</summary>
    public (VideoRecord Before, VideoRecord After)? Observe(string provider, KeyModel key, Prediction prediction, DateTimeOffset now)
    {
        lock (_lock)
        {
            if (!_byPrediction.TryGetValue(NameOf(AccountOf(provider, key), prediction.Id), out var node))
            {
                return null;
            }

            var before = node.Value;
            node.Value = before with { Job = VideoView.Of(before.Job, prediction, now), SeenAt = now };
            return (before, node.Value);
        }
    }

    /// <summary>The part of the accounts' jobs that is asked for, deleted ones left out; null when <see cref="PageRequest.After"/> names none
    /// of them.</summary>
    public (IReadOnlyList<VideoRecord> Records, bool HasMore)? List(IReadOnlySet<string> accounts, PageRequest page)
    {
        var records = new List<VideoRecord>();
        lock (_lock)
        {
            var waitsFor = page.After;
            for (var node = page.Ascending ? _newestFirst.Last : _newestFirst.First; node is not null; node = Next(node))
            {
                if (!accounts.Contains(node.Value.Account))
                {
                    continue;
                }

                if (waitsFor is not null)
                {
                    // A deleted job still marks its place.
                    waitsFor = node.Value.Job.Id == waitsFor ? null : waitsFor;
                    continue;
                }

                if (node.Value.Deleted)
                {
                    continue;
                }

                if (records.Count == page.Limit)
                {
                    return (records, true);
                }

                records.Add(node.Value);
            }

            return waitsFor is null ? (records, false) : null;
        }

        LinkedListNode<VideoRecord>? Next(LinkedListNode<VideoRecord> node) => page.Ascending ? node.Previous : node.Next;
    }

    private static string NameOf(string account, string upstreamId) => $"{account}\n{upstreamId}";
}
