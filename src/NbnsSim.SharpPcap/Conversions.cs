using System.Net;
using System.Net.NetworkInformation;

namespace NbnsSim.SharpPcap;

/// <summary>The core's addresses as the framework's, which PacketDotNet speaks.</summary>
internal static class Conversions
{
    internal static IPAddress ToIPAddress(Ipv4Address address)
    {
        Span<byte> octets = stackalloc byte[Ipv4Address.Size];
        address.Write(octets);
        return new IPAddress(octets);
    }

    internal static PhysicalAddress ToPhysicalAddress(MacAddress address)
    {
        byte[] octets = new byte[MacAddress.Size];
        address.Write(octets);
        return new PhysicalAddress(octets);
    }
}
