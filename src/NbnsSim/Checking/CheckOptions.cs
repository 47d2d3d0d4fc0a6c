using NbnsSim.Scenarios;

namespace NbnsSim.Checking;

/// <summary>The bounds of a check, and what may go wrong within them.</summary>
public sealed record CheckOptions
{
    /// <summary>What may go wrong; nothing unless set.</summary>
    public CheckFaults Faults { get; init; }

    /// <summary>How many faults one run may have; 1 unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not 0 to 8.</exception>
    public int MaxFaults
    {
        get;
        init => field = value is >= 0 and <= 8 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A run has 0 to 8 faults.");
    } = 1;

    /// <summary>From when on nothing goes wrong; the scenario's end unless set, and never later.</summary>
    public Instant FaultsUntil { get; init; } = Instant.MaxValue;

    /// <summary>Whether commands of one time are tried in every order.</summary>
    public bool AnyOrder { get; init; }

    /// <summary>How many different states are looked at at most; 10 million unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not positive.</exception>
    public long MaxStates
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "At least one state is looked at.");
    } = 10_000_000;

    /// <summary>How long a datagram waits for the next to overtake it: one second unless set.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a host that is cut off stays so: ten seconds unless set.</summary>
    public TimeSpan Partition { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the network is left alone after the scenario's end, before what is to hold at the end is looked at: one minute unless set. Nothing goes wrong then.</summary>
    public TimeSpan Quiet { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>In how many ways the octets of one datagram are changed: two unless set.</summary>
    public int Corruptions { get; init; } = 2;

    /// <summary>Whether what cannot make a difference is left out: see <see cref="Checker"/>. False is for comparing the two.</summary>
    public bool Reduces { get; init; } = true;

    /// <summary>
    /// Whether what happens at one and the same time counts as a set: of two orders that lead to one state one is looked at. That they do is found out by trying, wherever two of these reach one machine;
    /// where it is not so, all is looked at in every order that comes up. See <see cref="CheckResult.NotReduced"/>.
    /// </summary>
    public bool PartialOrder { get; init; }

    /// <summary>
    /// Whether machines that are the same but for their names and addresses may change places: of states that differ in nothing else one is looked at. It takes <see cref="PartialOrder"/> with it, since
    /// machines are only alike where nobody's turn comes first.
    /// </summary>
    public bool Symmetry { get; init; }

    /// <summary>
    /// At which steps of the run without a fault the first fault comes, the end not included: a part of a check that is done in parts. All unless set; <see cref="CheckResult.FirstSteps"/> says how
    /// many there are.
    /// </summary>
    public Range FirstFaultAt { get; init; } = Range.All;

    /// <summary>How many workers share the work; one unless set. What is found does not depend on it; with <see cref="PartialOrder"/> how many states were looked at may, since that of two orders of an instant is left out which comes later.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not 1 to 1,024.</exception>
    public int Workers
    {
        get;
        init => field = value is >= 1 and <= 1_024 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "1 to 1,024 workers.");
    } = 1;

    /// <summary>Does what each worker does, all at once if it can, and returns when all are done: the core starts no thread. One after the other unless set.</summary>
    public Action<IReadOnlyList<Action>> RunAll { get; init; } = static workers =>
    {
        foreach (var worker in workers)
            worker();
    };
}
