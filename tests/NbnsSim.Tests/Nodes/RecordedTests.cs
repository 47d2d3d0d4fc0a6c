using NbnsSim.Captures;
using NbnsSim.Names;
using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Wire;
using static NbnsSim.Messages.NbnsMessageKind;
using static NbnsSim.Tests.Nodes.NodeBed;

namespace NbnsSim.Tests.Nodes;

/// <summary>Recorded traffic of real systems, held against the node.</summary>
public sealed class RecordedTests
{
    private const string Public = "captures/public/node-netbios-name-service--netbios-ns-b-";

    private static List<Sent> Read(string capture)
    {
        var sent = new List<Sent>();
        using var reader = new DatagramReader(CaptureReader.Open(SharedFolder.Require(capture)));
        while (reader.TryRead(out var datagram))
        {
            if (datagram.SourcePort == 137 || datagram.DestinationPort == 137)
                sent.Add(new Sent(datagram.Time, datagram.Source, datagram.Destination, datagram.IsBroadcast, datagram.Payload.ToArray()));
        }

        return sent;
    }

    /// <summary>A Windows node that holds names, and what it answers to a request.</summary>
    private static byte[] Answer(EndNode node, NetBiosName[] names, NetBiosName[] groups, Sent recorded, Func<byte[], int> request)
    {
        var bed = new NodeBed();
        bed.Add(node);
        foreach (var name in names)
            bed.Do(node, now => node.AddName(now, name));
        foreach (var group in groups)
            bed.Do(node, now => node.AddGroupName(now, group));
        bed.RunSeconds(60);
        bed.Log.Clear();
        var buffer = new byte[576];
        int length = request(buffer);
        bed.Send(recorded.Destination.Address.ToString(), node.Address.ToString(), buffer.AsSpan(0, length), recorded.Destination.Port);
        return bed.From(node).Single().Bytes;
    }

    private static EndNode Xp(Ipv4Address address, OwnerNodeType type, string scope = "") => new(
        "VMWINXP",
        new EndNodeInterface(address, new Ipv4Address(address.Value | 0xFF), new MacAddress(0x000C290D0656)),
        new EndNodeOptions { Dialect = NetBtDialect.Windows2000, NodeType = type, Scope = NetBiosScope.Parse(scope) });

    [Test]
    public void WindowsXpsPositiveQueryResponse_IsGivenOctetForOctet()
    {
        var recorded = Read(Public + "positive-response-winxp.pcap").Single();
        byte[] answer = Answer(
            Xp(recorded.Source.Address, OwnerNodeType.H), [recorded.Name], [], recorded,
            buffer => NbnsEncoder.WriteQuery(buffer, recorded.TransactionId, NbnsFlagWords.QueryRequest, recorded.Name));
        Assert.That(Convert.ToHexString(answer), Is.EqualTo(Convert.ToHexString(recorded.Bytes)));
    }

    [Test]
    public void WindowsXpsRefusal_IsGivenOctetForOctet_ScopeIncluded()
    {
        var recorded = Read(Public + "register-negative-response-winxp.pcap").Single();
        byte[] answer = Answer(
            Xp(recorded.Source.Address, OwnerNodeType.B, "example.com"), [recorded.Name], [], recorded,
            buffer => NbnsEncoder.WriteRequest(
                buffer, recorded.TransactionId, NbnsFlagWords.RegistrationRequest | NbnsFlags.BroadcastBit, recorded.Name, 300_000,
                new NbEntry(default, recorded.Destination.Address)));
        Assert.That(Convert.ToHexString(answer), Is.EqualTo(Convert.ToHexString(recorded.Bytes)));
    }

    [Test]
    public void WindowsXpsNodeStatus_IsGivenOctetForOctet()
    {
        var recorded = Read(Public + "nbstat-response-winxp.pcap").Single();
        Assert.That(NbnsPacket.TryParse(recorded.Bytes, out var packet), Is.True);
        var bed = new NodeBed();
        var node = Xp(recorded.Source.Address, OwnerNodeType.B);
        bed.Add(node);
        for (int i = 0; i < packet.Record.NodeNameCount; i++)
        {
            var listed = packet.Record.GetNodeName(i);
            bed.Do(node, now => listed.Flags.IsGroup ? node.AddGroupName(now, listed.Name) : node.AddName(now, listed.Name));
            bed.RunSeconds(5);
        }

        bed.Log.Clear();
        var buffer = new byte[576];
        int length = NbnsEncoder.WriteQuery(buffer, recorded.TransactionId, NbnsFlagWords.NodeStatusRequest, recorded.Name, NbnsType.NBStat);
        bed.Send(recorded.Destination.Address.ToString(), node.Address.ToString(), buffer.AsSpan(0, length), recorded.Destination.Port);
        byte[] answer = bed.From(node).Single().Bytes;
        // what XP leaves behind the statistics is no part of them
        Assert.That(Convert.ToHexString(answer), Is.EqualTo(Convert.ToHexString(recorded.Bytes.AsSpan(0, answer.Length))));
    }

    [Test]
    public void WindowsXpsRegistration_IsSentOctetForOctet()
    {
        var recorded = Read(Public + "register-winxp.pcap").Single();
        var bed = new NodeBed();
        var node = new EndNode(
            "VMWINXP", EndNodeInterface.InSubnet(recorded.Source.Address),
            new EndNodeOptions { Dialect = NetBtDialect.Windows2000, NameServers = [recorded.Destination.Address] });
        bed.Add(node);
        bed.Do(node, now => node.AddName(now, recorded.Name, recorded.TransactionId));
        Assert.That(Convert.ToHexString(bed.Log[0].Bytes), Is.EqualTo(Convert.ToHexString(recorded.Bytes)));
        Assert.That(bed.Log[0].Destination, Is.EqualTo(recorded.Destination));
    }

    [Test]
    public void NmbdsClaims_AreRefusedWhereAnotherNmbdRefusedThem()
    {
        var recorded = Read("captures/samba/b1-bnode-conflict-late.pcap");
        var owner = Ip("192.168.77.11");
        var claimant = Ip("192.168.77.12");
        var bed = new NodeBed();
        var node = new EndNode("TWIN", EndNodeInterface.InSubnet(owner), EndNodeOptions.Default);
        bed.Add(node);
        foreach (string unique in (string[])["TWIN<20>", "TWIN<03>", "TWIN<00>"])
            bed.Do(node, now => node.AddName(now, Name(unique)));
        foreach (string group in (string[])["LABGRP<00>", "LABGRP<1E>"])
            bed.Do(node, now => node.AddGroupName(now, Name(group)));
        bed.RunSeconds(10);
        bed.Log.Clear();
        foreach (var claim in recorded.Where(sent => sent.Source.Address == claimant && sent.Kind == NameRegistrationRequest))
            node.HandleDatagram(bed.Now, new Datagram(claim.Bytes, claim.Source, claim.Destination, isBroadcast: true));
        bed.Settle();

        var theirs = recorded.Where(sent => sent.Source.Address == owner && sent.Kind == NegativeNameRegistrationResponse)
            .Select(sent => (sent.TransactionId, sent.Name, sent.Flags, sent.Destination)).Distinct().Order(Comparer<(ushort, NetBiosName, ushort, Ipv4Endpoint)>.Create((a, b) => a.Item1 - b.Item1));
        var ours = bed.From(node).Select(sent => (sent.TransactionId, sent.Name, sent.Flags, sent.Destination)).Distinct();
        Assert.That(ours, Is.EqualTo(theirs));
        Assert.That(bed.From(node).Select(sent => sent.Entry.Address), Is.All.EqualTo(owner), "RDATA is the owner's; nmbd repeats the claimant's");
    }

    [TestCase("captures/samba/b3-registration-answered-act.pcap", NbnsRcode.ActiveError)]
    [TestCase("captures/samba/b3-registration-answered-cft.pcap", NbnsRcode.ConflictError)]
    public void RecordedRefusals_EndOurClaims(string capture, NbnsRcode rcode)
    {
        var recorded = Read(capture);
        var host = Ip("192.168.77.11");
        var bed = new NodeBed();
        var node = new EndNode("ALPHA", EndNodeInterface.InSubnet(host), EndNodeOptions.Default);
        bed.Add(node);
        foreach (var answer in recorded.Where(sent => sent.Destination.Address == host && sent.Kind is NegativeNameRegistrationResponse or NameConflictDemand).ToArray())
        {
            var id = bed.Do(node, now => node.AddName(now, answer.Name, answer.TransactionId));
            bed.Send(answer.Source.Address.ToString(), host.ToString(), answer.Bytes);
            Assert.That(bed.Result(node, id).Outcome, Is.EqualTo(OperationOutcome.Refused));
            Assert.That(bed.Result(node, id).Rcode, Is.EqualTo(rcode));
        }

        Assert.That(bed.Results["ALPHA"], Has.Count.EqualTo(3));
        Assert.That(node.NameCount, Is.Zero);
    }
}
