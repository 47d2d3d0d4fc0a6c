using NbnsSim.NameServers;
using NbnsSim.Names;
using NbnsSim.Protocol;

namespace NbnsSim.Scenarios;

/// <content>Hosts.</content>
internal sealed partial class ScenarioWriter
{
    private void WriteHost(ScenarioHost host)
    {
        _json.WriteString("name", host.Name);
        if (host.Roles != HostRoles.Node)
            _json.WriteString("role", host.Roles switch { HostRoles.None => "none", HostRoles.NameServer => "nameServer", _ => "both" });
        if (host.Interfaces.Length == 1)
            WriteInterface(host.Interfaces[0]);
        else
            Array("interfaces", host.Interfaces, WriteInterface);
        if (host.Dialect is { } dialect)
            WriteDialect("dialect", dialect);
        var node = host.Node;
        if (node.NodeType is { } type)
            _json.WriteString("nodeType", type.ToString());
        Text("workgroup", node.Workgroup);
        Text("scope", node.Scope.ToString(), "");
        Addresses("nameServers", node.NameServers);
        Flag("enableProxy", node.EnableProxy);
        Flag("enableProxyRegCheck", node.EnableProxyRegCheck);
        Flag("publicNetwork", node.IsOnPublicNetwork);
        Flag("randomAdapter", node.RandomAdapter);
        Flag("singleResponse", node.SingleResponse);
        if (node.LmHosts is { } lines)
            Texts("lmHosts", lines.Entries.Select(LineOf));
        if (!host.HeldNames.IsEmpty)
        {
            Array("held", host.HeldNames, held =>
            {
                _json.WriteString("name", held.Name.ToString());
                Flag("group", held.IsGroup);
            });
        }

        if (host.Roles.HasFlag(HostRoles.NameServer))
            WriteNameServer(host);
    }

    private void WriteInterface(ScenarioInterface place)
    {
        _json.WriteString("segment", place.Segment);
        _json.WriteString("address", place.Address.ToString());
        Text("mac", place.Mac?.ToString());
    }

    private void WriteNameServer(ScenarioHost host)
    {
        var server = host.NameServer;
        _json.WriteStartObject("nameServer");
        WriteServerDialect(server.Dialect);
        Flag("migrateOn", server.MigrateOn);
        if (server.RequestsPerSecond != 0)
            _json.WriteNumber("requestsPerSecond", server.RequestsPerSecond);
        Addresses("pullsFrom", server.PullsFrom);
        Addresses("notifies", server.Notifies);
        if (!host.StaticMappings.IsEmpty)
            Array("static", host.StaticMappings, WriteMapping);
        if (!host.Records.IsEmpty)
            Array("records", host.Records, WriteMapping);
        _json.WriteEndObject();
    }

    private void WriteMapping(ScenarioStaticMapping mapping)
    {
        _json.WriteString("name", mapping.Name.ToString());
        if (mapping.Type != NameRecordType.Unique)
            Choice<NameRecordType>("type", mapping.Type);
        Addresses("addresses", mapping.Addresses);
    }

    /// <summary>A line of LMHOSTS that says the same: the name quoted, so that its case and spaces stay.</summary>
    private static string LineOf(LmHostsEntry entry)
    {
        string name = entry.Suffix is { } suffix ? $"\"{entry.Name.PadRight(NetBiosName.BaseSize)}\\0x{(byte)suffix:X2}\"" : entry.Name.Contains(' ', StringComparison.Ordinal) ? $"\"{entry.Name}\"" : entry.Name;
        return $"{entry.Address} {name}{(entry.IsPreloaded ? " #PRE" : "")}{(entry.Domain is { } domain ? $" #DOM:{domain}" : "")}"
            + $"{(entry.SpecialGroup is { } group ? $" #SG:{group}" : "")}{(entry.IsMultihomed ? " #MH" : "")}";
    }
}
