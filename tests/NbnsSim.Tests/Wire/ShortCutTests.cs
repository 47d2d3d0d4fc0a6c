using NbnsSim.Tests.Messages;
using NbnsSim.Wire;

namespace NbnsSim.Tests.Wire;

/// <summary>The short cuts for packets of the usual layouts find what the long way finds.</summary>
public sealed class ShortCutTests
{
    private static readonly string[] Packets =
    [
        "1234 2910 0001 0000 0000 0001" + MessageVectors.N + "0020 0001 c00c 0020 0001 00000000 0006 0000 0a000002",
        "1234 2910 0001 0000 0000 0001" + MessageVectors.N + "0020 0001 c00c 0020 0001 00000000 000c 0000 0a000002 6000 0a000003",
        "1234 8400 0001 0000 0000 0001" + MessageVectors.N + "0020 0001 c00c 0021 0001 00000000 0041 01" + "414c494345202020202020202020 2003 0400" + Zeros(46),
        "1234 ad80 0000 0001 0000 0000" + MessageVectors.N + "0020 0001 00000e10 0006 6000 0a000002",
        "1239 0110 0001 0000 0000 0000" + MessageVectors.N + "0020 0001",
        "1239 8580 0000 0001 0000 0000" + MessageVectors.N + "0020 0001 00000000 0012 6000 0a000001 6000 0a000002 e000 0a000003",
        "1239 8503 0000 0001 0000 0000" + MessageVectors.N + "000a 0001 00000000 0000",
        "1239 bc00 0000 0001 0000 0000" + MessageVectors.N + "0020 0001 00000009 0002 2900",
        "1239 bc00 0000 0001 0000 0000" + MessageVectors.N + "0020 0001 00000009 0006 29ff 00000000",
        "1239 8400 0000 0001 0000 0000" + MessageVectors.N + "0021 0001 00000000 0041 01" + "414c494345202020202020202020 2003 0400" + Zeros(46),
        "1239 8400 0000 0001 0000 0000" + MessageVectors.N + "0021 0001 00000000 0053 02" + Zeros(36) + Zeros(46),
        "1239 8400 0000 0001 0000 0000" + MessageVectors.N + "0021 0001 00000000 0001 00",
        "1239 0110 0001 0000 0000 0000" + MessageVectors.N[..^2] + "01 58 00 0020 0001",
        "1239 8500 0000 0001 0000 0000" + MessageVectors.N[..^2] + "01 58 00 0020 0001 00000000 0006 0000 0a000002",
    ];

    /// <summary>Every octet of every packet exchanged for those that mean something in its place, and every packet cut and lengthened.</summary>
    [TestCaseSource(nameof(Packets))]
    public void ShortCutsFindWhatTheLongWayFinds(string hex)
    {
        byte[] octets = MessageVectors.Octets(hex);
        Compare(octets);
        for (int length = 0; length < octets.Length + 20; length++)
            Compare([.. octets.Take(length), .. new byte[Math.Max(0, length - octets.Length)]]);
        for (int at = 0; at < octets.Length; at++)
        {
            byte[] changed = [.. octets];
            foreach (int value in new[] { 0, 1, 2, 6, 0x0C, 0x10, 0x12, 0x20, 0x21, 0x40, 0x60, 0x80, 0xBC, 0xC0, 0xFF, octets[at] - 1, octets[at] + 1, octets[at] + 6, octets[at] + 18, octets[at] ^ 0x20 })
            {
                changed[at] = (byte)value;
                Compare(changed);
            }
        }
    }

    /// <summary>A packet is often a piece of a longer buffer: what stands there before and behind it is nothing to it.</summary>
    [TestCaseSource(nameof(Packets))]
    public void WhatStandsAroundThePacketIsNotRead(string hex)
    {
        byte[] octets = MessageVectors.Octets(hex);
        byte[] buffer = [.. octets, .. octets, .. octets];
        for (int length = 0; length <= octets.Length; length++)
        {
            bool alone = NbnsPacket.TryParse(octets.AsSpan(0, length), out var packet, out var error);
            bool among = NbnsPacket.TryParse(buffer.AsSpan(octets.Length, length), out var piece, out var pieceError);
            Assert.That((among, pieceError, piece.Length, piece.Anomalies), Is.EqualTo((alone, error, packet.Length, packet.Anomalies)), $"{length} octets");
            Assert.That(PacketVisitor.VisitAll(piece), Is.EqualTo(PacketVisitor.VisitAll(packet)));
        }
    }

    private static void Compare(byte[] octets)
    {
        bool whole = NbnsParser.TryParse(octets, NbnsHeader.MaxNameLength, out var packet, out var error);
        bool expected = NbnsParser.TryParseAny(octets, NbnsHeader.MaxNameLength, out var plain, out var expectedError);
        if (whole == expected && error == expectedError && packet.Anomalies == plain.Anomalies && packet.Length == plain.Length
            && packet.RecordType == plain.RecordType && packet.HasEntry == plain.HasEntry && PacketVisitor.VisitAll(packet) == PacketVisitor.VisitAll(plain))
            return;
        Assert.Fail($"{Convert.ToHexString(octets)}: {whole} {error} {packet.Anomalies}, the long way {expected} {expectedError} {plain.Anomalies}");
    }

    private static string Zeros(int octets) => new('0', 2 * octets);
}
