using NbnsSim.Captures;
using NbnsSim.Replay;

namespace NbnsSim.Tests.Captures;

/// <summary>A capture that is read in pieces gives what it gives in one go.</summary>
public sealed class CapturePieceTests
{
    private static readonly byte[] Long = [.. Frames.Payload, .. new byte[60]];
    private static readonly byte[] Udp = Frames.Udp(Long);

    private static IEnumerable<TestCaseData> Built()
    {
        yield return new TestCaseData(Pcap(new CaptureBytes().PcapHeader())).SetArgDisplayNames("pcap");
        yield return new TestCaseData(Pcap(new CaptureBytes().PcapHeader(magic: 0xA1B23C4D))).SetArgDisplayNames("pcap, nanoseconds");
        yield return new TestCaseData(Pcap(new CaptureBytes(bigEndian: true).PcapHeader())).SetArgDisplayNames("pcap, big-endian");
        yield return new TestCaseData(PcapNg(bigEndian: false).ToArray()).SetArgDisplayNames("pcapng");
        yield return new TestCaseData(PcapNg(bigEndian: true).ToArray()).SetArgDisplayNames("pcapng, big-endian");
        yield return new TestCaseData((byte[])[.. PcapNg(bigEndian: true).ToArray(), .. PcapNg(bigEndian: false).ToArray()]).SetArgDisplayNames("pcapng, two sections in two byte orders");
        yield return new TestCaseData(Wrapped()).SetArgDisplayNames("every link and tunnel");
    }

    [TestCaseSource(nameof(Built))]
    public void BehindItsHeadTheRestIsReadAsItWasInItsPlace(byte[] file)
    {
        var frames = FramesOf(file);
        using var capture = CaptureReader.Open(file);
        for (int i = 0; i < frames.Count; i++)
        {
            byte[] head = capture.TryGetHead() ?? throw new AssertionException($"no head before frame {i + 1}");
            Assert.That(FramesOf([.. head, .. file[(int)capture.Position..]]), Is.EqualTo(frames[i..]), $"from frame {i + 1}");
            Assert.That(capture.TryRead(out _), Is.True);
        }
    }

    [TestCaseSource(nameof(Built))]
    public void TheDatagramsOfPiecesAreThoseOfTheWhole(byte[] file)
    {
        var whole = DatagramsOf(file);
        Assert.That(whole.Facts, Is.Not.Empty);
        Assert.That(DatagramsOfPieces(file, 1), Is.EqualTo(whole));
        Assert.That(DatagramsOfPieces(file, 3), Is.EqualTo(whole));
        Assert.That(DatagramsOfPieces(file, int.MaxValue), Is.EqualTo(whole));
    }

    [TestCaseSource(typeof(SharedFolder), nameof(SharedFolder.Captures))]
    public void SoAreThoseOfRealCaptures(string capture)
    {
        byte[] file = File.ReadAllBytes(SharedFolder.Require(capture));
        using var reader = CaptureReader.Open(file);
        int pieceFrames = reader.TryGetHead() is null ? int.MaxValue : 37;
        Assert.That(DatagramsOfPieces(file, pieceFrames), Is.EqualTo(DatagramsOf(file)));
    }

    [Test]
    public void WhatCannotBeReadOnElsewhereHasNoHead()
    {
        using var snoop = new CaptureBytes(bigEndian: true).SnoopHeader().SnoopRecord(1, 2, Frames.Ordinary()).Open();
        Assert.That(snoop.TryGetHead(), Is.Null);
        using var ended = new CaptureBytes().PcapHeader().Open();
        Assert.That(ended.TryRead(out _), Is.False);
        Assert.That(ended.TryGetHead(), Is.Null);
        using var patched = new CaptureBytes().PcapHeader(magic: 0xA1B2CD34).U32(1).U32(2).U32(60).U32(60).Add(new byte[8 + 60]).Open();
        Assert.That(patched.TryGetHead(), Is.Null);
    }

    private static byte[] Pcap(CaptureBytes bytes)
    {
        int second = 1_000;
        foreach (byte[] frame in Traffic())
            bytes.PcapRecord(second++, 500, frame, frame.Length + (second % 3));
        return bytes.ToArray();
    }

    private static CaptureBytes PcapNg(bool bigEndian)
    {
        var bytes = new CaptureBytes(bigEndian).Section().Interface(options: options => options.Option(9, 9).Option(14, bigEndian ? [0, 0, 0, 0, 0, 0, 0, 7] : [7, 0, 0, 0, 0, 0, 0, 0]));
        ulong time = 1_000_000_000;
        foreach (byte[] frame in Traffic())
            bytes.Enhanced(time += 1_000_000_000, frame);
        bytes.Interface(LinkType.Raw, snapLength: 64).Block(5, body => body.U32(1).U32(0).U32(0));
        bytes.Enhanced(2_000_000, Frames.Ipv4(Frames.Udp()), number: 1);
        bytes.Section().Interface(LinkType.Raw);
        bytes.Simple(Frames.Ipv4(Frames.Udp())).Block(0xBAD, body => body.U32(32_473)).Obsolete(5_000_000, Frames.Ipv4(Frames.Udp()));
        return bytes;
    }

    private static byte[] Wrapped()
    {
        var bytes = new CaptureBytes().Section();
        foreach (var one in Wrappings.All)
            bytes.Interface(one.Link);
        for (int i = 0; i < Wrappings.All.Count; i++)
            bytes.Enhanced((ulong)(1_000_000 * i), Wrappings.All[i].Frame, i);
        return bytes.ToArray();
    }

    /// <summary>Datagrams, two of them in fragments among each other, one of which never comes to an end; what is repeated within 50 ms; and what is no name service.</summary>
    private static IEnumerable<byte[]> Traffic()
    {
        byte[] Piece(int identification, int from, int to) => Frames.Ethernet(Frames.Ipv4(Udp[from..to], identification, from, more: to < Udp.Length));
        yield return Frames.Ordinary();
        yield return Piece(7, 0, 32);
        yield return Piece(8, 0, 40);
        yield return Frames.Ethernet(Frames.Ipv4(Frames.Udp(sourcePort: 53, destinationPort: 5353)));
        yield return Piece(9, 16, 40);
        yield return Frames.Ordinary(Long);
        yield return Piece(8, 40, Udp.Length);
        yield return Frames.Ethernet(Frames.Ipv4([8, 0, 0, 0, .. new byte[20]], protocol: 50));
        yield return Piece(7, 32, Udp.Length);
        yield return Frames.Ethernet(Frames.Ipv4([3, 3, 0, 0, 0, 0, 0, 0, .. Frames.Ipv4(Frames.Udp())], protocol: 1));
        yield return Frames.Ordinary();
    }

    private static List<string> FramesOf(byte[] file)
    {
        var frames = new List<string>();
        using var capture = CaptureReader.Open(file);
        while (capture.TryRead(out var packet))
            frames.Add($"{packet.Time} {packet.LinkType} {packet.OriginalLength} {Convert.ToHexString(packet.Data)}");
        Assert.That(capture.Damage, Is.Null);
        return frames;
    }

    private sealed record Found(string Facts, long Lost, long Quoted, long Encrypted, long Repeated);

    private static Found DatagramsOf(byte[] file)
    {
        var facts = new List<string>();
        using var datagrams = new DatagramReader(CaptureReader.Open(file), CaptureFile.NameService);
        while (datagrams.TryRead(out var datagram))
            facts.Add(Text(DatagramFacts.Of(datagram)));
        return new Found(string.Join('\n', facts), datagrams.LostFragmentedDatagrams, datagrams.QuotedDatagrams, datagrams.EncryptedFrames, datagrams.RepeatedSightings);
    }

    private static Found DatagramsOfPieces(byte[] file, int pieceFrames)
    {
        var facts = new List<string>();
        var sightings = new SightingFilter(TimeSpan.FromMilliseconds(50));
        var assembler = new FrameAssembler(137);
        (long quoted, long encrypted, long repeated, long number) = (0, 0, 0, 0);
        byte[] head = [];
        long position = 0;
        while (position < file.Length)
        {
            byte[] rest = [.. head, .. file[(int)position..]];
            long end = long.MaxValue;
            if (pieceFrames < int.MaxValue)
            {
                using var ahead = CaptureReader.Open(rest);
                for (int i = 0; i < pieceFrames && ahead.TryRead(out _); i++)
                    end = ahead.Position;
            }

            using var capture = CaptureReader.Open(rest);
            var piece = new CapturePieceReader(capture, 137, end);
            while (piece.TryRead(out var datagram, out bool isAlone))
            {
                var packet = datagram.Packet;
                if (isAlone)
                {
                    Add(DatagramFacts.Of(datagram));
                    continue;
                }

                assembler.Add(packet.FrameNumber, packet.Time, packet.LinkType, packet.OriginalLength, packet.Data);
                while (assembler.TryTake(out var whole))
                    Add(DatagramFacts.Of(whole));
            }

            (quoted, encrypted) = (quoted + piece.QuotedDatagrams, encrypted + piece.EncryptedFrames);
            number += capture.FrameCount;
            position += capture.Position - head.Length;
            head = capture.TryGetHead() ?? [];
            if (head.Length == 0)
                break;
        }

        return new Found(string.Join('\n', facts), assembler.LostFragmentedDatagrams, quoted + assembler.QuotedDatagrams, encrypted + assembler.EncryptedFrames, repeated);

        void Add(in DatagramFacts one)
        {
            if (sightings.IsRepeated(one))
                repeated++;
            else
                facts.Add(Text(one, number));
        }
    }

    private static string Text(in DatagramFacts one, long before = 0) =>
        $"{one.FrameNumber + before} {one.Time} {one.IsIpv6} {one.Source} {one.Destination} {one.Identification} {one.IsBroadcast} {one.HasLink} {one.IsTruncated} {one.SourceMac} {one.Domain} {Convert.ToHexString(one.Payload)}";
}
