using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Bifrost.Governance.Objects;

namespace Bifrost.Governance.Registry;

/// <summary>Objects in the orders in which they are listed. Sorted when first asked for; a few changes are worked in, many make it sort again.</summary>
internal sealed class ObjectLists(TimeProvider clock, Func<GovernanceObject, long> spent)
{
    private const int MostWorkedIn = 1_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<(Type Type, ListOrder Order), Kept> _kept = [];

    /// <param name="objects">One dictionary of the snapshot: as long as it is the same instance, what was sorted stays.</param>
    /// <param name="query">Which.</param>
    public Page<T> List<T>(IReadOnlyDictionary<string, T> objects, ListQuery query)
        where T : GovernanceObject
    {
        var rows = RowsOf(objects, query.OrderBy);
        var limit = Math.Clamp(query.Limit, 1, 100_000);
        var after = Cursor.Read(query.After, query.OrderBy);
        var (items, total, left) = (new List<T>(), 0, Math.Max(0, query.Offset));
        string? next = null;
        Row<T>? last = null;
        for (var i = 0; i < rows.Length; i++)
        {
            ref readonly var row = ref rows[query.Descending ? rows.Length - 1 - i : i];
            if (!ListFilter.Matches(row.Object, query))
            {
                continue;
            }

            total++;
            if (after is { } cursor && (query.Descending ? -row.CompareTo(cursor) : row.CompareTo(cursor)) <= 0)
            {
                continue;
            }

            if (left > 0)
            {
                left--;
            }
            else if (items.Count < limit)
            {
                items.Add(row.Object);
                last = row;
            }
            else
            {
                next ??= Cursor.Write(query.OrderBy, last!.Value);
            }
        }

        return new Page<T>(items, next, total);
    }

    /// <summary>Notes what changed, in one after the other of the snapshots that are published.</summary>
    public void Follow(GovernanceSnapshot before, GovernanceSnapshot after, IReadOnlyList<Change> changes)
    {
        lock (_gate)
        {
            foreach (var (key, kept) in _kept)
            {
                var source = after.AllOf(key.Type);
                if (ReferenceEquals(source, kept.Source))
                {
                    continue;
                }

                if (!ReferenceEquals(before.AllOf(key.Type), kept.Source) || kept.Pending.Count + changes.Count > MostWorkedIn)
                {
                    _kept.Remove(key);
                    continue;
                }

                kept.Source = source;
                kept.Pending.AddRange(changes.Where(change => (change.New ?? change.Old)!.GetType() == key.Type));
            }
        }
    }

    private Row<T>[] RowsOf<T>(IReadOnlyDictionary<string, T> objects, ListOrder order)
        where T : GovernanceObject
    {
        // What was spent and what has expired change without an edit.
        if (order is ListOrder.BudgetSpent or ListOrder.Status)
        {
            return Sort(objects, order);
        }

        lock (_gate)
        {
            if (!_kept.TryGetValue((typeof(T), order), out var kept) || !ReferenceEquals(kept.Source, objects))
            {
                _kept[(typeof(T), order)] = kept = new Kept { Source = objects, Rows = Sort(objects, order) };
            }
            else if (kept.Pending.Count > 0)
            {
                kept.Rows = Worked((Row<T>[])kept.Rows, kept.Pending, order);
                kept.Pending.Clear();
            }

            return (Row<T>[])kept.Rows;
        }
    }

    private Row<T>[] Worked<T>(Row<T>[] rows, List<Change> changes, ListOrder order)
        where T : GovernanceObject
    {
        var latest = new Dictionary<string, T?>(StringComparer.Ordinal);
        foreach (var change in changes)
        {
            latest[change.Ref.Id] = (T?)change.New;
        }

        var now = clock.GetUtcNow();
        Row<T>[] coming = [.. latest.Values.OfType<T>().Select(value => RowOf(value, order, now))];
        Array.Sort(coming);
        var merged = new List<Row<T>>(rows.Length + coming.Length);
        var next = 0;
        foreach (var row in rows)
        {
            if (latest.ContainsKey(row.Object.Id))
            {
                continue;
            }

            while (next < coming.Length && coming[next].CompareTo(row) < 0)
            {
                merged.Add(coming[next++]);
            }

            merged.Add(row);
        }

        merged.AddRange(coming.AsSpan(next));
        return [.. merged];
    }

    private Row<T>[] Sort<T>(IReadOnlyDictionary<string, T> objects, ListOrder order)
        where T : GovernanceObject
    {
        var now = clock.GetUtcNow();
        var rows = new Row<T>[objects.Count];
        var count = 0;
        foreach (var (_, value) in objects)
        {
            rows[count++] = RowOf(value, order, now);
        }

        Array.Sort(rows);
        return rows;
    }

    private Row<T> RowOf<T>(T value, ListOrder order, DateTimeOffset now)
        where T : GovernanceObject
    {
        var number = order switch
        {
            ListOrder.CreatedAt => value.CreatedAt.UtcTicks,
            ListOrder.Status => StatusOf(value, now),
            ListOrder.BudgetSpent => spent(value),
            _ => 0,
        };
        return new Row<T>(number, order == ListOrder.CreatedAt ? "" : ObjectParts.Name(value) ?? value.Id, value);
    }

    private static long StatusOf(GovernanceObject value, DateTimeOffset now) =>
        value is not VirtualKey key ? 0
        : !key.IsActive ? 2
        : key.ExpiresAt <= now ? 1
        : 0;

    /// <summary>Rows of one type in one order, and what changed since they were sorted.</summary>
    private sealed class Kept
    {
        public required object Source { get; set; }

        public required object Rows { get; set; }

        public List<Change> Pending { get; } = [];
    }

    private readonly record struct Row<T>(long Number, string Text, T Object) : IComparable<Row<T>>
        where T : GovernanceObject
    {
        public int CompareTo(Row<T> other) => CompareTo(new Cursor(other.Number, other.Text, other.Object.Id));

        public int CompareTo(Cursor other)
        {
            var order = Number.CompareTo(other.Number);
            if (order == 0)
            {
                order = string.Compare(Text, other.Text, StringComparison.OrdinalIgnoreCase);
            }

            return order != 0 ? order : string.CompareOrdinal(Object.Id, other.Id);
        }
    }

    /// <summary>The place of an object in an order; it stays one when the object is gone.</summary>
    private readonly record struct Cursor(long Number, string Text, string Id)
    {
        public static string Write<T>(ListOrder order, in Row<T> row)
            where T : GovernanceObject =>
            Base64Url.EncodeToString(
                Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{order}\n{row.Number}\n{row.Text}\r{row.Object.Id}"))
            );

        public static Cursor? Read(string? text, ListOrder order)
        {
            if (string.IsNullOrEmpty(text) || !Base64Url.IsValid(text))
            {
                return null;
            }

            var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)).Split('\n', 3);
            var end = parts.Length == 3 ? parts[2].LastIndexOf('\r') : -1;
            return end >= 0 && parts[0] == order.ToString() && long.TryParse(parts[1], CultureInfo.InvariantCulture, out var number)
                ? new Cursor(number, parts[2][..end], parts[2][(end + 1)..])
                : null;
        }
    }
}
