using NbnsSim.Conformance.Benches;
using NbnsSim.NameServers;
using NbnsSim.Protocol;
using NbnsSim.Wire;

namespace NbnsSim.Conformance.Tests;

/// <summary>Every case is held against our own machines, in the simulator: they pass it, or do what a document says that their era does.</summary>
public sealed class OwnMachinesTests
{
    private static readonly OwnerNodeType[] NodeTypes = [OwnerNodeType.B, OwnerNodeType.P, OwnerNodeType.M, OwnerNodeType.H];

    private static IEnumerable<TestCaseData> Nodes() =>
        from test in ConformanceCatalogue.Select("", ConformanceRole.Node)
        from type in NodeTypes
        where test.NodeTypes.Contains(type)
        select new TestCaseData(test.Id, type).SetName($"Node_{test.Id}_{type}");

    private static IEnumerable<TestCaseData> Servers() =>
        ConformanceCatalogue.Select("", ConformanceRole.Server).Select(test => new TestCaseData(test.Id).SetName($"Server_{test.Id}"));

    private static IEnumerable<TestCaseData> Clients() =>
        ConformanceCatalogue.Select("", ConformanceRole.Client).Select(test => new TestCaseData(test.Id).SetName($"Client_{test.Id}"));

    [TestCaseSource(nameof(Nodes))]
    public void EndNode_PassesOrIsADialect(string id, OwnerNodeType type)
    {
        // how a packet is drawn is a case for those alone that send it
        int taken = NetBtDialect.All.Count(dialect => Hold(id, new SimulatedSubject { Dialect = dialect, NodeType = type }, ConformanceVerdict.Unsupported));
        Assert.That(taken, Is.Positive, "no dialect takes what the case starts from");
    }

    /// <summary>A case for one way to be a server, such as leaving challenges to the claimant, is for those alone that go it; but somebody must.</summary>
    [TestCaseSource(nameof(Servers))]
    public void NameServer_PassesOrIsADialect(string id)
    {
        int taken = NameServerDialect.All.Count(dialect => Hold(id, new SimulatedSubject { Role = ConformanceRole.Server, ServerDialect = dialect }, ConformanceVerdict.Unsupported));
        Assert.That(taken, Is.Positive, "no dialect takes what the case starts from");
    }

    [TestCaseSource(nameof(Clients))]
    public void Client_PassesOrIsADialect(string id)
    {
        foreach (var dialect in NetBtDialect.All)
            Hold(id, new SimulatedSubject { Dialect = dialect });
    }

    /// <returns>Whether the case was run to its end.</returns>
    private static bool Hold(string id, SimulatedSubject subject, ConformanceVerdict allowed = ConformanceVerdict.Pass)
    {
        using var bench = new SimulatedBench(subject);
        var result = new ConformanceRunner(bench, new ConformanceOptions { NodeType = subject.Role == ConformanceRole.Node ? subject.NodeType : null }).Run(ConformanceCatalogue.Find(id)!);
        Assert.That(result.Verdict, Is.AnyOf(ConformanceVerdict.Pass, ConformanceVerdict.Dialect, allowed), () => Describe(bench, result));
        return result.Verdict is ConformanceVerdict.Pass or ConformanceVerdict.Dialect;
    }

    private static string Describe(SimulatedBench bench, ConformanceResult result) =>
        $"{bench.Title}: {result}\n{result.Case.Says}\nexpected: {result.Expected}\n" + string.Join('\n', result.Exchange.Select(packet =>
            $"{(packet.Time - result.Started).TotalSeconds,9:F3} {packet.Source} > {(packet.IsBroadcast ? "all" : packet.Destination)}: {Messages.NbnsDescription.Describe(packet.Octets.AsSpan())}"));
}
