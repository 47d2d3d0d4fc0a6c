using System.Collections.Immutable;
using System.Globalization;
using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Scenarios;
using NbnsSim.Wire;

namespace NbnsSim.Testing.Chaos;

/// <summary>Draws what outsiders send in some networks: machines without NetBIOS, one on each segment from which something is forged, tell nodes of names that these may have.</summary>
internal sealed class ChaosForgeries
{
    private const int NetworksOfHundred = 20;
    private const int MostDatagrams = 6;
    private const ushort HostNumber = 0xFFFE; // the last address of a segment, which no node has

    private readonly ChaosDraws _draws;
    private readonly ChaosNetwork _network;
    private readonly ILookup<string, NetBiosName> _wanted;
    private readonly SortedDictionary<string, ScenarioHost> _outsiders = new(StringComparer.Ordinal);

    public ChaosForgeries(ulong seed, ChaosOptions options, ChaosNetwork network, ChaosCommands commands)
    {
        (_draws, _network) = (new ChaosDraws(seed, "forgeries"), network);
        _wanted = commands.Steps.OfType<NodeStep>().Where(step => step.Command is NodeCommand.Logon or NodeCommand.AddName or NodeCommand.AddGroupName)
            .SelectMany(step => step.Hosts.Select(host => (Host: host, Name: step.Command == NodeCommand.Logon ? new NetBiosName(step.User, NameSuffix.Messenger) : step.Name)))
            .ToLookup(one => one.Host, one => one.Name, StringComparer.Ordinal);
        if (!_draws.Percent(NetworksOfHundred) || !options.Faults.HasFlag(ChaosFaults.Forge))
            return;
        Steps = [.. Enumerable.Range(0, _draws.Between(1, MostDatagrams)).Select(_ => Forge(_draws.Time(Instant.Epoch, commands.End)))];
        Outsiders = [.. _outsiders.Values];
    }

    /// <summary>Who sends it.</summary>
    public ImmutableArray<ScenarioHost> Outsiders { get; } = [];

    /// <summary>What they send, in no order.</summary>
    public ImmutableArray<ScenarioStep> Steps { get; } = [];

    private SendStep Forge(Instant at)
    {
        var target = _draws.OneOf(_network.Nodes);
        var place = target.Interfaces[0];
        var name = Name(target);
        ushort id = (ushort)_draws.Between(0, ushort.MaxValue);
        bool isGroup = _draws.Percent(20);
        var entry = new NbEntry(new NbFlags(isGroup, OwnerNodeType.B), place.Address);
        NbnsMessage message = _draws.Below(4) switch
        {
            0 => new NameReleaseRequest(id, name, entry),
            1 => new NameConflictDemand(id, name, OwnerNodeType.B),
            2 => new NegativeNameQueryResponse(id, name, NbnsRcode.NameError),
            _ => new NegativeNameRegistrationResponse(id, name, NbnsRcode.ActiveError, entry),
        };
        return new SendStep(at, [.. message.ToArray()]) { Hosts = [OutsiderOn(place).Name], To = _draws.Percent(20) ? null : place.Address };
    }

    /// <summary>A name that a node has or may want: its own, its workgroup's, or one that is asked for at it.</summary>
    private NetBiosName Name(ScenarioHost host) => _draws.Below(4) switch
    {
        0 => new NetBiosName(host.Name, NameSuffix.Workstation),
        1 => new NetBiosName(host.Name, NameSuffix.Server),
        2 => new NetBiosName(host.Node.Workgroup!, NameSuffix.Workstation),
        _ => _wanted[host.Name].ToList() is { Count: > 0 } wanted ? _draws.OneOf(wanted) : new NetBiosName(host.Name, NameSuffix.Workstation),
    };

    private ScenarioHost OutsiderOn(ScenarioInterface place)
    {
        if (_outsiders.TryGetValue(place.Segment, out var known))
            return known;
        string name = string.Create(CultureInfo.InvariantCulture, $"OUTSIDER-{place.Segment}");
        var address = new Ipv4Address((place.Address.Value & ~(uint)ushort.MaxValue) | HostNumber);
        return _outsiders[place.Segment] = new ScenarioHost { Name = name, Group = name, Roles = HostRoles.None, Interfaces = [new ScenarioInterface(place.Segment, address)] };
    }
}
