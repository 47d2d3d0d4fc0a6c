using NbnsSim.Captures;
using NbnsSim.Events;
using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Cli.Running;

/// <summary>Looks in captures for the frames that made an event: those of the machine that the event names, of the kind that the event is about.</summary>
/// <param name="one">The event.</param>
/// <param name="time">When it was logged; null where that is not known.</param>
internal sealed class EventFrames(PastedEvent one, Instant? time)
{
    private const int MaxFrames = 1_000;
    private static readonly TimeSpan Near = TimeSpan.FromSeconds(60); // a claim takes seconds; the rest is what clocks may differ

    private readonly List<(string Capture, long Frame, Instant Time, NbnsMessageKind Kind, NetBiosName Name)> _found = [];

    /// <summary>Whether the event says enough to look for it.</summary>
    public bool IsPossible => one.Definition is not null && (one.Address is not null || one.Name is not null);

    /// <summary>How many name service datagrams were looked at.</summary>
    public long Seen { get; private set; }

    /// <summary>The frames, those near the event's time where its time is known and there are such.</summary>
    public List<(string Capture, long Frame, Instant Time, NbnsMessageKind Kind, NetBiosName Name)> Found =>
        time is { } at && _found.FindAll(frame => (frame.Time - at).Duration() <= Near) is { Count: > 0 } near ? near : _found;

    /// <summary>Whether all that was found is of another time than the event.</summary>
    public bool IsOfAnotherTime => time is { } at && _found.Count > 0 && !_found.Exists(frame => (frame.Time - at).Duration() <= Near);

    /// <summary>Looks at a datagram.</summary>
    public void Observe(string capture, in CapturedDatagram datagram)
    {
        Seen++;
        if (_found.Count >= MaxFrames || !NbnsPacket.TryParseLenient(datagram.Payload, out var packet, out _) || !packet.Name.TryGetName(out var name))
            return;
        var kind = NbnsClassification.Classify(packet);
        if (Fits(kind, name, datagram.Source.Address, datagram.Destination.Address))
            _found.Add((capture, datagram.FrameNumber, datagram.Time, kind, name));
    }

    private bool Fits(NbnsMessageKind kind, NetBiosName name, Ipv4Address from, Ipv4Address to) => (one.Id, kind) switch
    {
        (NetBtEventId.DuplicateName, NbnsMessageKind.NameConflictDemand) => from == one.Address,
        (NetBtEventId.NameRelease, NbnsMessageKind.NameReleaseRequest or NbnsMessageKind.NameReleaseDemand) => from == one.Address,
        (NetBtEventId.DuplicateNameError, NbnsMessageKind.NegativeNameRegistrationResponse) =>
            IsItsName(name) && (one.Address is not { } owner || from == owner) && (one.InterfaceAddress is not { } own || to == own),
        (NetBtEventId.DuplicateNameError, NbnsMessageKind.NameRegistrationRequest or NbnsMessageKind.NameOverwriteDemand or NbnsMessageKind.NameOverwriteRequest or NbnsMessageKind.MultihomedNameRegistrationRequest) =>
            one.Name is not null && IsItsName(name) && from == one.InterfaceAddress,
        _ => false,
    };

    private bool IsItsName(NetBiosName name) => one.Name is not { } wanted || (wanted.High == name.High && wanted.Low == name.Low);
}
