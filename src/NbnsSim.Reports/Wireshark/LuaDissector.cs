using System.Buffers.Binary;
using System.Globalization;
using NbnsSim.Diagnosis;
using NbnsSim.Messages;
using NbnsSim.Wire;

namespace NbnsSim.Reports.Wireshark;

/// <summary>
/// A dissector for Wireshark and tshark in Lua, before their own, generated from the tables of the library: what kind a packet is, the rules, the causes with their harm.
/// </summary>
/// <remarks>
/// <para>It works out by itself, packet by packet and as <see cref="ExchangeWatch"/> and <see cref="PacketRules"/> do, what needs no verdict: <c>nbnssim.kind</c>,
/// <c>nbnssim.rule</c>, <c>nbnssim.response_to</c>, <c>nbnssim.response_in</c>, <c>nbnssim.time</c>, <c>nbnssim.retransmission</c>.</para>
/// <para>What needs one comes out of the comments of an annotated capture (<see cref="VerdictComments"/>): <c>nbnssim.cause</c>, <c>nbnssim.event</c> and
/// <c>nbnssim.event.rule</c>; a capture without comments has none of them.</para>
/// </remarks>
public static class LuaDissector
{
    private const string Resource = "Wireshark.nbnssim.lua";
    private const int NoRecord = 0;
    private const int RecordWithoutEntry = 4;

    private static readonly NbnsType[] Questions = [default, NbnsType.NB, NbnsType.NBStat, (NbnsType)255];
    private static readonly NbnsType[] Records = [default, NbnsType.NB, NbnsType.NBStat, NbnsType.NS, NbnsType.NB, (NbnsType)255];

    /// <summary>Writes the script.</summary>
    /// <param name="output">Where to; it stays open.</param>
    public static void Write(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        using var file = typeof(LuaDissector).Assembly.GetManifestResourceStream(Resource) ?? throw new InvalidOperationException($"{Resource} is missing.");
        using var reader = new StreamReader(file);
        string script = reader.ReadToEnd().ReplaceLineEndings("\n");
        var tables = new (string Name, string Text)[]
        {
            ("KINDS", Kinds()),
            ("RULES", RuleOfKind()),
            ("SENTENCES", Entries(Rules.RuleBook.All.Select(rule => (rule.Id, $"{rule.Sentence} ({rule.Basis.Word()}: {rule.Source})")))),
            ("TITLES", Entries(Causes.All.Select(cause => (cause.Id, cause.Title)))),
            ("HARMS", Entries(Causes.All.Select(cause => (cause.Id, cause.Harm.ToString())))),
            ("WINDOW", ExchangeWatch.Window.TotalNanoseconds.ToString("F0", CultureInfo.InvariantCulture)),
            ("SIGHTING", ExchangeWatch.SightingWindow.TotalNanoseconds.ToString("F0", CultureInfo.InvariantCulture)),
        };
        foreach (var (name, text) in tables)
            script = script.Replace($"@{name}@", text, StringComparison.Ordinal);
        output.Write(script);
    }

    /// <summary>The kind of a packet, by its header and what its question and record are: <see cref="NbnsClassification"/>, tried with every such packet.</summary>
    private static string Kinds() => new LuaTree(
        [("response", 2), ("opcode", 16), ("rcode", 16), ("record", Records.Length), ("question", Questions.Length), ("rd", 2), ("ra", 2), ("b", 2)],
        static values => NbnsPacket.TryParseLenient(Packet(values), out var packet, out _) && NbnsClassification.Classify(packet) is not NbnsMessageKind.Unknown and var kind ? kind.Title() : "")
        .ToString();

    private static string RuleOfKind() => "{" + string.Join(",\n  ", Enum.GetValues<NbnsMessageKind>().Select(kind => $"[{LuaTree.Quote(kind.Title())}]=" + new LuaTree(
        [("broadcast", 2), ("ra", 2), ("wildcard", 2)],
        values => PacketRules.Find(kind, values[0] != 0, values[1] != 0, values[2] != 0)?.Id ?? ""))) + "}";

    private static string Entries(IEnumerable<(string Key, string Text)> entries) =>
        "{\n" + string.Concat(entries.Select(entry => $"  [{LuaTree.Quote(entry.Key)}]={LuaTree.Quote(entry.Text)},\n")) + "}";

    /// <summary>A packet with such a header, question and record.</summary>
    private static byte[] Packet(int[] values)
    {
        var (record, question) = (values[3], values[4]);
        var packet = new List<byte>(new byte[12]);
        int flags = (values[0] << 15) | (values[1] << 11) | (values[5] << 8) | (values[6] << 7) | (values[7] << 4) | values[2];
        packet[2] = (byte)(flags >> 8);
        packet[3] = (byte)flags;
        byte[] name = [32, .. "EBCACACACACACACACACACACACACACAAA"u8, 0];
        if (question > 0)
        {
            packet[5] = 1;
            packet.AddRange([.. name, .. Word((int)Questions[question]), 0, 1]);
        }

        if (record != NoRecord)
        {
            packet[values[0] != 0 ? 7 : 11] = 1; // an answer of a response, an additional record of a request
            byte[] data = record switch { RecordWithoutEntry => [], 1 => [0, 0, 10, 0, 0, 1], 2 => [0, .. new byte[46]], 3 => name, _ => [0] };
            packet.AddRange([.. name, .. Word((int)Records[record]), 0, 1, 0, 0, 0, 0, .. Word(data.Length), .. data]);
        }

        return [.. packet];
    }

    private static byte[] Word(int value)
    {
        byte[] octets = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(octets, (ushort)value);
        return octets;
    }
}
