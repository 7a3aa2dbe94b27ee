using Bifrost.Core.World;

namespace Bifrost.Configuration.Settings;

/// <summary>What became of an edit.</summary>
public enum EditStatus
{
    /// <summary>Kept and in force.</summary>
    Done,

    /// <summary>There is nothing of that name.</summary>
    NotFound,

    /// <summary>There is something of that name already.</summary>
    Conflict,

    /// <summary>It has mistakes; nothing changed.</summary>
    Mistaken,

    /// <summary>This gateway keeps no settings (<c>config_store.enabled</c> is false); nothing changed.</summary>
    NotKept,

    /// <summary>The store did not take it; nothing changed.</summary>
    StoreDown,
}

/// <summary>An edit's result: all of it is in force, or nothing has changed.</summary>
/// <param name="Status">Which.</param>
/// <param name="Message">One sentence for whoever asked; null when done or when there are mistakes.</param>
/// <param name="Mistakes">Paths are relative to the body that was sent.</param>
/// <param name="Warnings">What was taken and works otherwise than one may believe.</param>
public sealed record EditOutcome(EditStatus Status, string? Message, IReadOnlyList<Mistake> Mistakes, IReadOnlyList<string> Warnings)
{
    public bool IsDone => Status == EditStatus.Done;

    /// <summary>The id of what was added, where the gateway chose it.</summary>
    public string? Id { get; init; }

    internal static EditOutcome NotKept { get; } =
        Failed(
            EditStatus.NotKept,
            "This gateway keeps no settings: `config_store.enabled` is false in config.json. Change the file and start Bifrost again, or give it a store."
        );

    internal static EditOutcome Failed(EditStatus status, string message) => new(status, message, [], []);

    internal static EditOutcome Mistaken(IReadOnlyList<Mistake> mistakes) => new(EditStatus.Mistaken, null, mistakes, []);

    internal static EditOutcome Done(IReadOnlyList<string> warnings) => new(EditStatus.Done, null, [], warnings);
}
