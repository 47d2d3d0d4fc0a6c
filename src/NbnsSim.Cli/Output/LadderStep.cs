namespace NbnsSim.Cli;

/// <summary>What a step of a ladder is; decides its colour and, where it stays on one lane, its mark.</summary>
internal enum LadderKind
{
    /// <summary>Something a person or the system did on a host: boot, log on.</summary>
    Command,

    /// <summary>A packet that asks.</summary>
    Request,

    /// <summary>A packet that tells and expects no answer.</summary>
    Demand,

    /// <summary>A packet that answers yes.</summary>
    Positive,

    /// <summary>A packet that answers no.</summary>
    Negative,

    /// <summary>An event in a host's log.</summary>
    Event,

    /// <summary>Anything else worth a line.</summary>
    Note,
}

/// <summary>A vertical line of the ladder.</summary>
/// <param name="Name">The host's or the segment's name.</param>
/// <param name="Detail">Its address, or what a segment broadcasts to.</param>
/// <param name="IsSegment">Whether it is a broadcast segment rather than a host.</param>
internal sealed record LadderLane(string Name, string Detail, bool IsSegment = false);

/// <summary>A step: something sent from one lane to another, or something that happens on one lane (<paramref name="To"/> = <paramref name="From"/>).</summary>
/// <param name="Time">When.</param>
/// <param name="From">The index of the lane it starts on.</param>
/// <param name="To">The index of the lane it goes to.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Verb">What is done, such as <c>register</c>.</param>
/// <param name="Subject">To what, such as a name; steps that differ in nothing else share a line.</param>
/// <param name="Key">Steps with one key belong together (a transaction): repeats are folded only until its next different step.</param>
/// <param name="Lost">Whether it never arrived.</param>
internal sealed record LadderStep(
    Instant Time, int From, int To, LadderKind Kind, string Verb, string Subject = "", string? Key = null, bool Lost = false);
