using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Bifrost.Governance.VirtualKeys;

/// <summary>SHA-256 of a virtual key's value. Keys are found by this alone, so a comparison tells nothing about a value that is near the right one.</summary>
public readonly record struct KeyHash(ulong First, ulong Second, ulong Third, ulong Fourth)
{
    private const int Size = 32;

    // To make one takes longer than to hash with it.
    [ThreadStatic]
    private static IncrementalHash? _sha256;

    /// <summary>Of a value that <see cref="VirtualKeyValue.LooksLikeOne"/>; null for any other. The prefix counts as lower-case, the rest as it is.
    /// Allocates nothing.</summary>
    public static KeyHash? Of(ReadOnlySpan<char> value)
    {
        if (!VirtualKeyValue.LooksLikeOne(value))
        {
            return null;
        }

        Span<byte> text = stackalloc byte[VirtualKeyValue.MaxLength * 3];
        Span<byte> hash = stackalloc byte[Size];
        Encoding.UTF8.GetBytes(VirtualKeyValue.Prefix, text);
        var rest = Encoding.UTF8.GetBytes(value[VirtualKeyValue.Prefix.Length..], text[VirtualKeyValue.Prefix.Length..]);
        var sha256 = _sha256 ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha256.AppendData(text[..(VirtualKeyValue.Prefix.Length + rest)]);
        sha256.GetHashAndReset(hash);
        return Read(hash);
    }

    /// <summary>From 64 hexadecimal digits; null for anything else.</summary>
    public static KeyHash? Parse(string? hex)
    {
        if (hex is null || hex.Length != Size * 2)
        {
            return null;
        }

        Span<byte> hash = stackalloc byte[Size];
        return Convert.FromHexString(hex, hash, out _, out var written) == System.Buffers.OperationStatus.Done && written == Size
            ? Read(hash)
            : null;
    }

    /// <summary>Any eight bytes of a SHA-256 are as good a hash code as a mixture of all.</summary>
    public override int GetHashCode() => (int)First;

    /// <summary>64 lower-case hexadecimal digits.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{First:x16}{Second:x16}{Third:x16}{Fourth:x16}");

    private static KeyHash Read(ReadOnlySpan<byte> hash) =>
        new(
            BinaryPrimitives.ReadUInt64BigEndian(hash),
            BinaryPrimitives.ReadUInt64BigEndian(hash[8..]),
            BinaryPrimitives.ReadUInt64BigEndian(hash[16..]),
            BinaryPrimitives.ReadUInt64BigEndian(hash[24..])
        );
}
