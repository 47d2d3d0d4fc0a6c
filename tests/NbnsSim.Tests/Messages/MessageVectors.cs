using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Tests.Messages;

/// <summary>
/// Every packet of RFC 1002 §4.2.2–4.2.18 and MS-NBTE §2.2.2 as octets, worked out by hand from the diagrams, beside the message that they say:
/// ALICE&lt;03&gt; at 10.0.0.2.
/// </summary>
internal static class MessageVectors
{
    public const string N = "20 4542454d454a4544454643414341434143414341434143414341434143414144 00";
    private const string Question = N + "0020 0001";
    private const string Record = "c00c 0020 0001";
    private const string Answer = N + "0020 0001";
    private const string Entry = "0006 0000 0a000002";

    public static readonly NetBiosName Alice = NetBiosName.Parse("ALICE<03>");
    public static readonly Ipv4Address Address = Ipv4Address.Parse("10.0.0.2");
    private static readonly NbEntry Unique = new(new NbFlags(group: false, OwnerNodeType.B), Address);

    public static IEnumerable<(string Rule, string Hex, NbnsMessage Message)> All =>
    [
        ("4.2.2 broadcast", "1234 2910 0001 0000 0000 0001" + Question + Record + "00000000" + Entry, new NameRegistrationRequest(0x1234, Alice, Unique, 0, isBroadcast: true)),
        ("4.2.2 unicast", "1234 2900 0001 0000 0000 0001" + Question + Record + "000493e0 0006 e000 0a000002",
            new NameRegistrationRequest(0x1234, Alice, new NbEntry(new NbFlags(group: true, OwnerNodeType.H), Address), 300_000)),
        ("4.2.3 request", "1234 2800 0001 0000 0000 0001" + Question + Record + "00000000" + Entry, new NameOverwriteRequest(0x1234, Alice, Unique)),
        ("4.2.3 demand", "1234 2810 0001 0000 0000 0001" + Question + Record + "00000000" + Entry, new NameOverwriteDemand(0x1234, Alice, Unique)),
        ("4.2.4 opcode 8", "1234 4000 0001 0000 0000 0001" + Question + Record + "00000e10" + Entry, new NameRefreshRequest(0x1234, Alice, Unique, 3600)),
        ("4.2.4 opcode 9", "1234 4800 0001 0000 0000 0001" + Question + Record + "00000e10" + Entry, new NameRefreshRequest(0x1234, Alice, Unique, 3600, alternateOpcode: true)),
        ("4.2.4 broadcast", "1234 4010 0001 0000 0000 0001" + Question + Record + "00000e10" + Entry, new NameRefreshRequest(0x1234, Alice, Unique, 3600, isBroadcast: true)),
        ("MS-NBTE 2.2.2", "1234 7900 0001 0000 0000 0001" + Question + Record + "00000e10" + Entry, new MultihomedNameRegistrationRequest(0x1234, Alice, Unique, 3600)),
        ("4.2.5", "1235 ad80 0000 0001 0000 0000" + Answer + "00000e10" + Entry, new PositiveNameRegistrationResponse(0x1235, Alice, Unique, 3600)),
        ("4.2.6", "1235 ad86 0000 0001 0000 0000" + Answer + "00000000" + Entry, new NegativeNameRegistrationResponse(0x1235, Alice, NbnsRcode.ActiveError, Unique)),
        ("4.2.7", "1235 ad00 0000 0001 0000 0000" + Answer + "00000000" + Entry, new EndNodeChallengeNameRegistrationResponse(0x1235, Alice, Unique)),
        ("4.2.8", "1236 ad87 0000 0001 0000 0000" + Answer + "00000000 0006 0000 00000000", new NameConflictDemand(0x1236, Alice)),
        ("4.2.9 request", "1237 3000 0001 0000 0000 0001" + Question + Record + "00000000" + Entry, new NameReleaseRequest(0x1237, Alice, Unique)),
        ("4.2.9 demand", "1237 3010 0001 0000 0000 0001" + Question + Record + "00000000" + Entry, new NameReleaseDemand(0x1237, Alice, Unique)),
        ("4.2.10", "1237 b400 0000 0001 0000 0000" + Answer + "00000000" + Entry, new PositiveNameReleaseResponse(0x1237, Alice, Unique)),
        ("4.2.11", "1237 b406 0000 0001 0000 0000" + Answer + "00000000" + Entry, new NegativeNameReleaseResponse(0x1237, Alice, NbnsRcode.ActiveError, Unique)),
        ("4.2.12 unicast", "1239 0100 0001 0000 0000 0000" + Question, new NameQueryRequest(0x1239, Alice)),
        ("4.2.12 broadcast", "1239 0110 0001 0000 0000 0000" + Question, new NameQueryRequest(0x1239, Alice, isBroadcast: true)),
        ("4.2.12 verification", "1239 0000 0001 0000 0000 0000" + Question, new NameQueryRequest(0x1239, Alice, recursionDesired: false)),
        ("4.2.13", "1239 8500 0000 0001 0000 0000" + Answer + "00000000" + Entry, new PositiveNameQueryResponse(0x1239, Alice, [Unique])),
        ("4.2.13 from a name server, truncated", "1239 8780 0000 0001 0000 0000" + Answer + "00000e10 000c 0000 0a000002 6000 0a000003",
            new PositiveNameQueryResponse(0x1239, Alice, [Unique, new NbEntry(new NbFlags(false, OwnerNodeType.H), Ipv4Address.Parse("10.0.0.3"))], 3600, fromNameServer: true, isTruncated: true)),
        ("4.2.14", "1239 8503 0000 0001 0000 0000" + N + "000a 0001 00000000 0000", new NegativeNameQueryResponse(0x1239, Alice)),
        ("4.2.14 from a name server", "1239 8585 0000 0001 0000 0000" + N + "000a 0001 00000000 0000", new NegativeNameQueryResponse(0x1239, Alice, NbnsRcode.Refused, fromNameServer: true)),
        ("4.2.15", "1239 8100 0000 0000 0001 0001" + N + "0002 0001 00000e10 0022" + N + "c038 0001 0001 00000e10 0004 0a000009",
            new RedirectNameQueryResponse(0x1239, Alice, Alice, Ipv4Address.Parse("10.0.0.9"), 3600)),
        ("4.2.16", "1238 bc00 0000 0001 0000 0000" + Answer + "00000009 0002 2900", new WaitForAcknowledgementResponse(0x1238, Alice, 9, new NbnsFlags(0x2900))),
        ("4.2.17 unicast", "123a 0000 0001 0000 0000 0000" + N + "0021 0001", new NodeStatusRequest(0x123A, Alice)),
        ("4.2.17 broadcast", "123a 0010 0001 0000 0000 0000" + N + "0021 0001", new NodeStatusRequest(0x123A, Alice, isBroadcast: true)),
        ("4.2.18", "123a 8400 0000 0001 0000 0000" + N + "0021 0001 00000000 0053 02"
            + "414c49434520202020202020202020 03 0400 574f524b47524f5550202020202020 00 8400"
            + "020a00000002 01 02 0003 0004 0005 0006 0007 0008 00000009 0000000a 000b 000c 000d 000e 000f 0010 0011 0012 0013",
            new NodeStatusResponse(
                0x123A,
                Alice,
                [new NodeStatusName(Alice, new NameFlags(0x0400)), new NodeStatusName(NetBiosName.Parse("WORKGROUP<00>"), new NameFlags(0x8400))],
                new NodeStatistics(new MacAddress(0x020A_0000_0002), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19))),
    ];

    /// <summary>Packets out of our own recordings of Samba 4.17 and its tools, one of each kind that those send.</summary>
    public static IEnumerable<(string Capture, int Frame, NbnsMessageKind Kind, string Line, string Hex)> Captured =>
    [
        ("a-bnode-boot", 1, NbnsMessageKind.NameRegistrationRequest, "NAME REGISTRATION REQUEST ALPHA<20> unique 192.168.77.11 B-node TTL 0",
            "6ff929100001000000000001204542454d464145494542434143414341434143414341434143414341434143410000200001c00c002000010000000000060000c0a84d0b"),
        ("c-wins-nmbd", 61, NbnsMessageKind.NameRegistrationRequest, "NAME REGISTRATION REQUEST LABGRP<00> group 192.168.77.11 H-node TTL 40",
            "70ab2900000100000000000120454d4542454345484643464143414341434143414341434143414341434141410000200001c00c00200001000000280006e000c0a84d0b"),
        ("f1-torture-dc-register-wins", 72, NbnsMessageKind.NameOverwriteRequest, "NAME OVERWRITE REQUEST _TORTURE-72049<1D> group 192.168.77.50 H-node TTL 300000",
            "0707280000010000000000012046504645455046434645464646434546434e4448444344414445444a4341424e0000200001c00c00200001000493e00006e000c0a84d32"),
        ("f1-torture-dc-register-wins", 1, NbnsMessageKind.NameOverwriteDemand, "NAME OVERWRITE DEMAND DCSRV<00> unique 192.168.77.3 M-node TTL 300000",
            "4f59281000010000000000012045454544464446434647434143414341434143414341434143414341434141410000200001c00c00200001000493e000064000c0a84d03"),
        ("c-wins-nmbd", 211, NbnsMessageKind.NameRefreshRequest, "NAME REFRESH REQUEST LABGRP<1E> group 192.168.77.14 H-node TTL 40",
            "70f44000000100000000000120454d45424543454846434641434143414341434143414341434143414341424f0000200001c00c00200001000000280006e000c0a84d0e"),
        ("c-wins-nmbd", 58, NbnsMessageKind.MultihomedNameRegistrationRequest, "MULTI-HOMED NAME REGISTRATION REQUEST CLIENT1<20> unique 192.168.77.11 H-node TTL 40",
            "70a879000001000000000001204544454d454a4546454f464544424341434143414341434143414341434143410000200001c00c002000010000002800066000c0a84d0b"),
        ("f1-torture-dc-register-wins", 39, NbnsMessageKind.MultihomedNameRegistrationRequest, "MULTI-HOMED NAME REGISTRATION REQUEST _TORTURE-72049<00> unique 127.64.64.1 H-node TTL 300000",
            "6bb3780000010000000000012046504645455046434645464646434546434e4448444344414445444a434141410000200001c00c00200001000493e0000660007f404001"),
        ("c-wins-nmbd", 64, NbnsMessageKind.PositiveNameRegistrationResponse, "POSITIVE NAME REGISTRATION RESPONSE CLIENT1<20> unique 192.168.77.11 H-node TTL 40",
            "70a8ad800000000100000000204544454d454a4546454f4645444243414341434143414341434143414341434100002000010000002800066000c0a84d0b"),
        ("b1-bnode-conflict-late", 28, NbnsMessageKind.NegativeNameRegistrationResponse, "NEGATIVE NAME REGISTRATION RESPONSE TWIN<20> ACT_ERR unique 192.168.77.12 B-node",
            "70a4ad8600000001000000002046454648454a454f43414341434143414341434143414341434143414341434100002000010000000000060000c0a84d0c"),
        ("b3-registration-answered-cft", 2, NbnsMessageKind.NameConflictDemand, "NAME CONFLICT DEMAND ALPHA<20> unique 192.168.77.11 B-node",
            "73c7ad870000000100000000204542454d4641454945424341434143414341434143414341434143414341434100002000010000000000060000c0a84d0b"),
        ("c-wins-nmbd", 226, NbnsMessageKind.NameReleaseRequest, "NAME RELEASE REQUEST LABGRP<1E> group 192.168.78.12 H-node",
            "70fc3000000100000000000120454d45424543454846434641434143414341434143414341434143414341424f0000200001c00c00200001000000280006e000c0a84e0c"),
        ("c-wins-nmbd", 232, NbnsMessageKind.PositiveNameReleaseResponse, "POSITIVE NAME RELEASE RESPONSE LABGRP<1E> group 192.168.78.12 H-node",
            "70fcb400000000010000000020454d45424543454846434641434143414341434143414341434143414341424f0000200001000000000006e000c0a84e0c"),
        ("c-wins-nmbd", 383, NbnsMessageKind.NegativeNameReleaseResponse, "NEGATIVE NAME RELEASE RESPONSE MULTI<00> NAM_ERR unique 192.168.78.14 H-node",
            "7119b403000000010000000020454e4646454d4645454a4341434143414341434143414341434143414341414100002000010000000000066000c0a84e0e"),
        ("a-bnode-boot", 7, NbnsMessageKind.NameQueryRequest, "NAME QUERY REQUEST LABGRP<1D>",
            "6fff0110000100000000000020454d45424543454846434641434143414341434143414341434143414341424e0000200001"),
        ("b1-bnode-conflict-late", 51, NbnsMessageKind.PositiveNameQueryResponse, "POSITIVE NAME QUERY RESPONSE TWIN<20> unique 192.168.77.11 B-node TTL 259200",
            "729b858000000001000000002046454648454a454f43414341434143414341434143414341434143414341434100002000010003f48000060000c0a84d0b"),
        ("d-queries", 15, NbnsMessageKind.NegativeNameQueryResponse, "NEGATIVE NAME QUERY RESPONSE LABGRP<1D> NAM_ERR",
            "75aa8583000000010000000020454d45424543454846434641434143414341434143414341434143414341424e00000a0001000000000000"),
        ("c-wins-nmbd", 122, NbnsMessageKind.WaitForAcknowledgementResponse, "WAIT FOR ACKNOWLEDGEMENT (WACK) RESPONSE MULTI<20> wait 60 s",
            "70efbc00000000010000000020454e4646454d4645454a4341434143414341434143414341434143414341434100000a00010000003c00027900"),
        ("c3-wins-wack-client", 11, NbnsMessageKind.WaitForAcknowledgementResponse, "WAIT FOR ACKNOWLEDGEMENT (WACK) RESPONSE ALPHA<20> wait 8 s",
            "74bfbc000000000100000000204542454d4641454945424341434143414341434143414341434143414341434100002000010000000800027900"),
        ("b1-bnode-conflict-late", 53, NbnsMessageKind.NodeStatusRequest, "NODE STATUS REQUEST *",
            "63210000000100000000000020434b4141414141414141414141414141414141414141414141414141414141410000210001"),
        ("b1-bnode-conflict-late", 54, NbnsMessageKind.NodeStatusResponse, "NODE STATUS RESPONSE * 5 names MAC 00-00-00-00-00-00",
            "63218400000000010000000020434b4141414141414141414141414141414141414141414141414141414141410000210001000000000089055457494e20202020202020202020"
            + "200004005457494e20202020202020202020200304005457494e20202020202020202020202004004c41424752502020202020202020200084004c414247525020202020"
            + "20202020201e840000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"),
    ];

    public static byte[] Octets(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
}
