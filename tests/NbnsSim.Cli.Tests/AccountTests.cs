using NbnsSim.Cli.Running;
using NbnsSim.Events;
using NbnsSim.Names;
using NbnsSim.Nodes;
using NbnsSim.Protocol;

namespace NbnsSim.Cli.Tests;

public class AccountTests
{
    private static readonly NetBiosName User = NetBiosName.Parse("JSMITH<03>");
    private static readonly Ipv4Address Bravo = Ipv4Address.Parse("10.0.0.2");

    private static Instant At(double seconds) => Instant.FromMilliseconds((long)(seconds * 1000));

    private static List<Fact> Day(bool eventLogged)
    {
        var facts = new List<Fact>
        {
            new(FactKind.Commanded, At(0), "ALPHA", Text: "boot"),
            new(FactKind.Claimed, At(2.25), "ALPHA", NetBiosName.Parse("ALPHA<00>")),
            new(FactKind.Claimed, At(4.5), "ALPHA", NetBiosName.Parse("OFFICE<00>"), IsGroup: true),
            new(FactKind.Commanded, At(20), "ALPHA", Text: "logon JSMITH"),
            new(FactKind.Claimed, At(22.25), "ALPHA", User),
            new(FactKind.Commanded, At(60), "BRAVO", Text: "logon JSMITH"),
            new(FactKind.Refused, At(60.001), "BRAVO", User, "ALPHA"),
            new(FactKind.Refused, At(60.75), "BRAVO", User, "ALPHA"),
            new(FactKind.ReleasedUnheld, At(60.002), "BRAVO", User),
        };
        facts.Add(eventLogged
            ? new(FactKind.Logged, At(60.003), "ALPHA", User, "BRAVO", Event: NetBtEvent.NameRelease(At(60.003), Bravo, User) with
            {
                Reason = new NetBtEventReason(EndNodeRules.ReleaseDemandMatchesNameAlone, Ipv4Endpoint.NameService(Bravo), 0x1234, ByBroadcast: true),
            })
            : new(FactKind.ReleaseIgnored, At(60.003), "ALPHA", User, "BRAVO"));
        return facts;
    }

    [Test]
    public void TheDayOfQ131739_OnNt35()
    {
        var (story, grounds) = Account.Tell(Day(eventLogged: true), _ => NetBtDialect.WindowsNt35, 100);
        Assert.That(story, Is.EqualTo("""
               0.000  ALPHA boots. Nobody objects: ALPHA<00> is its own now, and it is in group OFFICE<00>.
              20.000  JSMITH logs on at ALPHA. Nobody objects: JSMITH<03> is ALPHA's now.
              60.000  JSMITH logs on at BRAVO. ALPHA holds JSMITH<03> and refuses it to BRAVO. BRAVO then
                      releases JSMITH<03>, which it never got [1]. ALPHA takes the release for its own
                      JSMITH<03> [2]: the name goes into Conflict, and the log of ALPHA gets event 4320 with the
                      address of BRAVO, 10.0.0.2, in its data.

            """));
        Assert.That(grounds, Is.EqualTo("""
              documented    A node that holds a unique name refuses it to everybody else who claims it. (RFC
                            1002 §5.1.1.5)
              documented    Windows NT 3.5 logs event 4320 when a user logs on to two machines, though the
                            network works; Windows NT 3.51 corrects it. (Q131739)
              documented    The data of events 4319 and 4320 holds the address of whoever sent the message, at
                            offset 28, last octet first. (Q120752)
              inferred [1]  Windows NT 3.5 releases a user's name that it was refused at logon. (explains
                            Q131739, which names no mechanism)
              inferred [2]  Windows NT 3.5 takes a release of a name it holds for its own although the release
                            carries another machine's address. (explains Q131739, which names no mechanism)

            """));
    }

    [Test]
    public void TheDayOfQ131739_OnNt351()
    {
        var (story, grounds) = Account.Tell(Day(eventLogged: false), _ => NetBtDialect.WindowsNt351, 100);
        Assert.That(story, Does.EndWith("""
              60.000  JSMITH logs on at BRAVO. ALPHA holds JSMITH<03> and refuses it to BRAVO. BRAVO then
                      releases JSMITH<03>, which it never got [1]. ALPHA holds JSMITH<03> and takes no
                      notice [2].

            """));
        Assert.That(grounds, Does.EndWith("""
              inferred [2]  Windows NT 3.51 heeds only a release that carries its own address; this one carries
                            the sender's. (Q131739 says no more than that Windows NT 3.51 corrects it)

            """));
    }

    [Test]
    public void EveryLineFits([Values(80, 120)] int width)
    {
        var (story, grounds) = Account.Tell(Day(eventLogged: true), _ => NetBtDialect.WindowsNt35, width);
        Assert.That((story + grounds).Split('\n').Max(line => line.Length), Is.LessThanOrEqualTo(width));
    }
}
