using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Diagnosis;

/// <summary>
/// All that happened to one name among machines that had to do with one another over it, as the rules of <see cref="ConflictCauses"/> look at it. Whatever the
/// capture cannot show from where it was taken is <see langword="null"/>.
/// </summary>
internal sealed class ConflictCase
{
    private readonly MachineTable _machines;
    private readonly Func<NetBiosName, bool> _isKnown;

    public ConflictCase(NetBiosName name, IReadOnlyList<Finding> findings, MachineTable machines, Vantage vantage, Func<NetBiosName, bool> isKnown)
    {
        (Name, Findings, _machines, Vantage, _isKnown) = (name, findings, machines, vantage, isKnown);
        var parties = new List<Ipv4Address>();
        foreach (var finding in findings)
        {
            foreach (var party in (Ipv4Address[])[finding.Other, finding.Host, finding.Facts.Owner])
            {
                var machine = finding.Kind == FindingKind.SameMachine ? party : machines.FirstAddressOf(party); // of one machine all its addresses are told
                if (machine.IsUnicast && !parties.Contains(machine) && parties.Count < Incident.MaxListed)
                    parties.Add(machine);
            }
        }

        Parties = parties;
        Contenders = [.. parties.Where(party => findings.Any(finding => machines.SameMachine(finding.Host, party) || machines.SameMachine(finding.Facts.Owner, party) || (machines.SameMachine(finding.Other, party) && IsContender(finding))))];
    }

    public NetBiosName Name { get; }

    public IReadOnlyList<Finding> Findings { get; }

    public Vantage Vantage { get; }

    /// <summary>The machines concerned, name servers among them.</summary>
    public IReadOnlyList<Ipv4Address> Parties { get; }

    /// <summary>Whether the other side of a finding wants the name, or has it: it does not only tell others about it.</summary>
    private static bool IsContender(Finding finding) => finding.Kind switch
    {
        FindingKind.RegistrationRefused => !finding.Facts.ByServer,
        FindingKind.ConflictDemand or FindingKind.ReleaseDemand or FindingKind.StaleAnswer => false,
        _ => true,
    };

    /// <summary>Those that want the name, or have it.</summary>
    public IReadOnlyList<Ipv4Address> Contenders { get; }

    public bool Has(FindingKind kind) => Findings.Any(finding => finding.Kind == kind);

    public bool HasOnly(FindingKind kind) => Findings.All(finding => finding.Kind == kind);

    /// <summary>Whether a fact holds of one of the findings of some kinds.</summary>
    public bool Any(Func<FindingFacts, bool> holds, params ReadOnlySpan<FindingKind> kinds)
    {
        foreach (var finding in Findings)
        {
            if ((kinds.IsEmpty || kinds.Contains(finding.Kind)) && holds(finding.Facts))
                return true;
        }

        return false;
    }

    /// <summary>Whether it is about a user's name: suffix 03, and no computer is called so (MS-NBTE appendix A &lt;3&gt;).</summary>
    public bool? IsUserName
    {
        get
        {
            if (Name.Suffix != NameSuffix.Messenger || _isKnown(Name.WithSuffix(NameSuffix.Workstation)) || _isKnown(Name.WithSuffix(NameSuffix.Server)))
                return false;
            return Parties.Any(party => _machines.FactsOf(party).Computer != default) ? true : null;
        }
    }

    /// <summary>Whether two machines at least contend: their adapters differ. <see langword="null"/> where not all adapters are known.</summary>
    public bool? AreTwoMachines
    {
        get
        {
            if (Contenders.Count < 2)
                return Findings.Any(finding => finding.Facts.ByServer) ? null : false; // a name server speaks for whoever the other is
            if (Any(facts => facts.IsSimultaneous))
                return null; // two adapters of one machine, or two machines that were switched on together
            bool? answer = null;
            for (int i = 1; i < Contenders.Count && answer != true; i++)
                answer = _machines.AreTwoMachines(Contenders[0], Contenders[i]) ?? answer;
            if (answer == true && Any(facts => facts.BothUnopposed) && !Has(FindingKind.RegistrationRefused) && !Has(FindingKind.ConflictDemand) && !Has(FindingKind.ConflictFlag) && !HaveOwnNames)
                return null; // a machine does not object to itself: one with two adapters looks alike
            return answer;
        }
    }

    /// <summary>Whether the first two contenders are called differently.</summary>
    private bool HaveOwnNames => _machines.FactsOf(Contenders[0]).Computer is var one && _machines.FactsOf(Contenders[1]).Computer is var other && one != default && other != default
        && one.WithSuffix(NameSuffix.Workstation) != other.WithSuffix(NameSuffix.Workstation);

    /// <summary>Whether a machine refuses a name to itself; <see langword="null"/> where two adapters that claimed it at the same moment may be two machines'.</summary>
    public bool? IsOneMachine => IsRefusedByServer ? false : AreTwoMachines is { } two ? !two : Any(facts => facts.IsSimultaneous) ? null : false;

    /// <summary>Whether the two sides have the name as a group's and as a machine's.</summary>
    public bool? IsGroupClash
    {
        get
        {
            bool? answer = null;
            foreach (var finding in Findings)
            {
                if (finding.Facts.OtherIsGroup is not { } other)
                    continue;
                if ((finding.Facts.ClaimIsGroup ?? ClaimIsGroup(finding, other)) is { } claim)
                    answer = answer == true || claim != other;
            }

            return answer;
        }
    }

    /// <summary>What a claim that is not in the capture was for, by its refusal.</summary>
    private bool? ClaimIsGroup(Finding finding, bool otherIsGroup)
    {
        if (finding.Kind != FindingKind.RegistrationRefused)
            return null;
        if (otherIsGroup)
            return false; // nobody is refused who joins a group (RFC 1002 §5.1.1.5)
        return Name.Suffix == NameSuffix.Workstation && _machines.FactsOf(finding.Host).Computer is var computer && computer != default
            && computer.WithSuffix(NameSuffix.Workstation) != Name ? true : null; // of a machine that is called otherwise it is the workgroup
    }

    /// <summary>
    /// Whether one of two claims that began at the same moment broke off before its third try. A machine whose own claim is still under way refuses nobody else
    /// (RFC 1002 §5.1.1.5), and between adapters of one machine no refusal is sent.
    /// </summary>
    public bool HasStoppedItself => Any(facts => facts is { IsSimultaneous: true, Tries: < 3, IsUnfinished: false }, FindingKind.ClaimBrokenOff);

    /// <summary>Whether a name server refused it.</summary>
    public bool IsRefusedByServer => Any(facts => facts.ByServer, FindingKind.RegistrationRefused);

    /// <summary>Whether the machine that the name server takes for the owner is there: it has sent something.</summary>
    public bool? OwnerIsThere
    {
        get
        {
            bool? answer = null;
            foreach (var finding in Findings)
            {
                if (finding.Facts.Owner is var owner && owner != Ipv4Address.Any)
                    answer = answer == true || _machines.HasSpoken(owner);
            }

            return answer;
        }
    }

    /// <summary>Whether the capture shows what the name server that refused says to others; where it speaks to one only, the capture may be that one's.</summary>
    public bool SeesServer => Vantage.Kind == VantageKind.ManyHosts || Findings.All(finding => finding.Kind != FindingKind.RegistrationRefused || (Vantage.Other == default && Vantage.SeesWhatIsSentTo(finding.Other)));

    /// <summary>Whether the other machine shows itself: somebody who holds the name refused it, or the owner that the name server names is in the capture.</summary>
    public bool? OtherIsThere => !IsRefusedByServer ? true : OwnerIsThere is true || HasDefended ? true : Has(FindingKind.TwoOwners) || Has(FindingKind.ClaimBrokenOff) ? true : OwnerIsThere is false && SeesServer ? false : null;

    /// <summary>Whether the name server refused it after it had asked the holder: it refuses then only where the holder answers (RFC 1002 §5.1.4.1).</summary>
    public bool HasDefended => Any(facts => facts is { ByServer: true, WasInDispute: true, Rcode: NbnsRcode.ActiveError }, FindingKind.RegistrationRefused);

    /// <summary>Whether a name server gave it to the second machine, and nothing else is seen: that the first had it is no contest then.</summary>
    public bool WasHandedOver => Findings.All(finding => finding is { Kind: FindingKind.TwoOwners, Facts: { ByServer: true, ByTwoServers: false } });

    /// <summary>Whether the holder that did not answer its name server was there all the same: it was heard afterwards.</summary>
    public bool? HolderIsThere
    {
        get
        {
            bool? answer = null;
            foreach (var finding in Findings)
            {
                if (finding.Facts.Challenge == ChallengeOutcome.Unanswered)
                    answer = answer == true || _machines.FactsOf(finding.Host).LastSpoke > finding.Facts.ChallengedAt ? true : _machines.HasGone(finding.Host) ? false : answer;
            }

            return answer;
        }
    }

    /// <summary>Whether the name server would have been seen to ask the holder: the capture shows what is sent to the holder.</summary>
    public bool SeesChallenges => Parties.Any(Vantage.SeesWhatIsSentTo);

    /// <summary>Whether the address at which one machine held the name first was not heard of any more once it held it at another.</summary>
    public bool HasMoved => Findings.Where(finding => finding.Kind == FindingKind.SameMachine).All(finding => _machines.FactsOf(finding.Host).LastSpoke < finding.Time);

    public bool IsRefusedWith(NbnsRcode rcode) => Any(facts => facts.Rcode == rcode, FindingKind.RegistrationRefused);
}
