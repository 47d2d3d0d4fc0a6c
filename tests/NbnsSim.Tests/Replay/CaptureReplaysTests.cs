using NbnsSim.Captures;
using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Replay;
using NbnsSim.Wire;

namespace NbnsSim.Tests.Replay;

/// <summary>All hosts at once: each as if it were alone, and each datagram only where it matters.</summary>
public sealed class CaptureReplaysTests
{
    private static readonly Ipv4Address Segment = Ipv4Address.Parse("10.1.255.255");

    private static readonly NetBiosName[] Names = [.. Enumerable.Range(0, 2001).Select(Name)];

    private readonly byte[] _buffer = new byte[576];

    [TestCaseSource(typeof(SharedFolder), nameof(SharedFolder.Captures))]
    public void EachEndsAsIfItWereAlone(string relativePath)
    {
        string path = SharedFolder.Require(relativePath);
        var hosts = CaptureFile.FindHosts(CaptureReader.Open(path)).Hosts;
        var all = CaptureFile.ReplayAll(CaptureReader.Open(path), hosts, NetBtDialect.WindowsNt35);
        for (int i = 0; i < Math.Min(hosts.Count, 20); i++)
        {
            var alone = CaptureFile.Replay(CaptureReader.Open(path), hosts[i], NetBtDialect.WindowsNt35);
            Assert.That(all.Replays[i].Entries.Select(entry => (entry.Kind, entry.Time, entry.Frame, entry.Text)), Is.EqualTo(alone.Entries.Select(entry => (entry.Kind, entry.Time, entry.Frame, entry.Text))));
            Assert.That(Counts(all.Replays[i]), Is.EqualTo(Counts(alone)), hosts[i].ToString());
        }
    }

    [TestCase(100)]
    [TestCase(2000)]
    public void ABroadcastReachesOnlyThoseWhoHaveTheName(int hosts)
    {
        var replays = Crowd(hosts);
        long before = replays.Replays.Sum(replay => replay.Handled);
        for (int i = 0; i < 1000; i++)
            Query(replays, 1000 + i, i % hosts, (i + 1) % hosts);
        replays.Complete();
        Assert.That(replays.Replays.Sum(replay => replay.Handled) - before, Is.EqualTo(1000)); // whatever the number of hosts
        Assert.That(replays.Replays[0].Delivered, Is.GreaterThan(900)); // though all of them hear all
    }

    /// <summary>Responses are sent to one by RFC 1002; that somebody broadcasts them is no reason to have every node look at each.</summary>
    [TestCase(100)]
    [TestCase(2000)]
    public void ABroadcastResponseReachesOnlyThoseWhoHaveTheNameOrAskAboutIt(int hosts)
    {
        var replays = Crowd(hosts, eventsOnly: true);
        var now = Instant.FromUnixTime(0);
        for (int i = 0; i < 50; i++)
            QueryAt(replays, now, i, 2000, (ushort)i); // for a name that nobody has
        long before = replays.Replays.Sum(replay => replay.Handled);
        for (int i = 0; i < 1000; i++)
        {
            int length = NbnsEncoder.WriteResponse(_buffer, (ushort)i, NbnsFlagWords.QueryResponse, Names[i < 10 ? 2000 : i % hosts], 300_000, new NbEntry(default, Host(5000)));
            replays.Observe(1, now, Ipv4Endpoint.NameService(Host(5000)), Ipv4Endpoint.NameService(Segment), true, _buffer.AsSpan(0, length));
        }

        replays.Complete();
        Assert.That(replays.Replays.Sum(replay => replay.Handled) - before, Is.EqualTo((10 * 50) + 990)); // whatever the number of hosts
        Assert.That(replays.Replays[^1].Delivered, Is.EqualTo(1050)); // though all of them hear all
    }

    /// <summary>Subnets by the hundred, each with a broadcast address of its own.</summary>
    [Test]
    public void ABroadcastInOneOfManySubnetsReachesOnlyThoseWhoHaveTheName()
    {
        const int subnets = 300;
        var replays = new CaptureReplays(
            Enumerable.Range(0, subnets).Select(i => new ReplayHost(At(i, 1), $"HOST{i}", OwnerNodeType.B, [], [new NameFromStart(Names[7], true, 1)], NetBiosScope.Empty, 1) { BroadcastAddresses = [At(i, 255)] }),
            NetBtDialect.WindowsNt4, eventsOnly: true);
        for (int i = 0; i < 3 * subnets; i++)
        {
            int length = NbnsEncoder.WriteQuery(_buffer, (ushort)i, NbnsFlagWords.QueryRequest | NbnsFlags.BroadcastBit, Names[i % 2 == 0 ? 7 : 8]);
            replays.Observe(i, Instant.FromUnixTime(i), Ipv4Endpoint.NameService(At(i % subnets, 2)), Ipv4Endpoint.NameService(At(i % subnets, 255)), true, _buffer.AsSpan(0, length));
        }

        replays.Complete();
        Assert.That((replays.Replays.Sum(replay => replay.Handled), replays.Replays.Sum(replay => replay.Delivered)), Is.EqualTo((3L * subnets / 2, 3L * subnets)));

        static Ipv4Address At(int subnet, uint host) => new(0x0A02_0000 + ((uint)subnet << 8) + host);
    }

    /// <summary>Whatever is broadcast and whatever is sent to one, by whom and about what.</summary>
    [Test]
    public void EachEndsAsIfItWereAlone_WhateverIsSent([Range(1, 12)] int seed)
    {
        const int hosts = 12;
        var random = new RandomStream((ulong)seed);
        ReplayHost[] found = [.. Enumerable.Range(0, hosts).Select(i => new ReplayHost(
            Host(i), $"HOST{i}", OwnerNodeType.B, i % 4 == 3 ? [Host(11)] : [], [new NameFromStart(Names[i % 9], false, 1)], NetBiosScope.Empty, 1) { BroadcastAddresses = i % 3 == 2 ? [] : [Segment] })];
        var together = new CaptureReplays(found, NetBtDialect.WindowsNt35);
        CaptureReplay[] alone = [.. found.Select(host => new CaptureReplay(host, NetBtDialect.WindowsNt35))];
        var now = Instant.FromUnixTime(0);
        for (int frame = 1; frame <= 3000; frame++)
        {
            now += TimeSpan.FromMilliseconds(random.Next(frame % 50 == 0 ? 9_000u : 400u));
            var (from, to, id) = (Host((int)random.Next(hosts + 1)), Host((int)random.Next(hosts + 1)), (ushort)random.Next(6));
            bool isBroadcast = random.Next(3) != 0;
            var (name, entry) = (Names[(int)random.Next(9)], new NbEntry(new NbFlags(random.Next(5) == 0, OwnerNodeType.B), random.Next(3) == 0 ? to : from));
            int length = random.Next(7) switch
            {
                0 => NbnsEncoder.WriteRequest(_buffer, id, NbnsFlagWords.RegistrationRequest, name, 300, entry),
                1 => NbnsEncoder.WriteRequest(_buffer, id, NbnsFlagWords.Release, name, 0, entry),
                2 => NbnsEncoder.WriteQuery(_buffer, id, NbnsFlagWords.QueryRequest, name),
                3 => NbnsEncoder.WriteResponse(_buffer, id, (ushort)(NbnsFlagWords.RegistrationResponse | (ushort)NbnsRcode.ActiveError), name, 0, entry),
                4 => NbnsEncoder.WriteResponse(_buffer, id, NbnsFlagWords.ConflictDemand, name, 0, entry),
                5 => NbnsEncoder.WriteResponse(_buffer, id, NbnsFlagWords.ReleaseResponse, name, 0, entry),
                _ => NbnsEncoder.WriteResponse(_buffer, id, NbnsFlagWords.QueryResponse, name, 300, entry),
            };
            var (source, destination) = (Ipv4Endpoint.NameService(from), Ipv4Endpoint.NameService(isBroadcast ? Segment : to));
            together.Observe(frame, now, source, destination, isBroadcast, _buffer.AsSpan(0, length));
            foreach (var replay in alone)
                replay.Observe(frame, now, source, destination, isBroadcast, _buffer.AsSpan(0, length));
        }

        together.Complete();
        for (int i = 0; i < hosts; i++)
        {
            alone[i].Complete();
            Assert.That(Lines(together.Replays[i]), Is.EqualTo(Lines(alone[i])), $"host {i}");
            Assert.That(Counts(together.Replays[i]), Is.EqualTo(Counts(alone[i])), $"host {i}");
        }

        Assert.That(together.Replays.SelectMany(replay => replay.Entries).Count(entry => entry.Event is not null), Is.GreaterThan(10));

        static List<(ReplayEntryKind, Instant, long, string)> Lines(CaptureReplay replay) => [.. replay.Entries.Select(entry => (entry.Kind, entry.Time, entry.Frame, entry.Text))];
    }

    [Test]
    public void WhatAHostOnlyHearsAllocatesNothing()
    {
        var replays = Crowd(10);
        for (int i = 0; i < 20_000; i++)
            Query(replays, 1000 + i, 11, 12); // of hosts that are not among them
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 20_000; i++)
            Query(replays, 30_000 + i, 11, 12);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1024));
    }

    [Test]
    public void WhatAHostAnswersAllocatesNothing()
    {
        var replays = Crowd(10, eventsOnly: true);
        for (int i = 0; i < 20_000; i++)
            Query(replays, 1000 + i, 11, i % 10);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 20_000; i++)
            Query(replays, 30_000 + i, 11, i % 10);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1024));
    }

    /// <summary>Hosts ask for each other's names and answer, more names than a cache has room for.</summary>
    [Test]
    public void WhatHostsAskEachOtherAllocatesNothing()
    {
        const int hosts = 200;
        var replays = Crowd(hosts, eventsOnly: true);
        Ask(0, 40_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Ask(40_000, 60_000);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(4096));
        Assert.That((replays.Replays.Sum(replay => replay.Commands), replays.Replays.Sum(replay => replay.EqualAnswers)), Is.EqualTo((60_000L, 60_000L)));

        void Ask(int from, int to)
        {
            for (int i = from; i < to; i++)
            {
                var (asker, asked) = (i % hosts, (i + 1 + (i / hosts % (hosts - 1))) % hosts);
                var now = Instant.FromUnixTime(0) + TimeSpan.FromMilliseconds(2 * i);
                QueryAt(replays, now, asker, asked, (ushort)i);
                int length = NbnsEncoder.WriteResponse(_buffer, (ushort)i, NbnsFlagWords.QueryResponse, Names[asked], 300_000, new NbEntry(default, Host(asked)));
                replays.Observe(2, now + TimeSpan.FromMilliseconds(1), Ipv4Endpoint.NameService(Host(asked)), Ipv4Endpoint.NameService(Host(asker)), false, _buffer.AsSpan(0, length));
            }
        }
    }

    /// <summary>A request is a repeat of one that was seen within 20 s, though a thousand others were seen before it.</summary>
    [Test]
    public void ARepeatIsNoCommand_HoweverMuchElseAHostHasAskedFor()
    {
        var replays = Crowd(1);
        for (int i = 0; i < 1024; i++)
            QueryAt(replays, Instant.FromUnixTime(0), 0, i + 1, id: 1);
        QueryAt(replays, Instant.FromUnixTime(30), 0, 1, id: 1); // so much later it is another
        QueryAt(replays, Instant.FromUnixTime(30), 0, 2000, id: 1);
        long before = replays.Replays[0].Commands;
        QueryAt(replays, Instant.FromUnixTime(31), 0, 1, id: 1);
        Assert.That((before, replays.Replays[0].Commands), Is.EqualTo((1026L, 1026L)));
    }

    [Test]
    public void AHostThatGrantsNamesIsANameServer_WhoseAnswersAreNotCompared()
    {
        var server = Ipv4Address.Parse("10.1.0.9");
        var client = Host(1);
        var hosts = new CaptureHosts();
        (Ipv4Address From, Ipv4Address To, byte[] Payload)[] frames =
        [
            (client, server, _buffer[..NbnsEncoder.WriteRequest(_buffer, 1, NbnsFlagWords.RegistrationRequest, Name(1), 300, new NbEntry(new NbFlags(false, OwnerNodeType.H), client))]),
            (server, client, _buffer[..NbnsEncoder.WriteResponse(_buffer, 1, NbnsFlagWords.RegistrationResponse, Name(1), 300, new NbEntry(default, client))]),
        ];
        for (int i = 0; i < frames.Length; i++)
            hosts.Observe(i + 1, Ipv4Endpoint.NameService(frames[i].From), Ipv4Endpoint.NameService(frames[i].To), false, frames[i].Payload);
        Assert.That(hosts.Hosts.Select(host => host.IsNameServer), Is.EqualTo(new[] { false, true }));
        var replays = new CaptureReplays(hosts.Hosts, NetBtDialect.WindowsNt4);
        for (int i = 0; i < frames.Length; i++)
            replays.Observe(i + 1, Instant.FromUnixTime(i), Ipv4Endpoint.NameService(frames[i].From), Ipv4Endpoint.NameService(frames[i].To), false, frames[i].Payload);
        replays.Complete();
        Assert.That((replays.Replays[1].NameServerAnswers, replays.Replays[1].DifferentAnswers), Is.EqualTo((1L, 0L)));
        Assert.That(replays.Replays[0].Entries.Any(entry => entry.Result is { Outcome: NbnsSim.Nodes.OperationOutcome.Succeeded }), Is.True);
    }

    [Test]
    public void AddressesThatAHostNamesTogetherAreOneHost_IfEachHoldsTheName()
    {
        var hosts = new CaptureHosts();
        void Answer(Ipv4Address from, params Ipv4Address[] addresses) => hosts.Observe(
            1, Ipv4Endpoint.NameService(from), Ipv4Endpoint.NameService(Host(50)), false,
            _buffer.AsSpan(0, NbnsEncoder.WriteResponse(_buffer, 1, NbnsFlagWords.QueryResponse, Name(1), 300, [.. addresses.Select(address => new NbEntry(default, address))])));
        Answer(Host(1), Host(1), Host(2), Host(3));
        Answer(Host(2), Host(2));
        hosts.Observe(3, Ipv4Endpoint.NameService(Host(3)), Ipv4Endpoint.NameService(Segment), true, _buffer.AsSpan(0, NbnsEncoder.WriteQuery(_buffer, 9, NbnsFlagWords.QueryRequest | NbnsFlags.BroadcastBit, Name(7))));
        Assert.That(hosts.Hosts.Select(host => (host.Address, host.AddressCount)), Is.EqualTo(new[] { (Host(1), 2), (Host(3), 1) }));
        Assert.That(hosts.Find(Host(2)), Is.SameAs(hosts.Find(Host(1))));
    }

    [Test]
    public void AHostIsFoundByAnAddressOrByItsName()
    {
        var hosts = new CaptureHosts();
        void Claim(Ipv4Address from, int name) => hosts.Observe(
            1, Ipv4Endpoint.NameService(from), Ipv4Endpoint.NameService(Segment), true,
            _buffer.AsSpan(0, NbnsEncoder.WriteRequest(_buffer, 1, NbnsFlagWords.RegistrationRequest | NbnsFlags.BroadcastBit, Name(name).WithSuffix(NameSuffix.Workstation), 300, new NbEntry(default, from))));
        Assert.That(hosts.TryFind("10.1.0.9", out _, out string? nobody), Is.False);
        Assert.That(nobody, Is.EqualTo("no host '10.1.0.9' sends name service datagrams. Nobody sends any."));
        Claim(Host(1), 1);
        Claim(Host(2), 2);
        Claim(Host(3), 2);
        string first = hosts.Find(Host(1))!.ComputerName, shared = hosts.Find(Host(2))!.ComputerName;
        Assert.That(hosts.TryFind(Host(1).ToString(), out var byAddress, out _) && byAddress == hosts.Find(Host(1)), Is.True);
        Assert.That(hosts.TryFind(first.ToLowerInvariant(), out var byName, out _) && byName == byAddress, Is.True);
        Assert.That(hosts.TryFind(shared, out _, out string? several), Is.False);
        Assert.That(several, Is.EqualTo($"several machines are called {shared}: give an address, such as {Host(2)} or {Host(3)}."));
        Assert.That(hosts.TryFind("NOBODY", out _, out nobody), Is.False);
        Assert.That(nobody, Is.EqualTo($"no host 'NOBODY' sends name service datagrams. These send some: {Host(1)} ({first}), {Host(2)} ({shared}), {Host(3)} ({shared})."));
    }

    [TestCase("10.1.0.1", "10.1.255.255", true)]
    [TestCase("10.2.0.1", "10.1.255.255", false)]
    [TestCase("172.21.2.15", "172.19.2.255", false)]
    [TestCase("172.19.2.15", "255.255.255.255", true)]
    public void AHostThatNeverBroadcastsHearsWhatItsAddressFitsTo(string host, string broadcast, bool hears) =>
        Assert.That(ReplayHost.Unknown(Ipv4Address.Parse(host)).Hears(Ipv4Address.Parse(broadcast)), Is.EqualTo(hears));

    private static (long Delivered, long Commands, long Equal, long Different, long OfServer, long Frame, Instant Now) Counts(CaptureReplay replay) =>
        (replay.Delivered, replay.Commands, replay.EqualAnswers, replay.DifferentAnswers, replay.NameServerAnswers, replay.Frame, replay.Now);

    private static Ipv4Address Host(int index) => new(0x0A01_0000 + (uint)index);

    private static NetBiosName Name(int index) => NetBiosName.Parse($"HOST{index}<20>");

    /// <summary>Times that no clock has come from damaged captures: there nothing falls due any more.</summary>
    [Test]
    public void AtTheEndOfTimeNothingIsDue()
    {
        var replays = Crowd(2);
        int length = NbnsEncoder.WriteQuery(_buffer, 1, NbnsFlagWords.QueryRequest | NbnsFlags.BroadcastBit, Names[0]);
        replays.Observe(1, Instant.MaxValue, Ipv4Endpoint.NameService(Host(1)), Ipv4Endpoint.NameService(Segment), true, _buffer.AsSpan(0, length)); // host 0 is expected to answer
        Assert.That(replays.Replays.Select(replay => replay.NextDue), Is.All.EqualTo(Instant.MaxValue));
        replays.Observe(2, Instant.MaxValue, Ipv4Endpoint.NameService(Host(1)), Ipv4Endpoint.NameService(Segment), true, _buffer.AsSpan(0, length));
        replays.Complete();
        Assert.That(replays.Replays[0].DifferentAnswers, Is.EqualTo(2));
    }

    private static CaptureReplays Crowd(int hosts, bool eventsOnly = false)
    {
        var found = Enumerable.Range(0, hosts).Select(index => new ReplayHost(
            Host(index), $"HOST{index}", OwnerNodeType.B, [], [new NameFromStart(Name(index), false, 1)], NetBiosScope.Empty, 1)
        { BroadcastAddresses = [Segment] });
        return new CaptureReplays(found, NetBtDialect.WindowsNt4, eventsOnly);
    }

    private void Query(CaptureReplays replays, int frame, int from, int about) => QueryAt(replays, Instant.FromUnixTime(frame), from, about, (ushort)frame, frame);

    private void QueryAt(CaptureReplays replays, Instant now, int from, int about, ushort id, int frame = 1)
    {
        int length = NbnsEncoder.WriteQuery(_buffer, id, NbnsFlagWords.QueryRequest | NbnsFlags.BroadcastBit, Names[about]);
        replays.Observe(frame, now, Ipv4Endpoint.NameService(Host(from)), Ipv4Endpoint.NameService(Segment), true, _buffer.AsSpan(0, length));
    }
}
