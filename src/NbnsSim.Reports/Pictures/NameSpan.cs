namespace NbnsSim.Reports.Pictures;

/// <summary>How it stands with a name in a table.</summary>
internal enum NameStanding : byte
{
    /// <summary>A machine holds it, or a name server has it for somebody.</summary>
    Held,

    /// <summary>It is in conflict.</summary>
    Conflict,

    /// <summary>A name server has it as given up: released, or a tombstone.</summary>
    GivenUp,
}

/// <summary>A time during which a name in a table was in one state.</summary>
/// <param name="Standing">How it stood.</param>
/// <param name="Text">The state in words.</param>
/// <param name="From">Since when.</param>
/// <param name="Shown">What last shows it; what follows up to <paramref name="To"/> is inferred.</param>
/// <param name="To">Until when; null where nothing ended it.</param>
/// <param name="Began">The rule by which it began; empty for none.</param>
/// <param name="Ended">The rule by which it ended; empty for none.</param>
internal sealed record NameSpan(NameStanding Standing, string Text, Instant From, Instant Shown, Instant? To, string Began, string Ended)
{
    /// <summary>Whether the name was in conflict.</summary>
    public bool IsConflict => Standing == NameStanding.Conflict;
}
