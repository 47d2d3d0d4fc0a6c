using NbnsSim.Diagnosis;
using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Tests.Diagnosis;

/// <summary>Machines that answer for names of others, or speak where only a name server may: what they say of a name proves nothing about who holds it.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class AnswersForOthersTests
{
    private static readonly Ipv4Address A = Ipv4Address.Parse("10.0.0.1");
    private static readonly Ipv4Address B = Ipv4Address.Parse("10.0.0.2");
    private static readonly Ipv4Address C = Ipv4Address.Parse("10.0.0.3");
    private static readonly Ipv4Address Client = Ipv4Address.Parse("10.0.0.7");
    private static readonly Ipv4Address Server = Ipv4Address.Parse("10.0.0.9");
    private static readonly Ipv4Address False = Ipv4Address.Parse("10.0.0.66");
    private static readonly Ipv4Address All = Ipv4Address.Parse("10.0.0.255");
    private static readonly (Ipv4Address Address, string Name)[] Three = [(A, "PC1<20>"), (B, "PC2<20>"), (C, "PC3<20>")];

    private readonly CaptureDiagnosis _diagnosis = new();
    private long _frame;
    private double _now;
    private ushort _id;

    /// <summary>Whoever lost its name to a poisoner and gives it up at shutdown takes nothing from the poisoner.</summary>
    [Test]
    public void TheOwnerOfAPoisonedNameShutsDown()
    {
        Own(A, "PC1<20>");
        foreach (string name in (string[])["PC1<20>", "NOBODY<20>", "NOONE<20>", "NOWHERE<20>"])
            Ask(Client, All, name, False, False);
        Send(Client, A, new NameConflictDemand(++_id, Name("PC1<20>")));
        for (int i = 0; i < 3; i++)
            Send(A, All, new NameReleaseRequest(50, Name("PC1<20>"), Entry(A)));
        Assert.That(Told(), Is.EqualTo(new[] { (Causes.PoisonedAnswers, Certainty.Proven) }));
    }

    /// <summary>A poisoner's own name is its own all the same: who takes it away is told.</summary>
    [Test]
    public void APoisonersOwnNameIsReleasedByAStranger()
    {
        Own(False, "KALI<20>");
        foreach (string name in (string[])["NOBODY<20>", "NOONE<20>", "NOWHERE<20>", "KALI<20>"])
            Ask(Client, All, name, False, False);
        _now += 30;
        for (int i = 0; i < 3; i++)
            Send(B, All, new NameReleaseRequest(50, Name("KALI<20>"), Entry(False)));
        Assert.That(Told(), Does.Contain((Causes.ForgedDemand, Certainty.Proven)));
    }

    /// <summary>One answer for a name that another claimed unopposed is no second owner, whatever becomes of the name later.</summary>
    [Test]
    public void TheOwnerOfANameThatAnotherAnsweredForReleasesIt()
    {
        Own(A, "PC1<20>");
        Ask(Client, All, "PC1<20>", False, False);
        for (int i = 0; i < 3; i++)
            Send(A, All, new NameReleaseRequest(50, Name("PC1<20>"), Entry(A)));
        Assert.That(Told(), Is.EqualTo(new[] { (Causes.PoisonedAnswers, Certainty.Possible) }));
    }

    /// <summary>DHCP told a machine a false name server, which gives its own address for everybody's name.</summary>
    [Test]
    public void AFalseNameServerGivesItsOwnAddressForEverybody([Values] bool isSeenFromTheStart)
    {
        if (isSeenFromTheStart)
            Register(Client, "PC7<00>", False);
        foreach (var (address, name) in Three)
            Register(address, name, Server);
        foreach (var (address, name) in Three)
        {
            Ask(Client, False, name, False, False);
            Ask(A, Server, name, Server, address);
        }

        Assert.That(Told(), Is.EqualTo(new[] { (Causes.PoisonedAnswers, Certainty.Likely) }));
    }

    /// <summary>One name is too few to say that it lies: the record may be old.</summary>
    [Test]
    public void ANameServerGivesItsOwnAddressForAnothersName([Values] bool isOwnersClaimSeen)
    {
        Register(Client, "PC7<00>", False);
        if (isOwnersClaimSeen)
            Own(A, "PC1<20>");
        Ask(Client, False, "PC1<20>", False, False);
        Ask(B, Server, "PC1<20>", Server, A);
        Assert.That(Told().Where(incident => incident.Item2 != Certainty.Possible), Is.Empty);
    }

    /// <summary>A name server's own name is at its own address, and so are others that it claimed.</summary>
    [Test]
    public void ANameServerGivesItsOwnAddressForItsOwnNames()
    {
        Register(Client, "PC7<00>", Server);
        foreach (string name in (string[])["WINS<20>", "FILES<20>", "PRINT<20>", "MAIL<20>"])
            Ask(Client, Server, name, Server, Server);
        Assert.That(Told(), Is.Empty);
    }

    /// <summary>A WACK is the name server's that the claim went to (RFC 1002 §4.2.16); whoever else sends one is none by that, and may not take names away.</summary>
    [Test]
    public void AStrangersWacksMakeNoNameServerOfIt()
    {
        Register(A, "PC1<20>", Server);
        for (ushort id = 100; id < 104; id++)
            Send(False, A, new WaitForAcknowledgementResponse(id, Name("NEW<20>"), new TimeToLive(3600), new NbnsFlags(NbnsFlagWords.RegistrationRequest)));
        _now += 30;
        Send(False, A, new NameConflictDemand(++_id, Name("PC1<20>")));
        Assert.That(Told(), Is.EqualTo(new[] { (Causes.ForgedDemand, Certainty.Proven) }));
    }

    /// <summary>That a stranger bade a claimant wait does not show that the name server had asked anybody.</summary>
    [Test]
    public void AStrangersWackIsNoQuestionToTheHolder()
    {
        Register(A, "PC1<20>", Server);
        Register(B, "PC2<20>", Server);
        Send(A, Server, new NameRegistrationRequest(200, Name("OLD<20>"), Entry(A), new TimeToLive(300_000)));
        Send(False, A, new WaitForAcknowledgementResponse(200, Name("OLD<20>"), new TimeToLive(3600), new NbnsFlags(NbnsFlagWords.RegistrationRequest)));
        Send(Server, A, new NegativeNameRegistrationResponse(200, Name("OLD<20>"), NbnsRcode.ActiveError, Entry(Ipv4Address.Parse("10.0.0.200"))));
        Assert.That(Told(), Has.None.Matches(((Cause Cause, Certainty) incident) => incident.Cause == Causes.DuplicateComputer));
    }

    private static NetBiosName Name(string name) => NetBiosName.Parse(name);

    private static NbEntry Entry(Ipv4Address address) => new(new NbFlags(false, OwnerNodeType.H), address);

    /// <summary>Nobody objects to a claim by broadcast.</summary>
    private void Own(Ipv4Address host, string name)
    {
        ushort id = ++_id;
        for (int i = 0; i < 3; i++)
            Send(host, All, new NameRegistrationRequest(id, Name(name), Entry(host), default, isBroadcast: true));
        Send(host, All, new NameOverwriteDemand(id, Name(name), Entry(host)));
        _now += 10;
    }

    private void Register(Ipv4Address host, string name, Ipv4Address server)
    {
        Send(host, server, new NameRegistrationRequest(++_id, Name(name), Entry(host), new TimeToLive(300_000)));
        Send(server, host, new PositiveNameRegistrationResponse(_id, Name(name), Entry(host), new TimeToLive(300_000)));
    }

    private void Ask(Ipv4Address asker, Ipv4Address asked, string name, Ipv4Address answerer, Ipv4Address given)
    {
        Send(asker, asked, new NameQueryRequest(++_id, Name(name), isBroadcast: asked == All));
        Send(answerer, asker, new PositiveNameQueryResponse(_id, Name(name), [Entry(given)], new TimeToLive(300_000), fromNameServer: asked != All));
    }

    private (Cause Cause, Certainty Certainty)[] Told()
    {
        _now += 60;
        Send(Client, All, new NameQueryRequest(++_id, Name("LAST<20>"), isBroadcast: true)); // what waited for more is settled
        _diagnosis.Complete();
        return [.. _diagnosis.Judge().Incidents.Select(incident => (incident.Cause, incident.Certainty))];
    }

    /// <summary>A frame, a quarter of a second after the one before; each address has an adapter of its own.</summary>
    private void Send(Ipv4Address from, Ipv4Address to, NbnsMessage message) => _diagnosis.Observe(
        ++_frame, Instant.Epoch + TimeSpan.FromSeconds(_now += 0.25), Ipv4Endpoint.NameService(from), Ipv4Endpoint.NameService(to), to == All, message.ToArray(), new MacAddress(0x0200_0000_0000UL | (from.Value & 0xFF)));
}
