namespace NbnsSim.Checking;

/// <summary>What a check came to.</summary>
public enum CheckVerdict : byte
{
    /// <summary>All properties hold in all states within the bounds.</summary>
    Holds,

    /// <summary>A property does not hold: there is a <see cref="Counterexample"/>.</summary>
    Broken,

    /// <summary>A <see cref="CheckMode.Sometimes"/> property was reached in no state: what holds besides may hold of nothing.</summary>
    Vacuous,

    /// <summary>A bound was reached before all states were looked at, and none of those broke a property.</summary>
    OutOfBounds,
}
