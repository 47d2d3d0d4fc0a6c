using NbnsSim.Events;
using NbnsSim.Names;
using NbnsSim.Rules;

namespace NbnsSim.Protocol;

/// <summary>What a machine did, or left, and by which rule: said by the machine itself, on the line that decides.</summary>
/// <remarks>
/// 72 octets. One is said for every datagram that a machine hears, so that its size counts: addresses, and the cause's kind and number, are kept as bare numbers, since a
/// field whose type is a struct takes up whole words.
/// </remarks>
public readonly struct Decision
{
    private const int KindShift = 56; // of so many decisions, none gets a number

    private readonly ulong _cause;
    private readonly uint _peer;
    private readonly ushort _peerPort;
    private readonly uint _address;

    /// <summary>When.</summary>
    public required Instant Time { get; init; }

    /// <summary>By which rule.</summary>
    public required Rule Rule { get; init; }

    /// <summary>About which name; default where it is about none, or about a datagram whose name cannot be read.</summary>
    public NetBiosName Name { get; init; }

    /// <summary>Who the other machine is: whoever sent the datagram, or is asked; default where there is none or where it is everybody.</summary>
    public Ipv4Endpoint Peer
    {
        get => new(new Ipv4Address(_peer), _peerPort);
        init => (_peer, _peerPort) = (value.Address.Value, value.Port);
    }

    /// <summary>The address that the decision is about: the one that a datagram carries, that is granted, asked or found; 0.0.0.0 where there is none.</summary>
    public Ipv4Address Address
    {
        get => new(_address);
        init => _address = value.Value;
    }

    /// <summary>NAME_TRN_ID of the datagram that came, or of the request that goes out; 0 where there is none.</summary>
    public ushort TransactionId { get; init; }

    /// <summary>Which of the machine's interfaces; 0 is the first.</summary>
    public byte Interface { get; init; }

    /// <summary>Which try of several it is, from 1; 0 where there are no tries.</summary>
    public byte Try { get; init; }

    /// <summary>How many tries there are at most.</summary>
    public byte Tries { get; init; }

    /// <summary>Whether the name is a group's, as far as the machine knows.</summary>
    public bool IsGroup { get; init; }

    /// <summary>What set it off.</summary>
    public DecisionCause Cause
    {
        get => new((DecisionCauseKind)(_cause >> KindShift), (long)(_cause & ((1UL << KindShift) - 1)));
        init => _cause = ((ulong)value.Kind << KindShift) | ((ulong)value.Decision & ((1UL << KindShift) - 1));
    }

    /// <summary>The event, where the decision is to log one.</summary>
    public NetBtEvent? Event { get; init; }

    /// <summary>Rule, name and other machine on one line, for debuggers.</summary>
    public override string ToString() => $"{Time} {Rule.Id} {Name} {Peer}";
}
