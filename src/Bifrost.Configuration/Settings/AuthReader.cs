using System.Text.Json.Nodes;
using Bifrost.Configuration.Documents;

namespace Bifrost.Configuration.Settings;

/// <summary>The administrator's account, as it is written and as it is kept: a password in clear becomes a hash at once; a reference to the environment stays one.</summary>
internal static class AuthReader
{
    public const string Hash = "password_hash";
    public const string HashInFile = "file_password_hash";
    public const string Password = "admin_password";

    /// <summary>What is kept of what was written.</summary>
    public static JsonObject Kept(JsonObject written, IPasswordHasher passwords)
    {
        var kept = written.DeepClone().AsObject();
        if (kept[Password] is JsonValue value && value.TryGetValue<string>(out var password))
        {
            kept.Remove(Hash);
            if (!SecretFields.IsReference(password))
            {
                kept.Remove(Password);
                kept[Hash] = passwords.Hash(password.Trim());
            }
        }

        return kept;
    }

    /// <summary>What is in force, from what is kept. <paramref name="section"/> is the same, walked.</summary>
    public static AuthSettings Read(SectionReading section, JsonObject kept, IPasswordHasher passwords, Findings findings)
    {
        var hash = kept[Hash]?.GetValue<string>() ?? (section.Text(Password) is { } found ? passwords.Hash(found) : null);
        Check(section, findings, hash is not null);
        return new AuthSettings(
            section.Flag("is_enabled") ?? false,
            section.Text("admin_username") ?? "",
            hash,
            section.Flag("disable_auth_on_inference") ?? true
        );
    }

    /// <summary>An account that is on must be one that somebody can use.</summary>
    public static void Check(SectionReading? section, Findings findings, bool hasHash = false)
    {
        if (section?.Flag("is_enabled") != true)
        {
            return;
        }

        if (!section.Has("admin_username"))
        {
            findings.Mistake(section.PathOf("admin_username"), "is missing: nobody could log in. Write one, or \"is_enabled\": false.");
        }

        if (!hasHash && !section.Has(Password))
        {
            findings.Mistake(
                section.PathOf(Password),
                "is missing: nobody could log in. Write it, best as \"env.BIFROST_ADMIN_PASSWORD\", or \"is_enabled\": false."
            );
        }
    }

    /// <summary>Without what only we know of.</summary>
    public static JsonObject Published(JsonObject kept)
    {
        var published = kept.DeepClone().AsObject();
        published.Remove(Hash);
        published.Remove(HashInFile);
        return published;
    }
}
