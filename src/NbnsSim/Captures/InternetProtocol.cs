namespace NbnsSim.Captures;

/// <summary>Numbers of the internet protocols (IANA).</summary>
internal static class InternetProtocol
{
    public const byte HopByHop = 0;
    public const byte Icmp = 1;
    public const byte Ipv4 = 4;
    public const byte Udp = 17;
    public const byte Ipv6 = 41;
    public const byte Routing = 43;
    public const byte Fragment = 44;
    public const byte Gre = 47;
    public const byte Encrypted = 50; // ESP, RFC 4303
    public const byte Authentication = 51;
    public const byte Icmpv6 = 58;
    public const byte DestinationOptions = 60;
    public const byte EtherIp = 97;
    public const byte L2tp = 115;
    public const byte Mpls = 137;

    public const int Ipv4Header = 20;
    public const int Ipv6Header = 40;
}
