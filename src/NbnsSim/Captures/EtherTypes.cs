namespace NbnsSim.Captures;

/// <summary>EtherTypes that are looked into (IEEE Registration Authority).</summary>
internal static class EtherTypes
{
    public const int Ipv4 = 0x0800;
    public const int TransparentBridging = 0x6558; // RFC 1701
    public const int VlanTag = 0x8100; // IEEE 802.1Q
    public const int Ppp = 0x880B;
    public const int Ipv6 = 0x86DD;
    public const int WebCacheRedirect = 0x883E; // Cisco's WCCP
    public const int Mpls = 0x8847; // RFC 5332
    public const int MplsUpstream = 0x8848;
    public const int PppoeSession = 0x8864; // RFC 2516
    public const int ServiceTag = 0x88A8; // IEEE 802.1ad
    public const int Erspan = 0x88BE; // types I and II
    public const int Erspan3 = 0x22EB;
    public const int MacSecurity = 0x88E5; // IEEE 802.1AE
    public const int CiscoMetadata = 0x8909; // security group tags
    public const int VirtualNetworkTag = 0x8926; // Cisco's VN-Tag, as IEEE 802.1BR began
    public const int SeamlessRedundancy = 0x892F; // IEC 62439-3 HSR
    public const int BackboneService = 0x88E7; // IEEE 802.1ah
    public const int OldServiceTag = 0x9100;
    public const int OlderServiceTag = 0x9200;
}
