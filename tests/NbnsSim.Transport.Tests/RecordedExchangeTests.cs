using NbnsSim.Captures;
using NbnsSim.Names;
using NbnsSim.NameServers;
using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Wire;

namespace NbnsSim.Transport.Tests;

/// <summary>
/// What Samba's programs sent to <c>nbnssim serve</c> (tests/interop, recorded with CAPTURE=folder), fed to the same node and name server in virtual
/// time: every answer must come out octet for octet as it was recorded.
/// </summary>
public sealed class RecordedExchangeTests
{
    private static readonly Ipv4Address Own = Ipv4Address.Parse("192.168.77.2");

    private readonly List<(Instant Time, Ipv4Endpoint Source, Ipv4Endpoint Destination, bool IsBroadcast, byte[] Payload)> _frames = [];
    private readonly SortedDictionary<string, List<string>> _recorded = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, List<string>> _answered = new(StringComparer.Ordinal);
    private readonly Dictionary<(Ipv4Address To, NetBiosName Name), ushort> _ownIds = [];

    [SetUp]
    public void Clear()
    {
        _frames.Clear();
        _recorded.Clear();
        _answered.Clear();
        _ownIds.Clear();
    }

    [TestCase("smbtorture.pcap", "w2k", TestName = "Recorded_SmbtortureRegisterAndWins")]
    [TestCase("tools.pcap", "w2k", TestName = "Recorded_NmblookupNbtscanNmapAndOurOwnTool")]
    [TestCase("nmbd.pcap", "rfc1002", TestName = "Recorded_NmbdRegistersRefreshesReleases")]
    public void IsAnsweredAsItWasRecorded(string file, string dialectName)
    {
        var unitId = Read(Path.Combine(TestContext.CurrentContext.TestDirectory, "Recordings", file));
        Assert.That(NetBtDialect.TryFind(dialectName, out var dialect), Is.True);
        var server = new NameServer(new NameServerOptions
        {
            Address = Own,
            // When it was recorded, a refusal gave the claim's own data back, as Samba's does, and not the owner's (RFC 1002 §4.2.6).
            Dialect = dialectName == "w2k" ? NameServerDialect.Windows2000 with { RefusalsCarryOwner = false }
                : NameServerDialect.Rfc1002Secured with { RefusalsCarryOwner = false, ForeignReleases = ForeignReleasePolicy.Refuse },
        });
        var node = new EndNode("WINSRV", new EndNodeInterface(Own, Ipv4Address.Parse("192.168.77.255"), unitId), new EndNodeOptions
        {
            Dialect = dialect! with { ShowsHybridAsMixed = false }, // when it was recorded, the node called itself H
            NameServers = [CompositeEndpoint.LocalNameServer],
            Workgroup = "LABGRP",
        });
        var host = new CompositeEndpoint(server, node, [Own]);
        var start = _frames[0].Time - TimeSpan.FromSeconds(2); // it was ready before anybody asked
        node.Boot(start);
        Pass(host, start, _frames[0].Time);
        for (int i = 0; i < _frames.Count; i++)
        {
            var frame = _frames[i];
            if (frame.Source.Address != Own && (frame.IsBroadcast || frame.Destination.Address == Own))
            {
                host.HandleDatagram(frame.Time, new Datagram(WithOurId(frame), frame.Source, frame.Destination, frame.IsBroadcast));
                Drain(host);
            }

            Pass(host, frame.Time, i + 1 < _frames.Count ? _frames[i + 1].Time : frame.Time + TimeSpan.FromSeconds(5));
        }

        Assert.That(_recorded, Has.Count.GreaterThan(10));
        foreach (var (request, answers) in _recorded)
            Assert.That(_answered.GetValueOrDefault(request), Is.EqualTo(answers), request);
        Assert.That(_answered.Keys, Is.EqualTo(_recorded.Keys), "answers that nobody got");
    }

    /// <summary>Reads a recording; returns the Ethernet address of the machine that ours stands in for.</summary>
    private MacAddress Read(string path)
    {
        MacAddress unitId = default;
        using var reader = new DatagramReader(CaptureReader.Open(File.OpenRead(path)), new DatagramReaderOptions { Port = Ipv4Endpoint.NameServicePort });
        while (reader.TryRead(out var datagram))
        {
            _frames.Add((datagram.Time, datagram.Source, datagram.Destination, datagram.IsBroadcast, datagram.Payload.ToArray()));
            if (datagram.Source.Address != Own)
                continue;
            unitId = datagram.SourceMac ?? default;

            // When it was recorded, who claimed a name of the server's own host was asked to wait first. That host's node answers within the
            // same instant, so nobody has to wait, and no such WACK may come today.
            if (IsWackForOwnName(datagram.Payload))
                continue;
            Note(_recorded, datagram.Destination, datagram.Payload);
        }

        return unitId;
    }

    private static bool IsWackForOwnName(ReadOnlySpan<byte> payload) =>
        NbnsPacket.TryParseLenient(payload, out var packet, out _) && packet.IsResponse && packet.Flags.Opcode == NbnsOpcode.Wack
        && packet.Name.TryGetName(out var name) && name.BaseName == "WINSRV";

    /// <summary>A response of the recording answers a request of ours, which this time has another transaction id.</summary>
    private byte[] WithOurId((Instant Time, Ipv4Endpoint Source, Ipv4Endpoint Destination, bool IsBroadcast, byte[] Payload) frame)
    {
        if (!NbnsPacket.TryParseLenient(frame.Payload, out var packet, out _) || !packet.IsResponse || !packet.Name.TryGetName(out var name)
            || !_ownIds.TryGetValue((frame.Source.Address, name), out ushort id))
            return frame.Payload;
        byte[] changed = [.. frame.Payload];
        (changed[0], changed[1]) = ((byte)(id >> 8), (byte)id);
        return changed;
    }

    private void Pass(CompositeEndpoint host, Instant now, Instant until)
    {
        while (true)
        {
            host.HandleTimeout(now);
            Drain(host);
            if (host.PollTimeout() is not { } due || due > until)
                return;
            now = due > now ? due : now;
        }
    }

    private void Drain(CompositeEndpoint host)
    {
        Span<byte> buffer = stackalloc byte[1152];
        while (host.TryPollTransmit(buffer, out var transmit))
        {
            var octets = buffer[..transmit.Length];
            Assert.That(NbnsPacket.TryParseLenient(octets, out var packet, out _), Is.True);
            if (packet.IsResponse)
                Note(_answered, transmit.Destination, octets);
            else if (packet.Name.TryGetName(out var name))
                _ownIds[(transmit.Destination.Address, name)] = packet.TransactionId;
        }
    }

    /// <summary>Sorts responses by whom they went to and which request they answer: those to different requests may overtake each other.</summary>
    private static void Note(SortedDictionary<string, List<string>> answers, Ipv4Endpoint destination, ReadOnlySpan<byte> payload)
    {
        if (!NbnsPacket.TryParseLenient(payload, out var packet, out _) || !packet.IsResponse)
            return;
        string key = $"{destination} {packet.TransactionId:X4}";
        if (!answers.TryGetValue(key, out var list))
            answers.Add(key, list = []);
        list.Add(Convert.ToHexString(payload));
    }
}
