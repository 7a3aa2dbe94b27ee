using System.Collections.Frozen;
using System.Security.Cryptography;
using Bifrost.Governance.Stores;
using Bifrost.Storage.Databases;
using Bifrost.Storage.Schema;
using Microsoft.Extensions.Logging;

namespace Bifrost.Storage.Sealing;

/// <summary>Finds out which key seals today, and puts what is sealed with older ones under it.</summary>
internal sealed partial class KeyRing(Database database, SealingSettings settings, TimeProvider clock, ILogger<KeyRing> log)
{
    private const string Word = "bifrost";
    private const int ShortPassphrase = 16;

    private const string Rows = "SELECT id, derivation, salt, probe, created_at, retired_at FROM sealing_keys ORDER BY created_at DESC, id";

    private const string Insert = """
        INSERT INTO sealing_keys (id, derivation, salt, probe, created_at) VALUES (@id, @derivation, @salt, @probe, @now)
        """;

    public async Task<ISecretBox> OpenAsync(CancellationToken cancel)
    {
        if (settings.Passphrase is { Length: < ShortPassphrase })
        {
            PassphraseIsShort(SealingSettings.KeyVariable, ShortPassphrase);
        }

        // The usual start: the key is the one of yesterday, and nothing is to be written.
        var rows = await database.ReadAsync(session => session.QueryAsync(Rows, Read), cancel);
        if (
            Active(rows) is { } active
            && settings.Previous.Count == 0
            && Own(make: false) is { } own
            && await TryAsync(active, own) is { } key
        )
        {
            return Box(active.Id, [new(active.Id, key)]);
        }

        return await database.AloneAsync(ChangeAsync, cancel);
    }

    /// <summary>Alone with the database: a first key is made, another key takes over, or what was left behind is sealed anew.</summary>
    private async Task<ISecretBox> ChangeAsync(Session session)
    {
        var rows = await session.QueryAsync(Rows, Read);
        if (Active(rows) is not { } active)
        {
            var first = await MakeAsync(session, Own(make: true)!);
            return Box(first.Key, [first]);
        }

        var keys = new Dictionary<string, byte[]>();
        var current = active.Id;
        if (Own(make: false) is { } own && await TryAsync(active, own) is { } known)
        {
            keys[current] = known;
        }
        else
        {
            keys[active.Id] = await OldKeyAsync(active) ?? throw WrongKey();
            var made = await MakeAsync(session, Own(make: true)!);
            await session.ExecuteAsync(
                "UPDATE sealing_keys SET retired_at = @now WHERE id = @id",
                ("@now", Moments.Write(clock.GetUtcNow())),
                ("@id", active.Id)
            );
            (current, keys[made.Key]) = made;
            KeyChanged(active.Id, current);
        }

        foreach (var row in rows)
        {
            if (!keys.ContainsKey(row.Id) && await OldKeyAsync(row) is { } old)
            {
                keys[row.Id] = old;
            }
        }

        var box = Box(current, keys);
        var changed = await new ReSeal(database, box).RunAsync(session, Moments.Write(clock.GetUtcNow()));
        if (changed > 0)
        {
            ReSealed(changed, current);
        }

        return box;
    }

    private async Task<KeyValuePair<string, byte[]>> MakeAsync(Session session, string secret)
    {
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));
        var salt = RandomNumberGenerator.GetBytes(KeyDerivation.SaltLength);
        var derivation = settings.Passphrase is null ? KeyDerivation.Random : KeyDerivation.Passphrase;
        var key = await KeyDerivation.KeyAsync(derivation, secret, salt);
        await session.ExecuteAsync(
            Insert,
            ("@id", id),
            ("@derivation", derivation),
            ("@salt", salt),
            ("@probe", SealedText.Seal(Word, id, key)),
            ("@now", Moments.Write(clock.GetUtcNow()))
        );
        return new(id, key);
    }

    /// <summary>What is to seal from now on. Null: there is no passphrase and no key file yet.</summary>
    private string? Own(bool make) => settings.Passphrase ?? (make ? KeyFile.ReadOrMake(settings.KeyFile) : KeyFile.Read(settings.KeyFile));

    private async Task<byte[]?> OldKeyAsync(SealingKeyRow row)
    {
        // A key file that a passphrase has replaced is one of the keys of before.
        string?[] secrets = [.. settings.Previous, settings.Passphrase, KeyFile.Read(settings.KeyFile)];
        foreach (var secret in secrets)
        {
            if (secret is not null && await TryAsync(row, secret) is { } key)
            {
                return key;
            }
        }

        return null;
    }

    private static async Task<byte[]?> TryAsync(SealingKeyRow row, string secret)
    {
        var key = await Task.Run(() => KeyDerivation.KeyAsync(row.Derivation, secret, row.Salt));
        try
        {
            return SealedText.Open(row.Probe, key) == Word ? key : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private StoreOpenException WrongKey() =>
        new(
            settings.Passphrase is not null
                ? $"The database is sealed with another key than the one given. Set {SealingSettings.KeyVariable} (or encryption_key) to the passphrase it was sealed with; "
                    + $"to change the passphrase, put the old one into {SealingSettings.PreviousVariable}."
                : $"The database is sealed, and its key is not here: neither is a passphrase set nor does {settings.KeyFile} hold the right key. Set "
                    + $"{SealingSettings.KeyVariable} to the passphrase, or bring the key file back."
        );

    private static SealingKeyRow? Active(List<SealingKeyRow> rows) => rows.Find(row => row.RetiredAt is null);

    private static SecretBox Box(string current, IEnumerable<KeyValuePair<string, byte[]>> keys) => new(current, keys.ToFrozenDictionary());

    private static SealingKeyRow Read(System.Data.Common.DbDataReader reader) =>
        new()
        {
            Id = reader.GetString(0),
            Derivation = reader.GetString(1),
            Salt = reader.GetFieldValue<byte[]>(2),
            Probe = reader.GetString(3),
            CreatedAt = reader.GetInt64(4),
            RetiredAt = reader.IsDBNull(5) ? null : reader.GetInt64(5),
        };

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Variable} has fewer than {Least} characters; a short passphrase can be guessed.")]
    private partial void PassphraseIsShort(string variable, int least);

    [LoggerMessage(Level = LogLevel.Information, Message = "Secrets were sealed with the key {Old} and are now sealed with {New}.")]
    private partial void KeyChanged(string old, string @new);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} documents were sealed anew with the key {Key}.")]
    private partial void ReSealed(int count, string key);
}
