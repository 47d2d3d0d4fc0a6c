using System.Buffers.Binary;
using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Conformance.Tests.Defects;

/// <summary>A datagram on its way into a machine or out of it, which a defect may change.</summary>
internal sealed class Passing(byte[] octets, Ipv4Endpoint remote, bool isBroadcast, DefectMemory memory)
{
    private const int FlagsOffset = 2;

    public byte[] Octets { get; set; } = octets;

    /// <summary>Where it comes from, or where it goes.</summary>
    public Ipv4Endpoint Remote { get; set; } = remote;

    public bool IsBroadcast { get; set; } = isBroadcast;

    public ushort SourcePort { get; set; } = Ipv4Endpoint.NameServicePort;

    /// <summary>How many of it go on: none, one or several.</summary>
    public int Copies { get; set; } = 1;

    /// <summary>What the machine says besides, to whoever sent it.</summary>
    public List<(byte[] Octets, Ipv4Endpoint To, bool IsBroadcast)> Said { get; } = [];

    /// <summary>What the machine is told before this; null for nothing.</summary>
    public (byte[] Octets, Ipv4Endpoint From)? Before { get; set; }

    /// <summary>What the defect remembers from one datagram to the next.</summary>
    public DefectMemory Memory { get; } = memory;

    public bool IsReadable => NbnsPacket.TryParse(Octets, out _);

    public NbnsMessageKind Kind => NbnsPacket.TryParseLenient(Octets, out var packet, out _) ? NbnsClassification.Classify(packet) : NbnsMessageKind.Unknown;

    /// <summary>The name that it is about; null where there is none that one could write.</summary>
    public NetBiosName? Name
    {
        get
        {
            NetBiosName name = default;
            bool isFound = NbnsPacket.TryParseLenient(Octets, out var packet, out _)
                && ((packet.HasQuestion && packet.Question.Name.TryGetName(out name)) || (packet.HasRecord && packet.Record.Name.TryGetName(out name)));
            return isFound && name.Scope.Encoded.Length <= NetBiosScope.MaxEncodedLength ? name : null;
        }
    }

    public ushort Id
    {
        get => Octets.Length < 2 ? (ushort)0 : BinaryPrimitives.ReadUInt16BigEndian(Octets);
        set => Word(0, value);
    }

    public ushort Flags
    {
        get => Octets.Length < 4 ? (ushort)0 : BinaryPrimitives.ReadUInt16BigEndian(Octets.AsSpan(FlagsOffset));
        set => Word(FlagsOffset, value);
    }

    public NbnsOpcode Opcode => new NbnsFlags(Flags).Opcode;

    public bool IsResponse => (Flags & NbnsFlags.ResponseBit) != 0;

    /// <summary>Whether the record says group; false where there is none.</summary>
    public bool IsGroup => Data is [>= 0x80, ..] && HasEntry;

    public bool HasEntry => NbnsPacket.TryParseLenient(Octets, out var packet, out _) && packet.HasRecord && packet.Record.HasEntry;

    /// <summary>RDATA.</summary>
    public Span<byte> Data => NbnsPacket.TryParseLenient(Octets, out var packet, out _) && packet.HasRecord
        ? Octets.AsSpan(packet.Record.DataOffset, packet.Record.Data.Length) : [];

    public void Drop() => Copies = 0;

    public void Set(ushort bit, bool on) => Flags = on ? (ushort)(Flags | bit) : (ushort)(Flags & ~bit);

    public void Rcode(int rcode) => Flags = (ushort)((Flags & ~NbnsFlags.RcodeBits) | rcode);

    public void SetOpcode(int opcode) => Flags = (ushort)((Flags & ~0x7800) | (opcode << 11));

    public void Word(int offset, ushort value)
    {
        if (Octets.Length >= offset + 2)
            BinaryPrimitives.WriteUInt16BigEndian(Octets.AsSpan(offset), value);
    }

    /// <summary>Changes the words between the record's name and its data: TYPE at 0, CLASS at 2, TTL at 4 and 6, RDLENGTH at 8.</summary>
    public void RecordWord(int offset, ushort value)
    {
        if (NbnsPacket.TryParseLenient(Octets, out var packet, out _) && packet.HasRecord)
            Word(packet.Record.DataOffset - 10 + offset, value);
    }

    /// <summary>Changes the name: the half-ASCII octets of the first label.</summary>
    public void Rename(NetBiosName name)
    {
        Span<byte> letters = stackalloc byte[NetBiosName.Size];
        name.CopyTo(letters);
        for (int i = 0; i < letters.Length && Octets.Length >= 13 + 32; i++)
        {
            Octets[13 + (2 * i)] = (byte)('A' + (letters[i] >> 4));
            Octets[14 + (2 * i)] = (byte)('A' + (letters[i] & 0xF));
        }
    }

    /// <summary>Writes the name in capitals.</summary>
    public void Capitals()
    {
        if (Name is not { } name)
            return;
        Span<byte> letters = stackalloc byte[NetBiosName.Size];
        name.CopyTo(letters);
        foreach (ref byte letter in letters[..NetBiosName.BaseSize])
            letter = letter is >= (byte)'a' and <= (byte)'z' ? (byte)(letter & 0xDF) : letter;
        Rename(new NetBiosName(letters));
    }

    /// <summary>Takes the scope out of the first name.</summary>
    public void StripScope()
    {
        if (Name is not { HasScope: true } name)
            return;
        int scope = name.Scope.Encoded.Length;
        Octets = [.. Octets.AsSpan(0, 12 + 33), .. Octets.AsSpan(12 + 33 + scope)];
    }

    /// <summary>Says something of its own to whoever sent this.</summary>
    public void Say(NbnsMessage message) => Said.Add((message.ToArray(), Remote, false));
}
