using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Reports.Layouts;

/// <summary>A packet of each kind that RFC 1002 §4.2 draws, to look at.</summary>
internal static class PacketExamples
{
    private static readonly NetBiosName s_name = NetBiosName.Parse("JSMITH<03>");
    private static readonly NbEntry s_entry = new(new NbFlags(group: false, OwnerNodeType.B), Ipv4Address.Parse("10.0.0.2"));

    /// <summary>The examples, in the order of the document.</summary>
    public static IReadOnlyList<(string Title, byte[] Octets)> All { get; } =
    [
        .. new (string Clause, NbnsMessage Message)[]
        {
            ("§4.2.2", new NameRegistrationRequest(0x2910, s_name, s_entry, isBroadcast: true)),
            ("§4.2.3", new NameOverwriteDemand(0x2910, s_name, s_entry)),
            ("§4.2.4", new NameRefreshRequest(0x2911, s_name, s_entry, 300_000)),
            ("§4.2.5", new PositiveNameRegistrationResponse(0x2910, s_name, s_entry, 518_400)),
            ("§4.2.6", new NegativeNameRegistrationResponse(0x2910, s_name, NbnsRcode.ActiveError, s_entry)),
            ("§4.2.8", new NameConflictDemand(0x2912, s_name)),
            ("§4.2.9", new NameReleaseRequest(0x2913, s_name, s_entry)),
            ("§4.2.12", new NameQueryRequest(0x2914, s_name, isBroadcast: true)),
            ("§4.2.13", new PositiveNameQueryResponse(0x2914, s_name, [s_entry])),
            ("§4.2.14", new NegativeNameQueryResponse(0x2914, s_name, NbnsRcode.NameError)),
            ("§4.2.15", new RedirectNameQueryResponse(0x2914, s_name, NetBiosName.Parse("WINSRV<20>"), Ipv4Address.Parse("10.0.0.5"))),
            ("§4.2.16", new WaitForAcknowledgementResponse(0x2910, s_name, 5, NbnsFlagWords.RegistrationRequest)),
            ("§4.2.17", new NodeStatusRequest(0x2915, NetBiosName.Parse("*"))),
            ("§4.2.18", new NodeStatusResponse(0x2915, NetBiosName.Parse("*"), [new(NetBiosName.Parse("BRAVO<00>"), new NameFlags(NameFlags.ActiveBit)), new(s_name, new NameFlags(NameFlags.ActiveBit | NameFlags.ConflictBit))], new NodeStatistics(MacAddress.FromIpv4(s_entry.Address)))),
        }
        .Select(static example => ($"{example.Message.Kind.Title()} ({example.Clause})", example.Message.ToArray())),
    ];
}
