using System.Collections.Immutable;
using NbnsSim.Scenarios;

namespace NbnsSim.Checking;

/// <summary>The properties that are ready to be checked.</summary>
public static class CheckProperties
{
    /// <summary>At most one machine of a segment has a unique name.</summary>
    public static CheckProperty OneOwner { get; } = new(
        "one-owner", CheckMode.Always, "Of the machines of one segment that claim by broadcast, at most one has a unique name registered.", "RFC 1001 §15.2.1", OwnerLooks.FindTwoOwners);

    /// <summary>Event 4320 is logged where there is a duplicate.</summary>
    public static CheckProperty NoReleaseEventWithoutDuplicate { get; } = new(
        "no-4320-without-duplicate", CheckMode.Always, "Nobody logs event 4320 about a name that no other machine has or claims.", "Q131739", EventLooks.FindNeedlessEvent);

    /// <summary>At most one machine has a unique name, wherever it is.</summary>
    public static CheckProperty OneOwnerAnywhere { get; } = new(
        "one-owner-anywhere", CheckMode.Always, "At most one machine has a unique name registered, on whatever segment.", "RFC 1001 §5.2: unique within a scope", OwnerLooks.FindTwoOwnersAnywhere);

    /// <summary>A group's name comes into no conflict.</summary>
    public static CheckProperty NoGroupInConflict { get; } = new(
        "no-group-in-conflict", CheckMode.Always, "No machine has a group name in conflict.", "RFC 1001 §15.1.3.5: a group has as many owners as it likes", OwnerLooks.FindGroupInConflict);

    /// <summary>Nobody logs event 4320.</summary>
    public static CheckProperty NoReleaseEvent { get; } = new("no-4320", CheckMode.Always, "Nobody logs event 4320.", "a goal of the asker's, no rule", EventLooks.FindReleaseEvent);

    /// <summary>Event 4319 is logged where there is a duplicate.</summary>
    public static CheckProperty NoConflictEventWithoutDuplicate { get; } = new(
        "no-4319-without-duplicate", CheckMode.Always, "Nobody logs event 4319 about a name that no other machine has or claims.", "Q120752", EventLooks.FindNeedlessConflict);

    /// <summary>No claim is refused.</summary>
    public static CheckProperty NobodyRefused { get; } = new(
        "nobody-refused", CheckMode.AtEnd, "No machine that is on is without the names that it claims when it boots.", "RFC 1001 §15.1.3.4; which names those are follows from the dialect", OwnerLooks.FindMissingName);

    /// <summary>A claim comes to an end.</summary>
    public static CheckProperty ClaimsEnd { get; } = new(
        "claims-end", CheckMode.AtEnd, "No name is still being claimed when the network has been left alone for a while, but by machines whose name servers are all down.", "RFC 1002 §5.1.1.1, §5.1.2.1", OwnerLooks.FindUnfinishedClaim);

    /// <summary>Who has a name answers for it.</summary>
    public static CheckProperty HeldNamesAnswer { get; } = new(
        "held-names-answer", CheckMode.AtEnd, "A machine answers a query for each unique name that it has registered.", "RFC 1002 §5.1.1.7, §5.1.2.7", OwnerLooks.FindSilentOwner);

    /// <summary>A name server knows what its nodes have.</summary>
    public static CheckProperty ServerKnowsNames { get; } = new(
        "server-knows-names", CheckMode.AtEnd, "What a machine has registered with its name server is active there, at one of the machine's addresses.", "RFC 1001 §15.5.1", ServerLooks.FindUnknownName);

    /// <summary>What a node has, its name server knows.</summary>
    public static CheckProperty NamesAreWithServer { get; } = new(
        "names-are-with-server", CheckMode.AtEnd, "A machine with a name server has its unique names registered there.", "RFC 1001 §15.5.1", ServerLooks.FindNameWithoutServer);

    /// <summary>Name servers do not give a name to two machines.</summary>
    public static CheckProperty ServersAgree { get; } = new(
        "servers-agree", CheckMode.AtEnd, "No two name servers have a unique name active at addresses of different machines.", "MS-WINSRA §3.2.5.5", ServerLooks.FindServersApart);

    /// <summary>What a name server has on record, its nodes have.</summary>
    public static CheckProperty ServersNamesAreHeld { get; } = new(
        "servers-names-are-held", CheckMode.AtEnd, "A unique name that is active at a name server is in the table of the machine that has its address, if that machine is on.", "RFC 1001 §15.5.1", ServerLooks.FindStaleRecord);

    /// <summary>A conflict is noticed.</summary>
    public static CheckProperty ConflictNoticed { get; } = new(
        "conflict-noticed", CheckMode.AtEnd, "No two machines of a segment have a unique name that a third there asked for by broadcast, five seconds and more before the end.", "RFC 1002 §5.1.1.5", OwnerLooks.FindUnnoticed);

    /// <summary>A machine that takes no releases on demand loses no name by a stranger's datagram.</summary>
    public static CheckProperty NoNameLostToAStranger { get; } = new(
        "no-name-lost-to-a-stranger", CheckMode.Always, "A machine with NoNameReleaseOnDemand and a name server logs no name as lost to a host without NetBIOS.", "MS00-047; Q269239: without a name server the update does not work", EventLooks.FindLostName);

    /// <summary>Nothing grows without bound.</summary>
    public static CheckProperty Bounded { get; } = new(
        "bounded", CheckMode.Always, "No more than 10,000 datagrams and timers wait.", "inferred: a model of any size would need a bound of its own", OwnerLooks.FindGrowth);

    /// <summary>Every machine that is on has names.</summary>
    public static CheckProperty NamesRegistered { get; } = new(
        "names-registered", CheckMode.Sometimes, "There is a state in which each machine that is on has registered a name, and nothing else is being claimed.", "a check of a network in which nothing happens proves nothing", OwnerLooks.FindNamesRegistered);

    /// <summary>Machines decide about everything.</summary>
    public static CheckProperty DecisionsAreTotal { get; } = new(
        "decisions-are-total", CheckMode.Always, "Each datagram that can be read is decided upon by the machine that it reaches, by a rule of the book.", "the contracts of Defence and Admission", static (in CheckMoment moment) => ((UndecidedHistory)moment.History!).Find(moment.Simulator))
    {
        Remember = static () => new UndecidedHistory(),
    };

    /// <summary>No machine throws: held in every check, named or not.</summary>
    public static CheckProperty NothingThrows { get; } = new(
        "nothing-throws", CheckMode.Always, "No machine throws, whatever it is sent.", "the contract of INbnsEndpoint", static (in CheckMoment _) => null);

    /// <summary>All that there are.</summary>
    public static ImmutableArray<CheckProperty> All { get; } =
    [
        OneOwner, OneOwnerAnywhere, NoGroupInConflict, NoReleaseEvent, NoConflictEventWithoutDuplicate, NoReleaseEventWithoutDuplicate, NobodyRefused, ClaimsEnd, HeldNamesAnswer, NamesAreWithServer, ServerKnowsNames, ServersNamesAreHeld, ServersAgree,
        ConflictNoticed, NoNameLostToAStranger, DecisionsAreTotal, NothingThrows, Bounded, NamesRegistered,
    ];

    /// <summary>Those that hold in a network of corrected machines in which nothing goes wrong, whatever they are told: what a check holds that is not told what to hold.</summary>
    public static ImmutableArray<CheckProperty> Standard { get; } = All.RemoveRange([OneOwnerAnywhere, NoGroupInConflict, NoReleaseEvent, NobodyRefused, NamesAreWithServer, ServersAgree, DecisionsAreTotal]);

    /// <summary>All names that <see cref="Find"/> takes, <c>conflict-noticed=TIME</c> for any time.</summary>
    public static ImmutableArray<string> Names { get; } = [.. All.Select(property => property.Name), ScenarioCheck.ConflictNoticedWithin + "TIME"];

    /// <summary>A query that two owners answer leads to something in time.</summary>
    /// <param name="within">The time.</param>
    /// <exception cref="ArgumentOutOfRangeException">Negative, or longer than a day.</exception>
    public static CheckProperty ConflictNoticedWithin(TimeSpan within)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(within, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(within, TimeSpan.FromDays(1));
        string time = ScenarioText.Duration(within);
        return new CheckProperty(
            ScenarioCheck.ConflictNoticedWithin + time, CheckMode.Always,
            $"Where two machines answer one broadcast query with different owners, then within {time} the asker demands a conflict of one, or one has the name no more.", "RFC 1001 §15.1.3.5, RFC 1002 §5.1.1.5",
            ConflictHistory.FindUnnoticed)
        {
            Remember = () => new ConflictHistory(within),
        };
    }

    /// <summary>The property of that name; <see langword="null"/> for none.</summary>
    /// <param name="name">Its name, such as <c>one-owner</c> or <c>conflict-noticed=2s</c>.</param>
    public static CheckProperty? Find(string name) =>
        All.FirstOrDefault(property => property.Name == name) ?? (ScenarioCheck.TryConflictNoticed(name, out var within) ? ConflictNoticedWithin(within) : null);
}
