namespace NbnsSim.Simulation;

/// <summary>A datagram of a simulation, as observers see it; good during the call only.</summary>
public readonly ref struct SimulatedDatagram
{
    internal SimulatedDatagram(in PacketHeader header, ReadOnlySpan<byte> payload, HostId sender, int interfaceIndex, SegmentId segment)
    {
        Number = header.Number;
        Source = new Ipv4Endpoint(new Ipv4Address(header.Source), header.SourcePort);
        Destination = new Ipv4Endpoint(new Ipv4Address(header.Destination), header.DestinationPort);
        IsBroadcast = header.IsBroadcast;
        Payload = payload;
        Sender = sender;
        InterfaceIndex = interfaceIndex;
        Segment = segment;
        SenderNumber = header.SenderNumber;
        Decision = header.Decision;
    }

    /// <summary>Which datagram of the simulation it is, in the order of sending; the first is 1. A copy keeps its original's.</summary>
    public long Number { get; }

    /// <summary>Which datagram of its sender's it is; the first is 1.</summary>
    public uint SenderNumber { get; }

    /// <summary>The number of the decision that sent it (<see cref="SimulationObserver.Decided"/>); 0 where nobody hears decisions, or its sender says none.</summary>
    public long Decision { get; }

    /// <summary>Who sent it.</summary>
    public HostId Sender { get; }

    /// <summary>Which of the sender's interfaces it left from; 0 is the first.</summary>
    public int InterfaceIndex { get; }

    /// <summary>The segment that it was sent on.</summary>
    public SegmentId Segment { get; }

    /// <summary>The address and port that it comes from.</summary>
    public Ipv4Endpoint Source { get; }

    /// <summary>The address and port that it goes to.</summary>
    public Ipv4Endpoint Destination { get; }

    /// <summary>Whether it goes to every station on the segment.</summary>
    public bool IsBroadcast { get; }

    /// <summary>The UDP payload.</summary>
    public ReadOnlySpan<byte> Payload { get; }
}
