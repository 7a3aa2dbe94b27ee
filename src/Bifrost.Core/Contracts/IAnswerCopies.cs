namespace Bifrost.Core.Contracts;

/// <summary>Decides which answers are copied while they go by, for whoever keeps what was said.</summary>
public interface IAnswerCopies
{
    /// <summary>Asked once, before the first byte goes out. Null: nothing of this answer is kept. Must neither throw nor wait.</summary>
    ContentCopy? Open(Exchange exchange);
}
