using System.Runtime.CompilerServices;
using NbnsSim.Names;

namespace NbnsSim.Wire;

/// <summary>
/// A name inside a parsed packet, second-level encoded (RFC 1002 §4.1): labels, perhaps ended by a pointer. The packet's parser has
/// checked every length and pointer, so nothing here can fail.
/// </summary>
public readonly ref struct NbnsNameView
{
    private readonly ReadOnlySpan<byte> _packet;
    private readonly ulong _high; // where the name is plain
    private readonly ulong _low;
    private readonly int _offset;
    private readonly bool _isPlain;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal NbnsNameView(ReadOnlySpan<byte> packet, int offset)
    {
        _packet = packet;
        _offset = offset;
    }

    /// <summary>A name of 32 good letters and no scope, which the parser decoded already.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal NbnsNameView(ReadOnlySpan<byte> packet, int offset, ulong high, ulong low)
    {
        _packet = packet;
        _offset = offset;
        _high = high;
        _low = low;
        _isPlain = true;
    }

    /// <summary>The octet of the packet at which the name (or the pointer to it) starts.</summary>
    public int Offset => _offset;

    /// <summary>Whether the name starts with a pointer rather than a label.</summary>
    public bool IsPointer => !_packet.IsEmpty && _packet[_offset] >= 0xC0;

    /// <summary>The first label, normally the 32 letters of the half-ASCII name; empty for the root name.</summary>
    public ReadOnlySpan<byte> FirstLabel
    {
        get
        {
            if (_packet.IsEmpty)
                return default;
            int at = NbnsNameReader.FollowPointers(_packet, _offset);
            return _packet.Slice(at + 1, _packet[at]);
        }
    }

    /// <summary>Whether there are labels after the first.</summary>
    public bool HasScope
    {
        get
        {
            if (_isPlain || _packet.IsEmpty)
                return false;
            int at = NbnsNameReader.FollowPointers(_packet, _offset);
            if (_packet[at] == 0)
                return false;
            return _packet[NbnsNameReader.FollowPointers(_packet, at + 1 + _packet[at])] != 0;
        }
    }

    /// <summary>The sixteen octets of the name, without its scope.</summary>
    /// <param name="high">Octets 0 to 7.</param>
    /// <param name="low">Octets 8 to 15.</param>
    /// <returns>False when the first label is not 32 letters 'A' to 'P'.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryGetOctets(out ulong high, out ulong low)
    {
        high = _high;
        low = _low;
        return _isPlain || TryDecode(_packet, _offset, out high, out low);
    }

    /// <summary>The name with its scope. Allocates only where there is a scope.</summary>
    /// <param name="name">The name, or default.</param>
    /// <returns>False when the first label is not 32 letters 'A' to 'P'.</returns>
    public bool TryGetName(out NetBiosName name)
    {
        if (!TryGetOctets(out ulong high, out ulong low))
        {
            name = default;
            return false;
        }

        name = new NetBiosName(high, low, HasScope ? GetScope() : null);
        return true;
    }

    /// <summary>The labels after the first, as a scope; allocates.</summary>
    public NetBiosScope GetScope()
    {
        if (!HasScope)
            return NetBiosScope.Empty;
        var encoded = new List<byte>();
        int at = NbnsNameReader.FollowPointers(_packet, _offset);
        at = NbnsNameReader.FollowPointers(_packet, at + 1 + _packet[at]);
        while (_packet[at] != 0)
        {
            int next = at + 1 + _packet[at];
            encoded.AddRange(_packet[at..next]);
            at = NbnsNameReader.FollowPointers(_packet, next);
        }

        return NetBiosScope.FromEncoded(encoded.ToArray());
    }

    /// <summary>Whether this is <paramref name="name"/>, scope included and case-sensitive; allocates nothing.</summary>
    /// <param name="name">The name to compare with.</param>
    public bool Is(in NetBiosName name) =>
        TryGetOctets(out ulong high, out ulong low) && high == name.High && low == name.Low && (_isPlain ? !name.HasScope : ScopeIs(name.Scope));

    /// <summary>Whether the labels after the first are <paramref name="scope"/>; allocates nothing.</summary>
    /// <param name="scope">The scope to compare with.</param>
    public bool ScopeIs(NetBiosScope scope)
    {
        var rest = scope.Encoded;
        if (_isPlain || _packet.IsEmpty)
            return rest.IsEmpty;
        int at = NbnsNameReader.FollowPointers(_packet, _offset);
        if (_packet[at] == 0)
            return rest.IsEmpty;
        at = NbnsNameReader.FollowPointers(_packet, at + 1 + _packet[at]);
        while (_packet[at] != 0)
        {
            int size = 1 + _packet[at];
            if (rest.Length < size || !_packet.Slice(at, size).SequenceEqual(rest[..size]))
                return false;
            rest = rest[size..];
            at = NbnsNameReader.FollowPointers(_packet, at + size);
        }

        return rest.IsEmpty;
    }

    /// <summary>What <see cref="ToString"/> gives, so that a view can stand in an interpolated string though it is a ref struct.</summary>
    /// <param name="view">The view.</param>
    public static implicit operator string(NbnsNameView view) => view.ToString();

    /// <summary>The name as people write it; where the first label is not half-ASCII, its own octets in parentheses.</summary>
    public override string ToString()
    {
        if (TryGetName(out var name))
            return name.ToString();
        Span<char> text = stackalloc char[NetBiosScope.MaxLabelLength * OctetText.MaxPerOctet];
        OctetText.TryFormat(text, FirstLabel, OctetText.Dots.Escaped, out int written);
        string scope = GetScope().ToString();
        return scope.Length == 0 ? $"({text[..written]})" : $"({text[..written]}).{scope}";
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool TryDecode(ReadOnlySpan<byte> packet, int offset, out ulong high, out ulong low)
    {
        var label = new NbnsNameView(packet, offset).FirstLabel;
        if (label.Length == HalfAscii.EncodedSize)
            return HalfAscii.TryDecode(label, out high, out low);
        high = low = 0;
        return false;
    }
}
