using NbnsSim.Wire;

namespace NbnsSim.Conformance.Benches;

/// <summary>
/// Where a peer stands to be tested, and the runner's stations around it: a simulation in virtual time, or a network. Stations are the runner's own machines, numbered from 0;
/// cases call them A, B, C, D.
/// </summary>
public interface IConformanceBench : IDisposable
{
    /// <summary>What is tested, for reports.</summary>
    string Title { get; }

    /// <summary>The peer's address and port.</summary>
    Ipv4Endpoint Subject { get; }

    /// <summary>The stations' addresses.</summary>
    IReadOnlyList<Ipv4Address> Stations { get; }

    /// <summary>The port that stations have, and to which they are sent requests.</summary>
    ushort StationPort { get; }

    /// <summary>The broadcast address of the segment; null where there is none, and cases that broadcast cannot be run.</summary>
    Ipv4Address? Broadcast { get; }

    /// <summary>Whether time is virtual: hours cost nothing.</summary>
    bool IsVirtual { get; }

    /// <summary>The time.</summary>
    Instant Now { get; }

    /// <summary>Makes the peer ready for a case: a fresh one where there can be, or one that has its names back.</summary>
    /// <param name="test">The case.</param>
    /// <returns>Why the case cannot be run here; null if it can.</returns>
    string? Prepare(ConformanceCase test);

    /// <summary>The names that the peer has now.</summary>
    SubjectNames Names { get; }

    /// <summary>The names that it had when it was first looked at: cases may cost it some, where it cannot be started anew for each.</summary>
    SubjectNames FirstNames => Names;

    /// <summary>What is wrong with a peer that was started; null where nothing is known to be.</summary>
    string? Failure { get; }

    /// <summary>Starts the peer as a client case wants it.</summary>
    /// <param name="type">Its node type.</param>
    /// <param name="server">The station that plays its name server; null for none.</param>
    /// <returns>Why that is not possible; null if it is done.</returns>
    string? Start(OwnerNodeType type, int? server);

    /// <summary>Shuts the peer down in good order.</summary>
    /// <returns>Why that is not possible; null if it is done.</returns>
    string? Stop();

    /// <summary>Tells the peer to do something.</summary>
    /// <param name="command">What.</param>
    /// <returns>Why that is not possible; null if it is done.</returns>
    string? Command(SubjectCommand command);

    /// <summary>A station sends.</summary>
    /// <param name="station">Which station.</param>
    /// <param name="destination">Where to.</param>
    /// <param name="isBroadcast">Whether to everybody.</param>
    /// <param name="octets">The UDP payload.</param>
    /// <param name="fromAnyPort">Whether from a port of its own in place of <see cref="StationPort"/>; what is sent back there reaches the same station.</param>
    void Send(int station, Ipv4Endpoint destination, bool isBroadcast, ReadOnlySpan<byte> octets, bool fromAnyPort = false);

    /// <summary>Waits for the next datagram that reaches a station or everybody.</summary>
    /// <param name="until">For how long at most; it is that late when nothing came.</param>
    /// <param name="datagram">What came.</param>
    /// <returns>Whether something came.</returns>
    bool TryReceive(Instant until, out BenchDatagram datagram);
}
