using System.Runtime.InteropServices;

namespace NbnsSim.Wire;

/// <summary>A question inside a parsed packet (RFC 1002 §4.2.1.2): QUESTION_NAME, QUESTION_TYPE, QUESTION_CLASS.</summary>
public readonly ref struct NbnsQuestion
{
    private readonly ReadOnlySpan<byte> _packet;
    private readonly int _name;
    private readonly int _type;

    internal NbnsQuestion(ReadOnlySpan<byte> packet, int name, int type)
    {
        _packet = packet;
        _name = name;
        _type = type;
    }

    /// <summary>QUESTION_NAME.</summary>
    public NbnsNameView Name => new(_packet, _name);

    /// <summary>QUESTION_TYPE: NB or NBSTAT.</summary>
    public NbnsType Type => _packet.IsEmpty ? default : (NbnsType)WireOctets.GetUInt16(ref MemoryMarshal.GetReference(_packet), _type);

    /// <summary>QUESTION_CLASS: 1, IN.</summary>
    public ushort Class => _packet.IsEmpty ? (ushort)0 : WireOctets.GetUInt16(ref MemoryMarshal.GetReference(_packet), _type + 2);
}
