using NbnsSim.Names;
using NbnsSim.Wire;
using static NbnsSim.Tests.Messages.MessageVectors;

namespace NbnsSim.Tests.Wire;

/// <summary>The writer by pieces writes what the encoder writes, and what it never would.</summary>
public sealed class NbnsPacketWriterTests
{
    [Test]
    public void PiecesMakeARegistration()
    {
        byte[] buffer = new byte[68];
        var writer = new NbnsPacketWriter(buffer);
        writer.WriteHeader(0x1234, NbnsFlagWords.RegistrationRequest, questions: 1, additionals: 1);
        writer.WriteName(Alice);
        writer.WriteTypeAndClass(NbnsType.NB);
        writer.WritePointer(NbnsHeader.Size);
        writer.WriteRecordHead(NbnsType.NB, 300_000, NbEntry.Size);
        writer.WriteEntry(new NbEntry(new NbFlags(0), Address));

        byte[] expected = new byte[68];
        NbnsEncoder.WriteRequest(expected, 0x1234, NbnsFlagWords.RegistrationRequest, Alice, 300_000, new NbEntry(new NbFlags(0), Address));
        Assert.That(writer.Written.ToArray(), Is.EqualTo(expected));
        Assert.That(writer.Length, Is.EqualTo(68));
    }

    [Test]
    public void WritesWrongPacketsOnRequest()
    {
        byte[] buffer = new byte[64];
        var writer = new NbnsPacketWriter(buffer);
        writer.WriteHeader(1, 0xFFFF, questions: 9, answers: 8, authorities: 7, additionals: 6);
        writer.WritePointer(0x3FFF);
        writer.WriteLabel(0x7F, "AB"u8);
        writer.WriteRecordHead((NbnsType)0xBEEF, 1, dataLength: 0xFFFF, @class: 3);
        writer.WriteUInt16(0xCAFE);
        writer.WriteUInt32(0xDEADBEEF);
        writer.WriteOctets([1, 2]);
        writer.Patch(4, 0x0102);

        Assert.That(Convert.ToHexStringLower(writer.Written), Is.EqualTo("0001ffff0102000800070006" + "ffff" + "7f4142" + "beef000300000001ffff" + "cafedeadbeef0102"));
    }

    [Test]
    public void FullBuffersAreTheCallersMistake()
    {
        Assert.That(
            () => new NbnsPacketWriter(new byte[11]).WriteHeader(1, 2),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("The buffer of 11 octets has only 11 left."));
        Assert.Throws<ArgumentOutOfRangeException>(() => new NbnsPacketWriter(new byte[33]).WriteName(Alice));
        Assert.Throws<ArgumentOutOfRangeException>(() => new NbnsPacketWriter(new byte[40]).WriteName(NetBiosName.Parse("ALICE<03>.SCOPES")));
        Assert.Throws<ArgumentOutOfRangeException>(() => new NbnsPacketWriter(new byte[1]).WriteOctets([1, 2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new NbnsPacketWriter(new byte[4]).Patch(0, 1), "nothing is written there yet");
    }
}
