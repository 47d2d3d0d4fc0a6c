using System.Collections.Immutable;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.NameServers;

/// <summary>A record of a name server's database: immutable, for people, files and partners.</summary>
public sealed partial record NameRecord
{
    /// <summary>The name, scope included.</summary>
    public required NetBiosName Name { get; init; }

    /// <summary>What kind of name it is.</summary>
    public NameRecordType Type { get; init; }

    /// <summary>Where it stands in its life.</summary>
    public NameRecordState State { get; init; }

    /// <summary>Whether the administrator entered it.</summary>
    public bool IsStatic { get; init; }

    /// <summary>The address of the server that owns the record.</summary>
    public Ipv4Address Owner { get; init; }

    /// <summary>The version that its owner gave it (MS-WINSRA §3.1.1.2).</summary>
    public ulong Version { get; init; }

    /// <summary>When its state runs out; <see cref="Instant.MaxValue"/> for never.</summary>
    public Instant Expires { get; init; } = Instant.MaxValue;

    /// <summary>Its addresses, oldest first; 255.255.255.255 alone for a group whose members are not kept.</summary>
    public required ImmutableArray<NameRecordAddress> Addresses { get; init; }

    /// <summary>Whether it is a group.</summary>
    public bool IsGroup => Type is NameRecordType.NormalGroup or NameRecordType.InternetGroup;

    /// <summary>Whether <paramref name="address"/> is one of its addresses.</summary>
    /// <param name="address">An address.</param>
    public bool Has(Ipv4Address address)
    {
        foreach (var own in Addresses)
        {
            if (own.Address == address)
                return true;
        }

        return false;
    }

    /// <summary>Whether <paramref name="address"/>, registered with <paramref name="owner"/>, is one of its addresses.</summary>
    internal bool Has(Ipv4Address address, Ipv4Address owner)
    {
        foreach (var own in Addresses)
        {
            if (own.Address == address && own.Owner == owner)
                return true;
        }

        return false;
    }

    /// <inheritdoc/>
    public bool Equals(NameRecord? other) =>
        other is not null && Name == other.Name && Type == other.Type && State == other.State && IsStatic == other.IsStatic && Owner == other.Owner
        && Version == other.Version && Expires == other.Expires && Addresses.AsSpan().SequenceEqual(other.Addresses.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => Name.GetHashCode() ^ (int)Version;

    /// <summary>One line, as a list of records has it: <c>JSMITH&lt;03&gt; unique active 10.0.0.1 owner 10.0.0.9 version 4</c>.</summary>
    public override string ToString()
    {
        string type = Type switch
        {
            NameRecordType.Unique => "unique",
            NameRecordType.NormalGroup => "group",
            NameRecordType.InternetGroup => "Internet group",
            _ => "multi-homed",
        };
        string state = State switch
        {
            NameRecordState.Active => "active",
            NameRecordState.Released => "released",
            _ => "tombstone",
        };
        return $"{Name} {type} {state}{(IsStatic ? " static" : "")} {string.Join(", ", Addresses.Select(one => one.Address))} owner {Owner} version {Version}";
    }
}

/// <summary>One address of a name.</summary>
/// <param name="Address">The address.</param>
/// <param name="Owner">The server that it was registered with.</param>
/// <param name="Expires">When it runs out; <see cref="Instant.MaxValue"/> for never.</param>
/// <param name="NodeType">ONT as the node registered it.</param>
public readonly record struct NameRecordAddress(Ipv4Address Address, Ipv4Address Owner, Instant Expires, OwnerNodeType NodeType);
