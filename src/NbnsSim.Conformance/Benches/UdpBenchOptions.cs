using System.Collections.Immutable;
using NbnsSim.Wire;

namespace NbnsSim.Conformance.Benches;

/// <summary>Where a peer is on the network, and how the runner stands around it.</summary>
public sealed record UdpBenchOptions
{
    /// <summary>What a client can be told to do.</summary>
    public static IReadOnlyList<string> Verbs { get; } = ["query", "status", "register", "release"];

    /// <summary>The peer's address and port.</summary>
    public required Ipv4Endpoint Subject { get; init; }

    /// <summary>The runner's own addresses, which this machine must have; the first is station A. They use the peer's port number.</summary>
    public ImmutableArray<Ipv4Address> Stations { get; init; } = [.. Enumerable.Range(51, 4).Select(last => new Ipv4Address(Ipv4Address.Loopback.Value & 0xFF00_0000u | (uint)last))];

    /// <summary>The broadcast address of the peer's segment; null for no broadcasts.</summary>
    public Ipv4Address? Broadcast { get; init; }

    /// <summary>Names that the peer holds, where its node status does not tell.</summary>
    public SubjectNames Names { get; init; } = SubjectNames.None;

    /// <summary>
    /// The shell command that is the peer, in the foreground: the runner starts it, ends it by SIGTERM, and starts it again where a case needs a fresh one. <c>{type}</c> in it becomes the
    /// node type, <c>{server}</c> the name server's address; without them a case that gives the peer one cannot be run. Null where the peer runs already.
    /// </summary>
    public string? StartCommand { get; init; }

    /// <summary>The node types that <see cref="StartCommand"/> can be; by default all where it says <c>{type}</c>, else B.</summary>
    public ImmutableArray<OwnerNodeType> StartTypes
    {
        get => field.IsDefault ? StartCommand?.Contains("{type}", StringComparison.Ordinal) == true ? [OwnerNodeType.B, OwnerNodeType.P, OwnerNodeType.M, OwnerNodeType.H] : [OwnerNodeType.B] : field;
        init;
    }

    /// <summary>What the peer's machine does for it on command: a shell command for <c>query</c>, <c>status</c>, <c>register</c> and <c>release</c>, with <c>{name}</c>, <c>{suffix}</c> and <c>{address}</c> in it.</summary>
    public ImmutableDictionary<string, string> Commands { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>How long a peer that is started may take until it answers.</summary>
    public TimeSpan StartTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Whoever started the tests wants no more: nothing is waited for any longer, and a case that is being run is given up.</summary>
    public CancellationToken Stop { get; init; }

    /// <summary>The most datagrams that are sent in a second.</summary>
    public int DatagramsPerSecond { get; init; } = 2000;

    /// <summary>Where the clock comes from.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Who holds it to <see cref="DatagramsPerSecond"/>, where other benches test the same peer; null for one of its own.</summary>
    internal SendingPace? Pace { get; init; }
}
