using System.Globalization;
using NbnsSim.Diagnosis;
using NbnsSim.Names;
using NbnsSim.Nodes;
using NbnsSim.Scenarios;
using NbnsSim.Wire;
using Kind = NbnsSim.Messages.NbnsMessageKind;

namespace NbnsSim.Twins;

/// <content>What a captured request becomes: a command, or itself.</content>
internal sealed partial class TwinBuilder
{
    private const int MaxLosses = 1_000;

    /// <summary>A machine that comes back claims its names within this.</summary>
    private static readonly TimeSpan Startup = TimeSpan.FromSeconds(10);

    private void Claim(TwinPacket packet, TwinMachine machine, EndNode node)
    {
        bool isReversed = _habits[machine].Seen.ContainsKey("reversesRecursionOfClaims");
        if (packet.IsBroadcast && packet.Kind == (isReversed ? Kind.NameRegistrationRequest : Kind.NameOverwriteDemand))
        {
            Inject(packet, machine, "its twin claims the name without such a demand");
            return;
        }

        if (node.GetNameState(packet.Name) is not null)
        {
            if (machine.IsNameServer || !StartsAnew(packet, machine, node))
            {
                Inject(packet, machine, "it claims a name that it holds already");
                return;
            }

            Do(new CrashStep(Now) { Hosts = [machine.Name] });
            Do(new RestartStep(Now, Forgets: true) { Hosts = [machine.Name], Note = $"frame {packet.Frame}" });
            Inferences.Add(new TwinInference(TwinInferenceKind.Restart, machine.Name, Certainty.Possible,
                $"from frame {packet.Frame} on it claims again what it holds: it was started anew, or its network was gone"));
        }

        if (node.NameCount >= EndNodeOptions.MaxNames)
        {
            Inject(packet, machine, string.Create(CultureInfo.InvariantCulture, $"it claims more than the {EndNodeOptions.MaxNames} names that a node can have"));
            return;
        }

        var command = packet.Entry.Flags.IsGroup ? NodeCommand.AddGroupName : IsUser(packet, machine) ? NodeCommand.Logon : NodeCommand.AddName;
        Do(Step(packet, machine, command));
        if (!_watch.TryTake(packet, Now))
            _watch.Promise(packet, packet.Time + Tolerance(packet));
    }

    /// <summary>Whether a machine claims not one of the names that it holds again, but several, as one does that starts.</summary>
    private static bool StartsAnew(TwinPacket packet, TwinMachine machine, EndNode node)
    {
        int again = machine.Asked(packet.Time, packet.Time + Startup).Where(exchange => exchange.First.Kind == packet.Kind)
            .Select(exchange => exchange.First.Name).Distinct().Count(name => node.GetNameState(name) is not null);
        return again >= Math.Min(2, node.NameCount);
    }

    /// <summary>Whether a machine releases names, not just one, at its name server and claims them again at once, sooner than any that starts anew: <c>nbtstat -RR</c>.</summary>
    private static bool RenewsAll(TwinPacket packet, TwinMachine machine, EndNode node)
    {
        if (packet.IsBroadcast || !node.Options.Dialect.HasReleaseRefresh || node.GetNameState(packet.Name) is null || !machine.NameServers.Contains(packet.Destination))
            return false;
        var names = new HashSet<NetBiosName>();
        var claimed = new HashSet<NetBiosName>();
        foreach (var exchange in machine.Asked(packet.Time - AtOnce, packet.Time + AtOnce + Usual))
        {
            var first = exchange.First;
            if (first is { Kind: Kind.NameReleaseRequest, IsBroadcast: false } && first.Time - packet.Time <= AtOnce)
                names.Add(first.Name);
            else if (!first.IsBroadcast && TwinExchange.ClassOf(first.Kind) == RequestClass.Claim && names.Contains(first.Name))
                claimed.Add(first.Name);
        }

        return names.Count > 1 && claimed.Count == names.Count;
    }

    private void Ask(TwinPacket packet, TwinExchange exchange, TwinMachine machine, EndNode node)
    {
        var type = machine.NodeType;
        bool byPlan = packet.IsBroadcast
            ? type is OwnerNodeType.B or OwnerNodeType.M
            : type is OwnerNodeType.P or OwnerNodeType.H && machine.NameServers.IndexOf(packet.Destination) == 0 && !(type == OwnerNodeType.H && EndsThere(exchange, machine));
        if (!byPlan && packet.IsBroadcast)
        {
            Inject(packet, machine, $"a query by broadcast, where {Article(type)} {type} node asks its name server first");
            return;
        }

        Command(packet, machine, node, NodeCommand.Query, "its twin cannot ask so", byPlan ? default : packet.Destination);
    }

    /// <summary>Whether an H node's query ended with its name server's word that it does not know the name: a broadcast would follow (Q119493).</summary>
    private static bool EndsThere(TwinExchange exchange, TwinMachine machine) =>
        exchange.Answers.Exists(answer => answer.Kind == Kind.NegativeNameQueryResponse)
        && !machine.Exchanges.Exists(other => other.First is { Kind: Kind.NameQueryRequest, IsBroadcast: true } first && first.Name == exchange.First.Name
            && first.Time >= exchange.First.Time && first.Time - exchange.Last.Time < Usual * 3);

    private static string Article(OwnerNodeType type) => type is OwnerNodeType.H or OwnerNodeType.M ? "an" : "a";

    /// <summary>Gives a command; one that sends nothing is taken back, and the packet sent as it was captured.</summary>
    private void Command(TwinPacket packet, TwinMachine machine, EndNode node, NodeCommand command, string otherwise, Ipv4Address of = default)
    {
        var step = Step(packet, machine, command, of);
        int before = _watch.All.Count;
        int pending = node.GetPendingRequests().Length;
        Do(step);
        if (_watch.TryTake(packet, Now))
            return;
        _watch.Promise(packet, packet.Time + Tolerance(packet));
        if (_watch.All.Count == before && node.GetPendingRequests().Length == pending)
        {
            _steps.Remove(step);
            Inject(packet, machine, otherwise);
        }
    }

    private NodeStep Step(TwinPacket packet, TwinMachine machine, NodeCommand command, Ipv4Address of = default) => new(Now, command)
    {
        Hosts = [machine.Name],
        Name = command is NodeCommand.Logon or NodeCommand.Logoff or NodeCommand.Refresh || (command == NodeCommand.NodeStatus && packet.Name.IsWildcard) ? default : packet.Name,
        User = command is NodeCommand.Logon or NodeCommand.Logoff ? packet.Name.BaseName : "",
        Address = command switch { NodeCommand.NodeStatus => packet.Destination, NodeCommand.CorrectNameServer => packet.Entry.Address, _ => of },
        IsGroup = command == NodeCommand.CorrectNameServer && packet.Entry.Flags.IsGroup,
        TransactionId = command == NodeCommand.Refresh ? null : packet.TransactionId,
        Tries = command is NodeCommand.Query or NodeCommand.NodeStatus ? TriesOf(packet, machine) : null,
        RecursionDesired = command != NodeCommand.Query || of == default || packet.RecursionDesired,
        Note = $"frame {packet.Frame}",
    };

    /// <summary>How often a program asks that does not ask as often as its machine does; null for one that does, that has its answer before, or that the capture's end may have cut.</summary>
    private int? TriesOf(TwinPacket packet, TwinMachine machine)
    {
        var exchange = _evidence.ExchangeOf[packet];
        int tries = exchange.Tries.Count;
        if (exchange.Answers.Count > 0 || tries > 100 || tries == _habits[machine].TriesOf(exchange.First) || (_evidence.End - exchange.Last.Time < Tolerance(packet) && tries < 3))
            return null;
        return tries;
    }

    /// <summary>Whether a name is a user's, and one that a command can have: the Messenger service claims the computer's name with this suffix, too (MS-NBTE appendix A &lt;3&gt;).</summary>
    private static bool IsUser(TwinPacket packet, TwinMachine machine) =>
        packet.Name.Suffix == NameSuffix.Messenger && !packet.Entry.Flags.IsGroup && packet.Name.Scope.Equals(machine.Scope)
        && !packet.Name.BaseName.Equals(machine.Name, StringComparison.Ordinal) && ScenarioText.TryBaseName(packet.Name.BaseName, out _)
        && new NetBiosName(packet.Name.BaseName, NameSuffix.Messenger, packet.Name.Scope) == packet.Name;

    /// <summary>Sends a packet as it was captured.</summary>
    private void Inject(TwinPacket packet, TwinMachine machine, string why)
    {
        if (Simulator.FindHost(machine.Name) is not { } host || !Simulator.IsUp(host) || packet.Payload.Length is 0 or > 1472)
            return;
        int index = Math.Max(0, machine.Addresses.IndexOf(packet.Source));
        _watch.ExpectByHand(Now, packet.Source, packet.Destination, packet.Payload);
        Do(new SendStep(Now, [.. packet.Payload])
        {
            Hosts = [machine.Name],
            To = packet.IsBroadcast ? null : packet.Destination,
            InterfaceIndex = index,
            Note = $"frame {packet.Frame}, as it was captured: {why}",
        });
        Inferences.Add(new TwinInference(TwinInferenceKind.Injected, machine.Name, Certainty.Proven, $"frame {packet.Frame}: {why}") { Frame = packet.Frame, Why = why });
    }
}
