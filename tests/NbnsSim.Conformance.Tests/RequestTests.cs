using NbnsSim.Conformance.Reports;
using NbnsSim.Reports;

namespace NbnsSim.Conformance.Tests;

/// <summary>What somebody asks for on a command line: what is wrong with it, and what comes of it.</summary>
public sealed class RequestTests
{
    private static readonly ConformanceRequest Peer = new() { Words = ["127.0.0.1:1137"], IsApart = static () => false };
    private static readonly ConformanceRequest Far = Peer with { Words = ["10.0.0.7"] };

    private static IEnumerable<TestCaseData> Mistaken()
    {
        static TestCaseData Case(string name, ConformanceRequest request, string mistake) => new TestCaseData(request, mistake).SetName($"Mistake_{name}");
        yield return Case("nobody", Peer with { Words = [] }, "Say whom to test: ADDRESS[:PORT], or --simulate DIALECT.");
        yield return Case("no address", Peer with { Words = ["alpha"] }, "'alpha' is no peer: expected ADDRESS[:PORT], such as 127.0.0.1:1137.");
        yield return Case("no clause", Peer with { Words = ["127.0.0.1", "xyzzy"] }, "There is no clause and no case 'xyzzy'. nbnssim conform --list lists them.");
        yield return Case("no dialect", Peer with { Words = [], Simulate = "os2" }, "There is no dialect 'os2': nbnssim dialects lists them.");
        yield return Case("no server's dialect", Peer with { Words = [], Simulate = "w11", Role = "server" }, "'w11' is a dialect of nodes, not of name servers: nbnssim dialects lists them.");
        yield return Case("no node's dialect", Peer with { Words = [], Simulate = "rfc1002-secured", Role = "node" }, "'rfc1002-secured' is a dialect of name servers, not of nodes: nbnssim dialects lists them.");
        yield return Case("no role", Peer with { Role = "judge" }, "'judge' is no role: expected node, server, client or both.");
        yield return Case("a client that is not started", Peer with { Role = "client" }, "A client is watched from its start on: say how to start it, --start COMMAND.");
        yield return Case("no case of the role", Peer with { Words = ["127.0.0.1", "s5.1.1.5"], Role = "server" }, "None of these cases is for a server.");
        yield return Case("no name", Peer with { Unique = "ALPHA<20>,A<2>" }, "'A<2>' is no NetBIOS name: expected one such as ALPHA<20>.");
        yield return Case("no station", Peer with { Stations = "127.0.0.9,x" }, "'x' is no IPv4 address: expected one such as 10.0.0.1.");
        yield return Case("five stations", Peer with { Stations = "127.0.0.2,127.0.0.3,127.0.0.4,127.0.0.5,127.0.0.6" }, "There are 4 stations at most, A to D.");
        yield return Case("another's network", Far with { Stations = "10.0.0.8" }, "10.0.0.7 is not of this machine alone, and cases claim, refuse and release names there: --lab says that this network bears it.");
        yield return Case("another's broadcast", Peer with { Broadcast = Ipv4Address.Parse("10.0.0.255"), Stations = "10.0.0.8" }, "10.0.0.255 is not of this machine alone, and cases claim, refuse and release names there: --lab says that this network bears it.");
        yield return Case("no stations there", Far with { IsLab = true }, "--stations A,B,…: which of this machine's addresses on that network are the runner's own?");
        yield return Case("a station twice", Peer with { Stations = "127.0.0.9, 127.0.0.9" }, "127.0.0.9 is two stations at once: each has an address of its own.");
        yield return Case("the peer as a station", Peer with { Stations = "127.0.0.9,127.0.0.1" }, "127.0.0.1 is the peer's address, and no station's.");
        yield return Case("no command to start", Peer with { Start = " " }, "--start is empty: expected the shell command that is the peer.");
        yield return Case("no verb", Peer with { Start = "x", Tell = ["query=y", "ask=y"] }, "'ask=y' tells nobody anything: expected VERB=COMMAND, the verb one of query, status, register, release.");
        yield return Case("no command to tell", Peer with { Start = "x", Tell = ["query="] }, "'query=' tells nobody anything: expected VERB=COMMAND, the verb one of query, status, register, release.");
        yield return Case("a simulated peer's names", Peer with { Words = [], Simulate = "nt4", Unique = "A<20>" }, "--stations, --unique, --group, --server-name, --start and --tell are about a peer on the network: --simulate has its own.");
    }

    [TestCaseSource(nameof(Mistaken))]
    public void AMistakeIsSaidInASentence(object request, string mistake) => Assert.That(((ConformanceRequest)request).Mistakes, Is.EqualTo(new[] { mistake }));

    [Test]
    public void LoopbackIsOpen_SoIsANamespaceOfOnesOwn_AndALab()
    {
        Assert.That(Peer.Mistakes, Is.Empty);
        Assert.That(Peer.Warnings, Is.Empty);
        Assert.That((Far with { Stations = "10.0.0.8", IsLab = true }).Mistakes, Is.Empty);
        Assert.That((Far with { Stations = "10.0.0.8", IsApart = static () => true }).Mistakes, Is.Empty);
        Assert.That((Far with { Stations = "10.0.0.8", IsLab = true }).Warnings.Single(), Does.StartWith("sends to a network: ").And.Contains(", from 10.0.0.8, in ").And.Contains(" All go to 10.0.0.7:137, nothing is broadcast, "));
    }

    /// <summary>A namespace is told by the links of /proc; where they cannot be read, or are the same, it is not one's own.</summary>
    [Test]
    public void ANamespaceIsTold()
    {
        var proc = Directory.CreateTempSubdirectory("nbnssim-");
        try
        {
            Assert.That(NetworkPermit.IsApart(proc.FullName), Is.False);
            foreach (string process in (string[])["self", "1"])
                proc.CreateSubdirectory($"{process}/ns");
            File.CreateSymbolicLink($"{proc.FullName}/self/ns/net", "net:[4026532008]");
            Assert.That(NetworkPermit.IsApart(proc.FullName), Is.False);
            File.CreateSymbolicLink($"{proc.FullName}/1/ns/net", "net:[4026531840]");
            Assert.That(NetworkPermit.IsApart(proc.FullName), Is.True);
            File.Delete($"{proc.FullName}/1/ns/net");
            File.CreateSymbolicLink($"{proc.FullName}/1/ns/net", "net:[4026532008]");
            Assert.That(NetworkPermit.IsApart(proc.FullName), Is.False);
        }
        finally
        {
            proc.Delete(recursive: true);
        }
    }

    [Test]
    public void ClausesAreMeantWithAndWithoutTheirMark()
    {
        var list = new ConformanceRequest { IsList = true };
        string[] wanted = [.. (list with { Words = ["s5.1.1.5"] }).Cases.Select(test => test.Id)];
        Assert.That(wanted, Is.Not.Empty);
        foreach (string word in (string[])["5.1.1.5", "§5.1.1.5"])
            Assert.That((list with { Words = [word] }).Cases.Select(test => test.Id), Is.EqualTo(wanted));
        Assert.That((list with { Words = ["s5.1.1.5/1", "s5.1.1.5", "s5.1.1.5/1"] }).Cases.Select(test => test.Id), Is.EqualTo(wanted), "each once, in the order of the catalogue");
        Assert.That(list.Cases, Is.EqualTo(ConformanceCatalogue.All));
    }

    [TestCase("node", ConformanceRole.Node)]
    [TestCase("server", ConformanceRole.Server)]
    [TestCase("client", ConformanceRole.Client)]
    [TestCase("both", ConformanceRole.Any)]
    public void ASimulatedMachineIsRunInItsRole(string role, ConformanceRole roles)
    {
        var request = new ConformanceRequest { Simulate = "nt4", Role = role, Words = ["s5.1.1.5", "s4.2.1.2", "s15.1.8"] };
        Assert.That(request.Mistakes, Is.Empty);
        using var output = new StringWriter { NewLine = "\n" };
        Assert.That(request.TryRun(new ReportWriter(output), out var report, out string? problem), Is.True, problem);
        Assert.That(report!.Results.Select(result => result.Case.Id), Is.EquivalentTo(request.Cases.Select(test => test.Id)));
        Assert.That(report.Results.Where(result => (result.Case.Role & roles) == ConformanceRole.None), Is.Empty);
        Assert.That(report.HasFailures, Is.False);
        using var whole = new StringWriter { NewLine = "\n" };
        report.Write(new ReportWriter(whole));
        Assert.That(output.ToString(), Is.EqualTo(whole.ToString()), "what is told as it comes is the report");
    }

    [Test]
    public void TheSameSeedGivesTheSameReport_AnotherOneOtherNames()
    {
        static string Run(ulong seed)
        {
            using var output = new StringWriter();
            Assert.That(new ConformanceRequest { Simulate = "w2k", Words = ["s5.1.1.5"], IsVerbose = true, Seed = seed }.TryRun(new ReportWriter(output), out _, out _), Is.True);
            return output.ToString();
        }

        string first = Run(1);
        Assert.That(Run(1), Is.EqualTo(first));
        Assert.That(Run(2), Is.Not.EqualTo(first));
    }

    [Test]
    public void AnInterruptedRunTellsWhatItHas()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.That(new ConformanceRequest { Simulate = "nt4", Words = ["s5.1.1.5"] }.TryRun(null, out var report, out _, stop.Token), Is.True);
        Assert.That((report!.Results.Count, report.IsInterrupted), Is.EqualTo((1, true)));
    }

    [Test]
    public void AListAndAPlanOfAllCasesAreWritten()
    {
        using var output = new StringWriter { NewLine = "\n" };
        new CaseList(new ConformanceRequest { IsList = true }.Cases).Write(new ReportWriter(output));
        Assert.That(output.ToString(), Does.Contain("  s5.1.1.5/1 ").And.Contains($"\n{ConformanceCatalogue.All.Length} cases. In an id "));
        var plan = (Peer with { Broadcast = Ipv4Address.Parse("127.255.255.255") }).Plan();
        Assert.That(plan.Datagrams, Is.GreaterThan(plan.Broadcasts));
        Assert.That(plan.Broadcasts, Is.Positive);
    }

    /// <summary>Nobody is asked what it is before a plan: it tells both, and the stations of all lanes.</summary>
    [Test]
    public void APlanTellsWhatEachKindOfPeerIsSent_AndFromWhere()
    {
        string both = Peer.Plan().Sentence;
        Assert.That(both, Does.StartWith("if it is a node, ").And.Contains("; if it is a name server, ").And.Contains(" and 127.0.3.51, 127.0.3.52, 127.0.3.53, 127.0.3.54, in ").And.Contains(", 4 cases at a time. All go to 127.0.0.1:1137, nothing is broadcast"));
        Assert.That((Peer with { Role = "node" }).Plan().Sentence, Does.Contain(" from 127.0.0.51, 127.0.0.52, 127.0.0.53, 127.0.0.54, in ").And.Not.Contain("127.0.1.").And.Not.Contain("if it"));
        var server = Peer with { Role = "server", Words = ["127.0.0.1", "s5.1.4.1"] };
        Assert.That(server.Plan().Time, Is.LessThan((server with { Stations = "127.0.0.9,127.0.0.10,127.0.0.11,127.0.0.12" }).Plan().Time), "lanes share the time");
    }
}
