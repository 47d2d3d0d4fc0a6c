using NbnsSim.Protocol;

namespace NbnsSim.Simulation;

/// <content>The state as octets: save, load, and fingerprint.</content>
public sealed partial class Simulator
{
    /// <summary>
    /// A number of 128 bits that tells this simulation from one that goes on differently: two that are alike but for the time, for what was counted and logged, for the order
    /// of tables that have none, and for ids that only have to differ, have the same one. It is the same in every process and on every machine, for one version of this library.
    /// </summary>
    /// <param name="options">What counts; null for everything.</param>
    /// <remarks>
    /// <para>
    /// It is of use among simulations of one network: how hosts and segments are set up is no part of it. It does not tell which of several names of a name server that run
    /// out within the same second does so first. Numbers of associations between name servers count as they are.
    /// </para>
    /// <para>Two that differ have the same one by chance in one of 2¹²⁸ cases. Nothing is allocated once the room that is kept for it has grown.</para>
    /// </remarks>
    /// <exception cref="StateException">A host's endpoint is no <see cref="IStateEndpoint"/>.</exception>
    public UInt128 Fingerprint(FingerprintOptions? options = null) => Fingerprint(options, more: null);

    /// <summary>The same of a state with something more to it.</summary>
    /// <param name="options">What counts; null for everything.</param>
    /// <param name="more">Writes what else there is behind the simulation's own state; null for nothing.</param>
    internal UInt128 Fingerprint(FingerprintOptions? options, Action<StateCodec>? more) => Fingerprint(options ?? FingerprintOptions.Default, more, out _);

    /// <summary>The same, and whether all could be renamed that is to be.</summary>
    internal UInt128 Fingerprint(FingerprintOptions options, Action<StateCodec>? more, out bool isRenamed)
    {
        var codec = SimulationCodec.ForFingerprints;
        int replicating = 0;
        for (int host = 0; host < HostCount; host++)
            replicating += _hosts[host].Replicates ? 1 : 0;
        codec.BeginFingerprint(Now, options, hasVersions: replicating > 1);
        Carry(codec);
        more?.Invoke(codec.Octets);
        isRenamed = codec.Octets.IsRenamed;
        return OctetHash.Of(codec.Octets.Written);
    }

    /// <summary>Writes the whole state, so that <see cref="Load"/> goes on from there exactly as this simulation does. How its hosts are set up is not written, nor who observes.</summary>
    /// <param name="stream">Where to.</param>
    /// <exception cref="StateException">A host's endpoint is no <see cref="IStateEndpoint"/>.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        StateFile.Write(stream, StateKind.Simulation, SaveOctets());
    }

    /// <summary>Goes on with a simulation that was saved.</summary>
    /// <param name="stream">What <see cref="Save"/> wrote; what stands behind it is left there.</param>
    /// <param name="built">A simulation that was built as the saved one was: the same segments, routers and hosts with endpoints that are set up alike. It stays as it is.</param>
    /// <returns>The simulation; nobody observes it yet.</returns>
    /// <exception cref="StateException">The octets are no state of this version, are damaged, or of a network that was built otherwise, as far as that shows.</exception>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public static Simulator Load(Stream stream, Simulator built)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(built);
        return LoadOctets(StateFile.Read(stream, StateKind.Simulation), built);
    }

    /// <summary>Goes on from octets that <see cref="SaveOctets"/> gave.</summary>
    internal static Simulator LoadOctets(byte[] octets, Simulator built)
    {
        var simulator = new Simulator(built);
        simulator.Carry(new SimulationCodec(StateCodec.Read(octets)));
        return simulator;
    }

    /// <summary>The saved form without its head.</summary>
    internal ReadOnlySpan<byte> SaveOctets()
    {
        var codec = new SimulationCodec(StateCodec.Write());
        Carry(codec);
        return codec.Octets.Written;
    }

    private void Carry(SimulationCodec codec)
    {
        var octets = codec.Octets;
        CarryNetwork(octets);
        if (!octets.IsFingerprint)
        {
            octets.Carry(ref _now);
            octets.Check(_now >= 0, "The time is before the start");
            octets.CarryTally(ref _eventCount);
            octets.CarryTally(ref _sentCount);
            octets.CarryTally(ref _deliveryCount);
            octets.CarryTally(ref _decisionCount);
            octets.Carry(ref _lastTimedOut);
            octets.Carry(ref _lastTimeout);
            octets.Carry(ref _timeoutsAtOneInstant);
        }

        CarryHosts(octets);
        CarryStreams(octets);
        CarryEvents(codec);
        CarryRules(codec);
        if (!octets.IsFingerprint)
            octets.CarryList(_log, sizeof(long), (StateCodec codec, ref LoggedEvent logged) => CarryLogged(codec, ref logged));
        octets.Check(!octets.IsReading || octets.IsAtEnd, "The state goes on where it should end");
    }

    /// <summary>What network it is; the seed follows it, since rules draw from it.</summary>
    private void CarryNetwork(StateCodec octets)
    {
        if (octets.IsFingerprint && !octets.HasDraws)
            return;
        ulong seed = Seed;
        octets.Carry(ref seed);
        Seed = seed;
        if (octets.IsFingerprint)
            return;
        octets.Expect($"{_segments.Count} segments, {_routers.Count} routers, {HostCount} hosts", "The network");
        foreach (var segment in _segments)
            octets.Expect($"{segment.Name} {segment.Subnet} {segment.Latency}", "A segment");
        foreach (var router in _routers)
            octets.Expect($"{router.Name} {router.Latency} {string.Join(' ', router.Segments)}", "A router");
    }

    private void CarryHosts(StateCodec octets)
    {
        for (int place = 0; place < HostCount; place++)
        {
            int index = octets.Renaming?.HostAt(place) ?? place;
            ref HostState host = ref _hosts[index];
            ExpectHost(octets, index);
            octets.Carry(ref host.IsDown);
            if (!octets.IsFingerprint || octets.HasDraws)
                octets.Carry(ref host.SentCount);
            if (host.Endpoint is not IStateEndpoint endpoint)
                throw new StateException($"The endpoint of {NameOf(new HostId(index))} is a {host.Endpoint.GetType().Name}, whose state cannot be written or read.");
            if (!octets.IsReading)
                endpoint.WriteState(octets);
            else
                (host.Endpoint, host.Due) = (endpoint.ReadState(octets), long.MaxValue);
        }
    }

    /// <summary>The interface in whose place one stands in a fingerprint.</summary>
    private int PlaceOf(StateCodec octets, int interfaceIndex)
    {
        if (octets.Renaming is not { } renaming)
            return interfaceIndex;
        int host = _interfaces[interfaceIndex].Host;
        return _hosts[renaming.PlaceOf(host)].FirstInterface + (interfaceIndex - _hosts[host].FirstInterface);
    }

    private void ExpectHost(StateCodec octets, int index)
    {
        if (octets.IsFingerprint)
            return;
        octets.Expect($"{NameOf(new HostId(index))}, {_hosts[index].Endpoint.GetType().Name}", "A host");
        for (int at = _hosts[index].FirstInterface; at < InterfacesEnd(index); at++)
        {
            var address = new Ipv4Address(_interfaces[at].Address);
            octets.Expect($"{address} {MacOf(address.Value)} on {_segments[_interfaces[at].Segment].Name}", "An interface");
        }
    }

    private static void CarryLogged(StateCodec codec, ref LoggedEvent logged)
    {
        int host = logged.Host.Index;
        codec.Carry(ref host);
        logged = new LoggedEvent(new HostId(host), codec.Carry(codec.IsReading ? null : logged.Event));
    }
}
