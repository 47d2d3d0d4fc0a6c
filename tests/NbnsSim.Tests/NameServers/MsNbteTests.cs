using NbnsSim.NameServers;
using NbnsSim.Tests.House;
using NbnsSim.Wire;

namespace NbnsSim.Tests.NameServers;

/// <summary>MS-NBTE §3.2, sentence by sentence. The RFCs' own presets follow the RFCs where these extensions differ: there a name has one owner's one address.</summary>
public sealed class MsNbteTests
{
    private static IEnumerable<NameServerDialect> Wins => NameServerDialect.All.Where(dialect => dialect.MergesOwnersAddresses);

    private static ServerBench Multihomed(NameServerDialect dialect, int addresses)
    {
        var bench = new ServerBench(dialect);
        string[] all = [.. Enumerable.Range(1, addresses).Select(i => $"10.1.0.{i}")];
        bench.RegisterMultihomed("FRED<20>", all[0]).Accepted();
        foreach (string address in all[1..])
            bench.Holds(bench.RegisterMultihomed("FRED<20>", address).Challenge(), all).Accepted();
        return bench;
    }

    [TestCaseSource(nameof(Wins))]
    [Clause("MS-NBTE §3.2.1/1")]
    [Clause("MS-NBTE §3.2.5.3/2")]
    public void MsNbte_3_2_1_ANameHas25AddressesAndTheOldestGoesFirst(NameServerDialect dialect)
    {
        var bench = Multihomed(dialect, 25);
        bench.Query("FRED<20>").Answers([.. Enumerable.Range(1, 25).Select(i => $"10.1.0.{i}")]);
        bench = Multihomed(dialect, 27);
        bench.Query("FRED<20>").Answers([.. Enumerable.Range(3, 25).Select(i => $"10.1.0.{i}")]);
    }

    [Test]
    [Clause("MS-NBTE §3.2.5.1/1")]
    public void MsNbte_3_2_5_1_AGroupRegistrationIsAddedOrAsksAUniqueNamesOwner([ValueSource(nameof(Wins))] NameServerDialect dialect)
    {
        var bench = new ServerBench(dialect);
        bench.Register("LAB<1C>", "10.0.0.1", group: true).Accepted();
        bench.Register("LAB<20>", "10.0.0.1").Accepted();
        bench.Denies(bench.Register("LAB<20>", "10.0.0.2", group: true).Challenge()).Accepted();
        Assert.That(bench.Record("LAB<20>")!.IsGroup, Is.True);
    }

    [TestCaseSource(nameof(Wins))]
    [Clause("MS-NBTE §3.2.5.1/2")]
    [Clause("MS-NBTE §3.2.5.1/3")]
    public void MsNbte_3_2_5_1_AddressesAreAppendedAndTheOldestGoesFirstOrNoneIsKept(NameServerDialect dialect)
    {
        var bench = new ServerBench(dialect);
        for (int i = 1; i <= 26; i++)
        {
            bench.Register("LAB<1C>", $"10.0.0.{i}", group: true).Accepted();
            bench.Register("LAB<00>", $"10.0.0.{i}", group: true).Accepted();
        }

        bench.Query("LAB<1C>").Answers([.. Enumerable.Range(2, 25).Select(i => $"10.0.0.{i}")]);
        bench.Query("LAB<00>").Answers("255.255.255.255");
    }

    [TestCase(false, new[] { "10.0.0.1", "10.0.0.2" })]
    [TestCase(true, new[] { "10.0.1.1", "10.0.0.1" })]
    public void RuleW19_AFullInternetGroupLosesItsOldestAddressOrAPartnersFirst(bool replicasFirst, string[] gone)
    {
        var bench = new ServerBench(NameServerDialect.Windows2000 with { ReplicasLeaveFirst = replicasFirst });
        for (int i = 1; i <= 24; i++)
            bench.Register("LAB<1C>", $"10.0.0.{i}", group: true).Accepted();
        var replica = ReplicationTrial.Record(
            NbnsSim.Names.NetBiosName.Parse("LAB<1C>"), NameRecordType.InternetGroup, NameRecordState.Active, false, ServerBench.Ip("10.0.1.250"), 9, "10.0.1.1");
        bench.Server.Replicas.Receive(bench.Now, [replica]);
        var before = Addresses();
        for (int i = 25; i <= 26; i++)
            bench.Register("LAB<1C>", $"10.0.0.{i}", group: true).Accepted();
        Assert.That(before.Except(Addresses(), StringComparer.Ordinal), Is.EquivalentTo(gone));
        Assert.That(Addresses(), Has.Length.EqualTo(25));

        string[] Addresses() => [.. bench.Record("LAB<1C>")!.Addresses.Select(one => one.Address.ToString())];
    }

    [Test]
    public void RuleW20_AGrantedMultihomedClaimTakesThePlaceOfWhoWasSilentOrIsAdded([Values] bool appends)
    {
        var bench = new ServerBench(NameServerDialect.Windows2000 with { MultihomedClaimsAppend = appends, MaxAddresses = 25 });
        bench.RegisterMultihomed("FRED<20>", "10.1.0.1").Accepted();
        for (int i = 2; i <= 27; i++)
        {
            var sent = bench.RegisterMultihomed("FRED<20>", $"10.1.0.{i}");
            while (sent.Any(one => one.Opcode == NbnsOpcode.Query))
                sent = bench.Denies(sent.Challenge());
            sent.Accepted();
        }

        bench.Query("FRED<20>").Answers(appends ? [.. Enumerable.Range(3, 25).Select(i => $"10.1.0.{i}")] : ["10.1.0.27"]);
        var plain = bench.Register("FRED<20>", "10.1.0.99");
        while (plain.Any(one => one.Opcode == NbnsOpcode.Query))
            plain = bench.Denies(plain.Challenge());
        plain.Accepted();
        bench.Query("FRED<20>").Answers("10.1.0.99");
    }

    [Test]
    [Clause("MS-NBTE §3.2.5.2/1")]
    public void MsNbte_3_2_5_2_AMultihomedRegistrationOfAGroupIsAGroupRegistration()
    {
        foreach (var dialect in NameServerDialect.All)
        {
            var (bench, plain) = (new ServerBench(dialect), new ServerBench(dialect));
            foreach (string name in new[] { "LAB<00>", "LAB<1C>" })
            {
                for (int i = 1; i <= 2; i++)
                {
                    bench.RegisterMultihomed(name, $"10.0.0.{i}", group: true).Accepted();
                    plain.Register(name, $"10.0.0.{i}", group: true).Accepted();
                }

                Assert.That(bench.Record(name), Is.EqualTo(plain.Record(name)), dialect.Name);
            }
        }
    }

    [Test]
    [Clause("MS-NBTE §3.2.5.3/1")]
    public void MsNbte_3_2_5_3_AMultihomedRegistrationOfAUniqueNameIsDecidedAsOneOfAUniqueName()
    {
        foreach (var dialect in NameServerDialect.All)
        {
            foreach (string? owner in new[] { null, "unique", "group" })
            {
                var answers = new List<ushort[]>();
                foreach (ushort flags in new[] { NbnsFlagWords.RegistrationRequest, NbnsFlagWords.MultihomedRegistrationRequest })
                {
                    var bench = new ServerBench(dialect);
                    if (owner is not null)
                        bench.Register("FRED<20>", "10.0.0.1", group: owner == "group").Accepted();
                    var sent = bench.Register("FRED<20>", "10.0.0.2", flags: flags);
                    sent.AddRange(bench.Pass(TimeSpan.FromMinutes(1)));
                    answers.Add([.. sent.Select(one => one.Flags)]);
                }

                Assert.That(answers[1], Is.EqualTo(answers[0]), $"{dialect.Name} {owner}");
            }
        }
    }
}
