using System.Globalization;
using System.Text;
using NbnsSim.Names;
using NbnsSim.NameServers;
using NbnsSim.Protocol;
using NbnsSim.Tests.House;
using NbnsSim.Wire;

namespace NbnsSim.Tests.NameServers;

/// <summary>
/// How much a name server with the shares of <c>serve</c> sends for one request, to its source and to others: nobody can use it to flood a third party.
/// <c>tests/AMPLIFICATION.md</c> has the table; run with NBNSSIM_RECORD=1 to write it anew.
/// </summary>
public sealed class AmplificationTests
{
    /// <summary>The multiples that the documentation states.</summary>
    private const int MostToSource = 12;
    private const int MostToOthers = 12;

    private const string Source = "10.0.0.9";

    private static readonly (string Title, Action<ServerBench> Prepare, byte[] Request)[] Kinds =
    [
        ("query of an unknown name", _ => { }, Query("NOBODY<20>")),
        ("query of a unique name", bench => bench.Register("FRED<20>", "10.0.0.1"), Query("FRED<20>")),
        ("query of a group of 1,000 members", bench => Fill(bench, "LAB<00>", 1000), Query("LAB<00>")),
        ("query of 1,000 domain controllers", bench => Fill(bench, "LAB<1C>", 1000), Query("LAB<1C>")),
        ("registration of a new name", _ => { }, Claim(NbnsFlagWords.RegistrationRequest)),
        ("registration of an own name", bench => bench.Register("FRED<20>", Source), Claim(NbnsFlagWords.RegistrationRequest)),
        ("registration of a new name for another's address", _ => { }, Claim(NbnsFlagWords.RegistrationRequest, address: "10.0.0.8")),
        ("claim on a silent owner's name", bench => bench.Register("FRED<20>", "10.0.0.1"), Claim(NbnsFlagWords.RegistrationRequest)),
        ("claim on a silent owner's name of 6 addresses", bench => Multihome(bench, 6), Claim(NbnsFlagWords.RegistrationRequest)),
        ("claim on a silent owner's name of 25 addresses", bench => Multihome(bench, 25), Claim(NbnsFlagWords.MultihomedRegistrationRequest)),
        ("claim on a group", bench => bench.Register("FRED<20>", "10.0.0.1", group: true), Claim(NbnsFlagWords.RegistrationRequest)),
        ("overwrite", bench => bench.Register("FRED<20>", "10.0.0.1"), Claim(NbnsFlagWords.Overwrite)),
        ("refresh of an unknown name", _ => { }, Claim(NbnsFlagWords.RefreshRequest)),
        ("refresh of another's name", bench => bench.Register("FRED<20>", "10.0.0.1"), Claim(NbnsFlagWords.RefreshRequest)),
        ("release", bench => bench.Register("FRED<20>", Source), Claim(NbnsFlagWords.Release)),
        ("release of another's name", bench => bench.Register("FRED<20>", "10.0.0.1"), Claim(NbnsFlagWords.Release)),
        ("registration without a record", _ => { }, [.. Header(NbnsFlagWords.RegistrationRequest, 1), .. Query("FRED<20>")[NbnsHeader.Size..]]),
        ("node status request", _ => { }, [.. Query("FRED<20>")[..^3], 0x21, 0, 1]),
        ("response that nobody waits for", _ => { }, [.. Header(NbnsFlagWords.QueryResponse, 1), .. Query("FRED<20>")[NbnsHeader.Size..]]),
    ];

    [Test]
    public void RuleS20_WhatOneRequestCausesIsABoundedMultipleOfIt()
    {
        foreach (var row in Measure())
        {
            Assert.That((double)row.ToSource / row.Request, Is.LessThanOrEqualTo(MostToSource), row.Title);
            Assert.That((double)row.ToOthers / row.Request, Is.LessThan(MostToOthers), row.Title);
        }
    }

    [Test]
    public void RuleS20_AllNamesOfAllScopesAreWithinTheSameMultiples()
    {
        // A challenge is the claim without its record, whatever the name: the multiple falls as scopes grow.
        foreach (string scope in new[] { "A", new string('B', 60), $"{new string('C', 60)}.{new string('D', 60)}.{new string('E', 60)}" })
        {
            var bench = new ServerBench(NameServerDialect.Windows2000, options => options.WithShares());
            bench.Register($"FRED<20>.{scope}", "10.0.0.1").Accepted();
            var request = Claim(NbnsFlagWords.RegistrationRequest, $"FRED<20>.{scope}");
            var (toSource, toOthers) = Send(bench, request);
            Assert.That(toOthers, Is.InRange(1, 3 * request.Length));
            Assert.That(toSource, Is.InRange(1, 2 * request.Length));
        }
    }

    [Test]
    public void TheTableOfAmplificationIsUpToDate()
    {
        string file = Path.Combine(Repository.Root, "tests", "AMPLIFICATION.md");
        string table = Table();
        if (Environment.GetEnvironmentVariable("NBNSSIM_RECORD") == "1")
            File.WriteAllText(file, table);
        Assert.That(File.ReadAllText(file), Is.EqualTo(table), "run the tests with NBNSSIM_RECORD=1 to write it anew");
    }

    /// <summary>Each kind at the dialect where it causes most.</summary>
    private static List<Row> Measure()
    {
        var rows = new List<Row>();
        foreach (var (title, prepare, request) in Kinds)
        {
            Row? worst = null;
            foreach (var dialect in NameServerDialect.All)
            {
                var bench = new ServerBench(dialect, options => options.WithShares() with { NamesPerSource = 0 });
                prepare(bench);
                var (toSource, toOthers) = Send(bench, request);
                if (worst is null || toSource + toOthers > worst.ToSource + worst.ToOthers)
                    worst = new Row(title, request.Length, toSource, toOthers, dialect.Name);
            }

            rows.Add(worst!);
        }

        return rows;
    }

    private static string Table()
    {
        var text = new StringBuilder(
            $"""
            # What one request makes a name server send

            Octets of UDP payload, all packets of half an hour, where no node answers; of all dialects the one that sends most. The server has the shares that
            `serve` gives it (`NameServerOptions.WithShares`). Stated and tested: no request makes it send more than {MostToSource} times its own octets to its source, or
            {MostToOthers} times to others. Written by `AmplificationTests`.

            | request | octets | to its source | times | to others | times | dialect |
            |---|---:|---:|---:|---:|---:|---|

            """.ReplaceLineEndings("\n"));
        foreach (var row in Measure())
        {
            text.Append(CultureInfo.InvariantCulture, $"| {row.Title} | {row.Request} | {row.ToSource} | {(double)row.ToSource / row.Request:0.0} ")
                .Append(CultureInfo.InvariantCulture, $"| {row.ToOthers} | {(double)row.ToOthers / row.Request:0.0} | {row.Dialect} |\n");
        }

        return text.ToString();
    }

    private static (int ToSource, int ToOthers) Send(ServerBench bench, ReadOnlySpan<byte> request)
    {
        var source = new Ipv4Endpoint(ServerBench.Ip(Source), 137);
        bench.Server.HandleDatagram(bench.Now, new Datagram(request, source, Ipv4Endpoint.NameService(ServerBench.ServerAddress), isBroadcast: false));
        var until = bench.Now + TimeSpan.FromMinutes(30);
        int toSource = 0;
        int toOthers = 0;
        Span<byte> buffer = stackalloc byte[576];
        while (true)
        {
            while (bench.Server.TryPollTransmit(buffer, out var transmit))
            {
                if (transmit.Destination == source)
                    toSource += transmit.Length;
                else
                    toOthers += transmit.Length;
            }

            if (bench.Server.PollTimeout() is not { } due || due > until)
                return (toSource, toOthers);
            bench.Now = due > bench.Now ? due : bench.Now;
            bench.Server.HandleTimeout(bench.Now);
        }
    }

    private static void Fill(ServerBench bench, string group, int members)
    {
        for (int i = 1; i <= members; i++)
            bench.Register(group, $"10.1.{i >> 8}.{i & 255}", group: true);
    }

    private static void Multihome(ServerBench bench, int addresses)
    {
        string[] all = [.. Enumerable.Range(1, addresses).Select(i => $"10.1.0.{i}")];
        bench.RegisterMultihomed("FRED<20>", all[0]);
        foreach (string address in all[1..])
        {
            var sent = bench.RegisterMultihomed("FRED<20>", address);
            if (sent.Find(one => !one.IsResponse) is { } challenge)
                bench.Holds(challenge, all);
        }
    }

    private static byte[] Query(string name)
    {
        Span<byte> buffer = stackalloc byte[576];
        return buffer[..NbnsEncoder.WriteQuery(buffer, 7, NbnsFlagWords.QueryRequest, NetBiosName.Parse(name))].ToArray();
    }

    private static byte[] Claim(ushort flags, string name = "FRED<20>", string address = Source)
    {
        Span<byte> buffer = stackalloc byte[576];
        var entry = new NbEntry(new NbFlags(0x6000), ServerBench.Ip(address));
        return buffer[..NbnsEncoder.WriteRequest(buffer, 7, flags, NetBiosName.Parse(name), 300, entry)].ToArray();
    }

    private static byte[] Header(ushort flags, byte questions) => [0, 7, (byte)(flags >> 8), (byte)flags, 0, questions, 0, 0, 0, 0, 0, 0];

    private sealed record Row(string Title, int Request, int ToSource, int ToOthers, string Dialect);
}
