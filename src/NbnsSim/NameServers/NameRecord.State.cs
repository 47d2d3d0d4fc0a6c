using NbnsSim.Protocol;
using NbnsSim.Wire;

namespace NbnsSim.NameServers;

/// <content>A record that a message or an order has, as a part of a state.</content>
public sealed partial record NameRecord
{
    /// <summary>How many octets a record takes at least.</summary>
    internal const int LeastState = 40;

    /// <summary>Carries a record.</summary>
    /// <param name="codec">Where to, or where from.</param>
    /// <param name="record">The record; <see langword="null"/> where one is read.</param>
    internal static NameRecord Carry(StateCodec codec, NameRecord? record)
    {
        var (name, type, state, isStatic) = (record?.Name ?? default, record?.Type ?? default, record?.State ?? default, record?.IsStatic ?? false);
        var (owner, version, expires) = (record?.Owner ?? default, record?.Version ?? 0, record?.Expires ?? default);
        codec.Carry(ref name);
        codec.Carry(ref type, NameRecordType.Multihomed);
        codec.Carry(ref state, NameRecordState.Tombstone);
        codec.Carry(ref isStatic);
        codec.Carry(ref owner);
        codec.CarryVersion(ref version);
        codec.Carry(ref expires);
        var addresses = codec.Carry(record?.Addresses ?? [], AddressSize, static (StateCodec codec, ref NameRecordAddress one) =>
        {
            var (address, owner, expires, nodeType) = (one.Address, one.Owner, one.Expires, one.NodeType);
            codec.Carry(ref address);
            codec.Carry(ref owner);
            codec.Carry(ref expires);
            codec.Carry(ref nodeType, OwnerNodeType.H);
            one = new NameRecordAddress(address, owner, expires, nodeType);
        });
        codec.Check(addresses.Length is > 0 and <= MaxAddresses, "A record has no address, or too many");
        return record ?? new NameRecord { Name = name, Type = type, State = state, IsStatic = isStatic, Owner = owner, Version = version, Expires = expires, Addresses = addresses };
    }
}
