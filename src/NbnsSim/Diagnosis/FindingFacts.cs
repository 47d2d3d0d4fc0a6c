using NbnsSim.Wire;

namespace NbnsSim.Diagnosis;

/// <summary>What else a frame tells about a finding, for the rules that look for its cause.</summary>
internal sealed record FindingFacts
{
    /// <summary>How many refusals with other ids than the one before came that answer nothing.</summary>
    public int Guesses { get; init; }

    /// <summary>The id of the last of them.</summary>
    public ushort LastGuess { get; init; }

    /// <summary>Whether a name server refuses a machine the refresh of a name, which it had asked that machine for in vain.</summary>
    public bool WasUnheard { get; init; }

    /// <summary>RCODE of a refusal.</summary>
    public NbnsRcode? Rcode { get; init; }

    /// <summary>How often a request was made.</summary>
    public int Tries { get; init; }

    /// <summary>Whether a machine began to claim the name and is not seen to have come to the end of it.</summary>
    public bool IsUnfinished { get; init; }

    /// <summary>Whether a name server said it.</summary>
    public bool ByServer { get; init; }

    /// <summary>Whether the name is claimed as a group's.</summary>
    public bool? ClaimIsGroup { get; init; }

    /// <summary>Whether the other side has it as a group's.</summary>
    public bool? OtherIsGroup { get; init; }

    /// <summary>The address that a refusal names as the owner's; 0.0.0.0 where it names none, or the claimant's own.</summary>
    public Ipv4Address Owner { get; init; }

    /// <summary>Whether the claim that was refused is in the capture.</summary>
    public bool HasClaim { get; init; }

    /// <summary>Whether the name server bade the claimant wait, while it asked the holder (RFC 1002 §5.1.4.1).</summary>
    public bool WasInDispute { get; init; }

    /// <summary>Whether whoever takes the name away has claimed or held it, or has asked for it shortly before.</summary>
    public bool SenderHasToDoWithIt { get; init; }

    /// <summary>Whether the capture began long enough before that a claim of the sender's would be in it.</summary>
    public bool IsEarlyEnough { get; init; }

    /// <summary>Whether the frame came from another station than the sender's other broadcasts.</summary>
    public bool FromElsewhere { get; init; }

    /// <summary>Whether it bears the holder's address though another sends it.</summary>
    public bool BearsHoldersAddress { get; init; }

    /// <summary>Whether the claim began at the same moment as that of the other side.</summary>
    public bool IsSimultaneous { get; init; }

    /// <summary>Whether two holders both got the name by a claim that ran its course, or from name servers that are two.</summary>
    public bool BothUnopposed { get; init; }

    /// <summary>Whether the two got it from two name servers.</summary>
    public bool ByTwoServers { get; init; }

    /// <summary>Whether the one of two holders has claimed nothing in the capture and only answers, though nobody objected to the claim of the other.</summary>
    public bool OnlyAnswers { get; init; }

    /// <summary>Whether the address that a name server gives out is its own.</summary>
    public bool GivesItself { get; init; }

    /// <summary>What became of the name server's question to the holder.</summary>
    public ChallengeOutcome Challenge { get; init; }

    /// <summary>When it was put first.</summary>
    public Instant ChallengedAt { get; init; }

    /// <summary>The frames of that question.</summary>
    public IReadOnlyList<long> ChallengeFrames { get; init; } = [];
}

/// <summary>What became of a name server's question to the holder of a name.</summary>
internal enum ChallengeOutcome : byte
{
    /// <summary>The capture shows none.</summary>
    NotSeen,

    /// <summary>The holder answered in time.</summary>
    Answered,

    /// <summary>The machine answered in time that it does not have the name.</summary>
    Denied,

    /// <summary>It did not.</summary>
    Unanswered,
}
