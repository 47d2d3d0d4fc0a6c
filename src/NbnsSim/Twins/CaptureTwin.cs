using System.Collections.Immutable;
using System.Globalization;
using NbnsSim.Captures;
using NbnsSim.Diagnosis;
using NbnsSim.Replay;
using NbnsSim.Scenarios;
using NbnsSim.Wire;

namespace NbnsSim.Twins;

/// <summary>
/// A capture as a scenario: the machines that it shows, their segments, dialects, names and name servers, and every command with its time, so that the simulator does again what was captured,
/// and can do it otherwise. What the capture shows and what is inferred are kept apart: see <see cref="Inferences"/>.
/// </summary>
/// <remarks>
/// What passes no wire that was captured is not in it: replication between name servers, static mappings and LMHOSTS, machines that say nothing, and how a machine was stopped. Of a capture of more
/// than 100,000 name service packets only these are used.
/// </remarks>
/// <example>
/// <code>
/// var twin = CaptureTwin.Make(CaptureReader.Open(path), "office");
/// Console.WriteLine($"{twin.Scenario.Hosts.Length} machines, {twin.Compare().Agreement:0} % of the packets again");
/// using var file = new MemoryStream();
/// twin.Scenario.Write(file); // what Scenario.Read reads
/// </code>
/// </example>
public sealed class CaptureTwin
{
    private readonly TwinEvidence _evidence;
    private readonly Dictionary<TwinMachine, TwinHabits> _habits;

    private CaptureTwin(TwinEvidence evidence, TwinAttempt attempt, Dictionary<TwinMachine, TwinHabits> habits, ImmutableArray<TwinInference> inferences)
    {
        (_evidence, _habits) = (evidence, habits);
        Scenario = attempt.Scenario;
        Inferences = inferences;
    }

    /// <summary>The scenario.</summary>
    public Scenario Scenario { get; }

    /// <summary>What in it is inferred, and how sure that is.</summary>
    public ImmutableArray<TwinInference> Inferences { get; }

    /// <summary>What the clock of the capture shows when the scenario begins: with its first name service packet, or earlier by what a request needs that it has not from its beginning.</summary>
    public Instant Start => _evidence.Start;

    /// <summary>The name service packets of the capture, in order of time.</summary>
    public IReadOnlyList<TwinPacket> Packets => _evidence.Packets;

    /// <summary>How many datagrams the twin leaves out: they cannot be read, are about no name, or came over IPv6.</summary>
    public long Unread => _evidence.Unread;

    /// <summary>How many packets came again in the same words within 200 ms, and are counted once: no node repeats itself so soon (RFC 1002 §6), though Samba's sends on two sockets, and a router passes it on.</summary>
    public long Repeated => _evidence.Repeated;

    /// <summary>How many name service packets are beyond the 100,000 that make a twin.</summary>
    public long BeyondMost => _evidence.BeyondMost;

    /// <summary>Makes the twin of a capture, which is read to its end.</summary>
    /// <param name="capture">The capture, at its beginning.</param>
    /// <param name="name">What the scenario is called.</param>
    public static CaptureTwin Make(CaptureReader capture, string name)
    {
        using var datagrams = new DatagramReader(capture, CaptureFile.NameService);
        return Make(datagrams, name);
    }

    /// <summary>Makes the twin of a capture that is read in the caller's way: its counts and its damage stay with the reader.</summary>
    /// <param name="datagrams">The capture's datagrams, from the first.</param>
    /// <param name="name">What the scenario is called.</param>
    public static CaptureTwin Make(DatagramReader datagrams, string name)
    {
        ArgumentNullException.ThrowIfNull(datagrams);
        ArgumentException.ThrowIfNullOrEmpty(name);
        var evidence = TwinEvidence.Read(datagrams);
        var found = new List<TwinInference>();
        var (machines, network, habits) = Look(evidence, found);
        var owner = machines.SelectMany(machine => machine.Addresses, (machine, address) => (machine, address)).ToDictionary(one => one.address, one => habits[one.machine]);
        var whole = evidence.WithWhatWasBefore(exchange => owner.TryGetValue(exchange.First.Source, out var habit) ? habit.Missing(exchange, evidence) : default);
        if (whole != evidence)
        {
            evidence = whole;
            found.Clear();
            (machines, network, habits) = Look(evidence, found);
        }

        var trials = new TwinTrials(evidence, machines, habits, network, name);
        var attempt = trials.Best();
        foreach (var machine in machines)
        {
            foreach (var held in machine.HeldNames)
                found.Add(new TwinInference(TwinInferenceKind.HeldName, machine.Name, Certainty.Likely, $"it held {held.Name} before the capture begins: it answers, refreshes or releases it, and does not claim it first"));
            found.Add(new TwinInference(TwinInferenceKind.NodeType, machine.Name, machine.ToldType == machine.NodeType ? Certainty.Proven : Certainty.Likely, NodeTypeOf(machine)));
        }

        foreach (var machine in machines)
        {
            if (habits[machine].Load is { } load)
            {
                found.Add(new TwinInference(TwinInferenceKind.Dialect, machine.Name, Certainty.Likely, string.Create(CultureInfo.InvariantCulture,
                    $"as a name server it serves {load.PerSecond} requests a second, {(load.GrantsUnseen ? "and grants claims unseen while many wait" : "and grants none unseen")}: while requests wait, {load.Share} % of its answers come at that pace")));
            }
        }

        found.AddRange(trials.Guesses);
        found.AddRange(attempt.Inferences);
        return new CaptureTwin(evidence, attempt, habits, [.. found.OrderBy(inference => inference.Kind)]);
    }

    /// <summary>Runs the scenario and lines its packets up with the captured ones.</summary>
    public TwinComparison Compare() => new TwinComparer(_evidence, _habits, Inferences, explains: true).Compare(Scenario);

    /// <summary>When a frame of the capture was captured, by the scenario's time; null where it has no name service packet.</summary>
    /// <param name="frame">The frame.</param>
    public Instant? TimeOf(long frame) => _evidence.Packets.Find(packet => packet.Frame == frame)?.Time;

    private static (List<TwinMachine> Machines, TwinNetwork Network, Dictionary<TwinMachine, TwinHabits> Habits) Look(TwinEvidence evidence, List<TwinInference> found)
    {
        var machines = TwinMachines.Find(evidence, found);
        var network = new TwinNetwork(evidence, machines, found);
        machines.RemoveAll(machine => !network.Has(machine));
        return (machines, network, machines.ToDictionary(machine => machine, machine => new TwinHabits(machine, evidence)));
    }

    private static string NodeTypeOf(TwinMachine machine)
    {
        string told = machine.ToldType is { } type ? $", and it calls itself {(type is OwnerNodeType.M or OwnerNodeType.H ? "an" : "a")} {type} node" : "";
        string servers = machine.NameServers.Count == 0 ? "" : $" with {string.Join(", ", machine.NameServers)}";
        return machine.NodeType switch
        {
            OwnerNodeType.B => machine.IsNameServer ? "a name server: it grants names or asks for patience; it acts as a B node itself" : $"a B node: it asks no name server{told}",
            OwnerNodeType.P => $"a P node{servers}: it claims nothing by broadcast{told}",
            OwnerNodeType.M => $"an M node{servers}: it broadcasts before it asks{told}",
            _ => $"an H node{servers}: it asks before it broadcasts{told}",
        };
    }
}
