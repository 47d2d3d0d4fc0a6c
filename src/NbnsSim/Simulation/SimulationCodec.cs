using NbnsSim.Protocol;

namespace NbnsSim.Simulation;

/// <summary>A codec for a whole simulation, with room for what has to be put in order. One is kept for each thread, so that fingerprints allocate nothing.</summary>
internal sealed class SimulationCodec(StateCodec octets)
{
    [ThreadStatic]
    private static SimulationCodec? t_forFingerprints;

    /// <summary>Events in order.</summary>
    public EventQueue<SimulationEvent>.Waiting[] Events = [];

    /// <summary>What orders events of one time that have no order.</summary>
    public UInt128[] Hashes = [];

    /// <summary>The one that makes fingerprints on this thread.</summary>
    public static SimulationCodec ForFingerprints => t_forFingerprints ??= new SimulationCodec(StateCodec.Write());

    /// <summary>The octets.</summary>
    public StateCodec Octets => octets;

    /// <summary>Datagrams under way that have been written, in the order of their first appearance.</summary>
    public IdOrder Packets { get; } = new();

    /// <summary>The numbers of datagrams: copies of one have one number.</summary>
    public IdOrder Numbers { get; } = new();

    /// <summary>Datagrams under way that have been read.</summary>
    public List<int> Read { get; } = [];

    /// <summary>The events of datagrams that are to be overtaken, by rule, datagram and receiver.</summary>
    public Dictionary<(int Rule, int Packet, int Receiver), int> Overtaken { get; } = [];

    /// <summary>The events at which rules end.</summary>
    public Dictionary<int, int> RuleEnds { get; } = [];

    /// <summary>Begins a fingerprint.</summary>
    public void BeginFingerprint(Instant now, FingerprintOptions options, bool hasVersions)
    {
        octets.BeginFingerprint(now, options.HasDraws, hasVersions, options.IsUnordered, options.Renaming);
        Packets.Clear();
        Numbers.Clear();
    }
}
