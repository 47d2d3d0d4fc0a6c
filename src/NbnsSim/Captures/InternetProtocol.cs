namespace NbnsSim.Captures;

/// <summary>Numbers of the internet protocols (IANA).</summary>
internal static class InternetProtocol
{
    public const ushort Ipv4EtherType = 0x0800;
    public const ushort Ipv6EtherType = 0x86DD;

    public const byte HopByHop = 0;
    public const byte Udp = 17;
    public const byte Routing = 43;
    public const byte Fragment = 44;
    public const byte Authentication = 51;
    public const byte DestinationOptions = 60;

    public const int Ipv4Header = 20;
    public const int Ipv6Header = 40;
}
