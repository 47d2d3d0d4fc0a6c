using NbnsSim.Captures;
using NbnsSim.NameServers;
using NbnsSim.Protocol;
using NbnsSim.Tests.House;
using NbnsSim.Wire;

namespace NbnsSim.Tests.NameServers;

/// <summary>
/// smbtorture's <c>nbt.register</c> and <c>nbt.wins.wins</c> against Samba's own name server, recorded: the same requests at the same times to ours, and the
/// same answers, but for what is a dialect's choice.
/// </summary>
public sealed class RecordedTortureTests
{
    /// <summary>Samba's choices, as the recording shows them: it asks an owner every second, echoes the TTL asked for, and returns node types.</summary>
    private static readonly NameServerDialect Samba = NameServerDialect.Windows2000 with
    {
        ChallengeInterval = TimeSpan.FromSeconds(1),
        ChallengeIntervalDoubles = false,
        GrantsRequestedTime = true,
        ReportsNodeType = true,
        RefusalsCarryOwner = false,
    };

    private static readonly Ipv4Address Client = ServerBench.Ip("192.168.77.50");
    private static readonly Ipv4Address Recorded = ServerBench.Ip("192.168.77.3");

    [Test]
    public void EveryRecordedRequestGetsTheRecordedAnswer()
    {
        var server = new NameServer(new NameServerOptions { Address = Recorded, Dialect = Samba });
        var ours = new List<string>();
        var theirs = new List<string>();
        using var reader = new DatagramReader(CaptureReader.Open(Path.Combine(Repository.Root, "tests", "NbnsSim.Tests", "Fixtures", "smbtorture-nbt-register-wins.pcap")));
        while (reader.TryRead(out var datagram))
        {
            if (datagram.SourcePort != 137 || datagram.DestinationPort != 137 || !NbnsPacket.TryParseLenient(datagram.Payload, out var packet, out _))
                continue; // the rest are smbtorture's questions about the host's own names
            if (datagram.Source.Address == Recorded && datagram.Destination.Address == Client)
                theirs.Add(Describe(packet));
            if (datagram.Source.Address != Client || datagram.Destination.Address != Recorded)
                continue;
            while (server.PollTimeout() is { } due && due <= datagram.Time)
            {
                server.HandleTimeout(due);
                Collect(server, ours);
            }

            server.HandleDatagram(datagram.Time, new Datagram(datagram.Payload, datagram.Source, datagram.Destination, isBroadcast: false));
            Collect(server, ours);
        }

        Assert.That(theirs, Has.Count.EqualTo(177));
        Assert.That(ours, Is.EqualTo(theirs));
    }

    private static void Collect(NameServer server, List<string> answers)
    {
        Span<byte> buffer = stackalloc byte[576];
        while (server.TryPollTransmit(buffer, out var transmit))
        {
            Assert.That(NbnsPacket.TryParseLenient(buffer[..transmit.Length], out var packet, out _), Is.True);
            if (transmit.Destination.Address == Client)
                answers.Add(Describe(packet));
        }
    }

    /// <summary>All that two servers must agree on: RD and RA of a negative query response and the seconds in a WACK are each one's own.</summary>
    private static string Describe(in NbnsPacket packet)
    {
        int flags = packet.Flags.Value;
        if (packet.Opcode == NbnsOpcode.Query && packet.Rcode != NbnsRcode.Success)
            flags &= ~(NbnsFlags.RecursionDesiredBit | NbnsFlags.RecursionAvailableBit);
        var record = packet.Record;
        string ttl = packet.Opcode == NbnsOpcode.Wack ? "" : $" ttl {record.TimeToLive}";
        string group = record.FirstEntry.Flags.IsGroup ? " group" : "";
        return $"{packet.TransactionId:X4} {flags:X4} {packet.Name.ToString()} {record.Type}{ttl}{group} {record.FirstEntry.Address} × {record.EntryCount}";
    }
}
