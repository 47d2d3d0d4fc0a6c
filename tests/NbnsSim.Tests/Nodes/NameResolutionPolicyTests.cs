using NbnsSim.Nodes;
using NbnsSim.Protocol;
using static NbnsSim.Tests.Nodes.NodeBed;

namespace NbnsSim.Tests.Nodes;

/// <summary>The policy "Configure NetBIOS settings" (<c>EnableNetbios</c>) and the texts of events in Windows 10, 11 and Server 2025.</summary>
public sealed class NameResolutionPolicyTests
{
    [TestCase(NameResolutionPolicy.Disabled, false, 0)]
    [TestCase(NameResolutionPolicy.Disabled, true, 0)]
    [TestCase(NameResolutionPolicy.Allowed, true, 3)]
    [TestCase(NameResolutionPolicy.DisabledOnPublicNetworks, false, 3)]
    [TestCase(NameResolutionPolicy.DisabledOnPublicNetworks, true, 0)]
    [TestCase(NameResolutionPolicy.LearningMode, true, 3)]
    [Reaches("N31.disabled")]
    public void RuleN31_ThePolicySaysWhetherAnybodyIsAsked(NameResolutionPolicy policy, bool isPublic, int queries)
    {
        var bed = new NodeBed();
        var node = bed.Add("ALPHA", "10.0.0.1", NetBtDialect.Windows10 with { NameResolution = policy }, options => options with { IsOnPublicNetwork = isPublic });
        var id = bed.Do(node, now => node.Query(now, Name("NAME<20>")));
        bed.RunSeconds(30);
        Assert.That(bed.From(node).Count(), Is.EqualTo(queries));
        Assert.That(bed.Result(node, id).Outcome, Is.EqualTo(queries == 0 ? OperationOutcome.NotAvailable : OperationOutcome.NotFound));
    }

    [Test]
    [Reaches("N31.learning-mode", "N31.fall-back")]
    public void RuleN31_LearningMode_AsksWhenMdnsAndLlmnrHaveHadTheirTime()
    {
        var bed = new NodeBed();
        var node = bed.Add("ALPHA", "10.0.0.1", NetBtDialect.Windows11);
        bed.Do(node, now => node.Query(now, Name("NAME<20>")));
        bed.RunSeconds(30);
        Assert.That(bed.From(node).Select(sent => sent.Milliseconds), Is.EqualTo(new[] { 820, 1570, 2320 }));
    }

    [Test]
    public void RuleN31_OwnNamesAndRegistrationsAreAsEver()
    {
        var bed = new NodeBed();
        var node = bed.Add("ALPHA", "10.0.0.1", NetBtDialect.Windows10 with { NameResolution = NameResolutionPolicy.Disabled });
        bed.Do(node, now => node.AddName(now, Name("ALPHA<20>")));
        bed.RunSeconds(30);
        Assert.That(bed.From(node).Count(), Is.EqualTo(4));
        var id = bed.Do(node, now => node.Query(now, Name("ALPHA<20>")));
        Assert.That(bed.Result(node, id).Source, Is.EqualTo(AnswerSource.OwnName));
    }

    [Test]
    public void RuleE1_SinceVista_TheTextsSayComputer()
    {
        var bed = new NodeBed();
        var alpha = bed.Add("ALPHA", "10.0.0.1", NetBtDialect.Windows10);
        var bravo = bed.Add("BRAVO", "10.0.0.2", NetBtDialect.Windows10);
        bed.Do(alpha, now => alpha.AddName(now, Name("SHARE<20>")));
        bed.RunSeconds(30);
        bed.Do(bravo, now => bravo.AddName(now, Name("SHARE<20>")));
        bed.RunSeconds(30);
        var logged = bed.Events["BRAVO"].Single();
        Assert.That(logged.Message, Is.EqualTo(
            "The name \"SHARE          :20\" could not be registered on the interface with IP address 10.0.0.2. The computer with the IP address 10.0.0.1 did not allow the name to be claimed by this computer."));
        Assert.That(Convert.ToHexString(logged.GetData()), Is.EqualTo("000000000400320000000000E11000C001010000010000C000000000000000000000000000000000")); // seen on Windows 10
    }

    [Test]
    public void NoWindows10MachineIsMovedByTheReleaseOfQ131739()
    {
        var bed = new NodeBed();
        var alpha = bed.Add("ALPHA", "10.0.0.1", NetBtDialect.Windows10);
        var bravo = bed.Add("BRAVO", "10.0.0.2", NetBtDialect.Windows10);
        bed.Do(alpha, now => alpha.Logon(now, "JSMITH"));
        bed.RunSeconds(30);
        bed.Do(bravo, now => bravo.Logon(now, "JSMITH"));
        bed.RunSeconds(30);
        Assert.That(bed.Events["BRAVO"].Select(logged => logged.Id), Is.EqualTo(new[] { 4321 }));
        Assert.That(bed.Events.TryGetValue("ALPHA", out var quiet) ? quiet.Count : 0, Is.Zero);
    }
}
