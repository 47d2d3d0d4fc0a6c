using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace NbnsSim.Captures;

/// <summary>
/// Walks over the options of a pcapng block (draft-ietf-opsawg-pcapng §3.5); stops at opt_endofopt and at the first option that
/// its block cannot hold.
/// </summary>
/// <remarks>
/// <code>
/// | code (16) | length (16) | value, padded to 32 bits | …
/// </code>
/// </remarks>
internal ref struct PcapNgOptions
{
    public const ushort Comment = 1;
    public const ushort SectionApplication = 4;
    public const ushort InterfaceName = 2;
    public const ushort InterfaceDescription = 3;
    public const ushort InterfaceResolution = 9;
    public const ushort InterfaceOffset = 14;
    private const ushort EndOfOptions = 0;

    private readonly bool _swapped;
    private ReadOnlySpan<byte> _rest;

    public PcapNgOptions(ReadOnlySpan<byte> options, bool swapped)
    {
        _rest = options;
        _swapped = swapped;
    }

    public ushort Code { readonly get; private set; }

    public ReadOnlySpan<byte> Value { readonly get; private set; }

    /// <summary>What follows the option at hand: octets behind the last one that can be read, opt_endofopt included.</summary>
    public readonly ReadOnlySpan<byte> Rest => _rest;

    /// <summary>The value as a signed number of 64 bits; it must be long enough.</summary>
    public readonly long Int64Value
    {
        get
        {
            long value = MemoryMarshal.Read<long>(Value);
            return _swapped ? BinaryPrimitives.ReverseEndianness(value) : value;
        }
    }

    public bool MoveNext()
    {
        if (_rest.Length < 4)
            return false;
        Code = U16(_rest, _swapped);
        int length = U16(_rest[2..], _swapped);
        if (Code == EndOfOptions || length > _rest.Length - 4)
            return false;
        Value = _rest.Slice(4, length);
        _rest = _rest[Math.Min(_rest.Length, 4 + ((length + 3) & ~3))..];
        return true;
    }

    private static ushort U16(ReadOnlySpan<byte> octets, bool swapped)
    {
        ushort value = MemoryMarshal.Read<ushort>(octets);
        return swapped ? BinaryPrimitives.ReverseEndianness(value) : value;
    }
}
