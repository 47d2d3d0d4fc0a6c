using NbnsSim.Names;
using NbnsSim.Wire;
using PacketDotNet;
using PacketDotNet.Utils;

namespace NbnsSim.SharpPcap.Tests;

public sealed class NameServicePacketTextTests
{
    private static readonly NameServicePacket Packet = new(Frames.Registration());

    [Test]
    public void NormalIsOneLine()
    {
        Assert.That(
            Packet.ToString(StringOutputType.Normal),
            Is.EqualTo("[NameServicePacket: TransactionId=0x1234, NAME REGISTRATION REQUEST JSMITH<03> unique 10.0.0.2 B-node TTL 300000]"));
        Assert.That(Packet.ToString(), Is.EqualTo(Packet.ToString(StringOutputType.Normal)));
    }

    [Test]
    public void ColoredIsTheSameBetweenEscapeSequences()
    {
        Assert.That(Packet.ToString(StringOutputType.Colored), Is.EqualTo(Packet.Color + Packet.ToString(StringOutputType.Normal) + AnsiEscapeSequences.Reset));
        Assert.That(Packet.ToString(StringOutputType.VerboseColored), Is.EqualTo(Packet.Color + Packet.ToString(StringOutputType.Verbose) + AnsiEscapeSequences.Reset));
    }

    [Test]
    public void VerboseHasALinePerField()
    {
        string[] lines = Packet.ToString(StringOutputType.Verbose).Split(Environment.NewLine);
        Assert.That(lines[0], Is.EqualTo("NBNS:  ******* NBNS - \"NetBIOS Name Service\" - offset=? length=68"));
        Assert.That(lines, Has.Member("NBNS: TransactionId = 0x1234"));
        Assert.That(lines, Has.Member("NBNS:          Name = JSMITH<03>"));
        Assert.That(lines, Has.Member("NBNS:     Addresses = 10.0.0.2"));
        Assert.That(lines[..^1], Is.All.StartsWith("NBNS:"));
    }

    [Test]
    public void TheOuterPacketsPrintItToo()
    {
        using var registration = NameServiceDecoder.Register();
        Assert.That(Frames.Parse(Frames.Ethernet(Frames.Registration())).ToString(), Does.Contain("[UDPPacket: SourcePort=137").And.EndsWith("TTL 300000]"));
    }

    [Test]
    public void AMalformedPacketSaysWhatIsWrong()
    {
        var cut = new NameServicePacket(Frames.Registration().AsSpan(0, 30));
        Assert.That(cut.ToString(), Does.Contain("UNREADABLE PACKET: "));
        Assert.That(cut.ToString(StringOutputType.Verbose), Does.Contain("Error = "));
    }

    [Test]
    public void ANameCannotWriteToTheTerminal()
    {
        byte[] buffer = new byte[100];
        var name = new NetBiosName("\u001b[2J\u0007\n\u009bEVIL12345"u8[..15].ToArray().Append((byte)0x1B).ToArray());
        int length = NbnsEncoder.WriteQuery(buffer, 1, NbnsFlagWords.QueryRequest, name);
        var packet = new NameServicePacket(buffer.AsSpan(0, length));
        Assert.That(packet.ToString(), Has.None.Matches<char>(char.IsControl));
        Assert.That(packet.ToString(StringOutputType.Verbose).ReplaceLineEndings(""), Has.None.Matches<char>(char.IsControl));
    }
}
