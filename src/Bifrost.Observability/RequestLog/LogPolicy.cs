using Bifrost.Core;
using Bifrost.Core.Contracts;
using Bifrost.Core.World;
using Bifrost.Observability.Redaction;

namespace Bifrost.Observability.RequestLog;

/// <summary>What may be kept of an exchange, made once for each configuration. Immutable, any thread.</summary>
/// <param name="config">As the operator wrote it.</param>
public sealed class LogPolicy(LogConfig config)
{
    // Made on first use, which is the writer's: its expressions take time to build.
    private readonly Lazy<Redactor?> _redactor = new(() => RedactorOf(config));

    public LogConfig Config => config;

    /// <summary>Without the operator's expressions when <see cref="IsBroken"/>.</summary>
    public Redactor Redactor => _redactor.Value ?? Redactor.Standard;

    /// <summary>One of the operator's expressions cannot be read, so nothing that was said may be kept.</summary>
    public bool IsBroken => _redactor.Value is null;

    /// <summary>Bytes kept of a request, and as many of its answer.</summary>
    public int MaxContentBytes => config.ContentMaxKb << 10;

    /// <summary>Whether an exchange is worth a row: everything that was addressed to something served here, lists of models among it, because a caller that
    /// polls them should be seen. Addresses where there is nothing are the work of scanners and are left to the gateway's log.</summary>
    public bool KeepsRow(Exchange exchange) => config.Enabled && exchange.HasOperation;

    /// <summary>Whether what was said is kept: as the virtual key says, else as the gateway is set. Lists and files say nothing.</summary>
    public bool KeepsContent(Exchange exchange) =>
        config.Enabled
        && config.ContentMaxKb > 0
        && (exchange.Caller?.KeepsContent ?? config.Content)
        && exchange.Operation
            is not (
                Operation.ModelList
                or Operation.ModelGet
                or Operation.FileList
                or Operation.FileGet
                or Operation.FileDelete
                or Operation.FileContent
                or Operation.VideoContent
            );

    private static Redactor? RedactorOf(LogConfig config) =>
        config.SecretPatterns.All(pattern => Redactor.Mistake(pattern) is null)
            ? new Redactor(config.SecretFields, config.SecretPatterns)
            : null;
}
