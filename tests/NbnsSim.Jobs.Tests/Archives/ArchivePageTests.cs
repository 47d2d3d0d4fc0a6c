using NbnsSim.Captures;
using NbnsSim.Jobs.Archives;
using NbnsSim.Names;
using NbnsSim.Tests.Captures;
using NbnsSim.Wire;

namespace NbnsSim.Jobs.Tests.Archives;

/// <summary>The page of an archive: what is wrong, where its frames are, which captures were read, and no more than there is room for.</summary>
public sealed class ArchivePageTests
{
    private ArchiveRuns _runs = null!;

    [SetUp]
    public void MakeFolder() => _runs = new ArchiveRuns();

    [TearDown]
    public void RemoveFolder() => _runs.Dispose();

    [Test]
    public void WhatIsWrongIsDrawnWithTheFramesOfItsCapture()
    {
        var sent = Dispute(1, 3);
        _runs.Put("a.pcap", Pcap(sent[..2], 0));
        _runs.Put("b.pcap", Pcap(sent[2..], 2));
        string page = Page(new ArchiveSpec([_runs.Folder]));
        Assert.That(page, Does.StartWith("<!DOCTYPE html>").And.Contain("Two machines have one computer name"));
        Assert.That(page, Does.Contain($"<small>{Path.Combine(_runs.Folder, "a.pcap")}</small><span class=\"filter\"><code>frame.number in {{2}}</code>").And.Contain($"<small>{Path.Combine(_runs.Folder, "b.pcap")}</small><span class=\"filter\"><code>frame.number in {{1, 4..5, 8..9}}</code>"));
        Assert.That(page, Does.Contain($"datagram 3 (frame 1 of {Path.Combine(_runs.Folder, "b.pcap")})"));
        Assert.That(page, Does.Contain("1. ").And.Contain("2. ").And.Not.Contain("name server be switched off"));
        Assert.That(Page(new ArchiveSpec([_runs.Folder]) { Audit = true }), Does.Contain("May the name server be switched off?").And.Contain("cannot be told"));
    }

    [Test]
    public void NoNameOfAFileIsMarkup()
    {
        _runs.Put("<img src=x onerror=alert(1)>\u001b[31m.pcap", Pcap(Dispute(1, 3), 0));
        string page = Page(new ArchiveSpec([_runs.Folder]));
        Assert.That(page, Does.Contain("&lt;img src=x onerror=alert(1)&gt;\\u001b[31m.pcap").And.Not.Contain("<img").And.Not.Contain("\u001b"));
    }

    [Test]
    public void APageHasRoomForSoMuch()
    {
        for (int i = 0; i < 230; i++)
            _runs.Put($"{new string('x', 200)}{i}.pcap", i % 50 == 7 ? "no capture"u8.ToArray() : Pcap(Dispute(i, 60), 1_000 * i));
        string page = Page(new ArchiveSpec([_runs.Folder]));
        Assert.That(page, Has.Length.LessThanOrEqualTo(ArchivePage.MostCharacters));
        Assert.That(page, Does.Contain("200 of 230 captures are shown, first those of which there is something to say.").And.Contain("This is no packet capture"));
        Assert.That(page, Does.Contain("…xxx").And.Contain("the first 32 states are shown").And.Contain("more incidents are left out here"));
    }

    private string Page(ArchiveSpec spec)
    {
        string page = "";
        _ = _runs.Do(spec, done: results => page = File.ReadAllText(Path.Combine(results, ArchivePage.Name)));
        return page;
    }

    /// <summary>Two machines that want one computer name: one claims it and defends it each time that the other does, and gives it up in between.</summary>
    private static List<byte[]> Dispute(int number, int times)
    {
        var name = new NetBiosName($"PC{number}", NameSuffix.Workstation);
        var (one, other, all) = (new Ipv4Address(0x0A00_0001 + ((uint)number << 8)), new Ipv4Address(0x0A00_0002 + ((uint)number << 8)), new Ipv4Address(0x0A00_00FF + ((uint)number << 8)));
        var octets = new byte[256];
        var frames = new List<byte[]>();
        for (int i = 0; i < times; i++)
        {
            Send(one, all, NbnsEncoder.WriteRequest(octets, (ushort)i, NbnsFlagWords.Overwrite | 0x10, name, 0, new NbEntry(new NbFlags(false, OwnerNodeType.B), one)));
            Send(other, all, NbnsEncoder.WriteRequest(octets, (ushort)(i + 1_000), NbnsFlagWords.RegistrationRequest | 0x10, name, 0, new NbEntry(new NbFlags(false, OwnerNodeType.B), other)));
            Send(one, other, NbnsEncoder.WriteResponse(octets, (ushort)(i + 1_000), NbnsFlagWords.EndNodeChallenge | 6, name, 0, new NbEntry(new NbFlags(false, OwnerNodeType.B), one)));
            Send(one, all, NbnsEncoder.WriteRequest(octets, (ushort)(i + 2_000), NbnsFlagWords.Release | 0x10, name, 0, new NbEntry(new NbFlags(false, OwnerNodeType.B), one)));
        }

        return frames;

        void Send(Ipv4Address from, Ipv4Address to, int length)
        {
            var frame = new byte[UdpFrame.HeaderLength + length];
            var station = to == all ? new MacAddress(0xFFFF_FFFF_FFFF) : MacAddress.FromIpv4(to);
            UdpFrame.Write(frame, MacAddress.FromIpv4(from), station, Ipv4Endpoint.NameService(from), Ipv4Endpoint.NameService(to), octets.AsSpan(0, length), (ushort)frames.Count);
            frames.Add(frame);
        }
    }

    private static byte[] Pcap(List<byte[]> frames, int second)
    {
        var bytes = new CaptureBytes().PcapHeader();
        foreach (byte[] frame in frames)
            bytes.PcapRecord(1_700_000_000 + second++, 0, frame);
        return bytes.ToArray();
    }
}
