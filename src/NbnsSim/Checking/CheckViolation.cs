namespace NbnsSim.Checking;

/// <summary>A property that does not hold at the end of a path, and so many steps behind its last fault.</summary>
internal sealed record CheckViolation(CheckPath Path, CheckProperty Property, string Text, Instant At) : IComparable<CheckViolation>
{
    public int CompareTo(CheckViolation? other) => other is null ? 1 : At != other.At ? At.CompareTo(other.At) : Path.CompareTo(other.Path);
}
