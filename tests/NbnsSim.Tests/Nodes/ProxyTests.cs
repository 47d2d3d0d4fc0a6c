using NbnsSim.Nodes;
using NbnsSim.Protocol;
using static NbnsSim.Messages.NbnsMessageKind;
using static NbnsSim.Tests.Nodes.NodeBed;
using static NbnsSim.Tests.Nodes.ScriptedServer;

namespace NbnsSim.Tests.Nodes;

/// <summary>EnableProxy and EnableProxyRegCheck, Q121004.</summary>
public sealed class ProxyTests
{
    private static (NodeBed Bed, EndNode Proxy, ScriptedServer Server) Make(bool checksRegistrations = false)
    {
        var bed = new NodeBed();
        var server = new ScriptedServer(bed);
        var proxy = bed.Add("PROXY", "10.0.0.1", NetBtDialect.WindowsNt4, options => options with
        {
            NameServers = [server.Address],
            EnableProxy = true,
            EnableProxyRegCheck = checksRegistrations,
        });
        return (bed, proxy, server);
    }

    [Test]
    [Reaches("X1.answer", "X1.ask")]
    public void FirstBroadcast_IsAskedOfTheServer_TheNextIsAnsweredFromTheCache()
    {
        var (bed, proxy, server) = Make();
        server.Then(NameQueryRequest, Respond(0x8580, 0, "10.9.0.7"));
        var asker = bed.Add("BETA", "10.0.0.2", NetBtDialect.WindowsNt4);
        var id = bed.Do(asker, now => asker.Query(now, Name("FAR<20>")));
        Assert.That(server.Received, Has.Count.EqualTo(1));
        Assert.That(bed.Results["BETA"], Is.Empty);
        bed.RunSeconds(0.75);
        Assert.That(bed.Result(asker, id).Entries.Single().Address, Is.EqualTo(Ip("10.9.0.7")));
        Assert.That(bed.Result(asker, id).Responder, Is.EqualTo(proxy.Address));
        Assert.That(server.Received, Has.Count.EqualTo(1));
    }

    [Test]
    public void NameOfTheSameSubnet_AnswersForItself()
    {
        var (bed, proxy, server) = Make();
        server.Then(NameQueryRequest, Respond(0x8580, 0, "10.0.0.77"));
        bed.SendQuery("10.0.0.9", null, 0x0110, "NEAR<20>");
        bed.SendQuery("10.0.0.9", null, 0x0110, "NEAR<20>");
        Assert.That(bed.From(proxy).Any(sent => sent.Kind == PositiveNameQueryResponse), Is.False);
    }

    [Test]
    public void NameThatTheServerDoesNotKnow_IsNotAnswered()
    {
        var (bed, proxy, _) = Make();
        bed.SendQuery("10.0.0.9", null, 0x0110, "NOBODY<20>");
        bed.RunSeconds(1);
        bed.SendQuery("10.0.0.9", null, 0x0110, "NOBODY<20>");
        Assert.That(bed.From(proxy).All(sent => sent.Kind == NameQueryRequest), Is.True);
    }

    [Test]
    public void WithoutEnableProxy_NothingIsAsked()
    {
        var bed = new NodeBed();
        var server = new ScriptedServer(bed);
        bed.Add("ALPHA", "10.0.0.1", NetBtDialect.WindowsNt4, options => options with { NameServers = [server.Address] });
        bed.SendQuery("10.0.0.9", null, 0x0110, "FAR<20>");
        Assert.That(server.Received, Is.Empty);
    }

    [Test]
    [Reaches("X1.silent")]
    public void AFloodOfQuestions_RunsABoundedNumberOfTransactions()
    {
        var (bed, proxy, server) = Make();
        server.IsDown = true;
        for (int i = 0; i < 1000; i++)
            bed.SendQuery("10.0.0.9", null, 0x0110, $"NAME{i}<20>");
        Assert.That(server.Received, Has.Count.EqualTo(proxy.Options.MaxTransactions));
        bed.RunSeconds(10);
        Assert.That(proxy.PollTimeout(), Is.Null);
    }

    [Test]
    [Reaches("X1.defend")]
    public void EnableProxyRegCheck_ObjectsToTheClaimOfANameThatTheServerKnowsForAnother()
    {
        var (bed, proxy, server) = Make(checksRegistrations: true);
        server.Then(NameQueryRequest, Respond(0x8580, 0, "10.9.0.7"));
        var claimant = bed.Add("BETA", "10.0.0.2", NetBtDialect.WindowsNt4);
        var id = bed.Do(claimant, now => claimant.AddName(now, Name("FAR<20>")));
        bed.RunSeconds(10);
        Assert.That(bed.Result(claimant, id).Outcome, Is.EqualTo(OperationOutcome.Refused));
        Assert.That(bed.Result(claimant, id).Responder, Is.EqualTo(proxy.Address));
    }

    [Test]
    public void WithoutEnableProxyRegCheck_ClaimsAreNotItsBusiness()
    {
        // Q121004: "does not participate in the name registration process"
        var (bed, _, server) = Make();
        var claimant = bed.Add("BETA", "10.0.0.2", NetBtDialect.WindowsNt4);
        var id = bed.Do(claimant, now => claimant.AddName(now, Name("FAR<20>")));
        bed.RunSeconds(10);
        Assert.That(bed.Result(claimant, id).Outcome, Is.EqualTo(OperationOutcome.Succeeded));
        Assert.That(server.Received, Is.Empty);
    }
}
