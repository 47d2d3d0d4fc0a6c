using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.NameServers;

/// <content>
/// The record in octets, for a driver that keeps records one by one. All numbers are big-endian.
/// <code>
/// 0 format 2 | 1 type, state, static | 2 name[16] | 18 scope length, scope labels … | owner[4] version[8] expires[8] | count[2], count × (address[4] owner[4] expires[8] ONT[1])
/// </code>
/// Format 1, which is read too, has a count of one octet.
/// </content>
public sealed partial record NameRecord
{
    /// <summary>The most octets that a record takes.</summary>
    public const int MaxEncodedLength = 2 + NetBiosName.Size + 1 + byte.MaxValue + 4 + 8 + 8 + 2 + (MaxAddresses * AddressSize);

    internal const int AddressSize = 4 + 4 + 8 + 1;
    internal const int MaxAddresses = 1024;
    internal const byte Format = 2;
    internal const byte StaticBit = 0x10;

    /// <summary>Reads what <see cref="NameServerChange.WriteRecord"/> has written.</summary>
    /// <param name="octets">The octets.</param>
    /// <param name="record">The record, or null.</param>
    /// <returns>False when the octets are no record of a known format.</returns>
    public static bool TryRead(ReadOnlySpan<byte> octets, [NotNullWhen(true)] out NameRecord? record)
    {
        record = null;
        const int scopeAt = 2 + NetBiosName.Size;
        if (octets.Length <= scopeAt || octets[0] is not (1 or Format) || (octets[1] & ~(StaticBit | 0xF)) != 0 || (octets[1] >> 2 & 3) > (int)NameRecordState.Tombstone)
            return false;
        int at = scopeAt + 1 + octets[scopeAt];
        int addressesAt = at + 20 + octets[0];
        if (octets.Length < addressesAt)
            return false;
        var scope = octets[(scopeAt + 1)..at];
        int count = octets[0] == 1 ? octets[at + 20] : BinaryPrimitives.ReadUInt16BigEndian(octets[(at + 20)..]);
        if (!IsScope(scope) || count is 0 or > MaxAddresses || octets.Length != addressesAt + (count * AddressSize))
            return false;
        var addresses = ImmutableArray.CreateBuilder<NameRecordAddress>(count);
        for (var one = octets[addressesAt..]; !one.IsEmpty; one = one[AddressSize..])
        {
            if (one[16] > (byte)OwnerNodeType.H)
                return false;
            addresses.Add(new NameRecordAddress(Ipv4Address.Read(one), Ipv4Address.Read(one[4..]), Time(one[8..]), (OwnerNodeType)one[16]));
        }

        record = new NameRecord
        {
            Name = new NetBiosName(octets[2..scopeAt], NetBiosScope.FromEncoded(scope.ToArray())),
            Type = (NameRecordType)(octets[1] & 3),
            State = (NameRecordState)(octets[1] >> 2 & 3),
            IsStatic = (octets[1] & StaticBit) != 0,
            Owner = Ipv4Address.Read(octets[at..]),
            Version = BinaryPrimitives.ReadUInt64BigEndian(octets[(at + 4)..]),
            Expires = Time(octets[(at + 12)..]),
            Addresses = addresses.MoveToImmutable(),
        };
        return true;
    }

    /// <summary>Whether octets are whole labels.</summary>
    internal static bool IsScope(ReadOnlySpan<byte> encoded)
    {
        while (!encoded.IsEmpty)
        {
            int length = encoded[0];
            if (length is 0 or > NetBiosScope.MaxLabelLength || encoded.Length <= length)
                return false;
            encoded = encoded[(1 + length)..];
        }

        return true;
    }

    private static Instant Time(ReadOnlySpan<byte> octets) => new(BinaryPrimitives.ReadInt64BigEndian(octets));
}
