using NbnsSim.Captures;

namespace NbnsSim.Tests.Captures;

/// <summary>From what a link puts in front to the IP packet behind it.</summary>
public sealed class LinkLayerTests
{
    private static readonly byte[] Ip = Frames.Ipv4(Frames.Udp());
    private static readonly byte[] Ip6 = Frames.Ipv6(Frames.Udp(ipv6: true));
    private static readonly byte[] Snap = [0xAA, 0xAA, 3, 0, 0, 0, 8, 0];
    private static readonly byte[] Mac1 = [2, 0, 0, 0, 0, 1];
    private static readonly byte[] Mac2 = [2, 0, 0, 0, 0, 2];

    /// <summary>Each link, a frame on it, and what the link says: to a group or not, and the two stations.</summary>
    private static readonly (string Name, LinkType Link, byte[] Frame, bool ToGroup, string? Source, string? Destination)[] Links =
    [
        ("Ethernet", LinkType.Ethernet, Frames.Ethernet(Ip, broadcast: false), false, "02-00-00-00-00-01", "02-00-00-00-00-02"),
        ("Ethernet broadcast", LinkType.Ethernet, Frames.Ethernet(Ip), true, "02-00-00-00-00-01", "FF-FF-FF-FF-FF-FF"),
        ("Ethernet, padded", LinkType.Ethernet, [.. Frames.Ethernet(Ip, broadcast: false), .. new byte[18]], false, "02-00-00-00-00-01", "02-00-00-00-00-02"),
        ("VLAN", LinkType.Ethernet, Frames.Ethernet(Ip, tags: [0x81, 0, 0, 5]), true, "02-00-00-00-00-01", "FF-FF-FF-FF-FF-FF"),
        ("QinQ", LinkType.Ethernet, Frames.Ethernet(Ip, tags: [0x88, 0xA8, 0, 5, 0x81, 0, 0x20, 6]), true, "02-00-00-00-00-01", "FF-FF-FF-FF-FF-FF"),
        ("QinQ, old", LinkType.Ethernet, Frames.Ethernet(Ip, tags: [0x91, 0, 0, 5, 0x81, 0, 0x20, 6]), true, "02-00-00-00-00-01", "FF-FF-FF-FF-FF-FF"),
        ("802.3 with SNAP", LinkType.Ethernet, Frames.Ethernet([.. Snap, .. Ip], 8 + Ip.Length), true, "02-00-00-00-00-01", "FF-FF-FF-FF-FF-FF"),
        ("802.3 with SNAP in a VLAN", LinkType.Ethernet, Frames.Ethernet([.. Snap, .. Ip], 8 + Ip.Length, tags: [0x81, 0, 0, 5]), true, "02-00-00-00-00-01", "FF-FF-FF-FF-FF-FF"),
        ("Token Ring", LinkType.TokenRing, [0x10, 0x40, .. Mac2, .. Mac1, .. Snap, .. Ip], false, "02-00-00-00-00-01", "02-00-00-00-00-02"),
        ("Token Ring, source-routed broadcast", LinkType.TokenRing, [0x10, 0x40, .. Convert.FromHexString("ffffffffffff"), 0x82, 0, 0, 0, 0, 1, 0xC6, 0x20, 0, 1, 0, 0x20, .. Snap, .. Ip], true, "82-00-00-00-00-01", "FF-FF-FF-FF-FF-FF"),
        ("FDDI", LinkType.Fddi, [0x50, .. Mac2, .. Mac1, .. Snap, .. Ip], false, "02-00-00-00-00-01", "02-00-00-00-00-02"),
        ("Linux cooked", LinkType.LinuxCooked, [0, 0, 0, 1, 0, 6, .. Mac1, 0, 0, 8, 0, .. Ip], false, "02-00-00-00-00-01", null),
        ("Linux cooked broadcast", LinkType.LinuxCooked, [0, 1, 0, 1, 0, 6, .. Mac1, 0, 0, 8, 0, .. Ip], true, "02-00-00-00-00-01", null),
        ("Linux cooked, sent by us in a VLAN", LinkType.LinuxCooked, [0, 4, 0, 1, 0, 6, .. Mac1, 0, 0, 0x81, 0, 0, 5, 8, 0, .. Ip], false, "02-00-00-00-00-01", null),
        ("Linux cooked, no address", LinkType.LinuxCooked, [0, 0, 2, 0, 0, 0, .. new byte[8], 8, 0, .. Ip], false, null, null),
        ("Linux cooked 2", LinkType.LinuxCooked2, [8, 0, 0, 0, 0, 0, 0, 7, 0, 1, 0, 6, .. Mac1, 0, 0, .. Ip], false, "02-00-00-00-00-01", null),
        ("Linux cooked 2 multicast", LinkType.LinuxCooked2, [8, 0, 0, 0, 0, 0, 0, 7, 0, 1, 2, 6, .. Mac1, 0, 0, .. Ip], true, "02-00-00-00-00-01", null),
        ("null, little-endian", LinkType.Null, [2, 0, 0, 0, .. Ip], false, null, null),
        ("null, big-endian", LinkType.Null, [0, 0, 0, 2, .. Ip], false, null, null),
        ("null, IPv6 of FreeBSD", LinkType.Null, [28, 0, 0, 0, .. Ip6], false, null, null),
        ("null, IPv6 of Darwin", LinkType.Null, [30, 0, 0, 0, .. Ip6], false, null, null),
        ("loop", LinkType.Loop, [0, 0, 0, 2, .. Ip], false, null, null),
        ("raw", LinkType.Raw, Ip, false, null, null),
        ("raw, IPv6", LinkType.Raw, Ip6, false, null, null),
        ("IPv4", LinkType.Ipv4, Ip, false, null, null),
        ("IPv6", LinkType.Ipv6, Ip6, false, null, null),
        ("Ethernet, IPv6", LinkType.Ethernet, Frames.Ethernet(Ip6, 0x86DD), true, "02-00-00-00-00-01", "FF-FF-FF-FF-FF-FF"),
    ];

    private static IEnumerable<TestCaseData> EachLink() => Links.Select((link, index) => new TestCaseData(index).SetArgDisplayNames(link.Name));

    [TestCaseSource(nameof(EachLink))]
    public void TheDatagramIsFoundBehindEveryLink(int index)
    {
        var (_, link, frame, toGroup, source, destination) = Links[index];
        using var reader = Read(link, frame);

        Assert.That(reader.TryRead(out var datagram), Is.True);
        Assert.That(datagram.Payload.ToArray(), Is.EqualTo(Frames.Payload));
        Assert.That((datagram.SourcePort, datagram.DestinationPort, datagram.LinkType, datagram.IsTruncated), Is.EqualTo(((ushort)137, (ushort)137, link, false)));
        Assert.That(datagram.IsBroadcast, Is.EqualTo(toGroup || datagram.IsIpv6), "the IPv6 address of the test is a multicast one");
        Assert.That((datagram.SourceMac?.ToString(), datagram.DestinationMac?.ToString()), Is.EqualTo((source, destination)));
        Assert.That(datagram.VerifyUdpChecksum(), Is.EqualTo(ChecksumStatus.Correct));
        if (datagram.IsIpv6)
        {
            Assert.That((datagram.SourceIpv6.ToString(), datagram.DestinationIpv6.ToString()), Is.EqualTo(("fe80::1", "ff02::1")));
            Assert.That(datagram.Source, Is.EqualTo(new Ipv4Endpoint(default, 137)));
            Assert.That(datagram.VerifyIpChecksum(), Is.EqualTo(ChecksumStatus.Absent));
        }
        else
        {
            Assert.That((datagram.Source.ToString(), datagram.Destination.ToString()), Is.EqualTo(("10.0.0.1:137", "10.0.0.255:137")));
            Assert.That(datagram.VerifyIpChecksum(), Is.EqualTo(ChecksumStatus.Correct));
        }
    }

    [TestCaseSource(nameof(EachLink))]
    public void AFrameCutAnywhereGivesADatagramOnlyWithItsHeaders(int index)
    {
        var (_, link, frame, _, _, _) = Links[index];
        int end = frame.AsSpan().IndexOf(Frames.Payload) + Frames.Payload.Length;
        for (int length = 0; length <= frame.Length; length++)
        {
            using var reader = Read(link, frame[..length], frame.Length);
            bool found = reader.TryRead(out var datagram);
            Assert.That(found, Is.EqualTo(length >= end - Frames.Payload.Length), $"cut to {length}");
            if (!found)
                continue;
            Assert.That(datagram.Payload.Length, Is.EqualTo(Math.Min(length, end) - (end - Frames.Payload.Length)));
            Assert.That((datagram.IsTruncated, datagram.OriginalPayloadLength), Is.EqualTo((length < end, Frames.Payload.Length)));
            Assert.That(datagram.VerifyUdpChecksum(), Is.EqualTo(length < end ? ChecksumStatus.Unverifiable : ChecksumStatus.Correct));
        }
    }

    [Test]
    public void TsharkFindsTheSameDatagrams()
    {
        // the old service tag and the address family of Darwin are named differently across versions of tshark; the rest all have a frame each
        var bytes = new CaptureBytes().Section();
        foreach (var link in Links)
            bytes.Interface(link.Link);
        for (int i = 0; i < Links.Length; i++)
            bytes.Enhanced(1_000_000, Links[i].Frame, i);

        string printed = Tshark.Run(bytes.ToArray(), "-Y", "nbns && udp.checksum.status == 1", "-T", "fields", "-e", "frame.number");

        Assert.That(printed.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse), Is.EqualTo(Enumerable.Range(1, Links.Length)));
    }

    [Test]
    public void WhatIsNotUdpOverIpIsPassedOver()
    {
        byte[][] frames =
        [
            Frames.Ethernet([0, 1, 8, 0, 6, 4, 0, 1], 0x0806), // ARP
            Frames.Ethernet(Frames.Ipv4(Frames.Udp(), protocol: 6)), // TCP
            Frames.Ethernet(Frames.Ipv4([3, 3, 0, 0, 0, 0, 0, 0, .. Ip], protocol: 1)), // quoted by ICMP
            Frames.Ethernet([0x42, 0x42, 3, .. new byte[35]], 38), // spanning tree
            Frames.Ethernet([0xAA, 0xAA, 3, 0, 0, 0, 8, 6, .. new byte[28]], 36), // ARP in SNAP
            Frames.Ethernet([0xAA, 0xAA, 3, 0, 0, 0x0C, 8, 0, .. Ip], 8 + Ip.Length), // somebody's own protocol
            Frames.Ethernet([0x50, .. Ip[1..]]), // IP version 5
            Frames.Ethernet([.. Enumerable.Repeat<byte[]>([0x81, 0, 0, 1], 40).SelectMany(tag => tag)], 0x8100), // nothing but tags
        ];
        foreach (byte[] frame in frames)
        {
            using var reader = Read(LinkType.Ethernet, frame);
            Assert.That(reader.TryRead(out _), Is.False, Convert.ToHexString(frame));
            Assert.That(reader.Capture.FrameCount, Is.EqualTo(1));
        }

        using var unknownLink = Read((LinkType)9999, Ip);
        Assert.That(unknownLink.TryRead(out _), Is.False);
        using var otherFamily = Read(LinkType.Null, [7, 0, 0, 0, .. Ip]);
        Assert.That(otherFamily.TryRead(out _), Is.False);
    }

    private static DatagramReader Read(LinkType link, byte[] frame, int? originalLength = null) =>
        new(new CaptureBytes().PcapHeader(linkType: (uint)link).PcapRecord(1, 0, frame, originalLength).Open());
}
