using System.Security.Cryptography;

namespace Bifrost.Governance.VirtualKeys;

/// <summary>The value of a virtual key, in the one moment in which it is known: to be shown once, then forgotten. Only <see cref="Hash"/> and
/// <see cref="Preview"/> are kept.</summary>
public sealed class VirtualKeyValue
{
    public const string Prefix = "sk-bf-";

    /// <summary>Characters, prefix included. A longer one is not looked at.</summary>
    public const int MaxLength = 255;

    /// <summary>So many characters after the prefix leave enough secret when four of them are shown.</summary>
    private const int LongEnoughToPreview = 16;

    private VirtualKeyValue(string value)
    {
        Value = value;
        Hash = KeyHash.Of(value)!.Value.ToString();
        Preview = value.Length >= Prefix.Length + LongEnoughToPreview ? $"{Prefix}…{value[^4..]}" : $"{Prefix}…";
    }

    /// <summary>The secret itself. Never kept or logged.</summary>
    public string Value { get; }

    /// <summary>For <see cref="Objects.VirtualKey.ValueHash"/>.</summary>
    public string Hash { get; }

    /// <summary>For <see cref="Objects.VirtualKey.ValuePreview"/>.</summary>
    public string Preview { get; }

    /// <summary>A new one: the prefix and a random UUID (version 4) from the system's generator for secrets.</summary>
    public static VirtualKeyValue New()
    {
        Span<byte> random = stackalloc byte[16];
        RandomNumberGenerator.Fill(random);
        random[6] = (byte)((random[6] & 0x0F) | 0x40);
        random[8] = (byte)((random[8] & 0x3F) | 0x80);
        return new VirtualKeyValue(Prefix + new Guid(random, bigEndian: true).ToString("D"));
    }

    /// <summary>One that the operator chose, in the configuration file; null when it cannot be one (see <see cref="LooksLikeOne"/>).</summary>
    public static VirtualKeyValue? Chosen(string value) =>
        LooksLikeOne(value) && !value.AsSpan().ContainsAnyExceptInRange('!', '~') ? new VirtualKeyValue(value) : null;

    /// <summary>Begins with the prefix, in any case, has something after it, and is not too long.</summary>
    public static bool LooksLikeOne(ReadOnlySpan<char> value) =>
        value.Length > Prefix.Length && value.Length <= MaxLength && value.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);

    /// <summary>The preview: nothing that prints this object prints the secret.</summary>
    public override string ToString() => Preview;
}
