using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using NbnsSim.Names;
using NbnsSim.NameServers;
using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Wire;

namespace NbnsSim.Scenarios;

/// <content>Hosts.</content>
internal sealed partial class ScenarioReader
{
    private const int MaxHosts = 1_000_000;
    private const int MaxPartners = 64; // of one name server
    private const int MaxHostsTold = 20_000_000; // by all steps and expectations together
    private const int MaxLinesOfHosts = 10_000_000; // LMHOSTS lines and static mappings, once for every host that has them

    private readonly Dictionary<Ipv4Address, string> _hostByAddress = [];
    private readonly List<(JsonValue Value, int Host, int Count)> _nameServerLists = []; // read when all hosts are known

    private readonly List<(List<JsonValue> Items, bool AreStatic, int Host, int Count)> _mappingLists = []; // the same
    private readonly List<(List<JsonValue> Items, string Property, int Host, int Count)> _partnerLists = []; // the same
    private readonly Dictionary<string, ImmutableArray<string>> _hostsByWord = new(StringComparer.Ordinal);
    private long _hostsTold;
    private long _linesOfHosts;

    private void ReadHosts(List<JsonValue> items)
    {
        foreach (var item in items)
            ReadHost(item);
        foreach (var (value, first, count) in _nameServerLists)
        {
            ImmutableArray<Ipv4Address> servers = [.. value.Items.Select(item => ReadHostAddress(item, "nameServers"))];
            if (servers.Length > 12)
                _mistakes.Add(value.Offset, "A node has at most 12 name servers.");
            for (int i = first; i < first + count && servers.Length <= 12; i++)
                _hostByName[_hosts[i].Name] = _hosts[i] = _hosts[i] with { Node = _hosts[i].Node with { NameServers = servers } };
        }

        foreach (var (list, property, first, count) in _partnerLists)
        {
            ImmutableArray<Ipv4Address> partners = [.. list.Select(item => ReadHostAddress(item, property))];
            if (partners.Length > MaxPartners)
                _mistakes.Add(list[0].Offset, $"A name server has at most {MaxPartners} partners.");
            for (int i = first; i < int.Min(first + count, _hosts.Count) && partners.Length <= MaxPartners; i++)
                _hostByName[_hosts[i].Name] = _hosts[i] = _hosts[i] with { NameServer = WithPartners(_hosts[i], property, partners) };
        }

        foreach (var (list, areStatic, first, count) in _mappingLists)
        {
            if (list.Count > 0)
                CountLines(list[0], list.Count, count);
            ImmutableArray<ScenarioStaticMapping> mappings = [.. list.Select(ReadMapping)];
            for (int i = first; i < int.Min(first + count, _hosts.Count); i++)
                _hostByName[_hosts[i].Name] = _hosts[i] = areStatic ? _hosts[i] with { StaticMappings = mappings } : _hosts[i] with { Records = mappings };
        }
    }

    private void ReadHost(JsonValue value)
    {
        var reader = new JsonObjectReader(_mistakes, value, "a host");
        string group = reader.Text<string>("name", "the computer's name, at most 15 characters", ScenarioText.TryBaseName) ?? "";
        var roles = reader.OptionalText("role", "'node', 'nameServer', 'both' or 'none'", TryRoles, HostRoles.Node);
        int count = (int)(reader.OptionalNumber("count", 1, MaxHosts) ?? 1);
        var interfaces = ReadInterfaces(reader);
        var dialect = reader.Find("dialect") is { } chosen ? ReadDialect(chosen) : null;
        var node = ReadNode(reader);
        var held = ReadHeldNames(reader);
        var server = reader.Find("nameServer") is { } configured ? ReadNameServer(configured, _hosts.Count, count) : new NameServerOptions();
        var nameServers = reader.Find("nameServers");
        if (nameServers is not null && nameServers.Type != JsonTokenType.StartArray)
            _mistakes.Add(nameServers.Offset, $"'nameServers' must be an array of addresses or hosts, not {nameServers.Kind}.");
        reader.Finish();
        CountLines(value, (node.LmHosts?.Entries.Length ?? 0) + held.Length, count);

        if (group.Length == 0)
            return;
        int marks = reader.Has("count") ? group.Count(unit => unit == '#') : 0;
        if (count > 1 && (marks == 0 || !group.Contains(new string('#', marks), StringComparison.Ordinal) || count > Math.Pow(10, Math.Min(marks, 9)) - 1))
            _mistakes.Add(value.Offset, $"{count} hosts need a name with enough '#' for their numbers, such as \"PC####\".");
        if (_hosts.Count + count > MaxHosts)
        {
            _mistakes.Add(value.Offset, $"A scenario has at most {MaxHosts} hosts.");
            return;
        }

        if (!_groups.TryAdd(group, []))
        {
            _mistakes.Add(value.Offset, $"There is a host '{group}' already.");
            return;
        }

        if (nameServers is not null)
            _nameServerLists.Add((nameServers, _hosts.Count, count));
        for (int i = 0; i < count; i++)
        {
            AddHost(value, new ScenarioHost
            {
                Name = marks == 0 ? group : group.Replace(new string('#', marks), (i + 1).ToString(CultureInfo.InvariantCulture).PadLeft(marks, '0'), StringComparison.Ordinal),
                Group = group,
                Roles = roles,
                Interfaces = [.. interfaces.Select(place => place with { Address = new Ipv4Address(place.Address.Value + (uint)i) })],
                Dialect = dialect,
                Node = node,
                NameServer = server,
                HeldNames = held,
            });
        }
    }

    /// <summary>Notes where hosts have more to remember, all together, than there is room for.</summary>
    private void CountLines(JsonValue value, int lines, int hosts)
    {
        long before = _linesOfHosts;
        _linesOfHosts += (long)lines * hosts;
        if (before <= MaxLinesOfHosts && _linesOfHosts > MaxLinesOfHosts)
            _mistakes.Add(value.Offset, $"The hosts have more than {MaxLinesOfHosts} LMHOSTS lines, held names and mappings together.");
    }

    private void AddHost(JsonValue value, ScenarioHost host)
    {
        if (!_hostByName.TryAdd(host.Name, host))
            _mistakes.Add(value.Offset, $"There is a host '{host.Name}' already.");
        foreach (var place in host.Interfaces)
        {
            if (!_segmentByName.TryGetValue(place.Segment, out var segment))
                continue; // said already
            var subnet = segment.Subnet;
            if (!subnet.Contains(place.Address) || (subnet.PrefixLength < 31 && (place.Address == subnet.Network || place.Address == subnet.BroadcastAddress)))
                _mistakes.Add(value.Offset, $"'{host.Name}': {place.Address} is not a host's address in {subnet} of segment '{segment.Name}'.");
            else if (!_hostByAddress.TryAdd(place.Address, host.Name))
                _mistakes.Add(value.Offset, $"'{host.Name}': '{_hostByAddress[place.Address]}' has {place.Address} already.");
        }

        _hosts.Add(host);
        _groups[host.Group].Add(host.Name);
    }

    private List<ScenarioInterface> ReadInterfaces(JsonObjectReader host)
    {
        if (host.Find("interfaces") is not { } list)
            return [ReadInterface(host)];
        if (list.Type != JsonTokenType.StartArray || list.Items.Count is 0 or > EndNodeOptions.MaxInterfaces)
            _mistakes.Add(list.Offset, $"'interfaces' must be an array of 1 to {EndNodeOptions.MaxInterfaces} interfaces.");
        return list.Items.ConvertAll(item =>
        {
            var reader = new JsonObjectReader(_mistakes, item, "an interface");
            var place = ReadInterface(reader);
            reader.Finish();
            return place;
        });
    }

    private ScenarioInterface ReadInterface(JsonObjectReader reader)
    {
        int before = _mistakes.Count;
        var address = reader.Text<Ipv4Address>("address", ScenarioText.AddressExpected, ScenarioText.TryAddress);
        bool isAddress = _mistakes.Count == before;
        var named = reader.Find("segment");
        string segment = named is not null ? FindSegment(named, named.Text)?.Name ?? "" : _segments.Count == 1 ? _segments[0].Name : "";
        if (named is null && _segments.Count > 1)
            reader.Require("segment", $"one of {JsonObjectReader.Listed(_segments.Select(other => other.Name))}");
        var mac = reader.Has("mac") ? reader.OptionalText<MacAddress>("mac", "an Ethernet address such as \"00-A0-24-01-02-03\"", ScenarioText.TryMac) : (MacAddress?)null;
        reader.Find("mac");
        return new ScenarioInterface(isAddress ? segment : "", address, mac); // an address that is none stands nowhere: that is said already
    }

    private EndNodeOptions ReadNode(JsonObjectReader reader) => new()
    {
        NodeType = reader.Has("nodeType") ? reader.OptionalText<OwnerNodeType>("nodeType", "'B', 'P', 'M' or 'H'", ScenarioText.TryEnum) : Unset<OwnerNodeType>(reader, "nodeType"),
        Workgroup = reader.OptionalText<string>("workgroup", "a name of at most 15 characters", ScenarioText.TryBaseName),
        Scope = reader.OptionalText("scope", "a scope such as \"NET.EXAMPLE\"", ScenarioText.TryScope, NetBiosScope.Empty),
        EnableProxy = reader.Flag("enableProxy"),
        EnableProxyRegCheck = reader.Flag("enableProxyRegCheck"),
        IsOnPublicNetwork = reader.Flag("publicNetwork"),
        RandomAdapter = reader.Flag("randomAdapter"),
        SingleResponse = reader.Flag("singleResponse"),
        LmHosts = reader.Find("lmHosts") is { } lines ? ReadLmHosts(lines) : null,
    };

    private LmHostsFile ReadLmHosts(JsonValue lines)
    {
        if (lines.Type != JsonTokenType.StartArray || lines.Items.Exists(line => line.Type != JsonTokenType.String || line.Text.Contains('\n', StringComparison.Ordinal)))
        {
            _mistakes.Add(lines.Offset, "'lmHosts' must be an array of lines such as \"10.0.0.2 FRED #PRE\".");
            return LmHostsFile.Parse("");
        }

        var file = LmHostsFile.Parse(string.Join('\n', lines.Items.Select(line => line.Text)));
        foreach (var problem in file.Problems)
            _mistakes.Add(lines.Items[problem.Line - 1].Offset, $"'lmHosts': {problem.Problem}.");
        return file;
    }

    private NameServerOptions ReadNameServer(JsonValue value, int first, int count)
    {
        var reader = new JsonObjectReader(_mistakes, value, "a name server");
        var dialect = reader.Find("dialect") is { } given ? ReadServerDialect(reader, given) : NameServerDialect.Windows2000;
        var options = new NameServerOptions
        {
            Dialect = reader.OptionalNumber("burstThreshold", 0, 5000) is { } threshold ? dialect with { BurstThreshold = (int)threshold } : dialect,
            MigrateOn = reader.Flag("migrateOn"),
            RequestsPerSecond = (int)(reader.OptionalNumber("requestsPerSecond", 0, 1_000_000) ?? 0),
        };
        foreach (string property in (string[])["partners", "pullsFrom", "notifies"])
        {
            if (reader.Has(property))
                _partnerLists.Add((reader.Items(property, "addresses or hosts"), property, first, count));
            else
                reader.Find(property);
        }

        foreach (string property in (string[])["static", "records"])
        {
            if (reader.Has(property))
                _mappingLists.Add((reader.Items(property, "mappings"), property == "static", first, count));
            else
                reader.Find(property);
        }

        reader.Finish();
        return options;
    }

    /// <summary>Partners are both pulled from and notified. A host is no partner of itself.</summary>
    private static NameServerOptions WithPartners(ScenarioHost host, string property, ImmutableArray<Ipv4Address> partners)
    {
        ImmutableArray<Ipv4Address> others = [.. partners.Where(partner => !host.Interfaces.Any(place => place.Address == partner))];
        var options = host.NameServer;
        if (property is "partners" or "pullsFrom")
            options = options with { PullsFrom = [.. options.PullsFrom.Union(others)] };
        return property is "partners" or "notifies" ? options with { Notifies = [.. options.Notifies.Union(others)] } : options;
    }

    /// <summary>A preset's name, or an object with a preset and switches.</summary>
    private NameServerDialect ReadServerDialect(JsonObjectReader server, JsonValue value)
    {
        if (value.Type != JsonTokenType.StartObject)
            return server.Parse<NameServerDialect>(value, "dialect", $"{ScenarioText.ServerDialectExpected}, or an object", NameServerDialect.TryFind) ?? NameServerDialect.Windows2000;
        var reader = new JsonObjectReader(_mistakes, value, "a name server's dialect");
        var preset = reader.Text<NameServerDialect>("preset", ScenarioText.ServerDialectExpected, NameServerDialect.TryFind);
        var dialect = ServerDialectSwitches.Read(reader, preset ?? NameServerDialect.Windows2000);
        reader.Finish();
        return dialect;
    }

    private ImmutableArray<ScenarioHeldName> ReadHeldNames(JsonObjectReader host)
    {
        var items = host.Items("held", "names that it holds from the start");
        if (items.Count > EndNodeOptions.MaxNames)
        {
            _mistakes.Add(items[0].Offset, $"A node holds at most {EndNodeOptions.MaxNames} names.");
            return [];
        }

        return [.. items.Select(item =>
        {
            var reader = new JsonObjectReader(_mistakes, item, "a held name");
            var held = new ScenarioHeldName(reader.Text<NetBiosName>("name", ScenarioText.NameExpected, ScenarioText.TryName), reader.Flag("group"));
            reader.Finish();
            return held;
        })];
    }

    private ScenarioStaticMapping ReadMapping(JsonValue value)
    {
        var reader = new JsonObjectReader(_mistakes, value, "a mapping");
        var name = reader.Text<NetBiosName>("name", ScenarioText.NameExpected, ScenarioText.TryName);
        int before = _mistakes.Count;
        var type = reader.OptionalText("type", ScenarioText.Expected<NameRecordType>(), ScenarioText.TryEnum, NameRecordType.Unique);
        ImmutableArray<Ipv4Address> addresses = [.. reader.Items("addresses", "addresses or hosts").Select(item => ReadHostAddress(item, "addresses"))];
        int most = type == NameRecordType.Unique ? 1 : 25; // MS-NBTE §3.2.1
        if (_mistakes.Count == before && (addresses.Length > most || (addresses.IsEmpty && type != NameRecordType.NormalGroup)))
            _mistakes.Add(value.Offset, type == NameRecordType.Unique ? "A unique name has one address." : $"A mapping of this type has 1 to {most} addresses.");
        reader.Finish();
        return new ScenarioStaticMapping(name, type, addresses);
    }

    private static T? Unset<T>(JsonObjectReader reader, string name)
        where T : struct
    {
        reader.Find(name);
        return null;
    }

    private static bool TryRoles(string text, out HostRoles roles)
    {
        roles = text switch
        {
            "node" => HostRoles.Node,
            "nameServer" => HostRoles.NameServer,
            "both" => HostRoles.Node | HostRoles.NameServer,
            _ => HostRoles.None,
        };
        return roles != HostRoles.None || text == "none";
    }

    /// <summary>An address, or a host's first one.</summary>
    private Ipv4Address ReadHostAddress(JsonValue value, string name)
    {
        if (value.Type == JsonTokenType.String)
        {
            if (Ipv4Address.TryParse(value.Text, out var address))
                return address;
            if (_hostByName.TryGetValue(value.Text, out var host))
                return host.Interfaces.Length > 0 ? host.Interfaces[0].Address : default;
        }

        _mistakes.Add(value.Offset, $"'{name}' must be {ScenarioText.HostAddressExpected}, not {(value.Type == JsonTokenType.String ? $"\"{value.Text}\"" : value.Kind)}.");
        return default;
    }

    private Ipv4Address? ReadOptionalHostAddress(JsonObjectReader reader, string name) =>
        reader.Find(name) is { } value ? ReadHostAddress(value, name) : null;

    /// <summary>A host, a group of hosts, or an array of such; those asked for must have the roles.</summary>
    private ImmutableArray<string> ReadHostNames(JsonValue? value, string name, HostRoles roles = HostRoles.None)
    {
        if (value is null)
            return [];
        if (value.Type == JsonTokenType.String && _hostsByWord.TryGetValue(value.Text + (int)roles, out var known))
        {
            CountHosts(value, known.Length);
            return known;
        }

        var names = ImmutableArray.CreateBuilder<string>();
        var words = new HashSet<string>(StringComparer.Ordinal);
        if (value.Type == JsonTokenType.StartArray && value.Items.Count == 0)
            _mistakes.Add(value.Offset, $"'{name}' must have at least one host in it.");
        foreach (var item in value.Type == JsonTokenType.StartArray ? value.Items : [value])
        {
            List<string>? found = null;
            if (item.Type == JsonTokenType.String && !_groups.TryGetValue(item.Text, out found) && _hostByName.ContainsKey(item.Text))
                found = [item.Text];
            if (found is null)
            {
                string seen = item.Type == JsonTokenType.String ? $"\"{item.Text}\"" : item.Kind;
                _mistakes.Add(item.Offset, $"'{name}' must be the name of a host ({JsonObjectReader.Listed(_groups.Keys.Take(8))}), not {seen}.");
                continue;
            }

            if (!words.Add(item.Text))
            {
                _mistakes.Add(item.Offset, $"'{name}' has \"{item.Text}\" twice.");
                continue;
            }

            if (!CountHosts(item, found.Count))
                break;
            foreach (string host in found)
            {
                if ((_hostByName[host].Roles & roles) != roles)
                    _mistakes.Add(item.Offset, $"'{name}': '{host}' is no {(roles == HostRoles.Node ? "node" : "name server")}.");
                names.Add(host);
            }
        }

        var all = names.ToImmutable();
        if (value.Type == JsonTokenType.String)
            _hostsByWord[value.Text + (int)roles] = all; // a group of a million hosts is told many things
        return all;
    }

    /// <summary>Notes where the steps and expectations are about more hosts, all together, than anybody waits for.</summary>
    private bool CountHosts(JsonValue value, int hosts)
    {
        long before = _hostsTold;
        _hostsTold += hosts;
        if (before <= MaxHostsTold && _hostsTold > MaxHostsTold)
            _mistakes.Add(value.Offset, $"The steps and expectations name more than {MaxHostsTold} hosts together.");
        return _hostsTold <= MaxHostsTold;
    }
}
