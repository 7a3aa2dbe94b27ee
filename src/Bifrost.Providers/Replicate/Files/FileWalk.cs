using Bifrost.Wire.Canonical.Files;
using Bifrost.Wire.Faults;

namespace Bifrost.Providers.Replicate;

/// <summary>Walks an account's files page by page, newest first, until enough of them were found.</summary>
internal sealed class FileWalk(PredictionClient client, FileQuery query)
{
    /// <summary>One call asks for at most this many pages of 100; the caller goes on with the cursor.</summary>
    private const int MaxPages = 200;

    private readonly FileStorage _storage = new(client);

    public async Task<Outcome<FilePage>> RunAsync(FileCursor? from, CancellationToken cancel) =>
        query.Ascending ? await OldestFirstAsync(cancel) : await NewestFirstAsync(from, cancel);

    private async Task<Outcome<FilePage>> NewestFirstAsync(FileCursor? from, CancellationToken cancel)
    {
        var found = new List<StoredFile>();
        var page = from?.Page;
        var skipTo = from is null && query.After is { } after ? after : null;
        FileCursor? last = null;
        for (var number = 0; number < MaxPages; number++)
        {
            if ((await _storage.ListAsync(page, cancel)).Failed(out var fault, out var here))
            {
                return fault;
            }

            var start = number == 0 && from is not null ? StartAfter(here.Files, from) : 0;
            for (var i = start; i < here.Files.Count; i++)
            {
                var file = here.Files[i];
                if (skipTo is not null)
                {
                    skipTo = IsAt(file, skipTo) ? null : skipTo;
                    continue;
                }

                if (!Fits(file))
                {
                    continue;
                }

                if (found.Count == query.Limit)
                {
                    return new FilePage(found, true, last!.Seal(client.Provider, client.Key));
                }

                found.Add(file.ToStored());
                last = CursorAt(here.Files, i, page);
            }

            if (here.Next is null)
            {
                return skipTo is null ? new FilePage(found, false, null) : Unknown(skipTo);
            }

            if (found.Count < query.Limit && here.Files.Count > 0)
            {
                last = CursorAt(here.Files, here.Files.Count - 1, page);
            }

            page = here.Next;
        }

        return skipTo is not null || last is null ? TooMany() : new FilePage(found, true, last.Seal(client.Provider, client.Key));
    }

    private async Task<Outcome<FilePage>> OldestFirstAsync(CancellationToken cancel)
    {
        var all = new List<StoredFile>();
        string? page = null;
        for (var number = 0; ; number++)
        {
            if (number == MaxPages)
            {
                return TooMany();
            }

            if ((await _storage.ListAsync(page, cancel)).Failed(out var fault, out var here))
            {
                return fault;
            }

            foreach (var file in here.Files)
            {
                if (Fits(file) || IsAt(file, query.After))
                {
                    all.Add(file.ToStored());
                }
            }

            if (here.Next is null)
            {
                break;
            }

            page = here.Next;
        }

        all.Reverse();
        var start = 0;
        if (query.After is { } after)
        {
            start = all.FindIndex(file => file.Id == after || file.Id == FileIds.Ours(after)) + 1;
            if (start == 0)
            {
                return Unknown(after);
            }
        }

        var wanted = all.Skip(start).Where(file => query.Purpose is null || file.Purpose == query.Purpose).ToList();
        var hasMore = wanted.Count > query.Limit;
        return new FilePage(wanted.Take(query.Limit).ToList(), hasMore, hasMore ? wanted[query.Limit - 1].Id : null);
    }

    // The last file may have been deleted since, and files may be made in the same moment. A file twice is better than one never.
    private static int StartAfter(IReadOnlyList<UpstreamFile> files, FileCursor from)
    {
        var (before, since) = (-1, files.Count);
        for (var i = files.Count - 1; i >= 0; i--)
        {
            if (files[i].Id == from.LastId)
            {
                return i + 1;
            }

            before = files[i].Id == from.BeforeId ? i : before;
            since = files[i].CreatedAt <= from.LastCreated ? i : since;
        }

        return before >= 0 ? before + 1 : since;
    }

    private static FileCursor CursorAt(IReadOnlyList<UpstreamFile> files, int index, string? page) =>
        new(page, files[index].Id, index > 0 ? files[index - 1].Id : null, files[index].CreatedAt);

    private bool Fits(UpstreamFile file) => query.Purpose is null || (file.Purpose ?? "user_data") == query.Purpose;

    private static bool IsAt(UpstreamFile file, string? id) => id is not null && (file.Id == id || FileIds.Ours(file.Id) == id);

    private static Fault Unknown(string after) =>
        Fault.Invalid($"`after` names no file of this account: \"{(after.Length <= 80 ? after : $"{after.AsSpan(0, 80)}…")}\".", "after");

    private static Fault TooMany() =>
        Fault.Invalid($"This account has more than {MaxPages * 100} files; ask for them with order=desc and page by page.", "order");
}
