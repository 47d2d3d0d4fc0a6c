using System.Collections.Immutable;
using NbnsSim.Protocol;

namespace NbnsSim.NameServers;

/// <summary>
/// The servers whose records a server has, itself first, the others in the order in which it met them; and how far it knows the records of each (MS-WINSRA §3.1.1.2).
/// Records have their numbers.
/// </summary>
internal sealed class OwnerTable
{
    private readonly List<Ipv4Address> _addresses;
    [NotState("the same the other way round")]
    private readonly Dictionary<Ipv4Address, ushort> _numbers; // the same the other way round
    private readonly List<ulong> _versions; // the highest of each one's records

    /// <summary>Makes a table that has only the server itself.</summary>
    /// <param name="server">Its address.</param>
    public OwnerTable(Ipv4Address server)
    {
        _addresses = [server];
        _numbers = new Dictionary<Ipv4Address, ushort> { [server] = 0 };
        _versions = [0];
    }

    /// <summary>A copy that lives on by itself.</summary>
    public OwnerTable(OwnerTable other)
    {
        _addresses = [.. other._addresses];
        _numbers = new Dictionary<Ipv4Address, ushort>(other._numbers);
        _versions = [.. other._versions];
    }

    /// <summary>How many there are.</summary>
    public int Count => _addresses.Count;

    /// <summary>The address of an owner.</summary>
    public Ipv4Address this[ushort owner] => _addresses[owner];

    /// <summary>The number of a server, where it is known.</summary>
    public bool TryFind(Ipv4Address address, out ushort owner) => _numbers.TryGetValue(address, out owner);

    /// <summary>The number of a server, a new one where it is not known yet.</summary>
    /// <returns>False where there is no room for one more.</returns>
    public bool TryFindOrAdd(Ipv4Address address, out ushort owner)
    {
        if (_numbers.TryGetValue(address, out owner))
            return true;
        if (_addresses.Count > ushort.MaxValue)
            return false;
        owner = (ushort)_addresses.Count;
        _addresses.Add(address);
        _numbers[address] = owner;
        _versions.Add(0);
        return true;
    }

    /// <summary>The highest version that is known of an owner's records.</summary>
    public ulong HighestOf(ushort owner) => _versions[owner];

    /// <summary>A version of an owner's records is known; a lower one than before changes nothing.</summary>
    public void Meet(ushort owner, ulong version) => _versions[owner] = ulong.Max(_versions[owner], version);

    /// <summary>The same by the owner's address; nothing where there is no room for one more.</summary>
    public void Meet(Ipv4Address address, ulong version)
    {
        if (TryFindOrAdd(address, out ushort owner))
            Meet(owner, version);
    }

    /// <summary>How far the records of each owner are known (MS-WINSRA §2.2.7).</summary>
    public ImmutableArray<OwnerVersion> ToMap() => [.. _addresses.Zip(_versions, (address, version) => new OwnerVersion(address, version))];

    /// <summary>The version of the server's own next change: one more than the highest.</summary>
    public ulong NextVersion() => ++_versions[0];

    /// <summary>Carries all of them, the server itself first.</summary>
    public void Carry(StateCodec codec)
    {
        int count = codec.CarryCount(_addresses.Count, sizeof(uint), ushort.MaxValue + 1);
        codec.Check(count > 0, "A name server does not know itself");
        for (int owner = 0; owner < count; owner++)
        {
            (var address, ulong version) = owner < _addresses.Count ? (_addresses[owner], _versions[owner]) : default;
            codec.Carry(ref address);
            codec.CarryVersion(ref version);
            if (!codec.IsReading)
                continue;
            codec.Check(TryFindOrAdd(address, out ushort number) && number == owner, "Two servers have one address");
            _versions[owner] = version;
        }
    }

    /// <summary>Whether both know the same servers, in the same order, as far.</summary>
    public bool HasSameStateAs(OwnerTable other) => _addresses.SequenceEqual(other._addresses) && _versions.SequenceEqual(other._versions);
}
