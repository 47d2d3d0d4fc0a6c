using NbnsSim.Names;
using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Wire;
using static NbnsSim.Messages.NbnsMessageKind;
using static NbnsSim.Tests.Nodes.NodeBed;
using static NbnsSim.Tests.Nodes.ScriptedServer;

namespace NbnsSim.Tests.Nodes;

/// <summary>Which of its name servers a node turns to: Q247559, RFC 1002 §5.1.2.</summary>
public sealed class NameServerTurnTests
{
    private static readonly NetBiosName s_name = Name("NAME<20>");

    private static (NodeBed Bed, EndNode Node, ScriptedServer Primary, ScriptedServer Secondary) Make(NetBtDialect? dialect = null, OwnerNodeType type = OwnerNodeType.P)
    {
        var bed = new NodeBed();
        var (primary, secondary) = (new ScriptedServer(bed) { IsDown = true }, new ScriptedServer(bed, "10.0.0.201"));
        var node = bed.Add(
            "ALPHA", "10.0.0.1", dialect ?? NetBtDialect.Rfc1002, options => options with { NodeType = type, NameServers = [primary.Address, secondary.Address] });
        return (bed, node, primary, secondary);
    }

    private static IEnumerable<TestCaseData> Answers()
    {
        foreach (string command in (string[])["claim", "refresh", "release", "query"])
        {
            foreach (string answer in (string[])["yes", "no", "wait"])
                yield return new TestCaseData(command, answer);
        }

        yield return new TestCaseData("claim", "ask the owner");
        yield return new TestCaseData("query", "redirect");
    }

    /// <summary>Whatever it says, it is there: where the primary was silent, the secondary is asked first from now on.</summary>
    [TestCaseSource(nameof(Answers))]
    public void AnyAnswerOfTheSecondaryTurnsToIt(string command, string answer)
    {
        var (bed, node, primary, secondary) = Make();
        var asked = command switch
        {
            "claim" => NameRegistrationRequest,
            "refresh" => NameRefreshRequest,
            "release" => NameReleaseRequest,
            _ => NameQueryRequest,
        };
        secondary.Then(asked, (command, answer) switch
        {
            (_, "wait") => Wack(60),
            (_, "redirect") => Redirect("10.0.0.99"),
            (_, "ask the owner") => Respond(NbnsFlagWords.EndNodeChallenge, 0, "10.0.0.77"),
            ("query", "yes") => Respond(NbnsFlagWords.NameServerQueryResponse, 0, "10.0.0.77"),
            ("query", _) => NotFound,
            ("release", "yes") => Respond(NbnsFlagWords.ReleaseResponse),
            ("release", _) => Respond(NbnsFlagWords.ReleaseResponse | (int)NbnsRcode.ActiveError),
            (_, "yes") => Respond(NbnsFlagWords.RegistrationResponse, 6000),
            _ => Respond(NbnsFlagWords.RegistrationResponse | (int)NbnsRcode.ActiveError),
        });
        if (command is "refresh" or "release")
            node.AssumeName(bed.Now, s_name, isGroup: false);
        if (command == "claim")
            node.AddName(bed.Now, s_name);
        else if (command == "refresh")
            node.RefreshName(bed.Now, s_name);
        else if (command == "release")
            node.DeleteName(bed.Now, s_name);
        else
            node.Query(bed.Now, s_name);
        bed.RunSeconds(16);
        Assert.That(secondary.Kinds, Is.EqualTo(new[] { asked }), "after three questions to the primary");

        primary.Received.Clear();
        bed.Do(node, now => node.Query(now, Name("NEXT<20>")));
        Assert.That((primary.Received.Count, secondary.Received.Count), Is.EqualTo((0, 2)));
    }

    /// <summary>RFC 1002 §5.1.2.3: who asks for time and then is silent has not said that there is no such name.</summary>
    [TestCase(true, OperationOutcome.NotFound)]
    [TestCase(false, OperationOutcome.NoAnswer)]
    public void SilenceAfterAWackIsNoAnswer(bool saysNo, OperationOutcome outcome)
    {
        var (bed, node, primary, secondary) = Make(NetBtDialect.Rfc1002 with { AsksNextServerAfterNegative = true });
        primary.IsDown = false;
        secondary.IsDown = true;
        primary.Then(NameQueryRequest, saysNo ? NotFound : Wack(1)).Then(NameQueryRequest, Silence).Then(NameQueryRequest, Silence);
        var id = bed.Do(node, now => node.Query(now, Name("OTHER<20>")));
        bed.RunSeconds(60);
        Assert.That(bed.Result(node, id).Outcome, Is.EqualTo(outcome));
    }

    /// <summary>Q219357, Q222840: who said first that there is no such name, after asking for time, is believed where the next is silent.</summary>
    [Test]
    public void ADenialAfterAWackOutlivesTheNextServersSilence()
    {
        var (bed, node, primary, secondary) = Make(NetBtDialect.Rfc1002 with { AsksNextServerAfterNegative = true });
        primary.IsDown = false;
        secondary.IsDown = true;
        primary.Then(NameQueryRequest, Wack(1)).Then(NameQueryRequest, NotFound);
        var id = bed.Do(node, now => node.Query(now, Name("OTHER<20>")));
        bed.RunSeconds(60);
        Assert.That((bed.Result(node, id).Outcome, bed.Result(node, id).Responder), Is.EqualTo((OperationOutcome.NotFound, primary.Address)));
    }

    /// <summary>WinsDownTimeout is no reason to forget names.</summary>
    [Test]
    public void TheCacheOutlivesTheServersSilence()
    {
        var (bed, node, _, secondary) = Make(NetBtDialect.WindowsNt4);
        node.PreloadName(bed.Now, Name("OTHER<20>"), Ip("10.0.0.9"));
        secondary.IsDown = true;
        bed.Do(node, now => node.Query(now, Name("NOBODY<20>")));
        bed.RunSeconds(12);
        Assert.That(bed.Results["ALPHA"].Single().Outcome, Is.EqualTo(OperationOutcome.NoAnswer));
        Assert.That(node.GetCacheRows(bed.Now).Select(row => row.Address), Is.EqualTo(new[] { Ip("10.0.0.9") }));
    }

    /// <summary>Q247559: every ten minutes for an hour; when the primary answers, that is over, and it hears of every name that it has to know.</summary>
    [Test]
    public void WhenThePrimaryIsBack_ItHearsOfEveryNameOnce()
    {
        var (bed, node, primary, secondary) = Make(NetBtDialect.WindowsNt4);
        secondary.Grants = primary.Grants = 518_400;
        bed.Do(node, now => node.AddName(now, Name("*STAR<20>")));
        bed.Do(node, now => node.AddName(now, s_name));
        bed.RunSeconds(10);
        bed.Do(node, now => node.AddName(now, Name("SECOND<20>")));
        Assert.That(secondary.Kinds, Is.EqualTo(new[] { NameRegistrationRequest, NameRegistrationRequest }));

        primary.IsDown = false;
        primary.Received.Clear();
        secondary.Received.Clear();
        bed.RunSeconds(7200);
        Assert.That(primary.Received.Select(sent => (sent.Kind, sent.Name)), Is.EqualTo(new[] { (NameRefreshRequest, s_name), (NameRefreshRequest, Name("SECOND<20>")) }));
        Assert.That(secondary.Received, Is.Empty);
    }

    /// <summary>Q247559: without tries the primary is asked again with the refreshes only.</summary>
    [TestCase(0)]
    [TestCase(1)]
    [TestCase(3)]
    public void ThePrimaryIsTriedSoManyTimes(int tries)
    {
        var (bed, node, primary, secondary) = Make(NetBtDialect.WindowsNt4 with { Timing = NetBtDialect.WindowsNt4.Timing with { SwitchBackCount = tries } });
        secondary.Grants = 518_400;
        bed.Do(node, now => node.AddName(now, s_name));
        bed.RunSeconds(10);
        primary.Received.Clear();
        bed.RunSeconds(7200);
        Assert.That(primary.Received, Has.Count.EqualTo(3 * tries));
    }

    /// <summary>RFC 1002 §5.1.2.3, and the name server that a redirect names is none of the node's own.</summary>
    [Test]
    public void WhoIsNamedByARedirectIsNotTurnedTo()
    {
        var (bed, node, primary, secondary) = Make();
        var third = new ScriptedServer(bed, "10.0.0.99");
        primary.IsDown = false;
        primary.Then(NameQueryRequest, Redirect("10.0.0.99"));
        third.Then(NameQueryRequest, Respond(NbnsFlagWords.NameServerQueryResponse, 0, "10.0.0.77"));
        var id = bed.Do(node, now => node.Query(now, Name("OTHER<20>")));
        Assert.That(bed.Result(node, id).Responder, Is.EqualTo(third.Address));
        bed.Do(node, now => node.Query(now, Name("NEXT<20>")));
        Assert.That((primary.Received.Count, secondary.Received.Count, third.Received.Count), Is.EqualTo((2, 0, 1)));
    }
}
