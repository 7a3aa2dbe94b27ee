using System.Globalization;
using Bifrost.Core.Contracts;
using Bifrost.Observability.Redaction;
using Bifrost.Wire.Faults;

namespace Bifrost.Observability.RequestLog;

/// <summary>Makes rows of drafts.</summary>
internal static class RowMaking
{
    private static readonly string[] Lanes = ["verbatim", "patched", "translated"];

    public static LogRow Make(LogDraft draft)
    {
        var redactor = draft.Policy.Redactor;
        var target = draft.Target;
        var usage = Consumption.Of(draft.Operation, draft.Charge, draft.Usage);
        return new LogRow
        {
            Id = draft.Id,
            At = draft.At,
            Operation = draft.Operation.Word(),
            Status = StatusOf(draft.Fault),
            HttpStatus = draft.HttpStatus,
            Fault = draft.Fault?.Word(),
            Culprit = draft.Fault is { } kind ? FaultTable.Of(kind).Culprit.Word() : null,
            Message = RowText.Message(redactor, draft.Message),
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
            AskedModel = RowText.Name(redactor, draft.AskedModel) ?? "",
            SentModel = RowText.Name(redactor, target?.Model is { Length: > 0 } sent ? sent : null),
            AnsweredModel = RowText.Name(redactor, draft.AnsweredModel),
            UpstreamId = RowText.Name(redactor, draft.UpstreamId),
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
            null => !draft.WasSent || !draft.Operation.IsSold() ? 0 : null,
            { Unpriced: true, Nanodollars: 0 } => null,
            var charge => charge.Nanodollars,
        };

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
            notes[i] = RowText.Message(redactor, $"{note.Parameter} {note.Change}: {note.Message}")!;
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
            RowText.Add(metadata, name, value, redactor);
        }

        RowText.AddDimensions(metadata, draft.Dimensions, redactor);
        return metadata;
    }

    private static long Milliseconds(double? seconds) => seconds is { } known ? (long)Math.Round(known * 1000) : 0;
}
