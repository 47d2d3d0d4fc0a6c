using System.Collections.Immutable;
using System.Globalization;
using NbnsSim.NameServers;
using NbnsSim.Protocol;
using NbnsSim.Scenarios;
using NbnsSim.Wire;

namespace NbnsSim.Comparing;

/// <content>What machines are like, and whom they ask.</content>
public static partial class ScenarioChanges
{
    private const int MaxServers = 12; // of a node

    /// <summary>Dialects and their switches; null where the key is neither.</summary>
    private static Scenario? NodeOrServerSetting(Scenario scenario, ScenarioHost? host, string key, string? value)
    {
        bool isServerOnly = host?.Roles == HostRoles.NameServer;
        if (key == "dialect" && !isServerOnly && value is not null)
        {
            var preset = NetBtDialect.TryFind(value, out var found) ? found : throw NoDialect(value, NetBtDialect.All.Select(dialect => dialect.Name));
            return WithNodes(scenario, host, choice => choice with { Preset = preset });
        }

        if (((key == "dialect" && isServerOnly) || key == "serverDialect") && value is not null)
        {
            var preset = NameServerDialect.TryFind(value, out var found) ? found : throw NoDialect(value, NameServerDialect.All.Select(dialect => dialect.Name));
            return WithServers(scenario, host, _ => preset);
        }

        var change = new DialectSwitch(key, value ?? DialectSwitch.Word(true));
        if (DialectSwitches.ExpectedOf(key) is { } ofNodes)
        {
            Try(change, ofNodes, () => DialectSwitches.Set(NetBtDialect.Windows2000, change));
            return WithNodes(scenario, host, choice => choice with { Switches = [.. (choice.Switches.IsDefault ? [] : choice.Switches).Where(other => other.Name != key), change] });
        }

        if (ServerDialectSwitches.ExpectedOf(key) is not { } ofServers)
            return null;
        Try(change, ofServers, () => ServerDialectSwitches.Set(NameServerDialect.Windows2000, change));
        return WithServers(scenario, host, dialect => ServerDialectSwitches.Set(dialect, change));
    }

    private static void Try(DialectSwitch change, string expected, Func<object> set)
    {
        try
        {
            set();
        }
        catch (ArgumentException e)
        {
            throw new FormatException($"'{change.Name}' cannot be '{change.Value}': expected {expected}.", e);
        }
    }

    private static FormatException NoDialect(string name, IEnumerable<string> all) => new($"There is no dialect '{name}': expected {JsonObjectReader.Listed(all)}.{Suggestion.For(name, all)}");

    private static Scenario WithNodes(Scenario scenario, ScenarioHost? host, Func<DialectChoice, DialectChoice> change)
    {
        if (host is { } one)
            return With(scenario, Node(one) with { Dialect = change(one.Dialect ?? scenario.Dialect) });
        return scenario with
        {
            Dialect = change(scenario.Dialect),
            Hosts = [.. scenario.Hosts.Select(each => each.Dialect is { } own ? each with { Dialect = change(own) } : each)],
        };
    }

    private static Scenario WithServers(Scenario scenario, ScenarioHost? host, Func<NameServerDialect, NameServerDialect> change)
    {
        if (!scenario.Hosts.Any(IsServer))
            throw new FormatException($"There is no name server in '{scenario.Name}'.");
        if (host is { } one && !IsServer(one))
            throw new FormatException($"{one.Name} is no name server: expected {JsonObjectReader.Listed(scenario.Hosts.Where(IsServer).Select(server => server.Name))}.");
        return scenario with { Hosts = [.. scenario.Hosts.Select(each => IsServer(each) && (host is null || each == host) ? each with { NameServer = each.NameServer with { Dialect = change(each.NameServer.Dialect) } } : each)] };
    }

    private static Scenario SetNodeType(Scenario scenario, ScenarioHost? host, string text)
    {
        if (!Enum.TryParse<OwnerNodeType>(text, ignoreCase: true, out var type) || text.Length != 1 || char.IsDigit(text[0]))
            throw new FormatException($"'{text}' is no node type: expected 'B', 'P', 'M' or 'H'.");
        return WithNodeOptions(scenario, host, each => each with { Node = each.Node with { NodeType = type } });
    }

    private static Scenario WithNodeOptions(Scenario scenario, ScenarioHost? host, Func<ScenarioHost, ScenarioHost> change) => host is { } one
        ? With(scenario, change(Node(one)))
        : scenario with { Hosts = [.. scenario.Hosts.Select(each => each.Roles.HasFlag(HostRoles.Node) ? change(each) : each)] };

    /// <summary>Whom nodes ask: none, these, or these too. For all, <c>none</c> switches the name servers off and leaves the nodes as they are: they ask, and nobody answers.</summary>
    private static Scenario SetNameServers(Scenario scenario, ScenarioHost? host, string text, bool adds)
    {
        if (text.Equals("none", StringComparison.OrdinalIgnoreCase) && !adds)
            return host is null ? WithoutServers(scenario) : With(scenario, Node(host) with { Node = host.Node with { NameServers = [] } });
        ImmutableArray<Ipv4Address> addresses = [.. text.Split(',', StringSplitOptions.TrimEntries).Select(Address)];
        foreach (var address in addresses)
            scenario = WithServerAt(scenario, address);
        bool isAsked = scenario.Hosts.Any(each => !each.Node.NameServers.IsEmpty);
        return WithNodeOptions(scenario, host is null ? null : scenario.Hosts.First(each => each.Name == host.Name), each =>
        {
            if (adds && host is null && isAsked && each.Node.NameServers.IsEmpty)
                return each; // who asks no name server asks no second one
            ImmutableArray<Ipv4Address> all = adds ? [.. each.Node.NameServers.Union(addresses)] : [.. addresses.Distinct()];
            return all.Length <= MaxServers
                ? each with { Node = each.Node with { NameServers = all } }
                : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"{each.Name} would have {all.Length} name servers: a node has at most {MaxServers}."));
        });

        Ipv4Address Address(string word) => Ipv4Address.TryParse(word, out var address) ? address
            : scenario.Hosts.FirstOrDefault(each => each.Name.Equals(word, StringComparison.OrdinalIgnoreCase)) is { } named ? named.Interfaces[0].Address
            : throw new FormatException($"'{word}' is no name server: expected none, {ScenarioText.HostAddressExpected}.{Suggestion.For(word, scenario.Hosts.Select(each => each.Name))}");
    }

    /// <summary>The name servers are off from the start; whoever is a node too stays one.</summary>
    private static Scenario WithoutServers(Scenario scenario)
    {
        if (!scenario.Hosts.Any(IsServer))
            throw new FormatException($"There is no name server in '{scenario.Name}' to switch off.");
        return scenario with
        {
            Hosts = [.. scenario.Hosts.Select(host => IsServer(host) ? host with { Roles = host.Roles & ~HostRoles.NameServer, StaticMappings = [], Records = [], NameServer = new NameServerOptions() } : host)],
            Steps = [.. scenario.Steps.Where(step => step is not (ReplicateStep or PushStep))],
        };
    }

    /// <summary>A name server at an address: the one that is there, the host there made one, or a new host. A new one replicates with those there are, as a second WINS does.</summary>
    private static Scenario WithServerAt(Scenario scenario, Ipv4Address address)
    {
        var there = scenario.Hosts.FirstOrDefault(host => host.Interfaces.Any(place => place.Address == address));
        if (there is not null && IsServer(there))
            return scenario;
        var partners = scenario.Hosts.Where(IsServer).ToList();
        ImmutableArray<Ipv4Address> others = [.. partners.Select(partner => partner.Interfaces[0].Address)];
        var options = new NameServerOptions { Dialect = partners.FirstOrDefault()?.NameServer.Dialect ?? NameServerDialect.Windows2000, PullsFrom = others, Notifies = others };
        var host = there is not null ? there with { Roles = there.Roles | HostRoles.NameServer, NameServer = options } : NewServer(scenario, address, options);
        scenario = there is not null ? With(scenario, host) : scenario with { Hosts = scenario.Hosts.Add(host) };
        foreach (var partner in partners)
        {
            var server = partner.NameServer;
            scenario = With(scenario, partner with { NameServer = server with { PullsFrom = server.PullsFrom.Add(address), Notifies = server.Notifies.Add(address) } });
        }

        return scenario;
    }

    private static ScenarioHost NewServer(Scenario scenario, Ipv4Address address, NameServerOptions options)
    {
        var segment = scenario.Segments.FirstOrDefault(segment => segment.Subnet.Contains(address))
            ?? throw new FormatException($"{address} is on no segment: expected an address in {JsonObjectReader.Listed(scenario.Segments.Select(one => one.Subnet.ToString()))}.");
        if (segment.Subnet.PrefixLength < 31 && (address == segment.Subnet.Network || address == segment.Subnet.BroadcastAddress))
            throw new FormatException($"{address} is no host's address in {segment.Subnet}.");
        string name = Enumerable.Range(2, scenario.Hosts.Length + 1).Select(number => string.Create(CultureInfo.InvariantCulture, $"WINS{number}"))
            .First(free => !scenario.Hosts.Any(host => host.Name.Equals(free, StringComparison.OrdinalIgnoreCase)));
        return new ScenarioHost { Name = name, Group = name, Roles = HostRoles.NameServer, Interfaces = [new ScenarioInterface(segment.Name, address)], NameServer = options };
    }

    private static ScenarioHost Node(ScenarioHost host) => host.Roles.HasFlag(HostRoles.Node) ? host : throw new FormatException($"{host.Name} is no node.");

    private static bool IsServer(ScenarioHost host) => host.Roles.HasFlag(HostRoles.NameServer);

    private static Scenario With(Scenario scenario, ScenarioHost host)
    {
        int index = scenario.Hosts.Select((each, i) => (each, i)).First(one => one.each.Name == host.Name).i;
        return scenario with { Hosts = scenario.Hosts.SetItem(index, host) };
    }
}
