namespace NbnsSim;

/// <summary>
/// Two numbers that tables are looked up by, of a host and of a name, say. A single 64-bit number would not do: .NET's hash of it is one half against the other, so that pairs of small
/// numbers meet in a few places.
/// </summary>
/// <param name="First">The first number.</param>
/// <param name="Second">The second.</param>
internal readonly record struct NumberPair(int First, int Second)
{
    /// <inheritdoc/>
    public override int GetHashCode() => KeyedHash.Of(((ulong)(uint)First << 32) | (uint)Second);
}
