using System.Collections.Immutable;
using NbnsSim.Diagnosis;

namespace NbnsSim.Testing.Traffic;

/// <summary>A kind of network in which something happens, or nothing does; a seed makes one of it. <see cref="TrafficClasses"/> has them all.</summary>
/// <example>
/// <code>
/// var run = TrafficClasses.Find("forged-release-broadcast")!.Play(seed: 7, backgroundHosts: 12);
/// foreach (var sighting in run.Mirror)
///     Console.WriteLine($"{sighting.Packet}: {run.LabelOf(sighting.Packet).Role}");
/// </code>
/// </example>
public sealed class TrafficClass
{
    /// <summary>The most machines of <see cref="Play"/>'s background: they stand in one subnet of 254 addresses with those of the class.</summary>
    public const int MaxBackgroundHosts = 150;

    private readonly Func<TrafficNetwork, TrafficTruth> _make;

    internal TrafficClass(string id, TrafficKind kind, string cause, string title, Func<TrafficNetwork, TrafficTruth> make)
    {
        (Id, Kind, Cause, Title) = (id, kind, cause, title);
        _make = make;
    }

    /// <summary>Its name in file names and on a command line, such as <c>forged-release-broadcast</c>.</summary>
    public string Id { get; }

    /// <summary>Whether it is an attack, a fault or harmless.</summary>
    public TrafficKind Kind { get; }

    /// <summary>What happens there, an id of <see cref="Causes"/>; empty where nothing is wrong, and where the diagnosis has no cause for it (<see cref="IsUnknownToDiagnosis"/>).</summary>
    public string Cause { get; }

    /// <summary>Which of the ways in which it happens.</summary>
    public string Title { get; }

    /// <summary>Other causes that are told of it with equal right; an empty one where nothing need be told.</summary>
    public ImmutableArray<string> Or { get; init; } = [];

    /// <summary>What may be told besides, since it is true as well.</summary>
    public ImmutableArray<string> Also { get; init; } = [];

    /// <summary>Harmless causes that are told of a near miss.</summary>
    public ImmutableArray<string> HarmlessCauses { get; init; } = [];

    /// <summary>The causes of which the diagnosis tells one or more; empty where it tells none, or none that does harm.</summary>
    public ImmutableArray<string> ToldAs => [.. ((string[])[Cause, .. Or, .. HarmlessCauses]).Where(id => id.Length > 0)];

    /// <summary>Why the diagnosis has no cause for it (<see cref="IsUnknownToDiagnosis"/>), in half a sentence; empty for all others.</summary>
    public string WhyUntold { get; init; } = "";

    /// <summary>Whether it is an attack that no cause of the diagnosis stands for: packets that are good to the letter, or say nothing of who sends them.</summary>
    public bool IsUnknownToDiagnosis => Kind == TrafficKind.Attack && Cause.Length == 0;

    /// <summary>Whether <c>tests/DIAGNOSIS.md</c> says how often the diagnosis is right about it.</summary>
    public bool IsScored { get; internal set; }

    /// <summary>What it is, in a sentence.</summary>
    public string Meaning => Causes.Find(Cause) is { } cause ? $"{cause.Title}: {Title}" : Title;

    /// <summary>Plays it: the same class, seed and numbers give the same datagrams, octet for octet.</summary>
    /// <param name="seed">What names, addresses, adapters, times and neighbours follow from.</param>
    /// <param name="backgroundHosts">How many machines that have nothing to do with it are added: B, P, M and H nodes of several eras with a name server of their own.</param>
    /// <param name="lostPartsPerMillion">How many of all datagrams are lost, and as many overtaken, with up to 8 ms of jitter; 0 for none of it.</param>
    /// <exception cref="ArgumentOutOfRangeException">More than <see cref="MaxBackgroundHosts"/> machines, or less than none.</exception>
    public TrafficRun Play(ulong seed, int backgroundHosts = 0, uint lostPartsPerMillion = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(backgroundHosts);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(backgroundHosts, MaxBackgroundHosts);
        var network = new TrafficNetwork(seed, ToString());
        var truth = _make(network);
        if (backgroundHosts > 0)
            TrafficBackground.Add(network, backgroundHosts, RandomStream.Derive(seed, $"background of {this}"));
        network.Run(lostPartsPerMillion);
        return new TrafficRun(this, seed, network, truth);
    }

    /// <summary>Its cause and which way: what its randomness follows from besides the seed.</summary>
    public override string ToString() => $"{(Cause.Length > 0 ? Cause : IsUnknownToDiagnosis ? Id : "nothing wrong")}: {Title}";
}
