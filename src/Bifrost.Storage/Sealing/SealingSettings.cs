namespace Bifrost.Storage.Sealing;

/// <summary>Where the keys come from that secrets are sealed with.</summary>
public sealed record SealingSettings
{
    /// <summary>The variable that holds the passphrase.</summary>
    public const string KeyVariable = "BIFROST_ENCRYPTION_KEY";

    /// <summary>The variable that holds passphrases of before, separated by commas.</summary>
    public const string PreviousVariable = "BIFROST_ENCRYPTION_KEY_PREVIOUS";

    /// <summary>The operator's passphrase; null: a random key is kept in <see cref="KeyFile"/>, and made there when it is missing.</summary>
    public string? Passphrase { get; init; }

    /// <summary>Passphrases of before: what is still sealed with one of them is sealed anew.</summary>
    public IReadOnlyList<string> Previous { get; init; } = [];

    /// <summary>Path of the random key. Only its owner may read it, and it does not belong into the same backup as the database.</summary>
    public required string KeyFile { get; init; }

    /// <param name="configured"><c>encryption_key</c> of the configuration, resolved, or null; it goes before the environment.</param>
    /// <param name="environment">Reads a variable, null when it is not set.</param>
    /// <param name="appDirectory">Where the key file is, or will be.</param>
    public static SealingSettings From(string? configured, Func<string, string?> environment, string appDirectory) =>
        new()
        {
            Passphrase = Said(configured) ?? Said(environment(KeyVariable)),
            Previous = (environment(PreviousVariable) ?? "").Split(
                ',',
                StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
            ),
            KeyFile = Path.Combine(appDirectory, "encryption.key"),
        };

    public override string ToString() => $"sealing with {(Passphrase is null ? KeyFile : "a passphrase")}";

    private static string? Said(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
