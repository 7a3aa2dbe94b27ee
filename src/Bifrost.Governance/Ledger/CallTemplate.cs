namespace Bifrost.Governance.Ledger;

/// <summary>Who calls what, made once and used for all such calls: one for each virtual key and target is best, one for each call works too. The
/// journal writes it once for each of its files and then only points to it.</summary>
public sealed class CallTemplate
{
    /// <param name="call">Its request id and time are not looked at; text over 512 characters is cut.</param>
    public CallTemplate(CallRecord call) => Call = call;

    public CallRecord Call { get; }

    /// <summary>Where the journal wrote it last. A value, changed in place: most templates are old, and an object made for each time it is written would be
    /// looked for in all of them at the next garbage collection. Guarded by the journal's lock.</summary>
    internal DefinedAt Defined { get; set; }
}

/// <param name="Generation">Of a journal's definitions, unique in the process and never zero; an older one is forgotten.</param>
/// <param name="Id">Within the file.</param>
internal readonly record struct DefinedAt(long Generation, int Id);
