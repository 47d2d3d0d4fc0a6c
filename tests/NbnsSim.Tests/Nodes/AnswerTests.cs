using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Rules;
using NbnsSim.Wire;
using static NbnsSim.Messages.NbnsMessageKind;
using static NbnsSim.Tests.Nodes.NodeBed;
using static NbnsSim.Tests.Nodes.ScriptedServer;

namespace NbnsSim.Tests.Nodes;

/// <summary>Which answers a question can have, and who may give them.</summary>
public sealed class AnswerTests
{
    private const ushort Id = 0x4711;
    private const string Server = "10.0.0.200";
    private const string Owner = "10.0.0.77";
    private static readonly Rule[] s_unused =
    [
        NodeRules.UnknownTransaction, NodeRules.OtherResponder, NodeRules.UnexpectedResponse, NodeRules.UnknownKind, NodeRules.NotOurs, NodeRules.NothingToMark,
        NodeRules.StrayNegative, NodeRules.UnsolicitedNegative, NodeRules.ConflictDemand,
    ];

    /// <summary>What a node asks, of whom, and which answers there are to it.</summary>
    private static readonly Dictionary<string, (string Of, string[] Answers)> s_questions = new(StringComparer.Ordinal)
    {
        ["claim"] = (Server, ["registered", "not registered", "conflict", "ask the owner", "wait"]),
        ["claim of a group"] = (Server, ["registered", "not registered", "conflict", "ask the owner", "wait"]),
        ["challenge"] = (Owner, ["found", "not found", "wait"]),
        ["update"] = (Server, ["registered", "not registered", "conflict", "wait"]),
        ["refresh"] = (Server, ["registered", "not registered", "conflict", "wait"]),
        ["release"] = (Server, ["released", "not released", "wait"]),
        ["release before a registration anew"] = (Server, ["released", "not released", "wait"]),
        ["query"] = (Server, ["found", "not found", "redirect", "wait"]),
        ["node status"] = (Owner, ["status", "wait"]),
        ["broadcast query"] = (Owner, ["found"]),
    };

    private static readonly string[] s_answers =
        ["registered", "not registered", "conflict", "ask the owner", "released", "not released", "found", "not found", "redirect", "status", "wait"];

    private static IEnumerable<TestCaseData> Pairs() =>
        from question in s_questions
        from answer in s_answers
        select new TestCaseData(question.Key, answer);

    private static NodeBed Ask(string question, out EndNode node)
    {
        var bed = new NodeBed();
        var server = new ScriptedServer(bed, Server) { IsDown = question is not ("challenge" or "update") };
        var dialect = NetBtDialect.Rfc1002 with { Timing = NetBtTiming.Rfc1002 with { RefreshDivisor = 2 } };
        bool isBroadcast = question == "broadcast query";
        var asking = bed.Add("ALPHA", "10.0.0.1", dialect, options => options with { NodeType = isBroadcast ? OwnerNodeType.B : OwnerNodeType.P, NameServers = isBroadcast ? [] : [server.Address] });
        var name = Name("NAME<20>");
        switch (question)
        {
            case "claim":
                bed.Do(asking, now => asking.AddName(now, name, Id));
                break;
            case "claim of a group":
                bed.Do(asking, now => asking.AddGroupName(now, name, Id));
                break;
            case "challenge":
                server.Then(NameRegistrationRequest, Respond(0xAD00, 0, Owner));
                bed.Do(asking, now => asking.AddName(now, name, Id));
                break;
            case "update":
                server.Then(NameRegistrationRequest, Respond(0xAD00, 0, "0.0.0.0")).Then(NameOverwriteRequest, Silence);
                bed.Do(asking, now => asking.AddName(now, name, Id));
                break;
            case "refresh":
                asking.AssumeName(bed.Now, name, isGroup: false);
                Assert.That(asking.RefreshName(bed.Now, name, Id), Is.True);
                break;
            case "release":
                asking.AssumeName(bed.Now, name, isGroup: false);
                bed.Do(asking, now => asking.DeleteName(now, name, Id));
                break;
            case "release before a registration anew":
                asking.AssumeName(bed.Now, name, isGroup: false);
                bed.Do(asking, asking.Refresh);
                Assert.That(asking.RenumberTransaction(name, Id), Is.True);
                break;
            case "node status":
                bed.Do(asking, now => asking.NodeStatus(now, Ip(Owner), name, Id));
                break;
            default:
                bed.Do(asking, now => asking.Query(now, name, Id));
                break;
        }

        bed.Settle();
        bed.RunSeconds(0.1);
        Assert.That(asking.Transactions.Single().TransactionId, Is.EqualTo(Id));
        node = asking;
        return bed;
    }

    private static byte[] Answer(string answer)
    {
        var buffer = new byte[576];
        var name = Name("NAME<20>");
        var owner = new NbEntry(default, Ip(Owner));
        int length = answer switch
        {
            "registered" => NbnsEncoder.WriteResponse(buffer, Id, 0xAD80, name, 6000, owner),
            "not registered" => NbnsEncoder.WriteResponse(buffer, Id, 0xAD86, name, 0, owner),
            "conflict" => NbnsEncoder.WriteResponse(buffer, Id, 0xAD87, name, 0, owner),
            "ask the owner" => NbnsEncoder.WriteResponse(buffer, Id, 0xAD00, name, 0, owner),
            "released" => NbnsEncoder.WriteResponse(buffer, Id, 0xB400, name, 0, owner),
            "not released" => NbnsEncoder.WriteResponse(buffer, Id, 0xB406, name, 0, owner),
            "found" => NbnsEncoder.WriteResponse(buffer, Id, 0x8580, name, 6000, owner),
            "not found" => NbnsEncoder.WriteNegativeQueryResponse(buffer, Id, 0x8583, name),
            "redirect" => NbnsEncoder.WriteRedirect(buffer, Id, NbnsFlagWords.RedirectResponse, name, 0, Name("SERVER<00>"), Ip("10.0.0.99")),
            "status" => NbnsEncoder.WriteNodeStatus(buffer, Id, NbnsFlagWords.NodeStatusResponse, name, [new NodeStatusName(name, default)], default),
            _ => NbnsEncoder.WriteWack(buffer, Id, NbnsFlagWords.Wack, name, 60, default),
        };
        return buffer[..length];
    }

    private static DecisionCounter Hear(NodeBed bed, EndNode node, string source, string answer)
    {
        var said = new DecisionCounter();
        node.Decisions = said;
        node.HandleDatagram(bed.Now, new Datagram(Answer(answer), Ipv4Endpoint.NameService(Ip(source)), Ipv4Endpoint.NameService(node.Address), isBroadcast: false, 0));
        node.Decisions = null;
        return said;
    }

    /// <summary>RFC 1002 §5.1.2.1 to §5.1.2.6, §5.1.1.3: an answer of another kind is none, and what is taken once is not looked at again.</summary>
    [TestCaseSource(nameof(Pairs))]
    public void AQuestionHasItsAnswers(string question, string answer)
    {
        var bed = Ask(question, out var node);
        var before = node.Fork();
        bool counts = s_questions[question].Answers.Contains(answer, StringComparer.Ordinal);
        var said = Hear(bed, node, s_questions[question].Of, answer);

        Assert.That(said.Rules.Overlaps(s_unused), Is.EqualTo(!counts), string.Join(", ", said.Rules.Select(rule => rule.Id)));
        bool conflicts = question is "refresh" or "release" or "release before a registration anew" && answer is "conflict" or "not registered"; // of a name that is held: it counts for itself
        if (!counts && !conflicts)
            Assert.That(node.HasSameStateAs(before), Is.True, "nothing has changed");
        if (counts)
            Assert.That(node.HasSameStateAs(before), Is.False, "something has");

        var probe = node.Fork();
        probe.AssumeName(bed.Now, Name("PROBE<20>"), isGroup: false); // finds out when it is to be called next
        Assert.That(node.PollTimeout(), Is.EqualTo(probe.PollTimeout()), "when to call next is known already");
    }

    /// <summary>RFC 1002 §5.1.2.1: only who was asked can answer; a broadcast query asks everybody.</summary>
    [TestCaseSource(nameof(Pairs))]
    public void OnlyWhoWasAskedAnswers(string question, string answer)
    {
        if (!s_questions[question].Answers.Contains(answer, StringComparer.Ordinal))
            return;
        var bed = Ask(question, out var node);
        var before = node.Fork();
        bool counts = question == "broadcast query" || (question == "challenge" && answer == "found"); // of a host with several addresses: it lists the one that was asked
        var said = Hear(bed, node, "10.0.0.66", answer);
        Assert.That(said.Rules.Overlaps(s_unused), Is.EqualTo(!counts), string.Join(", ", said.Rules.Select(rule => rule.Id)));
        bool conflicts = question == "refresh" && answer is "conflict" or "not registered";
        if (!conflicts)
            Assert.That(node.HasSameStateAs(before), Is.EqualTo(!counts));
    }

    /// <summary>How an answer travels makes no difference: one that is broadcast, with or without the question that it answers, counts as well.</summary>
    [TestCase(0x8580, false)]
    [TestCase(0x8500, true)]
    [TestCase(0x8000, true)]
    public void AnAnswerThatIsBroadcastCounts(int flags, bool repeatsTheQuestion)
    {
        var bed = Ask("broadcast query", out var node);
        var bytes = Answer("found");
        (bytes[2], bytes[3]) = ((byte)(flags >> 8), (byte)flags);
        if (repeatsTheQuestion)
        {
            var question = new byte[576];
            int end = NbnsEncoder.WriteQuery(question, Id, (ushort)flags, Name("NAME<20>"));
            question[7] = 1; // ANCOUNT
            bytes = [.. question[..end], .. bytes[NbnsHeader.Size..]];
        }

        bed.Send(Owner, null, bytes);
        Assert.That(bed.Results["ALPHA"].Single().Responder, Is.EqualTo(Ip(Owner)));
    }

    /// <summary>RFC 1002 §5.1.2.1: the name server names an owner that nobody can be asked at, or this node itself.</summary>
    [TestCase("0.0.0.0")]
    [TestCase("255.255.255.255")]
    [TestCase("224.0.0.1")]
    [TestCase("10.0.0.1")]
    public void AnOwnerThatCannotBeAskedIsNot(string owner)
    {
        var bed = new NodeBed();
        var server = new ScriptedServer(bed);
        var node = bed.Add("ALPHA", "10.0.0.1", with: options => options with { NodeType = OwnerNodeType.P, NameServers = [server.Address] });
        server.Then(NameRegistrationRequest, Respond(0xAD00, 0, owner));
        var id = bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        Assert.That(server.Kinds, Is.EqualTo(new[] { NameRegistrationRequest, NameOverwriteRequest }));
        Assert.That(bed.Log.Select(sent => sent.Destination.Address).Distinct(), Is.EquivalentTo(new[] { server.Address, node.Address }));
        Assert.That(bed.Result(node, id).Outcome, Is.EqualTo(OperationOutcome.Succeeded));
    }

    /// <summary>RFC 1002 §6: BCAST_REQ_RETRY_COUNT and UCAST_REQ_RETRY_COUNT are two counts.</summary>
    [Test]
    public void BroadcastsAndQuestionsToAServerAreCountedApart()
    {
        var bed = new NodeBed();
        var server = new ScriptedServer(bed) { IsDown = true };
        var dialect = NetBtDialect.Rfc1002 with { Timing = NetBtTiming.Rfc1002 with { BroadcastRetryCount = 2, NameServerRetryCount = 4 } };
        var node = bed.Add("ALPHA", "10.0.0.1", dialect, options => options with { NodeType = OwnerNodeType.H, NameServers = [server.Address] });
        bed.Do(node, now => node.Query(now, Name("NOBODY<20>")));
        bed.RunSeconds(60);
        Assert.That(bed.From(node).Select(sent => sent.IsBroadcast), Is.EqualTo(new[] { false, false, false, false, true, true }));
    }
}
