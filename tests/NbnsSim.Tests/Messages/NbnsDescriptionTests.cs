using NbnsSim.Messages;
using NbnsSim.Wire;

namespace NbnsSim.Tests.Messages;

/// <summary>One line for every packet, in RFC 1002's words.</summary>
public sealed class NbnsDescriptionTests
{
    private const string N = "20 4542454d454a4544454643414341434143414341434143414341434143414144 00";
    private const string Entry = "0006 0000 0a000002";

    [TestCase("1234 2910 0001 0000 0000 0001" + N + "0020 0001 c00c 0020 0001 000493e0" + Entry, "NAME REGISTRATION REQUEST ALICE<03> unique 10.0.0.2 B-node TTL 300000")]
    [TestCase("1234 2810 0001 0000 0000 0001" + N + "0020 0001 c00c 0020 0001 00000000 0006 e000 0a000002", "NAME OVERWRITE DEMAND ALICE<03> group 10.0.0.2 H-node TTL 0")]
    [TestCase("1235 3010 0001 0000 0000 0001" + N + "0020 0001 c00c 0020 0001 00000000" + Entry, "NAME RELEASE DEMAND ALICE<03> unique 10.0.0.2 B-node")]
    [TestCase("1236 ad87 0000 0001 0000 0000" + N + "0020 0001 00000000 0006 0000 00000000", "NAME CONFLICT DEMAND ALICE<03> unique 0.0.0.0 B-node")]
    [TestCase("1236 ad86 0000 0001 0000 0000" + N + "0020 0001 00000000" + Entry, "NEGATIVE NAME REGISTRATION RESPONSE ALICE<03> ACT_ERR unique 10.0.0.2 B-node")]
    [TestCase("1238 bc00 0000 0001 0000 0000" + N + "0020 0001 00000009 0002 2900", "WAIT FOR ACKNOWLEDGEMENT (WACK) RESPONSE ALICE<03> wait 9 s")]
    [TestCase("1239 0110 0001 0000 0000 0000" + N + "0020 0001", "NAME QUERY REQUEST ALICE<03>")]
    [TestCase("1239 8503 0000 0001 0000 0000" + N + "000a 0001 00000000 0000", "NEGATIVE NAME QUERY RESPONSE ALICE<03> NAM_ERR")]
    [TestCase("1239 8500 0000 0001 0000 0000" + N + "0020 0001 00000000 001e 8000 0a000001 8000 0a000002 8000 0a000003 8000 0a000004 8000 0a000005",
        "POSITIVE NAME QUERY RESPONSE ALICE<03> group 10.0.0.1 10.0.0.2 10.0.0.3 10.0.0.4 and 1 more B-node TTL 0")]
    [TestCase("1239 8100 0000 0000 0001 0001" + N + "0002 0001 00000000 0022" + N + "c038 0001 0001 00000000 0004 0a000009",
        "REDIRECT NAME QUERY RESPONSE ALICE<03> to ALICE<03> 10.0.0.9")]
    [TestCase("1239 1800 0001 0000 0000 0000" + N + "0020 0001", "UNKNOWN PACKET opcode 3 ALICE<03>")]
    [TestCase("1239 1800 0000 0000 0000 0000", "UNKNOWN PACKET opcode 3")]
    [TestCase("1239 3000 0001 0000 0000 0000" + N + "0020 0001", "UNKNOWN PACKET opcode 6 ALICE<03>, malformed: the count at octet 10 is 0, but the packet needs a record")]
    [TestCase("1239 9800 0000 0001 0000 0000" + N + "000a 0001 00000000 0000", "UNKNOWN PACKET opcode 3 response ALICE<03>")]
    [TestCase("1238 bc00 0000 0001 0000 0000" + N + "0020 0001 00000000 0002 2900", "WAIT FOR ACKNOWLEDGEMENT (WACK) RESPONSE ALICE<03> wait unknown")]
    [TestCase("1239 0110 0001 0000 0000 0000 02 4142 01 58 00 0020 0001", "NAME QUERY REQUEST (AB).X")]
    [TestCase("1239 8700 0000 0001 0000 0000" + N + "0020 0001 00000000 0018 2000 0a000001 2000 0a000002 2000 0a000003 2000 0a000004",
        "POSITIVE NAME QUERY RESPONSE ALICE<03> unique 10.0.0.1 10.0.0.2 10.0.0.3 10.0.0.4 P-node TTL 0 truncated")]
    [TestCase("1235 3000 0001 0000 0000 0001" + N + "0020 0001 c00c 0020 0001 00000000 0006 4000 0a000002", "NAME RELEASE REQUEST ALICE<03> unique 10.0.0.2 M-node")]
    [TestCase("1235 ad00 0000 0001 0000 0000" + N + "0020 0001 00000000" + Entry, "END-NODE CHALLENGE NAME REGISTRATION RESPONSE ALICE<03> unique 10.0.0.2 B-node")]
    [TestCase("1239 8400 0000 0001 0000 0000" + N + "0021 0001 00000000 0019 01 414c49434520202020202020202020 03 0400 020a00000002", "NODE STATUS RESPONSE ALICE<03> 1 name MAC 02-0A-00-00-00-02")]
    [TestCase("1239 8400 0000 0001 0000 0000" + N + "0021 0001 00000000 0018 01 414c49434520202020202020202020 03 0400 020a000000", "NODE STATUS RESPONSE ALICE<03> 1 name")]
    [TestCase("1239 8400 0000 0001 0000 0000" + N + "0021 0001 00000000 0001 00", "NODE STATUS RESPONSE ALICE<03> 0 names")]
    [TestCase("1239 0110 0001 0000 0000 0000 20 45", "UNREADABLE PACKET: the count at octet 4 promises more than the packet can hold")]
    public void SaysWhatThePacketIs(string hex, string line) =>
        Assert.That(NbnsDescription.Describe(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal))), Is.EqualTo(line));

    [Test]
    public void ALineIsWrittenWhereItFits()
    {
        byte[] octets = Convert.FromHexString(("1239 0110 0001 0000 0000 0000" + N + "0020 0001").Replace(" ", "", StringComparison.Ordinal));
        const string Line = "NAME QUERY REQUEST ALICE<03>";
        Assert.That(NbnsPacket.TryParse(octets, out var packet), Is.True);
        for (int length = 0; length <= Line.Length + 1; length++)
        {
            char[] text = new char[length];
            Assert.That(NbnsDescription.TryDescribe(packet, text, out int written), Is.EqualTo(length >= Line.Length));
            Assert.That(new string(text, 0, written), Is.EqualTo(length >= Line.Length ? Line : ""));
        }
    }
}
