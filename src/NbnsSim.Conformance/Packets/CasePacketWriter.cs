using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Conformance;

/// <summary>Makes the octets of a case's packet: what RFC 1002 §4.2 says of its kind, but for what the case says otherwise.</summary>
/// <param name="names">The names of this run.</param>
/// <param name="addresses">The address that a word such as <c>A</c> or <c>subject</c> stands for.</param>
internal sealed class CasePacketWriter(CaseNameBook names, Func<string, Ipv4Address> addresses)
{
    private const int Room = 4096;
    private const int LabelLength = 32; // half-ASCII of sixteen octets (RFC 1001 §14.1)
    private const uint ServerTimeToLive = 300_000; // seconds; what Windows asks a name server for (MS-NBTE §3.1.1)

    /// <summary>Makes a packet.</summary>
    /// <param name="data">What the case says of it.</param>
    /// <param name="sender">Whose address a claim carries where the case names none.</param>
    /// <param name="isBroadcast">Whether it goes to everybody.</param>
    /// <param name="transactionId">NAME_TRN_ID.</param>
    /// <param name="answered">The name of the request that it answers, which it is about where the case names no other; null where it answers none.</param>
    /// <param name="answeredFlags">That request's flags word, which a WACK repeats.</param>
    public byte[] Write(PacketData data, Ipv4Address sender, bool isBroadcast, ushort transactionId, NetBiosName? answered = null, ushort answeredFlags = NbnsFlagWords.RegistrationRequest)
    {
        if (data.Raw is { } raw)
            return Finish(data, Raw(raw, transactionId));
        var kind = PacketKinds.Find(data.Kind!)!;
        var name = data.Name is null or "same" ? answered ?? NetBiosName.Wildcard : names[data.Name];
        Span<byte> buffer = new byte[Room];
        var writer = new NbnsPacketWriter(buffer);
        var (questions, answers, authorities, additionals) = Counts(kind.Layout, data);
        writer.WriteHeader(transactionId, Flags(kind, data, isBroadcast), questions, answers, authorities, additionals);
        if (kind.Layout is PacketLayout.Question or PacketLayout.Request && data.Question != false)
        {
            writer.WriteName(name);
            writer.WriteTypeAndClass((NbnsType)(data.QType is { } type ? Word(type) : (ushort)(kind.Layout == PacketLayout.Question ? kind.Type : NbnsType.NB)), data.QClass is { } @class ? Word(@class) : NbnsHeader.ClassIn);
        }

        if (kind.Layout == PacketLayout.Redirect)
            WriteServer(ref writer, data, name);
        else if (kind.Layout != PacketLayout.Question && data.Record != false)
            WriteRecord(ref writer, kind, data, name, sender, isBroadcast, answeredFlags);
        return Finish(data, writer.Written.ToArray());
    }

    private static (ushort Questions, ushort Answers, ushort Authorities, ushort Additionals) Counts(PacketLayout layout, PacketData data) => (
        (ushort)(data.QdCount ?? (layout is PacketLayout.Question or PacketLayout.Request && data.Question != false ? 1 : 0)),
        (ushort)(data.AnCount ?? (layout == PacketLayout.Response && data.Record != false ? 1 : 0)),
        (ushort)(data.NsCount ?? (layout == PacketLayout.Redirect ? 1 : 0)),
        (ushort)(data.ArCount ?? (layout == PacketLayout.Redirect || (layout == PacketLayout.Request && data.Record != false) ? 1 : 0)));

    private static ushort Flags(PacketKind kind, PacketData data, bool isBroadcast)
    {
        if (data.Flags is { } word)
            return Word(word);
        uint flags = kind.Flags;
        if (isBroadcast && !kind.Header.IsResponse)
            flags |= NbnsFlags.BroadcastBit;
        Set(ref flags, NbnsFlags.RecursionDesiredBit, data.Rd);
        Set(ref flags, NbnsFlags.BroadcastBit, data.B);
        Set(ref flags, NbnsFlags.AuthoritativeBit, data.Aa);
        Set(ref flags, NbnsFlags.RecursionAvailableBit, data.Ra);
        Set(ref flags, NbnsFlags.TruncatedBit, data.Tc);
        if (data.Opcode is { } opcode)
            flags = (flags & ~0x7800u) | ((uint)(opcode & 0xF) << 11);
        if (data.Rcode is { } rcode)
            flags = (flags & ~(uint)NbnsFlags.RcodeBits) | (uint)CaseWords.Rcode(rcode.All[0]);
        return (ushort)flags;
    }

    private static void Set(ref uint flags, ushort bit, int? value)
    {
        if (value is { } set)
            flags = set != 0 ? flags | bit : flags & ~(uint)bit;
    }

    private void WriteRecord(ref NbnsPacketWriter writer, PacketKind kind, PacketData data, NetBiosName name, Ipv4Address sender, bool isBroadcast, ushort answeredFlags)
    {
        // RFC 1002 §4.2.2: the record's name of a request is a pointer to the question's
        string recordName = data.RrName ?? (kind.Layout == PacketLayout.Request && data.Question != false ? "pointer" : "full");
        if (recordName == "pointer")
            writer.WritePointer(NbnsHeader.Size);
        else
            writer.WriteName(recordName == "full" ? name : names[recordName]);
        byte[] octets = Data(kind, data, sender, isBroadcast, answeredFlags);
        writer.WriteRecordHead(
            (NbnsType)(data.RrType is { } type ? Word(type) : (ushort)kind.Type),
            data.Ttl ?? (kind.Layout == PacketLayout.Request && !isBroadcast && kind.Header.Opcode != NbnsOpcode.Release ? ServerTimeToLive : 0),
            (ushort)(data.RdLength ?? octets.Length),
            data.RrClass is { } @class ? Word(@class) : NbnsHeader.ClassIn);
        writer.WriteOctets(octets);
    }

    private byte[] Data(PacketKind kind, PacketData data, Ipv4Address sender, bool isBroadcast, ushort answeredFlags)
    {
        if (data.RData is { } given)
            return Convert.FromHexString(given.Replace(" ", "", StringComparison.Ordinal));
        switch (kind.Name)
        {
            case "negative-query":
                return [];
            case "wack":
                return [(byte)(answeredFlags >> 8), (byte)(answeredFlags & 0xFF)];
            case "status-response":
                return Status(data);
        }

        string[] entries = data.Entries ?? [data.Address ?? (kind.Name == "conflict" ? "none" : "")];
        var flags = data.NbFlags is { } word ? new NbFlags(Word(word)) : new NbFlags(data.Group, NodeType(data.Ont, isBroadcast));
        byte[] octets = new byte[entries.Length * NbEntry.Size];
        var writer = new NbnsPacketWriter(octets);
        foreach (string entry in entries)
            writer.WriteEntry(new NbEntry(flags, entry.Length == 0 ? sender : addresses(entry)));
        return octets;
    }

    private byte[] Status(PacketData data)
    {
        string[] listed = data.Names ?? [];
        byte[] octets = new byte[1 + (listed.Length * NodeStatusName.Size) + NodeStatistics.Size];
        octets[0] = (byte)listed.Length;
        for (int i = 0; i < listed.Length; i++)
            new NodeStatusName(names[listed[i]], new NameFlags(NameFlags.ActiveBit)).Write(octets.AsSpan(1 + (i * NodeStatusName.Size)));
        return octets;
    }

    /// <summary>RFC 1002 §4.2.15: an NS record with the server's name, and an A record with its address.</summary>
    private void WriteServer(ref NbnsPacketWriter writer, PacketData data, NetBiosName name)
    {
        var server = names[data.ServerName ?? "NBNS<20>"];
        writer.WriteName(name);
        int length = NbnsEncoder.EncodedLength(server);
        writer.WriteRecordHead(NbnsType.NS, data.Ttl ?? 0, (ushort)length);
        int serverName = writer.Length;
        writer.WriteName(server);
        writer.WritePointer(serverName);
        writer.WriteRecordHead(NbnsType.A, data.Ttl ?? 0, Ipv4Address.Size);
        writer.WriteUInt32(addresses(data.Address ?? "A").Value);
    }

    private byte[] Raw(string raw, ushort transactionId)
    {
        var octets = new List<byte>();
        string rest = raw;
        while (rest.IndexOf('{') is >= 0 and int open)
        {
            int close = Matching(rest, open);
            octets.AddRange(Hex(rest[..open]));
            string blank = rest[(open + 1)..close];
            if (blank == "id")
                octets.AddRange([(byte)(transactionId >> 8), (byte)transactionId]);
            else if (blank.StartsWith("name ", StringComparison.Ordinal))
                octets.AddRange(Encoded(names[blank[5..].Trim()]));
            else if (blank.StartsWith("label ", StringComparison.Ordinal))
                octets.AddRange(Encoded(names[blank[6..].Trim()]).AsSpan(1, LabelLength));
            else
                octets.AddRange(BitConverter.IsLittleEndian ? BitConverter.GetBytes(addresses(blank).Value).Reverse() : BitConverter.GetBytes(addresses(blank).Value));
            rest = rest[(close + 1)..];
        }

        octets.AddRange(Hex(rest));
        return [.. octets];
    }

    private static int Matching(string text, int open)
    {
        int depth = 0;
        for (int i = open; i < text.Length; i++)
        {
            depth += text[i] switch { '{' => 1, '}' => -1, _ => 0 };
            if (depth == 0)
                return i;
        }

        throw new FormatException("A { of a raw packet is not closed.");
    }

    private static byte[] Encoded(NetBiosName name)
    {
        byte[] octets = new byte[NbnsEncoder.EncodedLength(name)];
        var writer = new NbnsPacketWriter(octets);
        writer.WriteName(name);
        return octets;
    }

    private static byte[] Finish(PacketData data, byte[] octets)
    {
        if (data.Trailing > 0)
            octets = [.. octets, .. Enumerable.Repeat((byte)0xAA, data.Trailing)];
        return data.Cut is { } cut && cut < octets.Length ? octets[..cut] : octets;
    }

    private static byte[] Hex(string text) => Convert.FromHexString(string.Concat(text.Where(letter => !char.IsWhiteSpace(letter))));

    private static OwnerNodeType NodeType(string? type, bool isBroadcast) => type is null ? (isBroadcast ? OwnerNodeType.B : OwnerNodeType.H) : Enum.Parse<OwnerNodeType>(type);

    private static ushort Word(string hex) => CaseWords.Word(hex);
}
