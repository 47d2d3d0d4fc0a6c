using System.Globalization;
using System.Text;
using NbnsSim.Names;
using NbnsSim.Nodes;

namespace NbnsSim.Reports;

/// <summary>
/// The tables of Windows' <c>nbtstat</c>: <c>-n</c>, <c>-c</c>, <c>-r</c> and <c>-A</c>. Pure functions over rows; lines end with <c>\n</c>.
/// </summary>
/// <remarks>
/// Layouts: <c>-n</c> Q139608, <c>-c</c> Q150800, <c>-A</c> and <c>-r</c> consoles of later Windows, whose columns are those of <c>-n</c>.
/// How far knowledge base articles are indented is their editors' doing; we indent by three.
/// </remarks>
public static class NbtStat
{
    /// <summary>What <c>nbtstat -A</c> says when nobody answers (Q175935).</summary>
    public const string HostNotFound = "Host not found.";

    /// <summary>What <c>nbtstat -c</c> says when there is nothing to show, and later Windows' <c>-n</c> as well.</summary>
    public const string NoNamesInCache = "No names in cache";

    /// <summary><c>nbtstat -n</c>: the node's own names, in the order given.</summary>
    /// <param name="address">The node's address.</param>
    /// <param name="scope">The node's scope.</param>
    /// <param name="rows">Its names.</param>
    /// <param name="style">Whose layout.</param>
    /// <param name="connection">The connection's name, which later Windows prints first; null for none.</param>
    public static string FormatLocalNames(
        Ipv4Address address, NetBiosScope scope, ReadOnlySpan<NbtStatNameRow> rows, NbtStatStyle style = default, string? connection = null)
    {
        var text = Begin(address, scope, style, connection);
        return (rows.IsEmpty ? Nothing(text, style) : Names(text, rows, style, style == NbtStatStyle.WindowsNt ? 14 : 16, "NetBIOS Local Name Table")).ToString();
    }

    /// <summary><c>nbtstat -A</c>: another node's names, from its node status response.</summary>
    /// <param name="address">The address of the node that asked.</param>
    /// <param name="scope">The scope of the node that asked.</param>
    /// <param name="rows">The names in the response; see <see cref="NbtStatNameRow.FromNodeStatus"/>.</param>
    /// <param name="unitId">UNIT_ID in the response; null where it has none. With no rows either, nobody answered.</param>
    /// <param name="style">Whose layout.</param>
    /// <param name="connection">The connection's name, which later Windows prints first; null for none.</param>
    public static string FormatRemoteNames(
        Ipv4Address address, NetBiosScope scope, ReadOnlySpan<NbtStatNameRow> rows, MacAddress? unitId, NbtStatStyle style = default, string? connection = null)
    {
        var text = Begin(address, scope, style, connection);
        if (unitId is null && rows.IsEmpty)
            return text.Append(' ', Indent(style)).Append(HostNotFound).Append('\n').ToString();
        Names(text, rows, style, style == NbtStatStyle.WindowsNt ? 9 : 11, "NetBIOS Remote Machine Name Table");
        if (unitId is not null)
            text.Append('\n').Append(' ', Indent(style)).Append(CultureInfo.InvariantCulture, $"MAC Address = {unitId}\n");
        return text.ToString();
    }

    /// <summary><c>nbtstat -c</c>: the cache of other nodes' names, in the order given.</summary>
    /// <param name="address">The node's address.</param>
    /// <param name="scope">The node's scope.</param>
    /// <param name="rows">The entries.</param>
    /// <param name="style">Whose layout.</param>
    /// <param name="connection">The connection's name, which later Windows prints first; null for none.</param>
    public static string FormatCache(
        Ipv4Address address, NetBiosScope scope, ReadOnlySpan<NbtStatCacheRow> rows, NbtStatStyle style = default, string? connection = null)
    {
        var text = Begin(address, scope, style, connection);
        if (rows.IsEmpty)
            return Nothing(text, style).ToString();
        int indent = Indent(style);
        text.Append(' ', indent + 14).Append("NetBIOS Remote Cache Name Table\n\n")
            .Append(' ', indent + 4).Append("Name              Type       Host Address    Life [sec]\n")
            .Append(' ', indent).Append('-', 60).Append('\n');
        int typeWidth = style == NbtStatStyle.WindowsNt ? 12 : 16;
        foreach (var row in rows)
            Name(text, row.Name, indent).Append(Type(row.IsGroup).PadRight(typeWidth)).Append(row.Address.ToString().PadRight(20))
                .Append(CultureInfo.InvariantCulture, $"{row.LifeSeconds}\n");
        return text.ToString();
    }

    /// <summary><c>nbtstat -r</c>: how many names were resolved and registered which way.</summary>
    /// <param name="statistics">The counters.</param>
    /// <param name="resolvedByBroadcast">The names last resolved by broadcast; none leaves their list out.</param>
    /// <param name="style">Whose layout.</param>
    public static string FormatStatistics(
        in NbtStatStatistics statistics, ReadOnlySpan<NetBiosName> resolvedByBroadcast, NbtStatStyle style = default)
    {
        string indent = new(' ', style == NbtStatStyle.WindowsNt ? 0 : 4);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{indent}NetBIOS Names Resolution and Registration Statistics\n")
            .Append(indent).Append('-', 52)
            .Append(CultureInfo.InvariantCulture, $"\n\n{indent}Resolved By Broadcast     = {statistics.ResolvedByBroadcast}\n")
            .Append(CultureInfo.InvariantCulture, $"{indent}Resolved By Name Server   = {statistics.ResolvedByNameServer}\n\n")
            .Append(CultureInfo.InvariantCulture, $"{indent}Registered By Broadcast   = {statistics.RegisteredByBroadcast}\n")
            .Append(CultureInfo.InvariantCulture, $"{indent}Registered By Name Server = {statistics.RegisteredByNameServer}\n");
        if (!resolvedByBroadcast.IsEmpty)
        {
            text.Append("\n    NetBIOS Names Resolved By Broadcast\n").Append('-', 45).Append('\n');
            foreach (var name in resolvedByBroadcast)
            {
                Name(text, name, 11);
                text.Length -= 2;
                text.Append('\n');
            }
        }

        return text.ToString();
    }

    /// <summary>A name in its column: fifteen characters and <c>&lt;XX&gt;</c>.</summary>
    private static StringBuilder Name(StringBuilder text, NetBiosName name, int indent) =>
        text.Append(' ', indent).Append(CultureInfo.InvariantCulture, $"{name.PaddedBaseName}<{(byte)name.Suffix:X2}>  ");

    private static string Type(bool isGroup) => isGroup ? "GROUP" : "UNIQUE";

    private static int Indent(NbtStatStyle style) => style == NbtStatStyle.WindowsNt ? 3 : 4;

    private static StringBuilder Begin(Ipv4Address address, NetBiosScope scope, NbtStatStyle style, string? connection)
    {
        ArgumentNullException.ThrowIfNull(scope);
        var text = new StringBuilder();
        if (style == NbtStatStyle.Windows2000 && connection is not null)
            text.Append(VisibleText.Escape(connection)).Append(":\n");
        return text.Append(CultureInfo.InvariantCulture, $"Node IpAddress: [{address}] Scope Id: [{scope}]\n\n");
    }

    private static StringBuilder Nothing(StringBuilder text, NbtStatStyle style) =>
        text.Append(' ', Indent(style)).Append(NoNamesInCache).Append('\n');

    private static StringBuilder Names(StringBuilder text, ReadOnlySpan<NbtStatNameRow> rows, NbtStatStyle style, int titleIndent, string title)
    {
        int indent = Indent(style);
        text.Append(' ', titleIndent).Append(title).Append("\n\n")
            .Append(' ', indent).Append(style == NbtStatStyle.WindowsNt ? "Name                 Type        Status\n" : "   Name               Type         Status\n")
            .Append(' ', indent).Append('-', 45).Append('\n');
        foreach (var row in rows)
            Name(text, row.Name, indent).Append(Type(row.IsGroup).PadRight(12)).Append(CultureInfo.InvariantCulture, $"{row.Status}\n");
        return text;
    }
}
