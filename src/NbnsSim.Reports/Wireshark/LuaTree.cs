using System.Globalization;
using System.Text;

namespace NbnsSim.Reports.Wireshark;

/// <summary>
/// A function of a few small numbers as nested tables of Lua, found by trying it: each asks for one number, and what gives the same whatever the number is is not asked for.
/// </summary>
/// <param name="fields">The numbers, in the order in which they are asked for, and how many values each has.</param>
/// <param name="function">What it gives; empty for nothing.</param>
internal sealed class LuaTree((string Name, int Values)[] fields, Func<int[], string> function)
{
    private readonly int[] _values = new int[fields.Length];

    /// <summary>The tables.</summary>
    public override string ToString() => Build(0);

    private string Build(int depth)
    {
        if (depth == fields.Length)
            return function(_values) is { Length: > 0 } result ? Quote(result) : "false";
        var (name, count) = fields[depth];
        string[] branches = new string[count];
        for (int value = 0; value < count; value++)
        {
            _values[depth] = value;
            branches[value] = Build(depth + 1);
        }

        string other = branches.GroupBy(branch => branch, StringComparer.Ordinal).MaxBy(group => group.Count())!.Key;
        if (branches.All(branch => branch == other))
            return other;
        var table = new StringBuilder($"{{by={Quote(name)}");
        for (int value = 0; value < count; value++)
        {
            if (branches[value] != other)
                table.Append(CultureInfo.InvariantCulture, $",[{value}]={branches[value]}");
        }

        return table.Append(CultureInfo.InvariantCulture, $",other={other}}}").ToString();
    }

    /// <summary>A text as Lua writes it; of printable ASCII nothing but quotes and backslashes needs an escape, the rest goes by its octets.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (byte octet in Encoding.UTF8.GetBytes(text))
        {
            if (octet is (byte)'"' or (byte)'\\')
                quoted.Append('\\').Append((char)octet);
            else if (octet is >= (byte)' ' and < 0x7F)
                quoted.Append((char)octet);
            else
                quoted.Append(CultureInfo.InvariantCulture, $"\\{octet:D3}");
        }

        return quoted.Append('"').ToString();
    }
}
