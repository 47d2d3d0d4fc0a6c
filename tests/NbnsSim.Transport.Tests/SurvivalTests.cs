using System.Diagnostics.CodeAnalysis;
using NbnsSim.Events;
using NbnsSim.Names;
using NbnsSim.NameServers;
using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Wire;

namespace NbnsSim.Transport.Tests;

/// <summary>A node and a name server on real sockets under a rain of datagrams, most of them damaged.</summary>
public sealed class SurvivalTests
{
    private static readonly NetBiosName Alice = NetBiosName.Parse("ALICE<20>");

    [Test]
    public void DamagedDatagramsHarmNothing([Values(NbnsSocketPath.Managed, NbnsSocketPath.Batched)] NbnsSocketPath path) => Survive(path, 20_000);

    [Test, Category("Slow")]
    public void AMillionMixedAndDamagedDatagrams_AreSurvivedAndValidOnesAnswered([Values(NbnsSocketPath.Managed, NbnsSocketPath.Batched)] NbnsSocketPath path) =>
        Survive(path, 1_000_000);

    private static void Survive(NbnsSocketPath path, int count)
    {
        if (path == NbnsSocketPath.Batched && !OperatingSystem.IsLinux())
            Assert.Ignore("recvmmsg and sendmmsg are Linux'.");
        var own = Ipv4Address.Loopback;
        var node = new EndNode("ALICE", EndNodeInterface.InSubnet(own, 8), new EndNodeOptions { Dialect = NetBtDialect.Windows2000, NameServers = [CompositeEndpoint.LocalNameServer] });
        var server = new NameServer(new NameServerOptions { Address = own, MaxNames = 5000, MaxScopes = 500, Seed = NbnsUdpHost.NewSeed() });
        using var host = new NbnsUdpHost(
            new LoopbackOnly(new CompositeEndpoint(server, node, [own])),
            new NbnsUdpHostOptions { SocketPath = path, Interfaces = [new NbnsHostInterface(own, 0)] });
        host.Start();
        host.InvokeAsync(now => node.Boot(now)).Wait();
        using var peer = new Peer();
        Assert.That(SpinWait.SpinUntil(() => IsAnswered(peer, host.LocalEndpoints[0], 1), TimeSpan.FromSeconds(20)), Is.True);

        var random = new RandomStream(1995);
        var buffer = new byte[3000];
        long afterTheFirst = 0;
        for (int i = 0; i < count; i++)
        {
            peer.Send(Damaged(buffer, ref random), host.LocalEndpoints[0]);
            if (i % 50 == 0) // keeps in step, so that no datagram is lost before it is read
                Assert.That(IsAnswered(peer, host.LocalEndpoints[0], (ushort)(0x8000 | i)), Is.True);
            if (i == count / 5)
                afterTheFirst = GC.GetTotalMemory(forceFullCollection: true);
        }

        long grown = GC.GetTotalMemory(forceFullCollection: true) - afterTheFirst;
        TestContext.Out.WriteLine($"{count} datagrams: memory {grown:+#;-#;0} octets, {server.Count} names, {host.Statistics}");
        Assert.That(grown, Is.LessThan(4_000_000), "memory grew");
        Assert.That(host.Statistics.ParseErrors, Is.GreaterThan(count / 10));
        Assert.That(host.Statistics.DropsFor(NbnsDropReason.TooLong), Is.GreaterThan(count / 100));
        Assert.That(host.Completion.IsCompleted, Is.False);
    }

    /// <summary>Asks for a name the node has, and reads until the answer comes; those to damaged requests come before it.</summary>
    private static bool IsAnswered(Peer peer, Ipv4Endpoint host, ushort id)
    {
        peer.SendQuery(host, id, "ALICE<20>");
        while (true)
        {
            var answer = peer.Receive();
            if (answer.TransactionId == id && answer.Opcode == NbnsOpcode.Query && answer.Name.Is(Alice))
                return answer.Rcode == NbnsRcode.Success;
        }
    }

    private static ReadOnlySpan<byte> Damaged(Span<byte> buffer, ref RandomStream random)
    {
        var entry = new NbEntry(new NbFlags(random.Chance(200_000), OwnerNodeType.H), new Ipv4Address(0x7F000001 + random.Next(4)));
        var name = new NetBiosName($"NAME{random.Next(2000)}", (NameSuffix)random.Next(0x22));
        int length;
        switch (random.Next(8))
        {
            case 0: // noise of any length, none and too long included
                length = (int)random.Next(2500);
                for (int i = 0; i < length; i++)
                    buffer[i] = (byte)random.NextUInt32();
                return buffer[..length];
            case 1: // cut short
                return buffer[..(int)random.Next((uint)NbnsEncoder.WriteQuery(buffer, 1, NbnsFlagWords.QueryRequest, name))];
            case 2:
                length = NbnsEncoder.WriteRequest(buffer, 1, NbnsFlagWords.RegistrationRequest, name, 300, entry);
                break;
            case 3:
                length = NbnsEncoder.WriteRequest(buffer, 2, NbnsFlagWords.Release, name, 0, entry);
                break;
            case 4:
                length = NbnsEncoder.WriteRequest(buffer, 3, NbnsFlagWords.MultihomedRegistrationRequest, name, 300, entry);
                break;
            case 5: // what nobody asked for
                length = NbnsEncoder.WriteResponse(buffer, 4, NbnsFlagWords.QueryResponse, name, 300, entry);
                break;
            case 6:
                length = NbnsEncoder.WriteQuery(buffer, 5, NbnsFlagWords.NodeStatusRequest, NetBiosName.Wildcard, NbnsType.NBStat);
                break;
            default:
                length = NbnsEncoder.WriteRequest(buffer, 6, NbnsFlagWords.RefreshRequest, name, 300, entry);
                break;
        }

        for (uint changes = random.Next(6); changes > 0; changes--)
            buffer[(int)random.Next((uint)length)] = (byte)random.NextUInt32();
        return buffer[..length];
    }

    /// <summary>A damaged claim may name any address as the owner's; no challenge may leave this machine.</summary>
    private sealed class LoopbackOnly(INbnsEndpoint inner) : INbnsEndpoint
    {
        public void HandleDatagram(Instant now, in Datagram datagram) => inner.HandleDatagram(now, datagram);

        public void HandleTimeout(Instant now) => inner.HandleTimeout(now);

        public bool TryPollTransmit(Span<byte> buffer, out Transmit transmit)
        {
            while (inner.TryPollTransmit(buffer, out transmit))
            {
                if (transmit.Destination.Address.Value >> 24 == 127)
                    return true;
            }

            return false;
        }

        public bool TryPollEvent([NotNullWhen(true)] out NetBtEvent? logged) => inner.TryPollEvent(out logged);

        public Instant? PollTimeout() => inner.PollTimeout();

        public INbnsEndpoint Fork() => new LoopbackOnly(inner.Fork());
    }
}
