using System.Collections.Immutable;
using NbnsSim.Names;
using NbnsSim.Wire;
using Rule = NbnsSim.Diagnosis.CauseRule<NbnsSim.Diagnosis.ConflictCase>;
using Kind = NbnsSim.Diagnosis.FindingKind;

namespace NbnsSim.Diagnosis;

/// <summary>
/// What can be behind a name that was refused, taken away or held twice: for each cause what must be so, what proves it, and what rules it out. They are tried in
/// this order, the narrow ones first; the surest wins, of equally sure ones the first.
/// </summary>
internal static class ConflictCauses
{
    private static readonly Clue<ConflictCase> s_twoMachines = new(
        "two machines contend: their network adapters differ", "one machine only has to do with it", "whether they are two machines: the adapter of one is not in the capture", it => it.AreTwoMachines);

    private static readonly Clue<ConflictCase> s_userName = new(
        "the name is a user's: suffix 03, and no computer is called so", "the name is not a user's", "whether it is a user's name or a computer's", it => it.IsUserName);

    private static readonly Clue<ConflictCase> s_otherIsThere = new(
        "the other machine shows itself", "nobody else is there: only the name server speaks for another machine", "whether a machine is at the address for which the name server refuses it", it => it.OtherIsThere);

    private static readonly Clue<ConflictCase> s_defended = new("the name server had asked the holder, which answered: it bade the claimant wait, and refused then", "", "", it => it.HasDefended);

    private static readonly Clue<ConflictCase> s_handedOver = new("a name server gave it to the second machine, since the first did not answer", "", "", it => it.WasHandedOver);

    private static readonly Clue<ConflictCase> s_groupClash = new(
        "one side has the name as a group's, the other as its own", "both sides have it as the same kind of name, as far as the capture shows", "", it => it.IsGroupClash is true);

    private static readonly Clue<ConflictCase> s_bothUnopposed = new(
        "both claims ran their course without an objection", "one side's claim was opposed, or is not in the capture", "", it => it.Any(facts => facts.BothUnopposed, Kind.TwoOwners));

    private static readonly Clue<ConflictCase> s_contested = new(
        "somebody was refused the name, released another's, or both hold it", "nobody contests the name", "whether whoever released it had claimed it before",
        it => it.Has(Kind.RegistrationRefused) || it.Has(Kind.ClaimBrokenOff) || it.Has(Kind.TwoOwners) || it.Has(Kind.ConflictFlag)
            || it.Any(facts => facts.SenderHasToDoWithIt, Kind.ReleaseOfAnothersName, Kind.ConflictDemand)
            ? true : it.Any(facts => !facts.IsEarlyEnough, Kind.ReleaseOfAnothersName, Kind.ConflictDemand) ? null : false);

    /// <summary>So many refusals of one name, each with an id of its own that nobody used, are no accident: a claim has one id for all its tries (RFC 1002 §4.2.1.1).</summary>
    private const int GuessedIds = 4;

    private static readonly Clue<ConflictCase> s_guessed = new(
        "refusals came for it with one id after the other, most of which answer nothing: somebody guesses the id of the claim", "", "", it => it.Any(facts => facts.Guesses >= GuessedIds, Kind.RegistrationRefused));

    private static readonly Clue<ConflictCase> s_second = new(
        "whoever came second was refused it, or both have it", "", "whether whoever came second was refused it",
        it => it.OtherIsThere is not true ? it.OtherIsThere
            : it.Has(Kind.RegistrationRefused) || it.Any(facts => facts is { IsSimultaneous: false, IsUnfinished: false }, Kind.ClaimBrokenOff) || it.Any(facts => !facts.BothUnopposed && !facts.OnlyAnswers, Kind.TwoOwners) || it.Any(facts => !facts.OnlyAnswers, Kind.ReleaseOfAnothersName) ? true
            : it.Has(Kind.ClaimBrokenOff) || it.Any(facts => facts.OnlyAnswers, Kind.TwoOwners, Kind.ReleaseOfAnothersName) ? null : false);

    /// <summary>All rules, in the order in which they are tried.</summary>
    public static ImmutableArray<Rule> Rules { get; } =
    [
        new(Causes.BrowserNoise)
        {
            Necessary =
            [
                new("the name is the master browser's", "the name is not the master browser's", "", it => it.Name.Suffix is NameSuffix.MasterBrowser or NameSuffix.Browser),
                new("", "nobody contests it", "", it => !it.HasOnly(Kind.ReleaseOfUnknownHoldersName)),
            ],
        },
        new(Causes.SeparateNetworks)
        {
            Necessary = [new("no frame shows that the networks hear one another or share a name server", "the machines hear one another or share a name server", "", it => it.HasOnly(Kind.SeparateOwners))],
        },
        new(Causes.MultihomedSelf)
        {
            Necessary =
            [
                new("a claim was refused", "nobody was refused", "whether a claim was refused: it broke off, or its end is not in the capture", it => it.Has(Kind.RegistrationRefused) || it.HasStoppedItself ? true : it.Has(Kind.ClaimBrokenOff) ? null : false),
                new("who refuses and who claims is one machine", "they are two machines", "whether the two adapters, which claimed it at the same moment, are one machine's", it => it.IsOneMachine),
            ],
            Sufficient = [new("nobody else could have objected: the other's claim was under way itself", "", "", it => it.Has(Kind.RegistrationRefused) || it.HasStoppedItself)],
        },
        new(Causes.Moved)
        {
            Necessary =
            [
                new("one machine holds it at two addresses: its adapter, or its own packets, tell", "there is more to it than one machine with two addresses", "", it => it.HasOnly(Kind.SameMachine)),
                new("the first address was not used any more after that", "both addresses go on being used", "", it => it.HasMoved),
            ],
        },
        new(Causes.TwoAddresses)
        {
            Necessary =
            [
                new("one machine holds it at two addresses: its adapter, or its own packets, tell", "there is more to it than one machine with two addresses", "", it => it.HasOnly(Kind.SameMachine)),
            ],
        },
        new(Causes.ForgedDemand)
        {
            Necessary =
            [
                new("a release, conflict message or refusal came for it", "no release or conflict message came for it", "", it => s_guessed.Holds(it) == true || it.Has(Kind.ForeignStation) || Demanded(it, _ => true) || it.Has(Kind.ReleaseOfAnothersName)),
                new("its sender never claimed, held or asked for the name, or is not the station whose address it bears", "its sender has to do with the name, or serves names", "whether its sender had claimed the name before: the capture begins too late",
                    it => s_guessed.Holds(it) == true || it.Has(Kind.ForeignStation) || it.Any(facts => facts.FromElsewhere) ? true : Taking(it, facts => facts is { ByServer: false, SenderHasToDoWithIt: false }) ? (IsStrangers(it) ? true : null) : false),
            ],
            Sufficient =
            [
                s_guessed,
                new("it bears an address that belongs to another station", "", "", it => it.Has(Kind.ForeignStation) || it.Any(facts => facts.FromElsewhere)),
                new("it was broadcast with the holder's own address", "", "", it => it.Any(facts => facts is { ByServer: false, BearsHoldersAddress: true }, Kind.ReleaseOfAnothersName)),
                new("nobody but a holder or a name server may say so", "", "", it => it.Has(Kind.ConflictDemand) && Taking(it, facts => facts is { ByServer: false, SenderHasToDoWithIt: false, IsEarlyEnough: true })),
            ],
            Excluding = [new("a claim for it was refused, as it is for whoever comes second", "", "", it => it.Has(Kind.RegistrationRefused) && !it.Has(Kind.ForeignStation) && s_guessed.Holds(it) != true)],
        },
        new(Causes.RefusedByPolicy)
        {
            Necessary =
            [
                new("the refusal says RFS_ERR", "no refusal says RFS_ERR", "", it => it.IsRefusedWith(NbnsRcode.Refused)),
                new("nobody else is seen to have the name", "somebody else has the name", "", it => it.OwnerIsThere is null),
            ],
        },
        new(Causes.ServerError)
        {
            Necessary = [new("the refusal says FMT_ERR, SRV_ERR or IMP_ERR", "a refusal says that another has the name", "", it => it.Findings.All(finding => finding.Facts.Rcode is NbnsRcode.FormatError or NbnsRcode.ServerFailure or NbnsRcode.NotImplemented))],
        },
        new(Causes.GroupRelease)
        {
            Necessary =
            [
                new("a member of the group was told to release it, with its own address", "nobody was told to release a group's name", "", it => it.Any(facts => facts.OtherIsGroup == true, Kind.ReleaseDemand, Kind.ReleaseOfAnothersName)),
            ],
        },
        new(Causes.GroupClash) { Necessary = [s_contested, s_groupClash] },
        new(Causes.LostChallenge)
        {
            Necessary =
            [
                new("a name server took the name away or gave it to another", "no name server took the name away", "", it => Demanded(it, facts => facts.ByServer) || it.Any(facts => facts.ByServer, Kind.TwoOwners) || LosesUnheard(it)),
                new("the name server had asked the holder, and had no answer", "the holder answered the name server, or was not asked", "whether the name server had asked the holder",
                    it => it.Any(facts => facts.Challenge == ChallengeOutcome.Unanswered, Kind.ReleaseDemand, Kind.ConflictDemand, Kind.TwoOwners) || LosesUnheard(it) ? true : it.SeesChallenges ? false : null),
                new("the holder was there: it was heard afterwards", "the holder had gone: it had released its names before", "whether the holder was still there when it was asked", it => it.HolderIsThere),
            ],
        },
        new(Causes.ReplicationConflict)
        {
            Necessary =
            [
                new("name servers granted it to two machines, or one told the holder to give it up", "no name server said so", "", it => it.Any(facts => facts.ByTwoServers, Kind.TwoOwners) || Demanded(it, facts => facts.ByServer)),
                new("nobody claimed it from that name server in the capture", "somebody else claimed it from that name server", "whether somebody else claimed it from that name server",
                    it => it.Any(facts => facts.ByTwoServers, Kind.TwoOwners) ? true : it.Any(facts => facts.HasClaim, Kind.ReleaseDemand, Kind.ConflictDemand) ? false : it.SeesChallenges ? true : null),
            ],
            Excluding = [new("the name server had asked the holder in vain", "", "", it => Demanded(it, facts => facts.Challenge == ChallengeOutcome.Unanswered))],
        },
        new(Causes.StaleRecord)
        {
            Necessary =
            [
                new("a name server defends or gives out another address", "no name server has another address for it", "", it => it.Has(Kind.StaleAnswer) || (it.IsRefusedByServer && it.OwnerIsThere is not null)),
                new("nobody is at that address, as far as the capture shows", "the machine at that address is there", "whether a machine is at that address that has the name, or had it",
                    it => it.Any(facts => !facts.GivesItself, Kind.StaleAnswer) ? true : it.Has(Kind.StaleAnswer) ? null : it.OwnerIsThere is true ? false : it.SeesServer ? true : null),
                new("", "", "whether the machine that began to claim it came to hold it: the end of its claim is not in the capture", it => it.Any(facts => !facts.IsUnfinished) ? true : null),
            ],
            Excluding = [s_defended],
            Sufficient =
            [
                new("the holder shows itself that it holds the name elsewhere", "", "", it => it.Any(facts => !facts.GivesItself, Kind.StaleAnswer)),
                new("the name server refused without having asked that address, or without an answer from it", "", "whether the name server had asked that address", it => !it.IsRefusedByServer ? false : it.SeesServer ? !it.Any(facts => facts.Challenge == ChallengeOutcome.Answered) : null),
            ],
        },
        new(Causes.SplitBrain)
        {
            Necessary = [s_bothUnopposed, s_twoMachines],
            Sufficient = [new("they are no two adapters of one machine", "", "", it => it.AreTwoMachines is true)],
        },
        new(Causes.PoisonedAnswers)
        {
            Necessary = [new("a machine answers for it that never claimed it, while nobody objected when another did", "whoever answers for it has claimed a name of its own", "", it => it.Any(facts => facts.OnlyAnswers, Kind.TwoOwners, Kind.ReleaseOfAnothersName))],
            Sufficient = [new("", "", "whether the machine that answers has the name, or answers for others too", _ => null)],
        },
        new(Causes.SameUser)
        {
            Excluding = [s_handedOver],
            Necessary = [s_contested, s_userName, s_twoMachines],
            Sufficient = [s_second, new("a user's name that is refused is in use somewhere else", "", "", it => it.IsUserName is true && it.IsRefusedByServer && it.OtherIsThere is null)],
        },
        new(Causes.DuplicateComputer)
        {
            Excluding = [s_handedOver],
            Necessary =
            [
                s_contested,
                new("the name is a computer's", "the name is a user's", "whether it is a computer's name or a user's", it => it.IsUserName is { } user ? !user : null),
                s_twoMachines,
                s_otherIsThere,
            ],
            Sufficient = [s_second],
        },
        new(Causes.ReleaseSeen)
        {
            Necessary = [new("it was released, and nobody is seen to hold it", "its holder is seen, or more than a release", "", it => it.HasOnly(Kind.ReleaseOfUnknownHoldersName))],
            Sufficient = [new("", "", "whether the name was the sender's own, or who else held it", _ => null)],
        },
    ];

    /// <summary>Whether a name server refuses the holder to refresh the name, for which it had asked it in vain (RFC 1002 §5.1.2.6).</summary>
    private static bool LosesUnheard(ConflictCase it) => it.Any(facts => facts.WasUnheard, Kind.RegistrationRefused);

    /// <summary>Whether the holder was told to give the name up by somebody of whom a fact holds.</summary>
    private static bool Demanded(ConflictCase it, Func<FindingFacts, bool> holds) => it.Any(holds, Kind.ReleaseDemand, Kind.ConflictDemand);

    /// <summary>
    /// Whether a stranger took it away, and for certain: whoever is refused a name may release it for its own address (Q131739), though the refusal, and the claim
    /// where it was made once, are not in the capture.
    /// </summary>
    private static bool IsStrangers(ConflictCase it) =>
        Demanded(it, facts => facts is { ByServer: false, SenderHasToDoWithIt: false, IsEarlyEnough: true })
        || it.Any(facts => facts is { ByServer: false, SenderHasToDoWithIt: false, IsEarlyEnough: true, BearsHoldersAddress: true }, Kind.ReleaseOfAnothersName);

    /// <summary>The same, or by a release for everybody to hear.</summary>
    private static bool Taking(ConflictCase it, Func<FindingFacts, bool> holds) => it.Any(holds, Kind.ReleaseDemand, Kind.ConflictDemand, Kind.ReleaseOfAnothersName);
}
