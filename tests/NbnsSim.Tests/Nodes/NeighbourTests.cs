using NbnsSim.Messages;
using NbnsSim.Nodes;
using NbnsSim.Protocol;
using static NbnsSim.Tests.Nodes.NodeBed;

namespace NbnsSim.Tests.Nodes;

/// <summary>The neighbours of Q131739: other ways to 4319 and 4320, and to neither.</summary>
public sealed class NeighbourTests
{
    private static (NodeBed Bed, EndNode Node) Holding(NetBtDialect dialect, string name = "NAME<20>", bool group = false)
    {
        var bed = new NodeBed();
        var node = bed.Add("ALPHA", "10.0.0.1", dialect);
        bed.Do(node, now => group ? node.AddGroupName(now, Name(name)) : node.AddName(now, Name(name)));
        bed.RunSeconds(10);
        bed.Log.Clear();
        return (bed, node);
    }

    [Test]
    public void LostRefusal_MakesTwoOwners_AndALaterQuery_Logs4319()
    {
        // Q97491: the second machine never hears the refusals; somebody's query finds both, and the later answer gets the conflict demand
        var bed = new NodeBed();
        var alpha = bed.Add("ALPHA", "10.0.0.1", NetBtDialect.WindowsNt35);
        var beta = bed.Add("BETA", "10.0.0.2", NetBtDialect.WindowsNt35);
        var gamma = bed.Add("GAMMA", "10.0.0.3", NetBtDialect.WindowsNt35);
        bed.Do(alpha, now => alpha.Logon(now, "JSMITH"));
        bed.RunSeconds(10);
        bed.Loses = (sent, receiver) => receiver == beta.Address && sent.Kind == NbnsMessageKind.NegativeNameRegistrationResponse;
        var logon = bed.Do(beta, now => beta.Logon(now, "JSMITH"));
        bed.RunSeconds(10);
        Assert.That(bed.Result(beta, logon).Outcome, Is.EqualTo(OperationOutcome.Succeeded), "two owners");

        var query = bed.Do(gamma, now => gamma.Query(now, Name("JSMITH<03>")));
        bed.RunSeconds(10);
        Assert.That(bed.Result(gamma, query).Responder, Is.EqualTo(alpha.Address));
        Assert.That(bed.Events["ALPHA"], Is.Empty, "the first to answer hears nothing");
        Assert.That(bed.Events["BETA"].Select(logged => (logged.Id, logged.Address)), Is.EqualTo([(4319, gamma.Address)]));
        Assert.That(beta.GetNameState(Name("JSMITH<03>")), Is.EqualTo(LocalNameState.Conflict));
    }

    [TestCase("nt3.5", true)]
    [TestCase("nt3.51", true)]
    [TestCase("nt4", true)]
    [TestCase("w2k", true)]
    [TestCase("rfc1002", false)]
    public void ForgedRelease_TakesTheName(string dialect, bool takes)
    {
        // MS00-047: Windows gives a name up on an unsolicited release; the RFC's B node does not
        NetBtDialect.TryFind(dialect, out var found);
        var (bed, node) = Holding(found!);
        bed.SendRequest("10.0.0.66", "10.0.0.1", 0x3000, "NAME<20>", "10.0.0.1");
        Assert.That(node.GetNameState(Name("NAME<20>")), Is.EqualTo(takes ? LocalNameState.Conflict : LocalNameState.Registered));
        Assert.That(bed.Events["ALPHA"].Select(logged => (logged.Id, logged.Address)), Is.EqualTo(takes ? [(4320, Ip("10.0.0.66"))] : Array.Empty<(int, Ipv4Address)>()));
        Assert.That(bed.From(node).Select(sent => sent.Flags), Is.EqualTo(takes ? [0xB400] : Array.Empty<ushort>()));
    }

    [Test]
    public void ForgedRelease_WithNoNameReleaseOnDemand_IsIgnored()
    {
        var (bed, node) = Holding(NetBtDialect.Windows2000 with { NoNameReleaseOnDemand = true });
        bed.SendRequest("10.0.0.66", "10.0.0.1", 0x3000, "NAME<20>", "10.0.0.1");
        bed.SendRequest("10.0.0.66", null, 0x3010, "NAME<20>", "10.0.0.1");
        Assert.That(node.GetNameState(Name("NAME<20>")), Is.EqualTo(LocalNameState.Registered));
        Assert.That(bed.Events["ALPHA"], Is.Empty);
        Assert.That(bed.From(node), Is.Empty);
    }

    [TestCase(false, false, true)]
    [TestCase(true, false, true)]
    [TestCase(false, true, true)]
    [TestCase(true, true, false)]
    [Reaches("N10.conflict-from-stranger")]
    public void RuleN10_ForgedConflict_WithAndWithoutMs00047_WithAndWithoutWins(bool patched, bool usesWins, bool takes)
    {
        // Q269239: "the hotfix only works if the affected computer is configured to use WINS"
        var bed = new NodeBed();
        var server = new ScriptedServer(bed);
        var node = bed.Add(
            "ALPHA", "10.0.0.1", NetBtDialect.Windows2000 with { NoNameReleaseOnDemand = patched }, options => usesWins ? options with { NameServers = [server.Address] } : options);
        bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        bed.RunSeconds(10);
        bed.SendResponse("10.0.0.66", "10.0.0.1", 0xAD87, "NAME<20>", "0.0.0.0");
        Assert.That(node.GetNameState(Name("NAME<20>")), Is.EqualTo(takes ? LocalNameState.Conflict : LocalNameState.Registered));
        Assert.That(bed.Events["ALPHA"].Select(logged => logged.Id), Is.EqualTo(takes ? [4319] : Array.Empty<int>()));
    }

    [Test]
    public void SolicitedConflict_IsStillBelieved_WithMs00047()
    {
        var bed = new NodeBed();
        var node = bed.Add("ALPHA", "10.0.0.1", NetBtDialect.WindowsNt4 with { SolicitedConflictsOnly = true });
        var id = bed.Do(node, now => node.AddName(now, Name("NAME<20>"), 0x5555));
        bed.SendResponse("10.0.0.66", "10.0.0.1", 0xAD87, "NAME<20>", "10.0.0.1", id: 0x5555);
        Assert.That(bed.Result(node, id).Outcome, Is.EqualTo(OperationOutcome.Refused));
    }

    [TestCase("rfc1002", false)]
    [TestCase("nt4", true)]
    [Reaches("C1.unsolicited-negative", "C1.stray-negative")]
    public void UnsolicitedNegative_IsConflict_OnlyForWindows(string dialect, bool takes)
    {
        NetBtDialect.TryFind(dialect, out var found);
        var (bed, node) = Holding(found!);
        bed.SendResponse("10.0.0.66", "10.0.0.1", 0xAD86, "NAME<20>", "10.0.0.66");
        Assert.That(node.GetNameState(Name("NAME<20>")), Is.EqualTo(takes ? LocalNameState.Conflict : LocalNameState.Registered));
        Assert.That(bed.Events["ALPHA"].Select(logged => logged.Id), Is.EqualTo(takes ? [4319] : Array.Empty<int>()));
    }

    [Test]
    public void WorkgroupNamedLikeAComputer_IsRefusedItsGroupName()
    {
        // a machine whose workgroup is the victim's computer name claims it as a group
        var (bed, alpha) = Holding(NetBtDialect.WindowsNt35, "ALPHA<00>");
        var other = bed.Add("WIN95", "10.0.0.2", NetBtDialect.WindowsNt35, options => options with { Workgroup = "ALPHA" });
        bed.Do(other, other.Boot);
        bed.RunSeconds(30);
        var refused = bed.Results["WIN95"].Single(result => result.Name == Name("ALPHA<00>"));
        Assert.That(refused.Outcome, Is.EqualTo(OperationOutcome.Refused));
        Assert.That(alpha.GetNameState(Name("ALPHA<00>")), Is.EqualTo(LocalNameState.Registered));
        Assert.That(bed.Events["ALPHA"], Is.Empty);
        Assert.That(other.GetNameState(Name("WIN95<20>")), Is.EqualTo(LocalNameState.Registered), "the boot goes on without its group");
    }

    [Test]
    public void ComputerNamedLikeAWorkgroup_IsRefusedItsName()
    {
        var (bed, alpha) = Holding(NetBtDialect.WindowsNt35, "LAB<00>", group: true);
        var other = bed.Add("LAB", "10.0.0.2", NetBtDialect.WindowsNt35, options => options with { Workgroup = null });
        var boot = bed.Do(other, other.Boot);
        bed.RunSeconds(30);
        Assert.That(bed.Result(other, boot).Outcome, Is.EqualTo(OperationOutcome.Refused));
        Assert.That(other.NameCount, Is.Zero);
        Assert.That(alpha.GetNameState(Name("LAB<00>")), Is.EqualTo(LocalNameState.Registered));
    }

    [TestCase("nt3.5", null, false)]
    [TestCase("nt4", null, false)]
    [TestCase("nt4", "10.0.0.1", true)]
    [TestCase("w2k", "10.0.0.1", false)]
    [Reaches("N28.group-kept", "N28.group-taken")]
    public void ReleaseOfAGroupName_CountsOnlyWhenSentToThisNodeAlone_AndUncheckedType(string dialect, string? destination, bool takes)
    {
        // Q314696; a member that leaves the group says so to all, and the others stay
        NetBtDialect.TryFind(dialect, out var found);
        var (bed, node) = Holding(found!, "LAB<1C>", group: true);
        bed.SendRequest("10.0.0.9", destination, (ushort)(destination is null ? 0x3010 : 0x3000), "LAB<1C>", "10.0.0.1", group: true);
        Assert.That(node.GetNameState(Name("LAB<1C>")), Is.EqualTo(takes ? LocalNameState.Conflict : LocalNameState.Registered));
        Assert.That(bed.Events["ALPHA"].Select(logged => logged.Id), Is.EqualTo(takes ? [4320] : Array.Empty<int>()));
    }
}
