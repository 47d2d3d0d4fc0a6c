using System.Globalization;
using System.Text.Json;
using NbnsSim.Captures;
using NbnsSim.Events;
using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Reports.EventLogs;

/// <summary>Looks in captures for the frames that made an event: those of the machine that the event names, of the kind that the event is about.</summary>
/// <param name="explained">The event.</param>
public sealed class EventFrames(ExplainedEvent explained)
{
    private const int MaxFramesShown = 20;
    private const int MaxFrames = 1_000;
    private static readonly TimeSpan Near = TimeSpan.FromSeconds(60); // a claim takes seconds; the rest is what clocks may differ

    private readonly List<(string Capture, long Frame, Instant Time, NbnsMessageKind Kind, NetBiosName Name)> _found = [];

    private string? _capture;
    private bool _areSeveral; // captures

    /// <summary>Whether the event says enough to look for it.</summary>
    public bool IsPossible => explained.Event.Definition is not null && (explained.Event.Address is not null || explained.Event.Name is not null);

    /// <summary>How many name service datagrams were looked at.</summary>
    public long Seen { get; private set; }

    /// <summary>The frames, those near the event's time where its time is known and there are such.</summary>
    public IReadOnlyList<(string Capture, long Frame, Instant Time, NbnsMessageKind Kind, NetBiosName Name)> Found =>
        explained.Time is { } at && _found.FindAll(frame => (frame.Time - at).Duration() <= Near) is { Count: > 0 } near ? near : _found;

    /// <summary>Whether all that was found is of another time than the event.</summary>
    public bool IsOfAnotherTime => explained.Time is { } at && _found.Count > 0 && !_found.Exists(frame => (frame.Time - at).Duration() <= Near);

    /// <summary>Looks at a datagram.</summary>
    /// <param name="capture">What its capture is called.</param>
    /// <param name="datagram">The datagram.</param>
    public void Observe(string capture, in CapturedDatagram datagram)
    {
        Seen++;
        _areSeveral |= _capture is not null && _capture != capture;
        _capture = capture;
        if (_found.Count >= MaxFrames || !NbnsPacket.TryParseLenient(datagram.Payload, out var packet, out _) || !packet.Name.TryGetName(out var name))
            return;
        var kind = NbnsClassification.Classify(packet);
        if (Fits(kind, name, datagram.Source.Address, datagram.Destination.Address))
            _found.Add((capture, datagram.FrameNumber, datagram.Time, kind, name));
    }

    /// <summary>Writes the frames as text.</summary>
    /// <param name="writer">Where to.</param>
    public void Write(ReportWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        var shown = Found;
        writer.WriteHeading($"The frames of {explained}");
        if (!IsPossible)
        {
            writer.WriteLine("The event names neither an address nor a name to look for.");
            return;
        }

        foreach (var (capture, frame, time, kind, name) in shown.Take(MaxFramesShown))
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {(_areSeveral ? capture + " " : "")}frame {frame}, {WallClock.Utc.At(time):yyyy-MM-dd HH:mm:ss.fff}: {kind} {name}"));
        if (shown.Count > MaxFramesShown)
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  … {shown.Count - MaxFramesShown:N0} more"));
        if (explained.Event.Name is null && shown.Select(found => found.Name).Distinct().ToList() is [var only])
            writer.WriteWrapped("", $"The name is {only}. {EventAdvice.WhatIsLost(only)}");
        if (shown.Count == 0)
            writer.WriteWrapped("", string.Create(CultureInfo.InvariantCulture, $"None of {Seen:N0} name service datagrams made it. Capture UDP port 137 on the machine that logs it, over the time when it does."));
        else if (IsOfAnotherTime)
            writer.WriteWrapped("", "They are of another time than the event: of its kind, not of itself.");
        else if (!_areSeveral)
            writer.WriteLine($"For Wireshark: frame.number in {{{string.Join(", ", shown.Take(MaxFramesShown).Select(found => found.Frame.ToString(CultureInfo.InvariantCulture)))}}}");
    }

    /// <summary>Writes the frames as a line of NDJSON.</summary>
    /// <param name="ndjson">Where to.</param>
    public void Write(NdjsonWriter ndjson)
    {
        ArgumentNullException.ThrowIfNull(ndjson);
        ndjson.Write("eventFrames", (one: explained, frames: this), static (line, it) =>
        {
            line.WriteString("subject", it.one.ToString());
            line.WriteBoolean("sameTime", !it.frames.IsOfAnotherTime);
            line.WriteStartArray("frames");
            foreach (var (capture, frame, time, kind, _) in it.frames.Found)
            {
                line.WriteStartObject();
                line.WriteString("capture", capture);
                line.WriteNumber("frame", frame);
                line.WriteString("time", time.ToString());
                line.WriteString("kind", JsonNamingPolicy.CamelCase.ConvertName(kind.ToString()));
                line.WriteEndObject();
            }

            line.WriteEndArray();
        });
    }

    private bool Fits(NbnsMessageKind kind, NetBiosName name, Ipv4Address from, Ipv4Address to) => (explained.Event.Id, kind) switch
    {
        (NetBtEventId.DuplicateName, NbnsMessageKind.NameConflictDemand) => from == explained.Event.Address,
        (NetBtEventId.NameRelease, NbnsMessageKind.NameReleaseRequest or NbnsMessageKind.NameReleaseDemand) => from == explained.Event.Address,
        (NetBtEventId.DuplicateNameError, NbnsMessageKind.NegativeNameRegistrationResponse) =>
            IsItsName(name) && (explained.Event.Address is not { } owner || from == owner) && (explained.Event.InterfaceAddress is not { } own || to == own),
        (NetBtEventId.DuplicateNameError, NbnsMessageKind.NameRegistrationRequest or NbnsMessageKind.NameOverwriteDemand or NbnsMessageKind.NameOverwriteRequest or NbnsMessageKind.MultihomedNameRegistrationRequest) =>
            explained.Event.Name is not null && IsItsName(name) && from == explained.Event.InterfaceAddress,
        _ => false,
    };

    private bool IsItsName(NetBiosName name) => explained.Event.Name is not { } wanted || (wanted.High == name.High && wanted.Low == name.Low);
}
