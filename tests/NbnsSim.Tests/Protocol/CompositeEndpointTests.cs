using NbnsSim.Names;
using NbnsSim.NameServers;
using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Tests.NameServers;
using NbnsSim.Wire;

namespace NbnsSim.Tests.Protocol;

/// <summary>A host that is a name server and an end node: what smbtorture, nmblookup, nbtscan and nmap ask of one address.</summary>
public sealed class CompositeEndpointTests
{
    private const string Client = "10.0.0.1";

    private static readonly Ipv4Address Own = ServerBench.ServerAddress;

    private NameServer _server = null!;
    private EndNode _node = null!;
    private CompositeEndpoint _host = null!;
    private Instant _now;

    [SetUp]
    public void Boot()
    {
        _now = Instant.FromUnixTime(1000);
        _server = new NameServer(new NameServerOptions { Address = Own, Seed = 1 });
        var options = new EndNodeOptions { Dialect = NetBtDialect.Windows2000, NameServers = [CompositeEndpoint.LocalNameServer], Workgroup = "LABGRP" };
        _node = new EndNode("WINSRV", EndNodeInterface.InSubnet(Own), options, seed: 2);
        _host = new CompositeEndpoint(_server, _node, [Own]);
        _node.Boot(_now);
        Pass(TimeSpan.FromSeconds(30));
    }

    [Test]
    public void TheNodeRegistersWithTheServerBesideItAndNothingOfItLeavesTheHost()
    {
        Assert.That(_server.GetRecords().Select(record => record.ToString()), Has.Some.StartsWith("WINSRV<20> unique active 10.0.0.250"));
        Assert.That(_server.GetRecords().Select(record => record.Name.ToString()), Does.Contain("WINSRV<00>").And.Contain("LABGRP<00>"));
    }

    [Test]
    public void EachAddressOfTheHostAnswersAChallengeForItself()
    {
        // The name is in conflict on the first address alone: the second holds it, and so the server gives it to nobody else.
        var second = Ipv4Address.Parse("10.0.1.250");
        _server = new NameServer(new NameServerOptions { Address = Own, Seed = 1 });
        var options = new EndNodeOptions { Dialect = NetBtDialect.Windows2000, NameServers = [CompositeEndpoint.LocalNameServer] };
        _node = new EndNode("WINSRV", [EndNodeInterface.InSubnet(Own), EndNodeInterface.InSubnet(second)], options, seed: 2);
        _host = new CompositeEndpoint(_server, _node, [Own, second]);
        DecisionWatch.Listen(_host);
        _node.AddName(_now, NetBiosName.Parse("WINSRV<20>"));
        Pass(TimeSpan.FromSeconds(30));
        Assert.That(_server.GetRecords().Single().Addresses.Select(one => one.Address), Is.EqualTo(new[] { Own, second }));

        var buffer = new byte[100];
        int length = NbnsEncoder.WriteResponse(buffer, 1, NbnsFlagWords.ConflictDemand, NetBiosName.Parse("WINSRV<20>"), 0, default(NbEntry));
        Deliver(buffer.AsSpan(0, length), 137, isBroadcast: false);
        Assert.That(_node.GetNameRows(0)[0].Status, Is.EqualTo(NbtStatStatus.Conflict));
        Send(NbnsFlagWords.RegistrationRequest, "WINSRV<20>");
        Pass(TimeSpan.FromSeconds(30));
        Assert.That(_server.GetRecords().Single().Addresses.Select(one => one.Address), Does.Contain(second));
    }

    [Test]
    public void WhatACommandSendsGoesOutWithTheNextTimeout_AtItsTime()
    {
        _now += TimeSpan.FromMinutes(10);
        _node.AddName(_now, NetBiosName.Parse("LATER<20>"));
        Assert.That(ServerBench.Drain(_host), Is.Empty);
        _host.HandleTimeout(_now);
        var record = _server.FindRecord(NetBiosName.Parse("LATER<20>"))!;
        Assert.That(record.Expires, Is.GreaterThan(_now + TimeSpan.FromDays(5)));
        while (_node.TryPollResult(out var result))
            Assert.That(result!.Name.ToString() != "LATER<20>" || result.CompletedAt == _now, Is.True);
    }

    [Test]
    public void ARecursiveQueryIsTheServers()
    {
        var answer = Ask("WINSRV<20>", NbnsFlagWords.QueryRequest).HasFlags(0x8580);
        Assert.That(answer.Addresses, Is.EqualTo(new[] { "10.0.0.250" }));
        Send(NbnsFlagWords.RegistrationRequest, "ALPHA<20>").Accepted();
        Assert.That(Ask("ALPHA<20>", NbnsFlagWords.QueryRequest).HasFlags(0x8580).Addresses, Is.EqualTo(new[] { Client }));
        Ask("NOSUCH<20>", NbnsFlagWords.QueryRequest).HasFlags(0x8583);
    }

    [Test]
    public void AQueryWithoutRecursionIsForTheNodesOwnNames()
    {
        Send(NbnsFlagWords.RegistrationRequest, "ALPHA<20>").Accepted();
        Assert.That(Ask("WINSRV<20>", 0).Only().Rcode, Is.EqualTo(NbnsRcode.Success));
        Assert.That(Ask("ALPHA<20>", 0).Count(sent => sent.Rcode == NbnsRcode.Success), Is.Zero);
    }

    [Test]
    public void ABroadcastQueryIsTheNodes()
    {
        Assert.That(Ask("WINSRV<20>", 0x0110, isBroadcast: true).HasFlags(0x8500).Addresses, Is.EqualTo(new[] { "10.0.0.250" }));
        Send(NbnsFlagWords.RegistrationRequest, "ALPHA<20>").Accepted();
        Assert.That(Ask("ALPHA<20>", 0x0110, isBroadcast: true), Is.Empty);
    }

    [TestCase(0x0000)]
    [TestCase(0x0010)]
    public void NodeStatusIsTheNodes(int flags)
    {
        var answer = Ask("*", (ushort)flags, NbnsType.NBStat).Only();
        Assert.That(answer.Type, Is.EqualTo(NbnsType.NBStat));
        Assert.That(answer.Flags, Is.EqualTo(0x8400));
    }

    [TestCase(0x2810)]
    [TestCase(0x2910)]
    public void AClaimOnTheHostsNameWithTheBroadcastBitIsRefusedByTheNode(int flags)
    {
        // smbtorture nbt.register, both ways round: RD in the request or in the demand, unicast with B set
        var answer = Send((ushort)flags, "WINSRV<20>", port: 51717).HasFlags(0xAD86);
        Assert.That(answer.To.Port, Is.EqualTo(51717));
        Assert.That(Send((ushort)flags, "BFLAG<20>"), Is.Empty);
    }

    [TestCase(0x4000)]
    [TestCase(0x7800)]
    [TestCase(0x2900)]
    public void AClaimOnTheHostsNameIsRefusedAtOnce_TheNodeWasAsked(int flags)
    {
        var sent = Send((ushort)flags, "WINSRV<20>");
        Assert.That(sent.Select(one => (int)one.Flags), Is.EqualTo(new[] { 0xAD86 }), "the challenge stays within the host: nobody has to wait, so no WACK");
        Assert.That(sent.All(one => one.To.Address.ToString() == Client), Is.True);
    }

    [Test]
    public void TheChangeOfANameTheNodeGaveUpIsThereBeforeTheAnswerIsTaken()
    {
        var server = new NameServer(new NameServerOptions { Address = Own, JournalsChanges = true });
        var host = new CompositeEndpoint(server, _node.Fork(), [Own]);
        var bench = new ServerBench(NameServerDialect.Windows2000) { Server = server };
        Span<byte> buffer = stackalloc byte[576];
        int length = NbnsEncoder.WriteRequest(buffer, 7, 0x2900, NetBiosName.Parse("NOTOURS<20>"), 0, new NbEntry(default, Own));
        host.HandleDatagram(bench.Now, new Datagram(buffer[..length], new(ServerBench.Ip("10.0.0.9"), 137), new(Own, 137), isBroadcast: false));
        ServerBench.Drain(host).Accepted();
        while (server.TryPollChange(out _))
        {
        }

        // Registered for this host, which does not hold it: the challenge stays within, and everything has happened before anything is sent.
        length = NbnsEncoder.WriteRequest(buffer, 8, 0x2900, NetBiosName.Parse("NOTOURS<20>"), 0, new NbEntry(default, ServerBench.Ip(Client)));
        host.HandleDatagram(bench.Now, new Datagram(buffer[..length], new(ServerBench.Ip(Client), 137), new(Own, 137), isBroadcast: false));
        Assert.That(server.TryPollChange(out var change), Is.True);
        Assert.That(change.ToRecord()!.Has(ServerBench.Ip(Client)), Is.True);
        Assert.That(ServerBench.Drain(host).Select(sent => (int)sent.Flags), Is.EqualTo(new[] { 0xAD80 }));
    }

    [Test]
    public void AReleaseFromAnotherServerIsADemandToTheNode()
    {
        Send(NbnsFlagWords.Release, "WINSRV<20>", entryAddress: Own);
        Assert.That(_host.TryPollEvent(out var logged), Is.True);
        Assert.That(logged!.Id, Is.EqualTo(4320));
    }

    [Test]
    public void AForkGoesItsOwnWay()
    {
        var fork = (CompositeEndpoint)_host.Fork();
        Send(NbnsFlagWords.RegistrationRequest, "ALPHA<20>").Accepted();
        Assert.That(((NameServer)fork.NameServer).Count, Is.EqualTo(_server.Count - 1));
        Assert.That(fork.PollTimeout(), Is.EqualTo(_host.PollTimeout()));
    }

    private void Pass(TimeSpan time)
    {
        var until = _now + time;
        _host.HandleTimeout(_now); // after a command
        ServerBench.Drain(_host);
        while (_host.PollTimeout() is { } due && due <= until)
        {
            _now = due > _now ? due : _now;
            _host.HandleTimeout(_now);
            Assert.That(ServerBench.Drain(_host).All(sent => sent.To.Address != Own && sent.To.Address != CompositeEndpoint.LocalNameServer), Is.True);
        }

        _now = until;
    }

    private List<Sent> Ask(string name, ushort flags, NbnsType type = NbnsType.NB, bool isBroadcast = false)
    {
        Span<byte> buffer = stackalloc byte[576];
        return Deliver(buffer[..NbnsEncoder.WriteQuery(buffer, 0x5150, flags, NetBiosName.Parse(name), type)], 137, isBroadcast);
    }

    private List<Sent> Send(ushort flags, string name, ushort port = 137, Ipv4Address? entryAddress = null)
    {
        Span<byte> buffer = stackalloc byte[576];
        var entry = new NbEntry(default, entryAddress ?? ServerBench.Ip(Client));
        return Deliver(buffer[..NbnsEncoder.WriteRequest(buffer, 0x5151, flags, NetBiosName.Parse(name), 1234, entry)], port, isBroadcast: false);
    }

    private List<Sent> Deliver(ReadOnlySpan<byte> payload, ushort port, bool isBroadcast)
    {
        _host.HandleDatagram(_now, new Datagram(payload, new Ipv4Endpoint(ServerBench.Ip(Client), port), Ipv4Endpoint.NameService(Own), isBroadcast));
        return ServerBench.Drain(_host);
    }
}
