using NbnsSim.NameServers;
using NbnsSim.Wire;

namespace NbnsSim.Tests.NameServers;

/// <summary>What smbtorture's <c>nbt.register</c> and <c>nbt.wins.wins</c> ask of a name server, one by one.</summary>
public sealed class TortureExpectationTests
{
    private const string Client = "127.0.0.2";
    private const string Unreachable = "127.64.64.1";

    private static ServerBench Bench => new(NameServerDialect.Windows2000);

    [TestCase(false)]
    [TestCase(true)]
    public void TheReleaseOfAnUnknownOrForeignNameSucceeds(bool known)
    {
        var bench = Bench;
        if (known)
            bench.Register("_TORTURE-00001<20>", Unreachable, source: Client).Accepted();
        bench.Release("_TORTURE-00001<20>", Client).HasFlags(0xB400);
    }

    [TestCase(0x2800)]
    [TestCase(0x7800)]
    [TestCase(0x2900)]
    [TestCase(0x7900)]
    public void ARegistrationIsTakenWithRecursionDesiredOrWithout(int flags)
    {
        var bench = Bench;
        bench.Register("_TORTURE-00001<20>", Client, flags: (ushort)flags).Accepted();
        bench.Query("_TORTURE-00001<20>", Client).Answers(Client);
    }

    [TestCase(0x7800, 300_000u)]
    [TestCase(0x4000, 12_345u)]
    public void AConflictBringsOneWackAndSilenceOfTheOwnerTheName(int flags, uint ttl)
    {
        var bench = Bench;
        bench.Register("_TORTURE-00001<20>", Unreachable, flags: 0x7800, source: Client).Accepted();
        var sent = bench.Register("_TORTURE-00001<20>", Client, ttl: ttl, flags: (ushort)flags);
        var wack = sent.Where(one => one.To.Address.ToString() == Client).ToList().HasFlags(0xBC00);
        Assert.That(wack.TimeToLive, Is.InRange(9, 105));
        Assert.That(sent.Challenge().To.Address.ToString(), Is.EqualTo(Unreachable));
        Assert.That(bench.Register("_TORTURE-00001<20>", Client, flags: (ushort)flags, id: bench.LastId), Is.Empty, "a retransmission is swallowed");

        var answers = bench.Pass(TimeSpan.FromSeconds(wack.TimeToLive)).Where(one => one.IsResponse).ToList();
        var answer = answers.Accepted();
        Assert.That(answer.Entries, Is.EqualTo(new[] { new NbEntry(new NbFlags(0x6000), ServerBench.Ip(Client)) }));
        Assert.That(answer.Id, Is.EqualTo(bench.LastId));
        bench.Register("_TORTURE-00001<20>", Client, flags: 0x7800).Accepted();
        bench.Query("_TORTURE-00001<20>").Answers(Client);
        bench.Refresh("_TORTURE-00001<20>", Client, ttl: 12_345).Accepted();
        bench.Release("_TORTURE-00001<20>", Client).HasFlags(0xB400);
        bench.Release("_TORTURE-00001<20>", Client).HasFlags(0xB400);
        bench.Query("_TORTURE-00001<20>").Answers();
    }

    [Test]
    [Reaches("W5.taken")]
    public void ARefreshOfAReleasedNameBringsItBack()
    {
        var bench = Bench;
        bench.Register("_TORTURE-00001<BE>", Client).Accepted();
        bench.Release("_TORTURE-00001<BE>", Client).HasFlags(0xB400);
        bench.Refresh("_TORTURE-00001<BE>", Client, ttl: 12_345).Accepted();
        bench.Query("_TORTURE-00001<BE>").Answers(Client);
    }

    [Test]
    public void EveryRegistrationReplyCarriesOneRecordOfSixOctets()
    {
        var bench = Bench;
        bench.Register("LAB<00>", Client, group: true).Accepted();
        foreach (var (sent, address) in new[]
        {
            (bench.Register("FRED<20>", Client).Accepted(), Client),
            (bench.Register("LAB<00>", Client).Refused(NbnsRcode.ActiveError), "255.255.255.255"), // the group's, which it does not look at
            (bench.Register("LAB<1B>", Client, group: true).Refused(NbnsRcode.Refused), Client),
        })
        {
            Assert.That(sent.Type, Is.EqualTo(NbnsType.NB));
            Assert.That(sent.Addresses, Is.EqualTo(new[] { address }));
        }
    }

    [Test]
    public void ANormalGroupIsAnsweredWithTheLimitedBroadcastEvenAfterItsRelease()
    {
        var bench = Bench;
        bench.Register("_TORTURE-00001<71>.example", Client, group: true, flags: 0x2800).Accepted();
        bench.Register("_TORTURE-00001<71>.example", Client, flags: 0x7800).Refused(NbnsRcode.ActiveError);
        bench.Query("_TORTURE-00001<71>.example").Answers("255.255.255.255");
        bench.Query("_TORTURE-00001<71>.EXAMPLE").Answers();
        bench.Refresh("_TORTURE-00001<71>.example", Client, group: true).Accepted();
        bench.Release("_TORTURE-00001<71>.example", Client, group: true).HasFlags(0xB400);
        bench.Query("_TORTURE-00001<71>.example").Answers("255.255.255.255");
    }

    [TestCase(false)]
    [TestCase(true)]
    public void AMasterBrowserIsRegisteredAndNotFound(bool group)
    {
        var bench = Bench;
        bench.Register("_TORTURE-00001<1D>", Client, group).Accepted();
        bench.Query("_TORTURE-00001<1D>").Answers();
    }

    [Test]
    public void NamesAndScopesAreCaseSensitive()
    {
        var bench = Bench;
        bench.Register("_T<01>-72049.foo<72>.foo.example.com", Client).Accepted();
        bench.Query("_T<01>-72049.foo<72>.foo.example.com").Answers(Client);
        bench.Query("_T<01>-72049.FOO<72>.foo.example.com").Answers();
        bench.Query("_T<01>-72049.foo<72>.FOO.EXAMPLE.COM").Answers();
        bench.Query("_T<01>-72049.foo<72>").Answers();
    }

    [TestCase(237, 0xAD80)]
    [TestCase(238, 0xAD82)]
    public void AScopeOfUpTo237CharactersIsServed(int length, int flags)
    {
        var bench = Bench;
        byte[] name = LongName(length);
        bench.Deliver(Request(NbnsFlagWords.Release, name), Client).HasFlags(0xB400);
        bench.Deliver(Request(0x7800, name), Client).HasFlags(flags);
        var query = bench.Deliver(Request(NbnsFlagWords.QueryRequest, name), Client);
        query.HasFlags(flags == 0xAD80 ? 0x8580 : 0x8583);
        Assert.That(bench.Server.Count, Is.EqualTo(flags == 0xAD80 ? 1 : 0));
    }

    private static byte[] LongName(int scopeLength)
    {
        var buffer = new byte[576];
        var writer = new NbnsPacketWriter(buffer);
        writer.WriteName(NbnsSim.Names.NetBiosName.Parse("FRED<20>"));
        int start = writer.Length - 1;
        buffer = buffer[..start];
        while (scopeLength > 0)
        {
            int label = Math.Min(63, scopeLength);
            if (scopeLength - label == 1)
                label--;
            buffer = [.. buffer, (byte)label, .. Enumerable.Repeat((byte)'s', label)];
            scopeLength -= label + 1;
        }

        return [.. buffer, 0];
    }

    private static byte[] Request(ushort flags, byte[] name)
    {
        var buffer = new byte[1024];
        var writer = new NbnsPacketWriter(buffer);
        bool isQuery = flags == NbnsFlagWords.QueryRequest;
        writer.WriteHeader(7, flags, questions: 1, additionals: (ushort)(isQuery ? 0 : 1));
        writer.WriteOctets(name);
        writer.WriteTypeAndClass(NbnsType.NB);
        if (!isQuery)
        {
            writer.WritePointer(NbnsHeader.Size);
            writer.WriteRecordHead(NbnsType.NB, 300_000, NbEntry.Size);
            writer.WriteEntry(new NbEntry(new NbFlags(0x6000), ServerBench.Ip(Client)));
        }

        return buffer[..writer.Length];
    }
}
