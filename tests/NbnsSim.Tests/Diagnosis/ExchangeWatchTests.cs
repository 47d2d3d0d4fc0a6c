using NbnsSim.Diagnosis;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Tests.Diagnosis;

public sealed class ExchangeWatchTests
{
    private static readonly Ipv4Address Asker = Ipv4Address.Parse("10.0.0.1");
    private static readonly Ipv4Address Server = Ipv4Address.Parse("10.0.0.9");
    private static readonly Ipv4Address Other = Ipv4Address.Parse("10.0.0.8");
    private static readonly Ipv4Address Everybody = Ipv4Address.Parse("10.0.0.255");

    private ExchangeWatch _watch = new();
    private long _frame;

    [SetUp]
    public void Begin() => (_watch, _frame) = (new ExchangeWatch(), 0);

    [Test]
    public void AResponseBelongsToTheLastTry()
    {
        Assert.That(Query(0, Everybody, 7), Is.EqualTo(default(Exchange)));
        Assert.That(Query(250, Everybody, 7), Is.EqualTo(new Exchange(0, 0, 1, false)));
        Assert.That(Query(500, Everybody, 7), Is.EqualTo(new Exchange(0, 0, 1, false)));
        Assert.That(Response(502, Server, 7), Is.EqualTo(new Exchange(3, 2_000_000, 0, true)));
        Assert.That(Response(503, Other, 7), Is.EqualTo(new Exchange(3, 3_000_000, 0, true)), "two may answer");
    }

    [Test]
    public void WhoAsksManyWithOneId_IsAnsweredByEachForItself()
    {
        Query(0, Server, 0);
        Query(1, Other, 0);
        Assert.That(Response(5, Server, 0).RequestFrame, Is.EqualTo(1));
        Assert.That(Response(6, Other, 0).RequestFrame, Is.EqualTo(2));
        Assert.That(Response(7, Everybody, 0).RequestFrame, Is.EqualTo(2), "somebody else: the last one asked");
    }

    [Test]
    public void AnotherIdNameOrTime_IsNoAnswer()
    {
        Query(0, Server, 7);
        Assert.That(Response(5, Server, 8).RequestFrame, Is.Zero);
        Assert.That(Response(5, Server, 7, "BRAVO").RequestFrame, Is.Zero);
        Assert.That(Response(60_000, Server, 7).RequestFrame, Is.EqualTo(1));
        Assert.That(Response(60_001, Server, 7).RequestFrame, Is.Zero);
        Assert.That(Response(-1, Server, 7).RequestFrame, Is.Zero);
    }

    [Test]
    public void TheSameWithinFiftyMilliseconds_IsAnotherSighting()
    {
        Query(0, Everybody, 7);
        Assert.That(Query(50, Everybody, 7).RepeatedFrame, Is.Zero);
        Assert.That(Response(60, Server, 7), Is.EqualTo(new Exchange(1, 60_000_000, 0, true)));
        Assert.That(Query(51, Everybody, 7).RepeatedFrame, Is.EqualTo(1));
    }

    [Test]
    public void OtherFlagsAreAnotherRequest()
    {
        byte[] buffer = new byte[NbnsEncoder.MaxRequestLength];
        var name = NetBiosName.Parse("ALPHA<00>");
        var entry = new NbEntry(default, Asker);
        int length = NbnsEncoder.WriteRequest(buffer, 7, NbnsFlagWords.RegistrationRequest | NbnsFlags.BroadcastBit, name, 0, entry);
        Observe(0, Asker, Everybody, buffer.AsSpan(0, length));
        length = NbnsEncoder.WriteRequest(buffer, 7, NbnsFlagWords.Overwrite | NbnsFlags.BroadcastBit, name, 0, entry);
        Assert.That(Observe(250, Asker, Everybody, buffer.AsSpan(0, length)), Is.EqualTo(default(Exchange)));
    }

    [Test]
    public void WhatIsCutOrHasNoName_BelongsToNothing()
    {
        byte[] query = Packet(7, 0x0110, "ALPHA");
        for (int length = 0; length < 46; length++)
        {
            Observe(0, Asker, Everybody, query.AsSpan(0, length));
            Assert.That(Observe(250, Asker, Everybody, query.AsSpan(0, length)), Is.EqualTo(default(Exchange)), $"{length} octets");
        }

        query[12] = 0xC0;
        Assert.That(Observe(0, Asker, Everybody, query), Is.EqualTo(Observe(250, Asker, Everybody, query)));
    }

    [Test]
    public void TheOldestAreForgotten()
    {
        for (int i = 0; i <= ExchangeWatch.MaxRequests; i++)
            Observe(0, new Ipv4Address((uint)i), Server, Packet(7, 0x0110, "ALPHA"));
        Assert.That(Observe(1, Server, new Ipv4Address(0), Packet(7, 0x8500, "ALPHA")).RequestFrame, Is.Zero);
        Assert.That(Observe(1, Server, new Ipv4Address(1), Packet(7, 0x8500, "ALPHA")).RequestFrame, Is.EqualTo(2));
        Assert.That(Observe(1, Server, new Ipv4Address(ExchangeWatch.MaxRequests), Packet(7, 0x8500, "ALPHA")).RequestFrame, Is.EqualTo(ExchangeWatch.MaxRequests + 1));
    }

    private Exchange Query(long milliseconds, Ipv4Address to, ushort id) => Observe(milliseconds, Asker, to, Packet(id, 0x0110, "ALPHA"));

    private Exchange Response(long milliseconds, Ipv4Address from, ushort id, string name = "ALPHA") => Observe(milliseconds, from, Asker, Packet(id, 0x8500, name));

    private Exchange Observe(long milliseconds, Ipv4Address from, Ipv4Address to, ReadOnlySpan<byte> packet) =>
        _watch.Observe(++_frame, Instant.FromMilliseconds(1_000_000 + milliseconds), from, to, to == Everybody, packet);

    /// <summary>A header with one question, whatever it means.</summary>
    private static byte[] Packet(ushort id, ushort flags, string name)
    {
        byte[] packet = new byte[50];
        (packet[0], packet[1], packet[2], packet[3], packet[5], packet[12], packet[47], packet[49]) = ((byte)(id >> 8), (byte)id, (byte)(flags >> 8), (byte)flags, 1, 32, 32, 1);
        string octets = name.PadRight(15) + '\0';
        for (int i = 0; i < 16; i++)
            (packet[13 + (2 * i)], packet[14 + (2 * i)]) = ((byte)('A' + (octets[i] >> 4)), (byte)('A' + (octets[i] & 15)));
        return packet;
    }
}
