using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Tests.House;
using static NbnsSim.Tests.Nodes.NodeBed;

namespace NbnsSim.Tests.Nodes;

/// <summary>A node's LMHOSTS file (<c>EnableLmhosts</c>).</summary>
public sealed class LmHostsTests
{
    private const string File = """
        10.1.0.1  fred
        10.1.0.2  fred           # a second line for a unique name is not read
        10.1.0.3  router  #MH
        10.1.1.3  router  #MH
        10.1.0.4  dc1     #PRE #DOM:lab
        10.1.0.5  dc2     #DOM:lab
        10.1.0.6  printer #SG:printers
        10.1.0.7  "Odd name       \0x14"
        """;

    [TestCase("FRED<00>", false, "10.1.0.1")]
    [TestCase("FRED<20>", false, "10.1.0.1")]
    [TestCase("FRED<1D>", false)]
    [TestCase("ROUTER<03>", false, "10.1.0.3", "10.1.1.3")]
    [TestCase("DC2<20>", false, "10.1.0.5")]
    [TestCase("LAB<1C>", true, "10.1.0.4", "10.1.0.5")]
    [TestCase("PRINTERS<20>", true, "10.1.0.6")]
    [TestCase("PRINTER<20>", false)]
    [TestCase("Odd name<14>", false, "10.1.0.7")]
    public void ALineMapsTheNamesItIsAbout(string name, bool isGroup, params string[] addresses)
    {
        var found = LmHostsFile.Parse(File).Find(Name(name), out bool group);
        Assert.That(found.Select(address => address.ToString()), Is.EqualTo(addresses));
        Assert.That(group, Is.EqualTo(isGroup));
    }

    [Test]
    [Clause("MS-NBTE §3.1.8/1")]
    public void WhatNobodyKnows_IsLookedUpInTheFile_AndCached()
    {
        var (bed, node) = WithFile();
        var id = bed.Do(node, now => node.Query(now, Name("ROUTER<20>")));
        bed.RunSeconds(5);
        Assert.That(bed.Log, Has.Count.EqualTo(3), "the segment is asked first");
        Assert.That(bed.Result(node, id).Source, Is.EqualTo(AnswerSource.LmHosts));
        Assert.That(bed.Result(node, id).Entries.Select(entry => entry.Address), Is.EqualTo(new[] { Ip("10.1.0.3"), Ip("10.1.1.3") }));

        id = bed.Do(node, now => node.Query(now, Name("ROUTER<20>")));
        Assert.That(bed.Result(node, id).Source, Is.EqualTo(AnswerSource.Cache));
    }

    [Test]
    [Clause("MS-NBTE §3.1.3/6")]
    [Reaches("T5.purge-cache")]
    public void PreloadedLines_AreInTheCacheFromTheStart_AndSurviveAPurge()
    {
        var (bed, node) = WithFile();
        node.PurgeCache(Instant.Epoch);
        Assert.That(
            node.GetCacheRows(bed.Now).Select(row => (row.Name.ToString(), row.IsGroup, row.LifeSeconds)),
            Is.EquivalentTo(new[] { ("DC1<00>", false, -1), ("DC1<03>", false, -1), ("DC1<20>", false, -1), ("LAB<1C>", true, -1) }));
        var id = bed.Do(node, now => node.Query(now, Name("DC1<20>")));
        Assert.That(bed.Result(node, id).Source, Is.EqualTo(AnswerSource.Cache));
        Assert.That(bed.Log, Is.Empty);
    }

    [Test]
    public void PreloadedLines_OutliveAnswersARebootAndAFullCache()
    {
        var bed = new NodeBed();
        var file = LmHostsFile.Parse(string.Join('\n', Enumerable.Range(1, 50).Select(i => $"10.1.0.{i} HOST{i} #PRE")));
        var node = bed.Add("ALPHA", "10.0.0.1", with: options => options with { LmHosts = file, CacheCapacity = 100 });
        int Preloaded() => node.GetCacheRows(bed.Now).Count(row => row.LifeSeconds == NbtStatCacheRow.Preloaded);
        Assert.That(Preloaded(), Is.EqualTo(150));

        bed.Do(node, now => node.Query(now, Name("HOST1<20>"), 0x4711));
        bed.SendResponse("10.0.0.7", "10.0.0.1", 0x8500, "HOST1<20>", "10.0.0.7", id: 0x4711);
        Assert.That(Preloaded(), Is.EqualTo(150));

        bed.Do(node, node.Shutdown);
        bed.Do(node, node.Boot);
        Assert.That(Preloaded(), Is.EqualTo(150));
    }

    [Test]
    public void WhatIsNotInTheFileEither_IsNotFound()
    {
        var (bed, node) = WithFile();
        var id = bed.Do(node, now => node.Query(now, Name("NOBODY<20>")));
        bed.RunSeconds(5);
        Assert.That(bed.Result(node, id).Outcome, Is.EqualTo(OperationOutcome.NotFound));
    }

    private static (NodeBed Bed, EndNode Node) WithFile()
    {
        var bed = new NodeBed();
        return (bed, bed.Add("ALPHA", "10.0.0.1", with: options => options with { LmHosts = LmHostsFile.Parse(File) }));
    }
}
