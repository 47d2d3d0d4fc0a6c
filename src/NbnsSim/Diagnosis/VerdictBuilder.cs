using System.Globalization;
using System.Runtime.InteropServices;
using NbnsSim.Names;
using NbnsSim.Rules;

namespace NbnsSim.Diagnosis;

/// <summary>
/// From findings and what was asked and answered to causes. Conflicts over names are weighed by <see cref="ConflictCauses"/>; what one machine does to a whole
/// network (sweeps, floods, poisoned answers, silence) by how much of it there is.
/// </summary>
/// <param name="names">The names of the capture, by their numbers.</param>
/// <param name="indexOf">The number of a name; -1 where it does not occur.</param>
/// <param name="machines">Its machines.</param>
/// <param name="queries">Who asked for what.</param>
/// <param name="vantage">Where it was taken.</param>
/// <param name="isKnown">Whether a name occurs in it.</param>
/// <param name="firstRule">By what rule a machine first showed a name; <see langword="null"/> where it never did.</param>
/// <param name="isOwn">Whether a machine has claimed a name itself, or held it.</param>
/// <param name="hasClaimed">Whether a machine has claimed a name; <see langword="null"/> where nobody is seen to have.</param>
internal sealed class VerdictBuilder(
    IReadOnlyList<NetBiosName> names, Func<NetBiosName, int> indexOf, MachineTable machines, QueryWatch queries, Vantage vantage, Func<NetBiosName, bool> isKnown, Func<NetBiosName, Ipv4Address, Rule?> firstRule,
    Func<NetBiosName, Ipv4Address, bool> isOwn, Func<NetBiosName, Ipv4Address, bool?> hasClaimed)
{
    /// <summary>So many machines asked for all their names are no chance any more.</summary>
    private const int SweepTargets = 16;

    /// <summary>So many questions for a name that nobody answers are a flood: ten times the three tries of RFC 1002 §6.</summary>
    private const int FloodQuestions = 30;

    /// <summary>So many questions to one name server are two rounds of RFC 1002 §6: it was not one that got lost.</summary>
    private const int SilentRequests = 6;

    /// <summary>How often a request is made before it is given up (RFC 1002 §6 UCAST_REQ_RETRY_COUNT).</summary>
    private const int WholeCourse = 3;

    /// <summary>So many computers nobody is at once.</summary>
    private const int PoisonedNames = 3;

    private readonly IncidentList _incidents = new(machines);
    private readonly HashSet<Ipv4Address> _poisoners = [];
    private readonly Dictionary<NetBiosName, Ipv4Address> _poisoned = []; // for whose names a poisoner answered
    private readonly Dictionary<Ipv4Address, int> _unserved = []; // how many requests of machines that it serves otherwise a name server did not answer
    private readonly HashSet<(NetBiosName Name, Ipv4Address Host)> _refused = [];
    private readonly HashSet<(Ipv4Address, Ipv4Address)> _together = []; // that have a name both, which neither refused the other
    private HashSet<int>? _inVain; // names that were asked for, and nobody answered

    /// <summary>Comes to a verdict.</summary>
    public Verdict Build(IReadOnlyList<Finding> findings, long datagrams)
    {
        Answerers();
        Conflicts(findings);
        foreach (var finding in findings)
        {
            Single(finding);
            if (finding.Kind is FindingKind.RegistrationRefused or FindingKind.ClaimBrokenOff)
                _refused.Add((finding.Name, finding.Host));
        }

        Askers();
        Denials();
        Unanswered();
        var incidents = _incidents.Build();
        return new Verdict
        {
            Conclusion = datagrams == 0 && incidents.IsEmpty ? Conclusion.NothingToSee : Verdict.Conclude(incidents),
            Incidents = incidents,
            Vantage = vantage,
            Hosts = machines.Count,
            Names = names.Count,
        };
    }

    /// <summary>The findings of a name, in groups of machines that have to do with one another; each is a case.</summary>
    private void Conflicts(IReadOnlyList<Finding> findings)
    {
        foreach (var finding in findings)
        {
            if (finding is { Kind: FindingKind.TwoOwners, Facts.BothUnopposed: true })
                _together.Add(PairOf(finding));
        }

        var cases = new List<List<Finding>?>();
        var byParty = new Dictionary<(NetBiosName Name, Ipv4Address Machine, bool IsApart), int>();
        foreach (var finding in findings)
        {
            if (!IsConflict(finding.Kind) || IsSuccession(finding) || IsOneMachines(finding) || IsLostTry(finding))
                continue;
            if (IsPoisonersWord(finding))
                continue; // said with the poisoner already
            if (finding.Kind == FindingKind.ConflictDemand
                && (_poisoners.Contains(finding.Host) ? finding.Host : finding.Facts.SenderHasToDoWithIt ? _poisoned.GetValueOrDefault(finding.Name) : default) is var poisoner && poisoner != Ipv4Address.Any)
            {
                // Whoever has two answers tells the second that it is in conflict (RFC 1001 §15.1.3.5), the holder or the poisoner.
                _incidents.Add(Causes.PoisonedAnswers, Certainty.Possible, finding.Name, [machines.FirstAddressOf(poisoner)], joinsByName: false).Because(finding.Text).Logs(finding);
                continue;
            }

            int index = -1;
            foreach (var party in (Ipv4Address[])[finding.Host, finding.Other])
            {
                var key = KeyOf(finding, party);
                if (byParty.TryGetValue(key, out int known) && cases[known] is { } other)
                {
                    if (index >= 0 && index != known)
                    {
                        Move(other, known, index);
                        continue;
                    }

                    index = known;
                }
            }

            if (index < 0)
            {
                index = cases.Count;
                cases.Add([]);
            }

            cases[index]!.Add(finding);
            byParty[KeyOf(finding, finding.Host)] = index;
            byParty[KeyOf(finding, finding.Other)] = index;
        }

        foreach (var one in cases)
        {
            if (one is not null)
                Judge(one);
        }

        // Whoever holds a name elsewhere, where nobody hears of it, has no part in a conflict over it.
        (NetBiosName, Ipv4Address, bool) KeyOf(Finding finding, Ipv4Address party) => (finding.Name, machines.FirstAddressOf(party), finding.Kind == FindingKind.SeparateOwners);

        void Move(List<Finding> from, int at, int to)
        {
            foreach (var finding in from)
            {
                byParty[KeyOf(finding, finding.Host)] = to;
                byParty[KeyOf(finding, finding.Other)] = to;
            }

            cases[to]!.AddRange(from);
            cases[at] = null;
        }
    }

    private void Judge(List<Finding> findings)
    {
        if (findings.Exists(finding => finding.Kind != FindingKind.SameMachine))
            findings.RemoveAll(finding => finding.Kind == FindingKind.SameMachine); // that a contender has two addresses is no contest
        var it = new ConflictCase(findings[0].Name, findings, machines, vantage, isKnown);
        Judgement? best = null;
        var others = new List<RuledOutCause>();
        foreach (var rule in ConflictCauses.Rules)
        {
            var judgement = rule.Judge(it);
            if (judgement.Certainty is null)
            {
                if (judgement.IsNear)
                    others.Add(new RuledOutCause(rule.Cause, judgement.Against!));
            }
            else if (best is null || judgement.Certainty > best.Certainty)
                best = judgement;
        }

        best ??= new Judgement(Causes.Unexplained, Certainty.Possible, [], ["what happened before, at the machines themselves"], null);
        bool byCulprit = best.Cause == Causes.ForgedDemand || best.Cause == Causes.ReleaseSeen || best.Cause == Causes.StaleRecord || best.Cause == Causes.ReplicationConflict;
        var draft = _incidents.Add(best.Cause, best.Certainty!.Value, it.Name, it.Parties, joinsByName: !byCulprit, byCulprit ? 1 : 2)
            .NotKnown(best.Unknown).Not(others);
        foreach (var finding in findings)
            draft.Proof(finding.Time, finding.Frames).Proof(finding.Time, finding.Facts.ChallengeFrames).Because(finding.Text).Logs(finding);
        draft.Because(best.Grounds).Contended(it.Contenders);
    }

    /// <summary>Findings that are an incident each, together with their like.</summary>
    private void Single(Finding finding)
    {
        var draft = finding.Kind switch
        {
            FindingKind.NameServerSilent => Silence(finding),
            FindingKind.DeadRegistration => Of(Causes.DeadRegistration, Certainty.Likely, finding.Host),
            FindingKind.UnreachableAddress => Of(Causes.UnreachableAddress, Certainty.Proven, finding.Host),
            FindingKind.ForeignAddress when machines.AreApart(finding.Host, finding.Other) && !IsProxy(finding) => Of(Causes.UnreachableAddress, Certainty.Possible, finding.Host, finding.Other),
            FindingKind.WrongPort => Of(Causes.WrongPort, Certainty.Proven, finding.Host),
            FindingKind.Malformed => Of(Causes.Malformed, Certainty.Proven, finding.Host),
            FindingKind.OddName when OddName.IsBlank(finding.Name) => Of(Causes.OddName, Certainty.Proven, machines.FirstAddressOf(finding.Host)),
            FindingKind.OddName when IsAskedForInVain(OddName.WithBlanks(finding.Name)) => Of(Causes.OddName, Certainty.Proven, machines.FirstAddressOf(finding.Host)),
            _ => null,
        };
        draft?.Proof(finding.Time, finding.Frames).Because(finding.Text);

        IncidentList.Draft Of(Cause cause, Certainty certainty, params Ipv4Address[] parties) => _incidents.Add(cause, certainty, finding.Name, parties, joinsByName: false);
    }

    /// <summary>Whether somebody asks for a name that nobody has.</summary>
    private bool IsAskedForInVain(NetBiosName name)
    {
        _inVain ??= [.. queries.Askings.Select(one => one.Name)];
        return indexOf(name) is >= 0 and var index && _inVain.Contains(index);
    }

    /// <summary>Whether whoever answers for another has asked a name server for the name itself: a proxy does (Q121004).</summary>
    private bool IsProxy(Finding finding) => machines.IndexOf(finding.Host) is >= 0 and var host && indexOf(finding.Name) is >= 0 and var name && queries.FindAsking(host, name).Unicast > 0;

    private IncidentList.Draft? Silence(Finding finding)
    {
        var server = machines.FactsOf(finding.Other);
        bool isServed = machines.FactsOf(finding.Host).Server == finding.Other;
        if (server.ServesNames && (finding.Facts.Tries == 1 || (isServed && finding.Facts.Tries < WholeCourse)))
            return null; // whoever gets no answer tries again (RFC 1002 §5.1.2.1): there was one that the capture lacks
        bool isThere = server is { HasSpoken: true, ServesNames: false };
        // One of its requests is lost with all its repeats, while the name server is there before and after.
        bool isOnce = server.FirstSpoke < finding.Time && server.LastSpoke > finding.Time && isServed && ++CollectionsMarshal.GetValueRefOrAddDefault(_unserved, finding.Other, out _) == 1;
        var draft = _incidents.Add(
            isThere ? Causes.NotANameServer : Causes.ServerSilent,
            isOnce ? Certainty.Possible : server.ServesNames || isThere ? Certainty.Likely : Certainty.Proven, finding.Name, [finding.Other], joinsByName: false);
        draft.Add(Certainty.Possible, finding.Name, [finding.Other, finding.Host]);
        if (isOnce)
            draft.NotKnown($"whether it was more than datagrams that got lost between {finding.Host} and {finding.Other}, which answers it at other times: capture at both");
        return isThere ? draft.Because($"{finding.Other} is there: it speaks for itself") : server.ServesNames ? draft.Because($"{finding.Other} answers at other times or to others") : draft;
    }

    private void Answerers()
    {
        foreach (var (host, answerer) in queries.Answerers)
        {
            if (!machines[host].ServesNames)
                Answerer(host, answerer, isAskedAlone: false);
        }

        foreach (var (host, answerer) in queries.AnswerersAlone)
            Answerer(host, answerer, isAskedAlone: true);
    }

    /// <summary>
    /// Whoever answers everybody is asked for what it does not have. Who is asked alone mostly has the name, so that only names count that others claimed: a false name server answers so. One that serves
    /// names may have such records, and is never told for certain.
    /// </summary>
    private void Answerer(int host, AnswerWatch.Answerer answerer, bool isAskedAlone)
    {
        var address = machines[host].Address;
        var bases = new HashSet<NetBiosName>();
        var taken = new List<NetBiosName>();
        foreach (int index in answerer.Names)
        {
            var name = names[index];
            bool isComputers = name.Suffix is NameSuffix.Workstation or NameSuffix.Server && !name.IsWildcard;
            if (isComputers && ShowsByAnswersAlone(name, address) && (!isAskedAlone || hasClaimed(name, address) == false) && bases.Add(name.WithSuffix(NameSuffix.Workstation)))
                taken.Add(name);
        }

        bool hasBait = taken.Exists(name => name.BaseName is "WPAD" or "ISATAP");
        if (taken.Count < (hasBait ? 2 : PoisonedNames))
            return;
        var machine = machines.FirstAddressOf(address);
        _poisoners.Add(address);
        _poisoners.Add(machine);
        foreach (var name in isAskedAlone ? taken : answerer.Names.Select(index => names[index]))
            _poisoned.TryAdd(name, machine);
        foreach (var name in taken)
            _incidents.Add(Causes.PoisonedAnswers, !isAskedAlone && (hasBait || taken.Count > PoisonedNames) ? Certainty.Proven : Certainty.Likely, name, [machine], joinsByName: false);
        var draft = _incidents.Add(Causes.PoisonedAnswers, Certainty.Possible, taken[0], [machine], joinsByName: false)
            .Proof(answerer.Since, answerer.Frames).Proof(answerer.Until, answerer.Last)
            .Because(string.Create(CultureInfo.InvariantCulture, $"{address} answered with its own address for {taken.Count} computers' names, and claimed none of them{(isAskedAlone ? ", which others did" : "")}"));
        if (isAskedAlone)
            draft.NotKnown($"whether {address} is a name server that somebody gave such records");
    }

    /// <summary>Whether nothing but its answers shows that a machine has a name.</summary>
    private bool ShowsByAnswersAlone(NetBiosName name, Ipv4Address host) => hasClaimed(name, host) != true && firstRule(name, host) is var rule && (rule is null || rule == NodeRules.AnswerQuery);

    /// <summary>Whether a finding rests on it that a poisoner has a name, which nothing but its answers shows.</summary>
    private bool IsPoisonersWord(Finding finding) => finding.Kind switch
    {
        FindingKind.TwoOwners or FindingKind.SeparateOwners or FindingKind.StaleAnswer => _poisoners.Contains(finding.Host) || _poisoners.Contains(finding.Other),
        FindingKind.ReleaseOfAnothersName => _poisoners.Contains(finding.Host) && ShowsByAnswersAlone(finding.Name, finding.Host),
        FindingKind.ClaimBrokenOff => _poisoners.Contains(finding.Other) && ShowsByAnswersAlone(finding.Name, finding.Other),
        _ => false,
    };

    private void Askers()
    {
        foreach (var (host, asker) in queries.Askers)
        {
            if (asker.Targets.Count < SweepTargets)
                continue;
            _incidents.Add(Causes.Sweep, Certainty.Proven, default, [machines.FirstAddressOf(machines[host].Address)], joinsByName: false)
                .Proof(asker.Since, asker.Frames).Proof(asker.Until, asker.Last)
                .Because(string.Create(CultureInfo.InvariantCulture, $"{machines[host].Address} asked {asker.Targets.Count}{(asker.Targets.Count < 64 ? "" : " or more")} machines for their names"));
        }

        var elsewhere = ByOctets();
        foreach (var (host, index, asking) in queries.Askings)
        {
            var (name, address) = (names[index], machines[host].Address);
            bool isHeld = firstRule(name, asking.To) is not null || (isOwn(name, asking.To) && !_refused.Contains((name, asking.To)));
            if (asking.WithBroadcastBit >= 3 && asking.Unicast == 0 && (isHeld || machines.FactsOf(asking.To).Computer is var computer && computer != default && computer.WithSuffix(name.Suffix) == name))
            {
                var draft = _incidents.Add(Causes.BroadcastBit, isHeld ? Certainty.Likely : Certainty.Possible, name, [address, asking.To], joinsByName: false)
                    .Proof(asking.Since, asking.Frames).Proof(asking.Until, asking.Last)
                    .Because($"{asking.To} {(isHeld ? "holds" : "is called")} {name} and does not answer {address}, whose queries to it alone have the B bit set");
                if (!isHeld)
                    draft.NotKnown($"whether {asking.To} holds {name}");
            }
            else if (elsewhere.TryGetValue((name.High, name.Low), out var held) && !held.Scope.Equals(name.Scope) && !isOwn(held, address))
            {
                _incidents.Add(Causes.ScopeMismatch, Certainty.Proven, name, [address], joinsByName: false)
                    .Proof(asking.Since, asking.Frames).Proof(asking.Until, asking.Last).Because($"{address} asks for {name}, and nobody answers; {held} is held");
            }
            else if (asking.Count >= FloodQuestions)
            {
                _incidents.Add(Causes.QueryFlood, Certainty.Proven, name, [address], joinsByName: false)
                    .Proof(asking.Since, asking.Frames).Proof(asking.Until, asking.Last)
                    .Because(string.Create(CultureInfo.InvariantCulture, $"{address} asked {asking.Count:N0} times for {name}, and nobody answered"));
            }
        }
    }

    /// <summary>A held name for each sixteen octets, in whichever scope.</summary>
    private Dictionary<(ulong, ulong), NetBiosName> ByOctets()
    {
        var held = new Dictionary<(ulong, ulong), NetBiosName>();
        bool hasScopes = false;
        foreach (var name in names)
            hasScopes |= !name.Scope.IsEmpty;
        if (!hasScopes)
            return held;
        for (int i = 0; i < names.Count; i++)
        {
            if (isKnown(names[i]) || queries.IsHeld(i))
                held.TryAdd((names[i].High, names[i].Low), names[i]);
        }

        return held;
    }

    private void Denials()
    {
        foreach (var (server, index, denial) in queries.Denials)
        {
            if (queries.GivenBy(index) is not { } other || other.Server == server)
                continue;
            var (denying, giving) = (machines[server].Address, machines[other.Server].Address);
            _incidents.Add(Causes.WrongServer, Certainty.Proven, names[index], [denying, giving, denial.Client], joinsByName: false)
                .Proof(denial.Since, denial.First, other.Frame).Proof(denial.Until, denial.Last)
                .Because($"{denying} says that {names[index]} does not exist, and {giving} gives it out");
        }
    }

    /// <summary>Questions to a name server, repeated, of whom nothing is heard: machines fall back to broadcasts, or find nobody.</summary>
    private void Unanswered()
    {
        var rounds = new Dictionary<Ipv4Address, int>();
        foreach (var (host, _, asking) in queries.Askings)
        {
            if (IsUnanswered(host, asking))
                CollectionsMarshal.GetValueRefOrAddDefault(rounds, asking.Server, out _) += asking.Requests;
        }

        foreach (var (host, index, asking) in queries.Askings)
        {
            if (!IsUnanswered(host, asking))
                continue;
            var client = machines[host].Address;
            _incidents.Add(Causes.ServerSilent, rounds[asking.Server] >= SilentRequests ? Certainty.Likely : Certainty.Possible, names[index], [asking.Server, client], joinsByName: false, keyed: 1)
                .Proof(asking.Since, asking.Requested.Listed).Proof(asking.Until)
                .NotKnown($"whether {asking.Server} is a name server at all, and there").Because($"{asking.Server} never answered {client}'s question for {names[index]}");
        }
    }

    private bool IsUnanswered(int host, in QuestionTable.Asking asking) =>
        asking.Requests >= 2 && !machines.HasSpoken(asking.Server) && vantage.SeesWhatIsSentTo(machines[host].Address);

    /// <summary>Whether two that hold a name have turned out to be one machine's addresses.</summary>
    private bool IsOneMachines(Finding finding) => finding.Kind is FindingKind.TwoOwners or FindingKind.SeparateOwners && machines.SameMachine(finding.Host, finding.Other);

    /// <summary>
    /// Whether a machine got a name that another had, which had shut down before: not all systems release all their names then. Nobody who is not there any more refuses one either,
    /// nor does the machine's own address of before.
    /// </summary>
    private bool IsSuccession(Finding finding) => finding.Kind switch
    {
        FindingKind.TwoOwners => finding.Facts.Challenge != ChallengeOutcome.Answered && machines.HasGone(finding.Host) && machines.FactsOf(finding.Host).LastSpoke < finding.Time,
        FindingKind.ClaimBrokenOff => machines.FactsOf(finding.Other).LastSpoke < finding.Time && (machines.HasGone(finding.Other) || machines.SameMachine(finding.Host, finding.Other)),
        _ => false,
    };

    /// <summary>Whether of two that claim a name in step, and both have another one, the one seems to give up: they do not object to one another, so it is a frame that the capture lacks.</summary>
    private bool IsLostTry(Finding finding) => finding is { Kind: FindingKind.ClaimBrokenOff, Facts.IsSimultaneous: true } && _together.Contains(PairOf(finding));

    private (Ipv4Address, Ipv4Address) PairOf(Finding finding) => machines.FirstAddressOf(finding.Host) is var one && machines.FirstAddressOf(finding.Other) is var other && one < other ? (one, other) : (other, one);

    private static bool IsConflict(FindingKind kind) => kind is FindingKind.RegistrationRefused or FindingKind.ReleaseOfAnothersName or FindingKind.ReleaseOfUnknownHoldersName
        or FindingKind.ReleaseDemand or FindingKind.ConflictDemand or FindingKind.TwoOwners or FindingKind.SeparateOwners or FindingKind.ConflictFlag or FindingKind.ForeignStation
        or FindingKind.SameMachine or FindingKind.StaleAnswer or FindingKind.TwoMasterBrowsers or FindingKind.ClaimBrokenOff;
}
