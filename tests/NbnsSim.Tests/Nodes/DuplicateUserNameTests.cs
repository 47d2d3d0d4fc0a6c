using NbnsSim.Events;
using NbnsSim.Messages;
using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Rules;
using static NbnsSim.Tests.Nodes.NodeBed;

namespace NbnsSim.Tests.Nodes;

/// <summary>Q131739 on one segment: a user logs on to two machines.</summary>
public sealed class DuplicateUserNameTests
{
    private static readonly string[] MachineNames = ["<00>", "<03>", "<20>"];

    private static (NodeBed Bed, EndNode Alpha, EndNode Beta) TwoLogons(NetBtDialect dialect)
    {
        var bed = new NodeBed();
        var alpha = bed.Add("ALPHA", "10.0.0.1", dialect);
        var beta = bed.Add("BETA", "10.0.0.2", dialect);
        bed.Do(alpha, alpha.Boot);
        bed.Do(beta, beta.Boot);
        bed.RunSeconds(30);
        bed.Do(alpha, now => alpha.Logon(now, "JSMITH"));
        bed.RunSeconds(30);
        bed.Log.Clear();
        return (bed, alpha, beta);
    }

    [Test]
    [Reaches("C4.in-conflict")]
    public void OnNt35_TheFirstMachineLogsOne4320_WithTheSecondsAddress()
    {
        var (bed, alpha, beta) = TwoLogons(NetBtDialect.WindowsNt35);
        var logon = bed.Do(beta, now => beta.Logon(now, "JSMITH"));
        bed.RunSeconds(30);

        Assert.That(bed.Result(beta, logon).Outcome, Is.EqualTo(OperationOutcome.Refused));
        Assert.That(bed.Events["BETA"], Is.Empty);
        var logged = bed.Events["ALPHA"].Single();
        Assert.That(logged.Id, Is.EqualTo(4320));
        Assert.That(logged.Address, Is.EqualTo(beta.Address));
        Assert.That(logged.Name, Is.EqualTo(Name("JSMITH<03>")));
        Assert.That(Convert.ToHexString(logged.GetData()[40..]), Is.EqualTo("0200000A"), "the address in the data, least octet first");

        Assert.That(alpha.GetNameState(Name("JSMITH<03>")), Is.EqualTo(LocalNameState.Conflict));
        foreach (string suffix in MachineNames)
            Assert.That(alpha.GetNameState(Name("ALPHA" + suffix)), Is.EqualTo(LocalNameState.Registered));
        Assert.That(alpha.GetNameRows().Count(row => row.Status == NbtStatStatus.Conflict), Is.EqualTo(1));
        Assert.That(beta.GetNameState(Name("JSMITH<03>")), Is.Null);
    }

    [Test]
    public void OnNt35_TheExchangeIs_Claim_Refusal_Releases()
    {
        var (bed, alpha, beta) = TwoLogons(NetBtDialect.WindowsNt35);
        bed.Do(beta, now => beta.Logon(now, "JSMITH"));
        bed.RunSeconds(30);
        Assert.That(bed.Log.Select(sent => (sent.Source.Address, sent.Kind)), Is.EqualTo(
        [
            (beta.Address, NbnsMessageKind.NameRegistrationRequest),
            (alpha.Address, NbnsMessageKind.NegativeNameRegistrationResponse),
            (beta.Address, NbnsMessageKind.NameReleaseDemand),
            (beta.Address, NbnsMessageKind.NameReleaseDemand),
            (beta.Address, NbnsMessageKind.NameReleaseDemand),
        ]));
        Assert.That(bed.Log.Skip(2).Select(sent => sent.Entry.Address), Is.All.EqualTo(beta.Address), "the release carries the second machine's address");
    }

    [Test]
    public void OnNt35_TheFirstMachineIgnoresLaterQueriesForTheName()
    {
        var (bed, alpha, beta) = TwoLogons(NetBtDialect.WindowsNt35);
        bed.Do(beta, now => beta.Logon(now, "JSMITH"));
        bed.RunSeconds(30);
        bed.Log.Clear();
        bed.SendQuery("10.0.0.9", null, 0x0110, "JSMITH<03>");
        Assert.That(bed.From(alpha), Is.Empty);
    }

    [Test]
    public void OnNt35_TheReasonSaysThatTheSwitchIsInferred()
    {
        var (bed, _, beta) = TwoLogons(NetBtDialect.WindowsNt35);
        bed.Do(beta, now => beta.Logon(now, "JSMITH"));
        bed.RunSeconds(30);
        var reason = bed.Events["ALPHA"].Single().Reason!;
        Assert.That(reason.Rule, Is.SameAs(NodeRules.ReleaseMatchesNameAlone));
        Assert.That(reason.Rule.Basis, Is.EqualTo(RuleBasis.Inferred));
        Assert.That(reason.Sender, Is.EqualTo(new Ipv4Endpoint(beta.Address, 137)));
        Assert.That(reason.TransactionId, Is.EqualTo(bed.Log.First(sent => sent.Kind == NbnsMessageKind.NameReleaseDemand).TransactionId));
        Assert.That(reason.ByBroadcast, Is.True);
    }

    [Test]
    [Reaches("N15.address-differs", "N15.release-refused")]
    public void OnNt351_TheReleaseOfSomebodyElsesClaimIsIgnored()
    {
        var (bed, alpha, beta) = TwoLogons(NetBtDialect.WindowsNt351);
        var logon = bed.Do(beta, now => beta.Logon(now, "JSMITH"));
        bed.RunSeconds(30);
        Assert.That(bed.Result(beta, logon).Outcome, Is.EqualTo(OperationOutcome.Refused));
        Assert.That(bed.Log.Any(sent => sent.Kind == NbnsMessageKind.NameReleaseDemand), Is.True, "it is sent all the same");
        Assert.That(bed.Events["ALPHA"], Is.Empty);
        Assert.That(bed.Events["BETA"], Is.Empty);
        Assert.That(alpha.GetNameState(Name("JSMITH<03>")), Is.EqualTo(LocalNameState.Registered));
    }

    [TestCase("rfc1002")]
    [TestCase("nt4")]
    [TestCase("w2k")]
    [Reaches("B5.not-registered")]
    public void OnOtherDialects_No4320IsLogged(string dialect)
    {
        Assert.That(NetBtDialect.TryFind(dialect, out var found), Is.True);
        var (bed, alpha, beta) = TwoLogons(found!);
        bed.Do(beta, now => beta.Logon(now, "JSMITH"));
        bed.RunSeconds(30);
        Assert.That(bed.Events["ALPHA"], Is.Empty);
        Assert.That(bed.Events["BETA"].Select(logged => logged.Id), Is.EqualTo(dialect == "w2k" ? [4321] : Array.Empty<int>()));
        Assert.That(alpha.GetNameState(Name("JSMITH<03>")), Is.EqualTo(LocalNameState.Registered));
    }

    [Test]
    [Reaches("E1.4319")]
    public void OnNt35_AConflictDemandInstead_Logs4319()
    {
        var (bed, alpha, _) = TwoLogons(NetBtDialect.WindowsNt35);
        bed.SendResponse("10.0.0.2", "10.0.0.1", 0xAD87, "JSMITH<03>", "0.0.0.0");
        Assert.That(bed.Events["ALPHA"].Select(logged => logged.Id), Is.EqualTo([4319]));
        Assert.That(alpha.GetNameState(Name("JSMITH<03>")), Is.EqualTo(LocalNameState.Conflict));
    }

    [Test]
    [Reaches("T3.logon", "T3.logoff")]
    public void OnNt35_AfterLogoffAndLogon_TheNameIsTheFirstMachinesAgain()
    {
        var (bed, alpha, beta) = TwoLogons(NetBtDialect.WindowsNt35);
        bed.Do(beta, now => beta.Logon(now, "JSMITH"));
        bed.RunSeconds(30);
        bed.Log.Clear();
        var off = bed.Do(alpha, now => alpha.Logoff(now, "JSMITH"));
        Assert.That(bed.Result(alpha, off).Outcome, Is.EqualTo(OperationOutcome.Succeeded));
        Assert.That(bed.Log, Is.Empty, "a name in conflict goes silently");
        var on = bed.Do(alpha, now => alpha.Logon(now, "JSMITH"));
        bed.RunSeconds(30);
        Assert.That(bed.Result(alpha, on).Outcome, Is.EqualTo(OperationOutcome.Succeeded));
    }

    [Test]
    [Reaches("T1.boot")]
    public void Boot_RegistersTheNamesOfTheEra_InOrder()
    {
        var bed = new NodeBed();
        var node = bed.Add("ALPHA", "10.0.0.1", NetBtDialect.WindowsNt351);
        var boot = bed.Do(node, node.Boot);
        bed.RunSeconds(30);
        Assert.That(bed.Log.Select(sent => sent.Name.ToString()).Distinct(StringComparer.Ordinal), Is.EqualTo(["ALPHA<00>", "LAB<00>", "ALPHA<03>", "ALPHA<20>", "LAB<1E>"])); // Q139608
        Assert.That(bed.Log.First(sent => sent.Name == Name("LAB<00>")).Milliseconds, Is.EqualTo(2250), "each claim ends before the next starts");
        Assert.That(bed.Result(node, boot).Outcome, Is.EqualTo(OperationOutcome.Succeeded));
        Assert.That(bed.Results["ALPHA"].Count(result => result.Kind == OperationKind.Registration), Is.EqualTo(5));
        Assert.That(node.GetNameRows().Select(row => row.IsGroup), Is.EqualTo([false, true, false, false, true]));
    }

    /// <summary>Q131739 read the other way: Windows NT 3.51 corrected the sender, which releases nothing, and receivers go on to look at the name alone.</summary>
    [Test]
    [Reaches("N15.refused-not-released", "N15.release-refused", "N15.name-alone")]
    public void RuleN15_TheRivalReading_CorrectsTheSenderAlone()
    {
        var corrected = NetBtDialect.WindowsNt351 with { ReleasesRefusedUserName = false, ReleaseDemand = ReleaseDemandRule.ConflictOnName };
        var bed = new NodeBed();
        var alpha = bed.Add("ALPHA", "10.0.0.1", corrected);
        var bravo = bed.Add("BRAVO", "10.0.0.2", corrected);
        var charlie = bed.Add("CHARLIE", "10.0.0.3", NetBtDialect.WindowsNt35);
        foreach (var node in (EndNode[])[alpha, bravo])
        {
            bed.Do(node, now => node.Logon(now, "JSMITH"));
            bed.RunSeconds(10);
        }

        Assert.That(bed.From(bravo).Select(sent => sent.Kind), Has.None.EqualTo(NbnsMessageKind.NameReleaseDemand));
        Assert.That(bed.Events["ALPHA"], Is.Empty);
        bed.Do(charlie, now => charlie.Logon(now, "JSMITH"));
        bed.RunSeconds(10);
        Assert.That(bed.Events["ALPHA"].Select(logged => (logged.Id, logged.Address)), Is.EqualTo(new[] { (NetBtEventId.NameRelease, Ip("10.0.0.3")) }));
    }

    [Test]
    [Reaches("T1.boot-refused")]
    public void Boot_WithAnotherComputersName_EndsThere()
    {
        var bed = new NodeBed();
        var alpha = bed.Add("ALPHA", "10.0.0.1", NetBtDialect.WindowsNt4);
        bed.Do(alpha, alpha.Boot);
        bed.RunSeconds(30);
        var twin = new EndNode("ALPHA", EndNodeInterface.InSubnet(Ip("10.0.0.2")), alpha.Options);
        bed.Results["ALPHA"].Clear();
        bed.Add(twin);
        var boot = bed.Do(twin, twin.Boot);
        bed.RunSeconds(30);
        Assert.That(bed.Results["ALPHA"].Single(result => result.Kind == OperationKind.Boot).Outcome, Is.EqualTo(OperationOutcome.Refused));
        Assert.That(boot, Is.Not.EqualTo(default(OperationId)));
        Assert.That(twin.NameCount, Is.Zero);
    }

    [Test]
    [Reaches("D1.shut-down")]
    public void Shutdown_ReleasesEveryName_AndFallsSilent()
    {
        var (bed, alpha, _) = TwoLogons(NetBtDialect.Windows2000);
        var shutdown = bed.Do(alpha, alpha.Shutdown);
        Assert.That(bed.Result(alpha, new OperationId(1)).Kind, Is.EqualTo(OperationKind.Boot));
        bed.RunSeconds(30);
        Assert.That(bed.Log.Count(sent => sent.Kind == NbnsMessageKind.NameReleaseDemand), Is.EqualTo(6 * 3));
        Assert.That(bed.Result(alpha, shutdown).Outcome, Is.EqualTo(OperationOutcome.Succeeded));
        Assert.That(alpha.IsShutDown, Is.True);
        Assert.That(alpha.PollTimeout(), Is.Null);
        bed.Log.Clear();
        bed.SendQuery("10.0.0.9", "10.0.0.1", 0, "*", NbnsSim.Wire.NbnsType.NBStat);
        Assert.That(bed.From(alpha), Is.Empty);
        bed.Do(alpha, alpha.Boot);
        bed.RunSeconds(30);
        Assert.That(alpha.NameCount, Is.EqualTo(5));
    }
}
