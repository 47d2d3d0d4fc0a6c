using NbnsSim.Protocol;

namespace NbnsSim.Nodes;

/// <summary>An interface of an <see cref="EndNode"/>.</summary>
/// <param name="Address">Its address.</param>
/// <param name="BroadcastAddress">The broadcast address of its subnet; <c>BroadcastAddress</c> in the registry overrides it.</param>
/// <param name="UnitId">Its Ethernet address, UNIT_ID in node status responses.</param>
/// <param name="PrefixLength">How many leading bits of the address are the subnet's: 0 to 32. A proxy looks at it.</param>
public readonly record struct EndNodeInterface(Ipv4Address Address, Ipv4Address BroadcastAddress, MacAddress UnitId, byte PrefixLength = 24)
{
    private const int PrefixShift = 48;
    private const ulong UnitMask = (1UL << PrefixShift) - 1;

    private readonly ulong _unitAndPrefix = (UnitId.Value & UnitMask) | ((ulong)PrefixLength << PrefixShift); // one word, since each of a million nodes has it

    /// <summary>Its Ethernet address, UNIT_ID in node status responses.</summary>
    public MacAddress UnitId
    {
        get => new(_unitAndPrefix & UnitMask);
        init => _unitAndPrefix = (_unitAndPrefix & ~UnitMask) | (value.Value & UnitMask);
    }

    /// <summary>How many leading bits of the address are the subnet's: 0 to 32. A proxy looks at it.</summary>
    public byte PrefixLength
    {
        get => (byte)(_unitAndPrefix >> PrefixShift);
        init => _unitAndPrefix = (_unitAndPrefix & UnitMask) | ((ulong)value << PrefixShift);
    }

    /// <summary>Whether an address lies in the interface's subnet.</summary>
    /// <param name="other">The address.</param>
    public bool IsLocal(Ipv4Address other) => new Ipv4Subnet(Address, PrefixLength).Contains(other);

    internal static void Carry(StateCodec codec, ref EndNodeInterface attachment)
    {
        (var address, var broadcast, ulong unit) = (attachment.Address, attachment.BroadcastAddress, attachment._unitAndPrefix);
        codec.Carry(ref address);
        codec.Carry(ref broadcast);
        if (codec.Renaming is { } renaming)
            unit = (unit & ~UnitMask) | renaming.Of(new MacAddress(unit & UnitMask)).Value;
        codec.Carry(ref unit);
        codec.Check(unit >> PrefixShift <= 32, "A subnet has more than 32 bits");
        if (codec.IsReading)
            attachment = new EndNodeInterface(address, broadcast, new MacAddress(unit & UnitMask), (byte)(unit >> PrefixShift));
    }

    /// <summary>An interface in a subnet, with the Ethernet address of <see cref="MacAddress.FromIpv4"/>.</summary>
    /// <param name="address">Its address.</param>
    /// <param name="prefixLength">How many leading bits are the subnet's: 0 to 32.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="prefixLength"/> is outside that range.</exception>
    public static EndNodeInterface InSubnet(Ipv4Address address, int prefixLength = 24) =>
        new(address, new Ipv4Subnet(address, prefixLength).BroadcastAddress, MacAddress.FromIpv4(address), (byte)prefixLength);
}
