using NbnsSim.Names;
using NbnsSim.NameServers;
using NbnsSim.Protocol;
using NbnsSim.Wire;

namespace NbnsSim.Tests.NameServers;

/// <summary>A server under anything that a network can carry: it never throws, stays bounded, keeps its tables whole, and a fork does the very same.</summary>
public sealed class StormTests
{
    /// <summary>A name goes when its time has run out, and nobody is asked.</summary>
    private static readonly NameServerDialect Forgetting = NameServerDialect.Rfc1002NonSecured with { LifetimeMultiple = 1, AsksBeforeRemoval = false };

    private static readonly NameServerDialect[] Dialects =
    [
        NameServerDialect.Rfc1002NonSecured, NameServerDialect.Rfc1002Secured with { RefusedRefreshDemand = NodeDemand.Release }, NameServerDialect.WinsNt35,
        NameServerDialect.WinsNt4, NameServerDialect.Windows2000,
    ];

    private static readonly string[] Names = ["A<20>", "B<00>", "C<1B>", "C<1C>", "D<1D>", "E<1E>", "F<20>.S", "F<20>.S.T", "*", "G<03>", "H<03>", "I<03>"];
    private static readonly ushort[] Words = [0x2900, 0x2800, 0x7900, 0x7800, 0x4000, 0x4800, 0x3000, 0x0100, 0x0000, 0x8500, 0x8503, 0xB400, 0xBC00, 0xAD87, 0x2910];

    [TestCaseSource(nameof(Dialects))]
    public void NothingThatArrivesBreaksIt(NameServerDialect dialect)
    {
        var random = new RandomStream(7);
        var server = Make(dialect);
        var now = Instant.Epoch;
        Span<byte> buffer = stackalloc byte[1024];
        for (int i = 0; i < 60_000; i++)
        {
            int length = Packet(ref random, buffer);
            now += TimeSpan.FromMilliseconds(random.Next(400));
            if (random.Next(2000) == 0)
                now += TimeSpan.FromHours(random.Next(200));
            Step(server, ref random, now, buffer[..length]);
            if (i % 500 == 0)
                Check(server);
        }

        Assert.That(server.Count, Is.LessThanOrEqualTo(server.Options.MaxNames));
        Check(server);
        Pass(server, ref now, TimeSpan.FromDays(60_000));
        Assert.That(server.GetRecords().Where(record => record.Expires != Instant.MaxValue), Is.Empty);
        Assert.That(server.TransactionCount, Is.Zero);
        Check(server);
    }

    /// <summary>Whatever combination of switches somebody sets: the tables stay whole, and all that is asked comes to an end.</summary>
    [Test]
    public void NorDoesAnyCombinationOfSwitches([Range(0, 7)] int part)
    {
        for (ulong seed = (ulong)part * 25; seed < ((ulong)part + 1) * 25; seed++)
            Reach(null, Flipped(seed), new RandomStream(seed), 800, $"seed {seed}");
    }

    [TestCaseSource(nameof(Dialects))]
    public void AForkDoesTheSameAndNeitherShowsInTheOther(NameServerDialect dialect)
    {
        var random = new RandomStream(11);
        var one = Make(dialect);
        var now = Instant.Epoch;
        Span<byte> buffer = stackalloc byte[1024];
        for (int i = 0; i < 3000; i++)
        {
            int length = Packet(ref random, buffer);
            now += TimeSpan.FromMilliseconds(random.Next(400));
            Step(one, ref random, now, buffer[..length]);
        }

        var before = one.GetRecords();
        var two = one.Fork();
        Assert.That(two.HasSameStateAs(one), Is.True);
        var (randomOne, randomTwo) = (random, random);
        var (nowOne, nowTwo) = (now, now);
        string first = Run(one, ref randomOne, ref nowOne);
        string second = Run(two, ref randomTwo, ref nowTwo);
        Assert.That(second, Is.EqualTo(first));
        Assert.That(two.HasSameStateAs(one), Is.True);

        var three = two.Fork();
        Run(three, ref randomOne, ref nowOne);
        Assert.That(two.HasSameStateAs(one), Is.True, "what three did does not show in two");
        Assert.That(three.HasSameStateAs(one), Is.False);
        Assert.That(before, Is.Not.EqualTo(one.GetRecords()));
    }

    [TestCaseSource(nameof(Dialects))]
    public void EveryDatagramAndEveryChangeOfStateIsSaid_AndSayingItChangesNothing(NameServerDialect dialect)
    {
        var random = new RandomStream(17);
        var server = Make(dialect);
        var partner = new NameServer(new NameServerOptions { Address = ServerBench.Ip("10.0.0.240"), Dialect = dialect, Seed = 1 });
        var said = new DecisionCounter();
        server.Decisions = said;
        var now = Instant.Epoch;
        Span<byte> buffer = stackalloc byte[1024];
        for (int i = 0; i < 1500; i++)
        {
            int length = Packet(ref random, buffer);
            now += TimeSpan.FromMilliseconds(random.Next(400));
            if (random.Next(200) == 0)
                now += TimeSpan.FromHours(random.Next(200));
            var unheard = server.Fork();
            Assert.That(unheard.Decisions, Is.Null);
            var (draws, count) = (random, said.Count);
            Step(server, ref random, now, buffer[..length]);
            Assert.That(said.Count, Is.GreaterThan(count), $"step {i}: {Convert.ToHexString(buffer[..length])}");
            Step(unheard, ref draws, now, buffer[..length]);
            Assert.That(i % 50 == 0 && !unheard.HasSameStateAs(server), Is.False, "listening changes nothing");
            var before = server.Fork();
            count = said.Count;
            now += TimeSpan.FromMilliseconds(random.Next(2000));
            server.HandleTimeout(now);
            Assert.That(said.Count > count || before.HasSameStateAs(server), Is.True, $"step {i}: what time did");
            before = server.Fork();
            if (i % 3 == 0)
                Step(partner, ref random, now, buffer[..length]);
            if (i % 40 == 0)
                Exchange(now, server, partner, said);
        }

        Assert.That(said.CausesComeFirst, Is.True);
    }

    /// <summary>The two pull from each other and push to each other, and each message that is handled is said.</summary>
    private static void Exchange(Instant now, NameServer server, NameServer partner, DecisionCounter said)
    {
        long count = said.Count;
        server.Pull(now, partner.Options.Address);
        Assert.That(said.Count, Is.GreaterThan(count));
        partner.Pull(now, server.Options.Address);
        partner.Push(now, server.Options.Address, propagate: true);
        for (bool isQuiet = false; !isQuiet;)
        {
            isQuiet = true;
            while (server.TryPollReplication(out var message))
            {
                isQuiet = false;
                partner.HandleReplication(now, message);
            }

            while (partner.TryPollReplication(out var message))
            {
                isQuiet = false;
                count = said.Count;
                server.HandleReplication(now, message);
                Assert.That(said.Count, Is.GreaterThan(count), message.ToString());
            }
        }
    }

    [TestCaseSource(nameof(Dialects))]
    public void ThreePartnersUnderFireStayWholeAndComeToRest(NameServerDialect dialect)
    {
        var random = new RandomStream(13);
        var servers = new NameServer[3];
        for (int i = 0; i < servers.Length; i++)
            servers[i] = new NameServer(new NameServerOptions { Address = new Ipv4Address(0x0A0000F0 + (uint)i), Dialect = dialect, Seed = (ulong)i });
        var now = Instant.Epoch;
        Span<byte> buffer = stackalloc byte[1024];
        for (int i = 0; i < 10_000; i++)
        {
            var server = servers[random.Next(3)];
            int length = Packet(ref random, buffer);
            now += TimeSpan.FromSeconds(random.Next(200));
            Step(server, ref random, now, buffer[..length]);
            if (random.Next(100) != 0)
                continue;
            ServerBench.Pull(now, server, servers[random.Next(3)]);
            foreach (var one in servers)
                Check(one);
        }

        // Left alone, they have nothing more to tell each other after a few rounds. (They need not agree: a released name is not replicated.)
        int moved = 1;
        for (int round = 0; round < 12 && moved > 0; round++)
        {
            moved = 0;
            for (int i = 0; i < 9; i++)
            {
                var result = ServerBench.Pull(now, servers[i / 3], servers[i % 3]);
                moved += result.Added + result.Replaced + result.Merged + result.Challenged;
                now += servers[i / 3].TransactionCount > 0 ? TimeSpan.FromSeconds(20) : TimeSpan.Zero;
                foreach (var server in servers)
                    Drain(server, now);
            }
        }

        Assert.That(moved, Is.Zero);
    }

    [Test]
    public void TheTableAgreesWithASimpleOne()
    {
        var random = new RandomStream(3);
        var server = new NameServer(new NameServerOptions { Dialect = Forgetting });
        var model = new SortedDictionary<int, (Ipv4Address Address, long Until)>();
        var now = Instant.FromUnixTime(5);
        Span<byte> buffer = stackalloc byte[576];
        for (int i = 0; i < 200_000; i++)
        {
            int number = (int)random.Next(3000);
            var name = new NetBiosName($"N{number}", NameSuffix.Server);
            if (model.TryGetValue(number, out var known) && known.Until <= now.Nanoseconds)
                model.Remove(number);
            bool exists = model.TryGetValue(number, out known);
            var address = exists ? known.Address : new Ipv4Address(0x0A000000 | (random.NextUInt32() & 0xFFFFFF));
            uint ttl = 1 + random.Next(5000);
            uint what = random.Next(10);
            int length = what switch
            {
                < 4 => NbnsEncoder.WriteRequest(buffer, 1, NbnsFlagWords.RegistrationRequest, name, ttl, new NbEntry(default, address)),
                < 6 => NbnsEncoder.WriteRequest(buffer, 1, NbnsFlagWords.Release, name, 0, new NbEntry(default, address)),
                _ => NbnsEncoder.WriteQuery(buffer, 1, NbnsFlagWords.QueryRequest, name),
            };
            if (what < 4)
                model[number] = (address, (now + TimeSpan.FromSeconds(ttl)).Nanoseconds);
            else if (what < 6)
                model.Remove(number);
            server.HandleDatagram(now, new Datagram(buffer[..length], new(address, 137), default, isBroadcast: false));
            Assert.That(server.TryPollTransmit(buffer, out var transmit), Is.True);
            Assert.That(NbnsPacket.TryParse(buffer[..transmit.Length], out var answer), Is.True);
            if (what >= 6)
                Assert.That(answer.Record.FirstEntry.Address, Is.EqualTo(exists ? address : default));

            now += TimeSpan.FromMilliseconds(random.Next(200));
            if (random.Next(3) == 0)
                server.HandleTimeout(now);
        }

        server.HandleTimeout(now);
        Assert.That(server.Count, Is.EqualTo(model.Count(entry => entry.Value.Until > now.Nanoseconds)).Within(1), "what is due is scavenged within a second");
        Check(server);
    }

    [Test]
    public void AFloodOfNamesAndScopesStaysBounded()
    {
        var bench = new ServerBench(NameServerDialect.Windows2000, options => options with { MaxNames = 1000, MaxScopes = 100, MaxQueuedOctets = 10_000, MaxLogEntries = 5 });
        for (int i = 0; i < 2000; i++)
            bench.Register($"N{i}<20>.S{i % 200}", "10.0.0.1");
        Assert.That(bench.Server.Count, Is.EqualTo(1000));
        bench.Register("NEW<20>", "10.0.0.1").Refused(NbnsRcode.ServerFailure);
        bench.Register("N0<20>.S0", "10.0.0.1").Accepted();
        for (int i = 0; i < 100; i++)
            bench.Release("N0<20>.S0", "10.0.0.2");
        Assert.That(bench.Log(), Has.Count.EqualTo(5));

        Span<byte> buffer = stackalloc byte[576];
        int length = NbnsEncoder.WriteQuery(buffer, 1, 0x0100, NetBiosName.Parse("N0<20>.S0"));
        for (int i = 0; i < 1000; i++)
            bench.Server.HandleDatagram(bench.Now, new Datagram(buffer[..length], new(ServerBench.Ip("10.0.0.1"), 137), default, isBroadcast: false));
        Assert.That(bench.Drain(), Has.Count.LessThan(200));
    }

    [Test]
    public void AScopeGoesWithItsLastName()
    {
        var bench = new ServerBench(NameServerDialect.Rfc1002NonSecured, options => options with { MaxScopes = 2 });
        for (int i = 0; i < 100; i++)
        {
            bench.Register($"A<20>.S{i}", "10.0.0.1").Accepted();
            bench.Register($"B<20>.S{i}", "10.0.0.1").Accepted();
            bench.Release($"A<20>.S{i}", "10.0.0.1");
            bench.Query($"B<20>.S{i}").Answers("10.0.0.1");
            bench.Release($"B<20>.S{i}", "10.0.0.1");
        }
    }

    [Test]
    public void ManyNamesThatRunOutAtOnceAreWorkedOffBitByBit()
    {
        var server = new NameServer(new NameServerOptions { Dialect = Forgetting });
        Span<byte> buffer = stackalloc byte[576];
        for (int i = 0; i < 10_000; i++)
        {
            int length = NbnsEncoder.WriteRequest(buffer, 1, 0x2900, new NetBiosName($"N{i}", NameSuffix.Server), 100, new NbEntry(default, new Ipv4Address(1)));
            server.HandleDatagram(Instant.Epoch, new Datagram(buffer[..length], new(new(1), 137), default, isBroadcast: false));
            server.TryPollTransmit(buffer, out _);
        }

        var now = Instant.FromUnixTime(100);
        int calls = 0;
        while (server.PollTimeout() <= now)
        {
            server.HandleTimeout(now);
            calls++;
        }

        Assert.That(server.Count, Is.Zero);
        Assert.That(calls, Is.InRange(2, 20));
    }

    /// <summary>A storm over servers of every dialect, heard by somebody.</summary>
    internal static void Reach(DecisionCounter said)
    {
        foreach (var dialect in Dialects)
            Reach(said, dialect, new RandomStream(23), 8000, dialect.Title);
    }

    /// <summary>A storm over two servers of a dialect some of whose switches are turned the other way.</summary>
    internal static void Reach(DecisionCounter said, ulong seed) => Reach(said, Flipped(seed), new RandomStream(seed), 2000, $"seed {seed}");

    private static NameServerDialect Flipped(ulong seed) => Rules.RuleReachTests.Flipped(Dialects[seed % (ulong)Dialects.Length] with { }, seed);

    private static void Reach(DecisionCounter? said, NameServerDialect dialect, RandomStream random, int steps, string because)
    {
        Span<byte> buffer = stackalloc byte[1024];
        dialect = dialect with { PullInterval = TimeSpan.FromDays(20), PushUpdateCount = (int)random.Next(40), PartnerTimeout = TimeSpan.FromSeconds(1 + random.Next(10)) };
        var other = ServerBench.Ip("10.0.0.240");
        var one = Make(dialect, other);
        var two = new NameServer(new NameServerOptions { Address = other, Dialect = dialect, Seed = 1, PullsFrom = [ServerBench.ServerAddress], Notifies = [ServerBench.ServerAddress] });
        one.Decisions = two.Decisions = said;
        var now = Instant.Epoch;
        for (int i = 0; i < steps; i++)
        {
            int length = Packet(ref random, buffer);
            now += TimeSpan.FromMilliseconds(random.Next(1000)) + TimeSpan.FromHours(random.Next(100) == 0 ? random.Next(200) : 0);
            Step(random.Next(3) == 0 ? two : one, ref random, now, buffer[..length]);
            if (random.Next(100) == 0)
                one.Pull(now, other);
            if (random.Next(100) == 0)
                two.Push(now, one.Options.Address, propagate: random.Next(2) == 0);
            if (random.Next(30) == 0)
                one.HandleReplication(now, Message(ref random, other, one.Options.Address));
            Carry(ref random, now, one, two);
            Carry(ref random, now, two, one);
            if (i % 100 != 0)
                continue;
            Check(one, because);
            Check(two, because);
        }

        foreach (var server in (NameServer[])[one, two])
        {
            Pass(server, ref now, TimeSpan.FromDays(365)); // whatever is under way comes to its end
            Assert.That(server.TransactionCount, Is.Zero, because);
            Check(server, because);
        }
    }

    /// <summary>Carries what one says to the other, but for one message in sixteen.</summary>
    private static void Carry(ref RandomStream random, Instant now, NameServer from, NameServer to)
    {
        while (from.TryPollReplication(out var message))
        {
            if (message.Destination == to.Options.Address && random.Next(16) != 0)
                to.HandleReplication(now, message);
        }
    }

    /// <summary>A message that fits, or does not.</summary>
    private static ReplicationMessage Message(ref RandomStream random, Ipv4Address from, Ipv4Address to)
    {
        var name = NetBiosName.Parse(Names[random.Next((uint)Names.Length)]);
        var owner = new Ipv4Address(0x0A0000F0 + random.Next(4));
        var addresses = Enumerable.Range(0, (int)random.Next(3)).Select(i => new NameRecordAddress(new Ipv4Address(0x0A000001 + (uint)i), owner, Instant.MaxValue, OwnerNodeType.H));
        var record = new NameRecord { Name = name, Type = (NameRecordType)random.Next(4), State = (NameRecordState)random.Next(3), Owner = owner, Version = 1 + random.Next(100), Addresses = [.. addresses] };
        ReplicationMessage message = random.Next(10) switch
        {
            0 => new AssociationStartRequest(),
            1 => new AssociationStartResponse(),
            2 => new AssociationStopRequest(random.Next(2) == 0),
            3 => new OwnerVersionMapRequest(),
            4 => new OwnerVersionMapResponse([new OwnerVersion(owner, random.Next(100))]),
            5 => new NameRecordsRequest(owner, random.Next(10), random.Next(100)),
            6 => new NameRecordsResponse([record]),
            7 => new UpdateNotification([new OwnerVersion(owner, random.Next(100))], random.Next(2) == 0, owner),
            8 => new VersionBumpRequest([name]),
            _ => new AssociationReset(),
        };
        return message with { Source = random.Next(2) == 0 ? from : owner, Destination = to, Association = random.Next(4) };
    }

    private static NameServer Make(NameServerDialect dialect, Ipv4Address? partner = null)
    {
        var options = new NameServerOptions { Address = ServerBench.ServerAddress, Dialect = dialect, MaxNames = 2000, MaxTransactions = 16, MaxScopes = 8, JournalsChanges = true };
        if (partner is { } other)
            options = options with { PullsFrom = [other], Notifies = [other] };
        var server = new NameServer(options);
        server.AddStatic(Instant.Epoch, NetBiosName.Parse("I<03>"), NameRecordType.Unique, ServerBench.Ip("10.0.0.3"));
        return server;
    }

    /// <summary>A packet of whatever kind, now and then spoilt.</summary>
    private static int Packet(ref RandomStream random, Span<byte> buffer)
    {
        if (random.Next(20) == 0)
        {
            int noise = (int)random.Next(100);
            for (int i = 0; i < noise; i++)
                buffer[i] = (byte)random.Next(256);
            return noise;
        }

        var name = NetBiosName.Parse(Names[random.Next((uint)Names.Length)]);
        if (random.Next(4) == 0)
            name = new NetBiosName($"X{random.Next(5000)}", NameSuffix.Server);
        ushort word = Words[random.Next((uint)Words.Length)];
        var entry = new NbEntry(new NbFlags((ushort)random.Next(65536)), new Ipv4Address(0x0A000000 + random.Next(6)));
        ushort id = (ushort)random.Next(65536);
        var flags = new NbnsFlags(word);
        int length = flags.IsResponse
            ? NbnsEncoder.WriteResponse(buffer, id, word, name, random.Next(100), entry)
            : flags.Opcode == NbnsOpcode.Query ? NbnsEncoder.WriteQuery(buffer, id, word, name) : NbnsEncoder.WriteRequest(buffer, id, word, name, random.Next(100_000), entry);
        if (random.Next(10) == 0)
            buffer[(int)random.Next((uint)length)] ^= (byte)(1 << (int)random.Next(8));
        return random.Next(30) == 0 ? (int)random.Next((uint)length) : length;
    }

    /// <summary>Delivers a packet, and answers what the server asks of owners now and then.</summary>
    private static void Step(NameServer server, ref RandomStream random, Instant now, ReadOnlySpan<byte> payload, System.Text.StringBuilder? log = null)
    {
        server.HandleDatagram(now, new Datagram(payload, new(new Ipv4Address(0x0A000000 + random.Next(6)), 137), default, isBroadcast: random.Next(50) == 0));
        if (random.Next(3) == 0)
            server.HandleTimeout(now);
        while (server.TryPollChange(out _))
        {
        }

        Span<byte> buffer = stackalloc byte[576];
        Span<byte> answer = stackalloc byte[576];
        while (server.TryPollTransmit(buffer, out var transmit))
        {
            log?.Append(Convert.ToHexString(buffer[..transmit.Length])).Append(' ').Append(transmit.Destination).Append('\n');
            Assert.That(NbnsPacket.TryParseLenient(buffer[..transmit.Length], out var packet, out _), Is.True);
            if (packet.IsResponse || !packet.Name.TryGetName(out var name) || random.Next(2) == 0)
                continue;
            var entry = new NbEntry(default, random.Next(2) == 0 ? transmit.Destination.Address : new Ipv4Address(0x0A000000 + random.Next(6)));
            int length = packet.Opcode == NbnsOpcode.Release
                ? NbnsEncoder.WriteResponse(answer, packet.TransactionId, NbnsFlagWords.ReleaseResponse, name, 0, entry)
                : random.Next(2) == 0
                    ? NbnsEncoder.WriteResponse(answer, packet.TransactionId, NbnsFlagWords.QueryResponse, name, 0, entry)
                    : NbnsEncoder.WriteNegativeQueryResponse(answer, packet.TransactionId, NbnsFlagWords.QueryResponse | 3, name);
            server.HandleDatagram(now, new Datagram(answer[..length], transmit.Destination, default, isBroadcast: false));
        }
    }

    private static void Drain(NameServer server, Instant now)
    {
        Span<byte> buffer = stackalloc byte[576];
        while (server.PollTimeout() <= now)
            server.HandleTimeout(now);
        while (server.TryPollTransmit(buffer, out _))
        {
        }
    }

    private static string Run(NameServer server, ref RandomStream random, ref Instant now)
    {
        var log = new System.Text.StringBuilder();
        Span<byte> buffer = stackalloc byte[1024];
        for (int i = 0; i < 2000; i++)
        {
            int length = Packet(ref random, buffer);
            now += TimeSpan.FromMilliseconds(random.Next(2000));
            Step(server, ref random, now, buffer[..length], log);
        }

        return log.ToString();
    }

    private static void Pass(NameServer server, ref Instant now, TimeSpan time)
    {
        var until = now + time;
        Span<byte> buffer = stackalloc byte[576];
        while (server.PollTimeout() is { } due && due <= until)
        {
            now = due > now ? due : now;
            server.HandleTimeout(now);
            while (server.TryPollTransmit(buffer, out _) || server.TryPollChange(out _) || server.TryPollReplication(out _))
            {
            }
        }
    }

    /// <summary>That every record can be found by its name, and has its addresses once.</summary>
    private static void Check(NameServer server, string because = "")
    {
        var records = server.GetRecords();
        Assert.That(records, Has.Length.EqualTo(server.Count), because);
        foreach (var record in records)
        {
            Assert.That(server.FindRecord(record.Name), Is.EqualTo(record), because);
            Assert.That(record.Addresses.Length, Is.InRange(1, server.Dialect.MaxAddresses), because);
            Assert.That(record.Addresses.Select(one => one.Address).Distinct().Count(), Is.EqualTo(record.Addresses.Length), $"{because}: {record}");
            Assert.That(record.Version, Is.GreaterThan(0), because);
        }
    }
}
