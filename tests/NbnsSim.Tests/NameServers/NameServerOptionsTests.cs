using NbnsSim.Names;
using NbnsSim.NameServers;
using NbnsSim.Protocol;
using NbnsSim.Wire;

namespace NbnsSim.Tests.NameServers;

/// <summary>What a server is given, and what it costs.</summary>
public sealed class NameServerOptionsTests
{
    [Test]
    public void WhatCannotWorkIsRefusedAtOnce()
    {
        Assert.Multiple(() =>
        {
            Assert.That(() => new NameServer(null!), Throws.ArgumentNullException);
            Assert.That(() => new NameServerOptions { Dialect = null! }, Throws.ArgumentNullException);
            Assert.That(() => new NameServerOptions { MaxNames = 0 }, Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => new NameServerOptions { MaxTransactions = 40_000 }, Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => new NameServerOptions { MaxQueuedOctets = 100 }, Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => new NameServerOptions { RequestsPerSecond = -1 }, Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => NameServerDialect.Windows2000 with { ChallengeTries = 0 }, Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => NameServerDialect.Windows2000 with { RenewalInterval = TimeSpan.Zero }, Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => NameServerDialect.Windows2000 with { BurstThreshold = -1 }, Throws.InstanceOf<ArgumentOutOfRangeException>());
        });
    }

    [Test]
    public void AStaticMappingMustHaveItsAddresses()
    {
        var server = new NameServer(new NameServerOptions());
        var name = NetBiosName.Parse("FRED<20>");
        Assert.That(() => server.AddStatic(default, name, NameRecordType.Unique), Throws.ArgumentException);
        Assert.That(() => server.AddStatic(default, name, NameRecordType.Unique, new Ipv4Address(1), new Ipv4Address(2)), Throws.ArgumentException);
        Assert.That(() => server.AddStatic(default, name, NameRecordType.Multihomed, new Ipv4Address[26]), Throws.ArgumentException);
        Assert.That(server.AddStatic(default, name, NameRecordType.Multihomed, new Ipv4Address(1), new Ipv4Address(2)), Is.True);
        Assert.That(server.FindRecord(name)!.Addresses, Has.Length.EqualTo(2));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void ARequestAllocatesNothingInSteadyState(bool journal)
    {
        var server = new NameServer(new NameServerOptions { Address = ServerBench.ServerAddress, JournalsChanges = journal });
        var buffer = new byte[576];
        Day(server, buffer, 0);
        Day(server, buffer, 1);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Day(server, buffer, 2);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void ANameTakesLessThanAHundredOctets()
    {
        const int names = 100_000;
        var buffer = new byte[576];
        long before = GC.GetTotalMemory(forceFullCollection: true);
        var server = new NameServer(new NameServerOptions());
        for (int i = 0; i < names; i++)
            Ask(server, Instant.Epoch, buffer, NbnsFlagWords.RegistrationRequest, new NetBiosName(0x5043202020202020, ((ulong)i << 8) | 0x20), new Ipv4Address((uint)i + 1));
        long memory = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.That(server.Count, Is.EqualTo(names));
        Assert.That(memory / names, Is.LessThan(100));
    }

    /// <summary>Registrations, refreshes, queries, releases, a conflict and its end, and what time does to them.</summary>
    private static void Day(NameServer server, byte[] buffer, int day)
    {
        var now = Instant.FromUnixTime(day * 86_400);
        for (int i = 0; i < 50; i++)
        {
            var name = new NetBiosName(0x5043202020202020, ((ulong)i << 8) | 0x20);
            Ask(server, now, buffer, NbnsFlagWords.RegistrationRequest, name, new Ipv4Address(1));
            Ask(server, now, buffer, NbnsFlagWords.RefreshRequest, name, new Ipv4Address(1));
            Ask(server, now, buffer, NbnsFlagWords.QueryRequest, name, new Ipv4Address(1));
            Ask(server, now, buffer, NbnsFlagWords.MultihomedRegistrationRequest, name, new Ipv4Address(2)); // a challenge, and silence
            Ask(server, now, buffer, NbnsFlagWords.RegistrationRequest, new NetBiosName(0x4C41422020202020, 0x1C), new Ipv4Address((uint)i));
        }

        while (server.PollTimeout() is { } due && due <= now + TimeSpan.FromHours(1))
        {
            server.HandleTimeout(due);
            Drain(server, buffer);
        }

        for (int i = 0; i < 50; i++)
            Ask(server, now + TimeSpan.FromHours(2), buffer, NbnsFlagWords.Release, new NetBiosName(0x5043202020202020, ((ulong)i << 8) | 0x20), new Ipv4Address(2));
    }

    private static void Ask(NameServer server, Instant now, byte[] buffer, ushort flags, in NetBiosName name, Ipv4Address address)
    {
        bool group = name.Suffix == NameSuffix.DomainControllers;
        int length = flags == NbnsFlagWords.QueryRequest
            ? NbnsEncoder.WriteQuery(buffer, 1, flags, name)
            : NbnsEncoder.WriteRequest(buffer, 1, flags, name, 300, new NbEntry(new NbFlags(group, OwnerNodeType.H), address));
        server.HandleDatagram(now, new Datagram(buffer.AsSpan(0, length), new Ipv4Endpoint(address, 137), default, isBroadcast: false));
        Drain(server, buffer);
    }

    private static void Drain(NameServer server, byte[] buffer)
    {
        while (server.TryPollChange(out _))
        {
        }

        while (server.TryPollTransmit(buffer, out _))
        {
        }
    }
}
