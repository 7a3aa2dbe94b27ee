using System.Net;
using System.Net.Sockets;

namespace Bifrost.Core.Outbound;

/// <summary>Tells addresses of the open Internet from those that must not be reached on a caller's word: loopback, private, link-local
/// (where cloud metadata lives), shared, multicast, reserved, and IPv6 forms that hide such an IPv4 address.</summary>
public static class PublicAddress
{
    public static bool Is(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        return address.AddressFamily == AddressFamily.InterNetwork ? IsPublic4(address) : IsPublic6(address);
    }

    private static bool IsPublic4(IPAddress address)
    {
        Span<byte> b = stackalloc byte[4];
        address.TryWriteBytes(b, out _);
        return b[0] switch
        {
            0 or 10 or 127 => false,
            100 when b[1] is >= 64 and < 128 => false,
            169 when b[1] == 254 => false,
            172 when b[1] is >= 16 and < 32 => false,
            192 when b[1] == 168 || (b[1] == 0 && b[2] is 0 or 2) || (b[1] == 88 && b[2] == 99) => false,
            198 when b[1] is 18 or 19 || (b[1] == 51 && b[2] == 100) => false,
            203 when b[1] == 0 && b[2] == 113 => false,
            >= 224 => false,
            _ => true,
        };
    }

    private static bool IsPublic6(IPAddress address)
    {
        Span<byte> b = stackalloc byte[16];
        address.TryWriteBytes(b, out _);

        // Only 2000::/3 is handed out for global use; within it Teredo, documentation and 6to4 may wrap other addresses.
        if ((b[0] & 0xE0) != 0x20)
        {
            return false;
        }

        var teredo = b[0] == 0x20 && b[1] == 0x01 && b[2] == 0 && b[3] == 0;
        var documentation = b[0] == 0x20 && b[1] == 0x01 && b[2] == 0x0D && b[3] == 0xB8;
        var sixToFour = b[0] == 0x20 && b[1] == 0x02;
        return !teredo && !documentation && !(sixToFour && !IsPublic4(new IPAddress(b[2..6])));
    }
}
