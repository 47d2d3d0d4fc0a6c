using System.Collections.Immutable;
using System.Globalization;
using NbnsSim.Names;
using NbnsSim.Scenarios;

namespace NbnsSim.Testing.Chaos;

/// <summary>Draws what people and services do: few users and names, so that several machines want one.</summary>
internal sealed class ChaosCommands
{
    private const int CommandsPerHost = 3;
    private const int MostSeconds = 240;

    private static readonly TimeSpan LookingTime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan BootTime = TimeSpan.FromSeconds(20);

    private readonly ChaosDraws _draws;
    private readonly ChaosNetwork _network;
    private readonly ImmutableArray<string> _users;
    private readonly ImmutableArray<NetBiosName> _names;
    private readonly ImmutableArray<NetBiosName> _groups;

    public ChaosCommands(ulong seed, ChaosNetwork network)
    {
        (_draws, _network) = (new ChaosDraws(seed, "commands"), network);
        int shared = Math.Max(1, network.Nodes.Length / 3);
        _users = [.. Enumerable.Range(1, shared).Select(i => string.Create(CultureInfo.InvariantCulture, $"USER{i}"))];
        _names = [.. Enumerable.Range(1, shared).Select(i => new NetBiosName(string.Create(CultureInfo.InvariantCulture, $"APP{i}"), NameSuffix.Server))];
        _groups = [.. Enumerable.Range(1, shared).Select(i => new NetBiosName(string.Create(CultureInfo.InvariantCulture, $"TEAM{i}"), NameSuffix.Workstation))];
        End = Instant.Epoch + TimeSpan.FromSeconds(_draws.Between(30, MostSeconds));
        var steps = network.Nodes.Select(node => (ScenarioStep)new NodeStep(_draws.Time(Instant.Epoch, Instant.Epoch + BootTime), NodeCommand.Boot) { Hosts = [node.Name] }).ToList();
        int commands = _draws.Below((network.Nodes.Length * CommandsPerHost) + 1);
        for (int i = 0; i < commands; i++)
            Add(steps);
        Steps = [.. steps];
    }

    /// <summary>When the last is done.</summary>
    public Instant End { get; }

    /// <summary>What is done, in no order.</summary>
    public ImmutableArray<ScenarioStep> Steps { get; }

    /// <summary>Near the end of the quiet time somebody looks for each name that several machines may have wanted: who asks by broadcast is who notices a duplicate (RFC 1002 §5.1.1.5).</summary>
    /// <param name="end">The end of the quiet time.</param>
    public IEnumerable<ScenarioStep> LastQueries(Instant end)
    {
        var at = end - LookingTime;
        foreach (var asker in _network.Askers)
        {
            yield return new NodeStep(at, NodeCommand.PurgeCache) { Hosts = [asker.Name] };
            foreach (var name in _users.Select(user => new NetBiosName(user, NameSuffix.Messenger)).Concat(_names))
                yield return new NodeStep(at, NodeCommand.Query) { Hosts = [asker.Name], Name = name };
        }
    }

    private void Add(List<ScenarioStep> steps)
    {
        var at = _draws.Time(Instant.Epoch, End);
        ImmutableArray<string> hosts = [_draws.OneOf(_network.Users).Name];
        switch (_draws.Below(20))
        {
            case < 5:
                steps.Add(new NodeStep(at, NodeCommand.Logon) { Hosts = hosts, User = _draws.OneOf(_users) });
                break;
            case < 7:
                steps.Add(new NodeStep(at, NodeCommand.Logoff) { Hosts = hosts, User = _draws.OneOf(_users) });
                break;
            case < 9:
                steps.Add(new NodeStep(at, NodeCommand.AddName) { Hosts = hosts, Name = _draws.OneOf(_names) });
                break;
            case 9:
                steps.Add(new NodeStep(at, NodeCommand.AddGroupName) { Hosts = hosts, Name = _draws.OneOf(_groups) });
                break;
            case 10:
                steps.Add(new NodeStep(at, NodeCommand.DeleteName) { Hosts = hosts, Name = _draws.OneOf(_draws.Percent(50) ? _names : _groups) });
                break;
            case < 15:
                steps.Add(new NodeStep(at, NodeCommand.Query) { Hosts = hosts, Name = AnyName() });
                break;
            case 15:
                steps.Add(new NodeStep(at, NodeCommand.NodeStatus) { Hosts = hosts, Address = _draws.OneOf(_network.Nodes).Interfaces[0].Address });
                break;
            case 16:
                steps.Add(new NodeStep(at, NodeCommand.Refresh) { Hosts = hosts });
                break;
            case 17:
                steps.Add(new NodeStep(at, NodeCommand.PurgeCache) { Hosts = hosts });
                break;
            case 18:
                steps.Add(new NodeStep(at, NodeCommand.Shutdown) { Hosts = hosts });
                if (_draws.Percent(70))
                    steps.Add(new NodeStep(_draws.Time(at, End), NodeCommand.Boot) { Hosts = hosts });
                break;
            default:
                if (_network.Servers is [var one, var other])
                    steps.Add(new ReplicateStep(at, [other.Name]) { Hosts = [one.Name] });
                else
                    steps.Add(new NodeStep(at, NodeCommand.Query) { Hosts = hosts, Name = AnyName() });
                break;
        }
    }

    private NetBiosName AnyName() => _draws.Below(4) switch
    {
        0 => new NetBiosName(_draws.OneOf(_users), NameSuffix.Messenger),
        1 => _draws.OneOf(_names),
        2 => _draws.OneOf(_groups),
        _ => new NetBiosName(_draws.OneOf(_network.Nodes).Name, NameSuffix.Workstation),
    };
}
