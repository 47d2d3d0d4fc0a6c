using System.Buffers.Binary;
using System.Globalization;
using NbnsSim.Wire;

namespace NbnsSim.Reports.Layouts;

/// <summary>A packet field by field, in the order of its octets: each octet belongs to a field, also of a packet that cannot be read to its end.</summary>
internal sealed class PacketLayout
{
    private const int MaxFields = 4_096; // a datagram of 64 kB could have as many names in its status

    private readonly List<PacketField> _fields = [];
    private string _part = "Header";

    private PacketLayout()
    {
    }

    /// <summary>The fields.</summary>
    public IReadOnlyList<PacketField> Fields => _fields;

    /// <summary>Why it cannot be read to its end; null where it can.</summary>
    public string? Problem { get; private set; }

    /// <summary>Takes a packet apart.</summary>
    /// <param name="packet">The payload of a datagram, whatever it is.</param>
    public static PacketLayout Of(ReadOnlySpan<byte> packet)
    {
        var layout = new PacketLayout();
        bool isWhole = NbnsPacket.TryParseLenient(packet, out var view, out var error);
        if (!isWhole)
            layout.Problem = error.ToString();
        layout.Header(packet);
        int number = 0;
        foreach (var question in view.Questions)
        {
            layout._part = Numbered("Question", ++number, view.Questions.Count);
            layout.Question(packet, question);
        }

        number = 0;
        foreach (var record in view.Records)
        {
            layout._part = Numbered("Record", ++number, view.Records.Count);
            layout.Record(packet, record);
        }

        layout.Rest(packet, isWhole ? "octets behind the last counted record" : $"not read: {error}");
        return layout;
    }

    private static string Numbered(string what, int number, int count) => count == 1 ? what : string.Create(CultureInfo.InvariantCulture, $"{what} {number}");

    private int Next => _fields.Count == 0 ? 0 : _fields[^1].Offset + _fields[^1].Length;

    private void Header(ReadOnlySpan<byte> packet)
    {
        const string clause = "RFC 1002 §4.2.1.1";
        if (packet.Length < NbnsHeader.Size)
            return;
        Add(0, 2, "NAME_TRN_ID", $"0x{Word(packet, 0):x4}", clause);
        var flags = new NbnsFlags(Word(packet, 2));
        Bit(2, flags.Value, NbnsFlags.ResponseBit, "R", flags.IsResponse ? "a response" : "a request", clause);
        Bit(2, flags.Value, 0x7800, "OPCODE", $"{(int)flags.Opcode}, {Opcode(flags.Opcode)}", clause);
        Bit(2, flags.Value, NbnsFlags.AuthoritativeBit, "AA", flags.IsAuthoritative ? "an answer with authority" : "no answer with authority", clause);
        Bit(2, flags.Value, NbnsFlags.TruncatedBit, "TC", flags.IsTruncated ? "truncated" : "not truncated", clause);
        Bit(2, flags.Value, NbnsFlags.RecursionDesiredBit, "RD", flags.RecursionDesired ? "recursion is desired" : "recursion is not desired", clause);
        Bit(2, flags.Value, NbnsFlags.RecursionAvailableBit, "RA", flags.RecursionAvailable ? "recursion is available" : "recursion is not available", clause);
        Bit(2, flags.Value, NbnsFlags.ReservedBits, "0 0", (flags.Value & NbnsFlags.ReservedBits) == 0 ? "reserved, zero" : "reserved, but not zero", clause);
        Bit(2, flags.Value, NbnsFlags.BroadcastBit, "B", flags.IsBroadcast ? "broadcast or multicast" : "unicast", clause);
        Bit(2, flags.Value, NbnsFlags.RcodeBits, "RCODE", flags.IsResponse ? $"{(int)flags.Rcode}, {flags.Rcode.Symbol()}" : Number((int)flags.Rcode), clause);
        foreach (var (at, name) in new[] { (4, "QDCOUNT"), (6, "ANCOUNT"), (8, "NSCOUNT"), (10, "ARCOUNT") })
            Add(at, 2, name, Number(Word(packet, at)), clause);
    }

    private void Question(ReadOnlySpan<byte> packet, NbnsQuestion question)
    {
        const string clause = "RFC 1002 §4.2.1.2";
        int type = Name(packet, question.Name, "QUESTION_NAME", clause);
        Add(type, 2, "QUESTION_TYPE", Type(question.Type), clause);
        Add(type + 2, 2, "QUESTION_CLASS", Class(question.Class), clause);
    }

    private void Record(ReadOnlySpan<byte> packet, NbnsResourceRecord record)
    {
        const string clause = "RFC 1002 §4.2.1.3";
        int type = Name(packet, record.Name, "RR_NAME", clause);
        Add(type, 2, "RR_TYPE", Type(record.Type), clause);
        Add(type + 2, 2, "RR_CLASS", Class(record.Class), clause);
        Add(type + 4, 4, "TTL", record.TimeToLive.IsInfinite ? "0, infinite" : $"{record.TimeToLive} s", clause);
        Add(type + 8, 2, "RDLENGTH", Number(record.Data.Length), clause);
        int end = record.DataOffset + record.Data.Length;
        if (new NbnsFlags(Word(packet, 2)).Opcode == NbnsOpcode.Wack && record.Data.Length == 2)
            Add(record.DataOffset, 2, "OPCODE, NM_FLAGS", $"0x{Word(packet, record.DataOffset):x4}, of the request that is to wait: {Opcode(new NbnsFlags(Word(packet, record.DataOffset)).Opcode)}", "RFC 1002 §4.2.16");
        else if (record.Type == NbnsType.NB)
            Entries(packet, record);
        else if (record.Type == NbnsType.NBStat && record.Data.Length > 0)
            Status(packet, record);
        else if (record.Type == NbnsType.A && record.Data.Length == 4)
            Add(record.DataOffset, 4, "NSD_IP_ADDR", record.TryGetServerAddress(out var address) ? address.ToString() : "", "RFC 1002 §4.2.15");
        else if (record.Type == NbnsType.NS && record.TryGetServerName(out var server))
            Add(record.DataOffset, record.Data.Length, "NSD_NAME", server.ToString(), "RFC 1002 §4.2.15");
        if (Next < end)
            Add(Next, end - Next, "RDATA", $"{Number(end - Next)} octets", clause);
    }

    private void Entries(ReadOnlySpan<byte> packet, NbnsResourceRecord record)
    {
        const string clause = "RFC 1002 §4.2.1.3"; // NB_FLAGS and NB_ADDRESS are drawn with the record
        for (int i = 0; i < record.EntryCount; i++)
        {
            int at = record.DataOffset + (i * NbEntry.Size);
            var entry = record.GetEntry(i);
            Bit(at, entry.Flags.Value, NbFlags.GroupBit, "G", entry.Flags.IsGroup ? "a group name" : "a unique name", clause);
            Bit(at, entry.Flags.Value, 0x6000, "ONT", $"{entry.Flags.OwnerNodeType} node", clause);
            Bit(at, entry.Flags.Value, NbFlags.ReservedBits, "reserved", entry.Flags.Reserved == 0 ? "zero" : "not zero", clause);
            if (!Add(at + 2, 4, "NB_ADDRESS", entry.Address.ToString(), clause))
                return;
        }
    }

    private void Status(ReadOnlySpan<byte> packet, NbnsResourceRecord record)
    {
        const string clause = "RFC 1002 §4.2.18";
        Add(record.DataOffset, 1, "NUM_NAMES", Number(record.NodeNameCount), clause);
        for (int i = 0; i < record.NodeNameCount; i++)
        {
            int at = record.DataOffset + 1 + (i * NodeStatusName.Size);
            if (at + NodeStatusName.Size > packet.Length)
                return;
            var name = record.GetNodeName(i);
            var flags = name.Flags;
            Add(at, 16, "NODE_NAME", name.Name.ToString(), clause);
            Bit(at + 16, flags.Value, NameFlags.GroupBit, "G", flags.IsGroup ? "a group name" : "a unique name", clause);
            Bit(at + 16, flags.Value, 0x6000, "ONT", $"{flags.OwnerNodeType} node", clause);
            Bit(at + 16, flags.Value, NameFlags.DeregisteringBit, "DRG", flags.IsDeregistering ? "being released" : "not being released", clause);
            Bit(at + 16, flags.Value, NameFlags.ConflictBit, "CNF", flags.IsInConflict ? "in conflict" : "not in conflict", clause);
            Bit(at + 16, flags.Value, NameFlags.ActiveBit, "ACT", flags.IsActive ? "active" : "not active", clause);
            Bit(at + 16, flags.Value, NameFlags.PermanentBit, "PRM", flags.IsPermanent ? "the permanent node name" : "not the permanent node name", clause);
            if (!Bit(at + 16, flags.Value, 0x01FF, "reserved", (flags.Value & 0x01FF) == 0 ? "zero" : "not zero", clause))
                return;
        }

        if (record.StatisticsData.Length >= 6)
            Add(Next, 6, "UNIT_ID", string.Join(':', record.StatisticsData[..6].ToArray().Select(octet => octet.ToString("x2", CultureInfo.InvariantCulture))), clause);
        if (Next < record.DataOffset + record.Data.Length)
            Add(Next, record.DataOffset + record.Data.Length - Next, "STATISTICS", $"{Number(record.DataOffset + record.Data.Length - Next)} octets of counters", clause);
    }

    /// <summary>A name up to its root label or its first pointer.</summary>
    /// <returns>The octet behind it.</returns>
    private int Name(ReadOnlySpan<byte> packet, NbnsNameView name, string field, string clause)
    {
        int at = name.Offset;
        while (packet[at] is not 0 and < 0xC0)
            at += 1 + packet[at];
        int end = at + (packet[at] == 0 ? 1 : 2);
        string pointer = name.IsPointer ? $", a pointer to octet {Number(Word(packet, name.Offset) & 0x3FFF)}" : "";
        Add(name.Offset, end - name.Offset, field, name.ToString() + pointer, name.IsPointer ? "RFC 1002 §4.1" : clause);
        return end;
    }

    private void Rest(ReadOnlySpan<byte> packet, string what)
    {
        _part = "Rest";
        if (Next < packet.Length)
            Add(Next, packet.Length - Next, "(rest)", what, "");
    }

    private bool Add(int offset, int length, string name, string value, string clause, string? bits = null)
    {
        if (_fields.Count >= MaxFields)
            return false;
        _fields.Add(new PacketField(offset, length, name, value, clause) { Bits = bits, Part = _part });
        return true;
    }

    private bool Bit(int offset, ushort word, ushort mask, string name, string value, string clause) => Add(offset, 2, name, value, clause, Pattern(word, mask));

    private static string Pattern(ushort word, ushort mask) => string.Create(19, (word, mask), static (text, it) =>
    {
        for (int bit = 0, at = 0; bit < 16; bit++)
        {
            if (bit is 4 or 8 or 12)
                text[at++] = ' ';
            int one = 0x8000 >> bit;
            text[at++] = (it.mask & one) == 0 ? '.' : (it.word & one) == 0 ? '0' : '1';
        }
    });

    private static ushort Word(ReadOnlySpan<byte> packet, int at) => BinaryPrimitives.ReadUInt16BigEndian(packet[at..]);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Opcode(NbnsOpcode opcode) => opcode switch
    {
        NbnsOpcode.Query => "query",
        NbnsOpcode.Registration => "registration",
        NbnsOpcode.Release => "release",
        NbnsOpcode.Wack => "WACK",
        NbnsOpcode.Refresh => "refresh",
        NbnsOpcode.RefreshAlternate => "refresh, as 9",
        NbnsOpcode.MultihomedRegistration => "multi-homed registration",
        _ => "none that is known",
    };

    private static string Type(NbnsType type) => $"0x{(int)type:x4}, {(Enum.IsDefined(type) ? type.ToString().ToUpperInvariant() : "none that is known")}";

    private static string Class(ushort value) => value == NbnsHeader.ClassIn ? "0x0001, IN" : $"0x{value:x4}, none that is known";
}
