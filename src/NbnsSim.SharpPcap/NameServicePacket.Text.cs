using System.Globalization;
using System.Text;
using NbnsSim.Messages;
using NbnsSim.Wire;
using PacketDotNet;
using PacketDotNet.Utils;

namespace NbnsSim.SharpPcap;

public sealed partial class NameServicePacket
{
    /// <inheritdoc/>
    public override string Color => AnsiEscapeSequences.LightPurple;

    /// <summary>
    /// One line, or a block of lines for the verbose formats, with PacketDotNet's escape sequences around it for the coloured ones.
    /// Octets of a name that do not print appear as <c>&lt;hh&gt;</c>, so that no packet can write to a terminal.
    /// </summary>
    /// <param name="outputFormat">Which of the four.</param>
    public override string ToString(StringOutputType outputFormat)
    {
        bool colored = outputFormat is StringOutputType.Colored or StringOutputType.VerboseColored;
        string text = outputFormat is StringOutputType.Verbose or StringOutputType.VerboseColored ? Block() : Line();
        return colored ? Color + text + AnsiEscapeSequences.Reset : text;
    }

    private string Line() => $"[NameServicePacket: TransactionId=0x{TransactionId:X4}, {NbnsDescription.Describe(Octets)}]";

    private string Block()
    {
        var facts = Facts();
        int width = facts.Max(fact => fact.Name.Length);
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"NBNS:  ******* NBNS - \"NetBIOS Name Service\" - offset=? length={Header.Length}");
        text.AppendLine("NBNS:");
        foreach (var (name, value) in facts)
            text.AppendLine(CultureInfo.InvariantCulture, $"NBNS: {name.PadLeft(width)} = {value}");
        foreach (var node in NodeNames)
            text.AppendLine(CultureInfo.InvariantCulture, $"NBNS: {node.Name} flags 0x{node.Flags.Value:X4}");
        text.AppendLine("NBNS:");
        return text.ToString();
    }

    private List<(string Name, string Value)> Facts()
    {
        bool sound = NbnsPacket.TryParseLenient(Octets, out var view, out var error);
        var facts = new List<(string, string)>
        {
            ("Kind", Kind.Title()),
            ("TransactionId", $"0x{view.TransactionId:X4}"),
            ("Flags", view.Flags.ToString()),
        };
        if (view.HasQuestion || view.HasRecord)
            facts.Add(("Name", view.Name.ToString()));
        if (view.IsResponse)
            facts.Add(("Rcode", view.Rcode.Symbol()));
        if (view.HasRecord)
            facts.Add(("TimeToLive", view.Record.TimeToLive.Seconds.ToString(CultureInfo.InvariantCulture)));
        var entries = Entries;
        if (entries.Count > 0)
            facts.Add(("Addresses", string.Join(' ', entries.Select(entry => entry.Address))));
        var nodeNames = NodeNames;
        if (nodeNames.Count > 0)
            facts.Add(("NodeNames", nodeNames.Count.ToString(CultureInfo.InvariantCulture)));
        if (view.Anomalies != NbnsAnomalies.None)
            facts.Add(("Anomalies", view.Anomalies.ToString()));
        if (!sound)
            facts.Add(("Error", error.ToString()));
        return facts;
    }
}
