using System.Runtime.CompilerServices;
using NbnsSim.Protocol;

namespace NbnsSim.Simulation;

/// <content>How datagrams travel.</content>
public sealed partial class Simulator
{
    /// <summary>Takes the datagram that a host wrote to the scratch buffer; from its own address unless another is given.</summary>
    private void Send(int host, in Transmit transmit, Ipv4Address? source = null)
    {
        int sender = _hosts[host].FirstInterface + transmit.InterfaceIndex;
        if (transmit.InterfaceIndex < 0 || sender >= InterfacesEnd(host))
            throw new InvalidOperationException($"{NameOf(new HostId(host))} sends on interface {transmit.InterfaceIndex}, which it does not have.");
        var place = _interfaces[sender];
        var segment = _segments[place.Segment];
        var destination = transmit.Destination.Address;
        int packet = _packets.Add(_scratch.AsSpan(0, transmit.Length));
        ref PacketHeader header = ref _packets[packet];
        header.Number = ++_sentCount;
        header.SenderNumber = ++_hosts[host].SentCount;
        header.Source = source?.Value ?? place.Address;
        header.SourcePort = transmit.SourcePort;
        header.Destination = destination.Value;
        header.DestinationPort = transmit.Destination.Port;
        header.IsBroadcast = transmit.IsBroadcast || destination == Ipv4Address.Broadcast || destination.IsMulticast || destination == segment.Subnet.BroadcastAddress;
        header.Sender = sender;
        header.Router = 0;
        header.Hops = 0;
        header.Decision = transmit.Decision;

        if (_watchers.Length > 0)
        {
            var datagram = Observe(packet);
            foreach (var observer in _watchers)
                observer.Sent(this, datagram);
        }

        if (header.IsBroadcast)
        {
            Carry(packet, place.Segment, MacOf(place.Address), MacAddress.Broadcast);
            _queue.Push(After(segment.Latency), new SimulationEvent { Kind = SimulationEventKind.FanOut, Packet = packet, Target = place.Segment });
            return;
        }

        int target = FindInterface(destination.Value);
        if (target < 0)
            Lose(packet, new DeliveryFate(DeliveryFateKind.NoSuchHost, null));
        else if (_interfaces[target].Host == host)
            _queue.Push(After(segment.Latency), new SimulationEvent { Kind = SimulationEventKind.LateArrival, Packet = packet, Target = target }); // looped back inside the host: no link, no frame
        else
            Forward(packet, target, place.Segment, MacOf(place.Address));
    }

    /// <summary>Puts a unicast datagram on a segment: to its receiver if that stands there, to the next router otherwise.</summary>
    private void Forward(int packet, int target, int segment, MacAddress source)
    {
        int last = _interfaces[target].Segment;
        long latency = _segments[segment].Latency;
        if (last == segment)
        {
            Carry(packet, segment, source, MacOf(_interfaces[target].Address));
            _queue.Push(After(latency), new SimulationEvent { Kind = SimulationEventKind.Arrival, Packet = packet, Target = target });
            return;
        }

        (int router, int next) = NextHop(segment, last);
        if (router < 0)
        {
            Lose(packet, new DeliveryFate(DeliveryFateKind.NoRoute, new HostId(_interfaces[target].Host)));
            return;
        }

        Carry(packet, segment, source, Router.MacOn(router, segment));
        _packets[packet].Router = (ushort)router;
        _queue.Push(After(latency + _routers[router].Latency), new SimulationEvent
        {
            Kind = SimulationEventKind.Hop,
            Packet = packet,
            Target = target,
            Detail = (ushort)next,
        });
    }

    private void PassOn(int packet, int target, int segment)
    {
        ref PacketHeader header = ref _packets[packet];
        header.Hops++;
        Forward(packet, target, segment, Router.MacOn(header.Router, segment));
    }

    private void Carry(int packet, int segment, MacAddress source, MacAddress destination)
    {
        if (_watchers.Length == 0)
            return;
        var frame = FrameOf(packet, segment, source, destination);
        var datagram = Observe(packet);
        foreach (var observer in _watchers)
            observer.Carried(this, datagram, frame);
    }

    /// <summary>A broadcast reaches its segment: everybody hears it but the interface that sent it. The rules are looked at for each.</summary>
    private void FanOut(int packet, int segment)
    {
        var header = _packets[packet];
        var datagram = Incoming(header, _packets.Payload(packet), interfaceIndex: 0); // read once for all who hear it
        var now = Now;
        int rules = SelectRules(header, datagram);
        bool isObserved = _watchers.Length > 0;
        var frame = isObserved ? FrameOf(packet, segment, MacOf(_interfaces[header.Sender].Address), MacAddress.Broadcast) : default; // one for all
        var seen = isObserved ? Observe(packet) : default;
        int delivered = 0;
        foreach (int receiver in _segments[segment].Members)
        {
            ref InterfaceState place = ref _interfaces[receiver];
            ref HostState host = ref _hosts[place.Host];
            if (receiver == header.Sender || host.IsDown)
                continue;
            if (isObserved || rules > 0)
                TellUnheard(); // before what others see of this receiver
            if (rules > 0 && !Obey(rules, packet, receiver))
                continue;
            if (isObserved)
                TellReceived(seen, frame, receiver);
            delivered++;
            if (receiver == host.FirstInterface)
                Hand(place.Host, host.IsQuiet, host.Endpoint, now, datagram);
            else
                Hand(place.Host, host.IsQuiet, host.Endpoint, now, datagram.On(receiver - host.FirstInterface));
        }

        TellUnheard();
        _deliveryCount += delivered;
        _packets.Release(packet);
    }

    private void Arrive(int packet, int receiver, bool obeyRules)
    {
        var header = _packets[packet];
        int index = _interfaces[receiver].Host;
        ref HostState host = ref _hosts[index];
        if (host.IsDown)
        {
            Lose(packet, new DeliveryFate(DeliveryFateKind.HostDown, new HostId(index)));
            return;
        }

        var datagram = Incoming(header, _packets.Payload(packet), receiver - host.FirstInterface);
        int rules = obeyRules ? SelectRules(header, datagram) : 0;
        if (rules == 0 || Obey(rules, packet, receiver))
        {
            TellReceived(packet, receiver);
            _deliveryCount++;
            Hand(index, host.IsQuiet, host.Endpoint, Now, datagram);
            TellUnheard();
        }

        _packets.Release(packet);
    }

    /// <summary>Hands a datagram to an endpoint, and sees to what comes of it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Hand(int host, bool isQuiet, INbnsEndpoint endpoint, Instant now, in Datagram datagram)
    {
        if (!isQuiet)
        {
            endpoint.HandleDatagram(now, datagram);
        }
        else if (Unsafe.As<IQuietEndpoint>(endpoint).HandleOrLeave(now, datagram) is { } rule) // what it is was asked once
        {
            if (_hearsDecisions)
                TakeUnheard(host, rule, datagram);
            return;
        }

        TellUnheard();
        Drain(host, endpoint);
    }

    private Datagram Incoming(in PacketHeader header, ReadOnlySpan<byte> payload, int interfaceIndex)
    {
        TellUnheard(); // left over where an endpoint threw
        _unheard = default; // said of another datagram
        return new Datagram(
            payload,
            new Ipv4Endpoint(new Ipv4Address(header.Source), header.SourcePort),
            new Ipv4Endpoint(new Ipv4Address(header.Destination), header.DestinationPort),
            header.IsBroadcast,
            interfaceIndex,
            header.Decision);
    }

    private void TellReceived(int packet, int receiver)
    {
        if (_watchers.Length == 0)
            return;
        ref InterfaceState place = ref _interfaces[receiver];
        ref PacketHeader header = ref _packets[packet];
        var frame = FrameOf(
            packet,
            place.Segment,
            header.Hops > 0 ? Router.MacOn(header.Router, place.Segment) : MacOf(_interfaces[header.Sender].Address),
            header.IsBroadcast ? MacAddress.Broadcast : MacOf(place.Address));
        TellReceived(Observe(packet), frame, receiver);
    }

    private void TellReceived(in SimulatedDatagram datagram, in SimulatedFrame frame, int receiver)
    {
        int host = _interfaces[receiver].Host;
        foreach (var observer in _watchers)
            observer.Received(this, datagram, frame, new HostId(host), receiver - _hosts[host].FirstInterface);
    }

    private SimulatedFrame FrameOf(int packet, int segment, MacAddress source, MacAddress destination)
    {
        ref PacketHeader header = ref _packets[packet];
        byte timeToLive = (byte)Math.Max(1, SimulatedFrame.InitialTimeToLive - header.Hops);
        return new SimulatedFrame(new SegmentId(segment), source, destination, timeToLive, (ushort)header.SenderNumber);
    }

    private void Lose(int packet, in DeliveryFate fate)
    {
        Tell(packet, fate);
        _packets.Release(packet);
    }

    private void Tell(int packet, in DeliveryFate fate)
    {
        if (_watchers.Length == 0)
            return;
        var datagram = Observe(packet);
        foreach (var observer in _watchers)
            observer.Diverted(this, datagram, fate);
    }
}
