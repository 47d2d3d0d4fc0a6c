using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using NbnsSim.Names;

namespace NbnsSim.Wire;

/// <summary>One entry of a node status response: the sixteen octets in clear and NAME_FLAGS (RFC 1002 §4.2.18), eighteen octets.</summary>
/// <param name="Name">The name; node status lists names of the request's scope only, and does not repeat it.</param>
/// <param name="Flags">NAME_FLAGS.</param>
public readonly record struct NodeStatusName(NetBiosName Name, NameFlags Flags)
{
    /// <summary>The number of octets in an entry.</summary>
    public const int Size = 18;

    /// <summary>Reads eighteen octets.</summary>
    /// <param name="octets">At least eighteen octets.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="octets"/> is shorter.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NodeStatusName Read(ReadOnlySpan<byte> octets) =>
        new(
            new NetBiosName(BinaryPrimitives.ReadUInt64BigEndian(octets), BinaryPrimitives.ReadUInt64BigEndian(octets[8..])),
            new NameFlags(BinaryPrimitives.ReadUInt16BigEndian(octets[NetBiosName.Size..])));

    /// <summary>Writes eighteen octets.</summary>
    /// <param name="octets">Room for at least eighteen octets.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="octets"/> is shorter.</exception>
    public void Write(Span<byte> octets)
    {
        Name.CopyTo(octets);
        BinaryPrimitives.WriteUInt16BigEndian(octets[NetBiosName.Size..], Flags.Value);
    }
}
