using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Tests.House;
using NbnsSim.Wire;
using static NbnsSim.Messages.NbnsMessageKind;
using static NbnsSim.Tests.Nodes.NodeBed;

namespace NbnsSim.Tests.Nodes;

/// <summary>Queries for <c>*</c>, by which whoever looks for machines finds them.</summary>
public sealed class WildcardTests
{
    [TestCase(null)]
    [TestCase("10.0.0.1")]
    public void AQueryForTheWildcard_IsAnsweredWithTheNodesAddress(string? destination)
    {
        var bed = new NodeBed();
        var node = bed.Add("ALPHA", "10.0.0.1", NetBtDialect.WindowsNt35);
        bed.SendQuery("10.0.0.9", destination, 0x0100, "*", sourcePort: 4711);
        var answer = bed.From(node).Single();
        Assert.That((answer.Kind, answer.Flags, answer.Name), Is.EqualTo((PositiveNameQueryResponse, (ushort)0x8500, Name("*"))));
        Assert.That(answer.Entries, Is.EqualTo(new[] { new NbEntry(new NbFlags(false, OwnerNodeType.B), node.Address) }));
        Assert.That(answer.Destination, Is.EqualTo(new Ipv4Endpoint(Ip("10.0.0.9"), 4711)));
    }

    [Test]
    public void ByTheRfcTheWildcardIsForNodeStatusAlone()
    {
        var bed = new NodeBed();
        var node = bed.Add("ALPHA", "10.0.0.1");
        bed.SendQuery("10.0.0.9", null, 0x0110, "*");
        Assert.That(bed.From(node), Is.Empty);
    }

    [TestCase("*<00>.OTHER")]
    [TestCase("*SMBSERVER<20>")]
    public void OnlyTheWildcardOfTheNodesOwnScopeCounts(string name)
    {
        var bed = new NodeBed();
        var node = bed.Add("ALPHA", "10.0.0.1", NetBtDialect.WindowsNt35);
        bed.SendQuery("10.0.0.9", null, 0x0110, name);
        Assert.That(bed.From(node), Is.Empty);
    }

    [Test]
    [Clause("MS-NBTE §3.1.4.2/2")]
    [Reaches("N29.answer-wildcard")]
    public void WhoeverAsksForTheWildcard_TakesManyAnswersForNoConflict_AndRemembersNone()
    {
        var bed = new NodeBed();
        var asker = bed.Add("ALPHA", "10.0.0.1", NetBtDialect.WindowsNt35);
        var others = new[] { "10.0.0.2", "10.0.0.3" }.Select((address, i) => bed.Add($"PC{i}", address, NetBtDialect.WindowsNt35)).ToArray();
        var id = bed.Do(asker, now => asker.Query(now, Name("*")));
        bed.RunSeconds(5);
        Assert.That(bed.Result(asker, id).Outcome, Is.EqualTo(OperationOutcome.Succeeded));
        Assert.That(others.SelectMany(bed.From).Select(sent => sent.Kind), Is.EqualTo(new[] { PositiveNameQueryResponse, PositiveNameQueryResponse }));
        Assert.That(bed.From(asker).Select(sent => sent.Kind), Is.EqualTo(new[] { NameQueryRequest }), "no conflict demand");
        Assert.That(asker.GetCacheRows(bed.Now), Is.Empty);
    }
}
