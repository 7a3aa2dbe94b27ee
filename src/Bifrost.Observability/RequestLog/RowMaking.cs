using System.Globalization;
using Bifrost.Core.Contracts;
using Bifrost.Observability.Redaction;
using Bifrost.Wire.Faults;

namespace Bifrost.Observability.RequestLog;

/// <summary>Makes rows of drafts. One thread.</summary>
internal sealed class RowMaking
{
    private const int LongestMessage = 1000;
    private const int LongestName = 300;
    private const int LongestMetadata = 500;
    private static readonly string[] Lanes = ["verbatim", "patched", "translated"];

    private long _given;

    public LogRow Make(LogDraft draft)
    {
        var redactor = draft.Policy.Redactor;
        var target = draft.Target;
        // What was charged for, so that rows and ledger agree; it was counted here where the provider told nothing.
        var usage = draft.Charge?.Usage ?? draft.Usage;
        return new LogRow
        {
            Id = IdOf(draft),
            At = draft.At,
            Operation = draft.Operation.Word(),
            Status = StatusOf(draft.Fault),
            HttpStatus = draft.HttpStatus,
            Fault = draft.Fault?.Word(),
            Culprit = draft.Fault is { } kind ? FaultTable.Of(kind).Culprit.Word() : null,
            Message = Clean(redactor, draft.Message, LongestMessage),
            Lane = draft.WasSent && target is not null ? Lanes[(int)target.Lane] : null,
            Streamed = draft.Streams,
            VirtualKeyId = draft.Caller?.Id,
            VirtualKeyName = draft.Caller?.Name,
            TeamId = draft.Caller?.TeamId,
            BusinessUnitId = draft.Caller?.BusinessUnitId,
            CustomerId = draft.Caller?.CustomerId,
            UserId = draft.Caller?.UserId,
            Provider = target?.Provider.Id,
            ProviderKeyId = target?.Key.Id,
            ProviderKeyName = target?.Key.Name,
            AskedModel = Clean(redactor, draft.AskedModel, LongestName) ?? "",
            SentModel = Clean(redactor, target?.Model is { Length: > 0 } sent ? sent : null, LongestName),
            AnsweredModel = Clean(redactor, draft.AnsweredModel, LongestName),
            UpstreamId = Clean(redactor, draft.UpstreamId, LongestName),
            Attempts = AttemptsOf(draft),
            FallbackIndex = draft.TargetIndex,
            InputTokens = usage?.InputTokens ?? 0,
            OutputTokens = usage?.OutputTokens ?? 0,
            CachedReadTokens = usage?.CachedReadTokens ?? 0,
            CachedWriteTokens = usage?.CachedWriteTokens ?? 0,
            ReasoningTokens = usage?.ReasoningTokens ?? 0,
            AudioTokens = (usage?.AudioInputTokens ?? 0) + (usage?.AudioOutputTokens ?? 0),
            Images = usage?.Images ?? 0,
            VideoMilliseconds = Milliseconds(usage?.VideoSeconds),
            ComputeMilliseconds = Milliseconds(usage?.ComputeSeconds),
            Cost = CostOf(draft),
            Estimated = draft.Charge?.Estimated ?? usage?.Estimated ?? false,
            PriceVersion = draft.Charge?.PriceVersion,
            CostLines = CostText.Of(draft.Charge),
            Latency = draft.Latency,
            FirstByte = draft.FirstByte,
            Accepted = draft.Accepted,
            Planned = draft.Planned,
            Waited = draft.Waited,
            Chunks = draft.Chunks,
            RequestBytes = draft.RequestBytes,
            ResponseBytes = draft.ResponseBytes,
            Metadata = MetadataOf(draft, redactor),
            Notes = NotesOf(draft, redactor),
        };
    }

    /// <summary>A caller may give the same id to many requests; each of them is a row of its own. The gateway's own ids stay as they are, given ones
    /// are what precedes the <c>~</c>.</summary>
    private string IdOf(LogDraft draft) =>
        draft.RequestIdWasGiven
            ? string.Create(CultureInfo.InvariantCulture, $"{draft.RequestId}~{draft.At:x}{_given++ & 0xFFF:x3}")
            : draft.RequestId;

    private static LogStatus StatusOf(FaultKind? fault) =>
        fault switch
        {
            null => LogStatus.Success,
            FaultKind.CallerLeft => LogStatus.Cancelled,
            _ => LogStatus.Error,
        };

    /// <summary>Nothing was spent where nothing was sent, or on what nobody sells; all else without a price has no cost.</summary>
    private static long? CostOf(LogDraft draft) =>
        draft.Charge switch
        {
            null => !draft.WasSent || IsFree(draft.Operation) ? 0 : null,
            { Unpriced: true, Nanodollars: 0 } => null,
            var charge => charge.Nanodollars,
        };

    private static bool IsFree(Operation operation) =>
        operation
            is Operation.ResponseGet
                or Operation.ResponseCancel
                or Operation.FileUpload
                or Operation.FileList
                or Operation.FileGet
                or Operation.FileDelete
                or Operation.FileContent
                or Operation.VideoList
                or Operation.VideoGet
                or Operation.VideoContent
                or Operation.VideoDelete
                or Operation.ModelList
                or Operation.ModelGet;

    private static LogAttempt[] AttemptsOf(LogDraft draft)
    {
        if (draft.Attempts.Count == 0)
        {
            return [];
        }

        var attempts = new LogAttempt[draft.Attempts.Count];
        for (var i = 0; i < attempts.Length; i++)
        {
            var tried = draft.Attempts[i];
            attempts[i] = new LogAttempt(
                tried.Provider,
                tried.Model,
                tried.Key,
                tried.Fault.Word(),
                tried.Took.Ticks / TimeSpan.TicksPerMicrosecond
            );
        }

        return attempts;
    }

    private static string[] NotesOf(LogDraft draft, Redactor redactor)
    {
        if (draft.Notes.Count == 0)
        {
            return [];
        }

        var notes = new string[draft.Notes.Count];
        for (var i = 0; i < notes.Length; i++)
        {
            var note = draft.Notes[i];
            notes[i] = Clean(redactor, $"{note.Parameter} {note.Change}: {note.Message}", LongestMessage)!;
        }

        return notes;
    }

    private static List<KeyValuePair<string, string>> MetadataOf(LogDraft draft, Redactor redactor)
    {
        var metadata = new List<KeyValuePair<string, string>>();
        if (draft.TraceId is { } trace)
        {
            // First, so that no header of the caller's can take its place.
            metadata.Add(new(LogRow.TraceIdKey, trace));
        }

        foreach (var (name, value) in draft.Headers ?? [])
        {
            Add(metadata, name, value, redactor);
        }

        foreach (var pair in draft.Dimensions?.Split(',') ?? [])
        {
            var at = pair.IndexOf('=', StringComparison.Ordinal);
            if (at > 0)
            {
                Add(metadata, pair[..at], pair[(at + 1)..].Replace("%2C", ",", StringComparison.Ordinal), redactor);
            }
        }

        return metadata;
    }

    private static void Add(List<KeyValuePair<string, string>> metadata, string name, string value, Redactor redactor)
    {
        var lower = redactor.Text(name.ToLowerInvariant());
        if (!metadata.Exists(known => known.Key == lower))
        {
            metadata.Add(new(lower, Cut(redactor.Value(lower, value), LongestMetadata)));
        }
    }

    // Cut last: a secret cut in two would no longer look like one.
    private static string? Clean(Redactor redactor, string? text, int longest) => text is null ? null : Cut(redactor.Text(text), longest);

    private static string Cut(string text, int longest) => text.Length <= longest ? text : text[..(longest - 1)] + "…";

    private static long Milliseconds(double? seconds) => seconds is { } known ? (long)Math.Round(known * 1000) : 0;
}
