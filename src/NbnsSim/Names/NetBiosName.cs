using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace NbnsSim.Names;

/// <summary>
/// A NetBIOS name: sixteen octets and a scope (RFC 1001 §14). By Microsoft's convention fifteen characters padded with spaces and a
/// suffix octet. All sixteen octets count in a comparison, and so does case: upper-casing is the caller's business (MS-NBTE §2.2.1).
/// </summary>
/// <remarks>A small value: two 64-bit words and a reference that is null for the empty scope. <c>default</c> is sixteen zero octets.</remarks>
public readonly struct NetBiosName : IEquatable<NetBiosName>, IComparable<NetBiosName>, ISpanFormattable
{
    /// <summary>The number of octets in a name.</summary>
    public const int Size = 16;

    /// <summary>The number of octets before the suffix.</summary>
    public const int BaseSize = 15;

    private const int MaxPlainTextLength = Size * OctetText.MaxPerOctet;
    private const int SuffixTextLength = 4;

    private readonly NetBiosScope? _scope;

    /// <summary>Takes sixteen octets as they are.</summary>
    /// <param name="octets">Exactly sixteen octets.</param>
    /// <param name="scope">The scope; <see langword="null"/> for none.</param>
    /// <exception cref="ArgumentException"><paramref name="octets"/> is not sixteen octets long.</exception>
    public NetBiosName(ReadOnlySpan<byte> octets, NetBiosScope? scope = null)
    {
        if (octets.Length != Size)
            throw new ArgumentException($"A NetBIOS name has {Size} octets, not {octets.Length}.", nameof(octets));
        High = BinaryPrimitives.ReadUInt64BigEndian(octets);
        Low = BinaryPrimitives.ReadUInt64BigEndian(octets[8..]);
        _scope = scope is { IsEmpty: false } ? scope : null;
    }

    /// <summary>Takes the sixteen octets as two big-endian words.</summary>
    /// <param name="high">Octets 0 to 7, first octet highest.</param>
    /// <param name="low">Octets 8 to 15; the suffix is the lowest octet.</param>
    /// <param name="scope">The scope; <see langword="null"/> for none.</param>
    public NetBiosName(ulong high, ulong low, NetBiosScope? scope = null)
    {
        High = high;
        Low = low;
        _scope = scope is { IsEmpty: false } ? scope : null;
    }

    /// <summary>Pads <paramref name="name"/> with spaces and appends the suffix.</summary>
    /// <param name="name">At most fifteen Latin-1 characters, taken as they are: no upper-casing.</param>
    /// <param name="suffix">The sixteenth octet.</param>
    /// <param name="scope">The scope; <see langword="null"/> for none.</param>
    /// <exception cref="ArgumentException"><paramref name="name"/> is longer, or has a character outside Latin-1.</exception>
    public NetBiosName(ReadOnlySpan<char> name, NameSuffix suffix, NetBiosScope? scope = null)
    {
        if (name.Length > BaseSize)
            throw new ArgumentException($"'{VisibleText.Escape(name.ToString())}' has {name.Length} characters: a NetBIOS name has at most {BaseSize} before its suffix.", nameof(name));
        Span<byte> octets = stackalloc byte[Size];
        octets.Fill((byte)' ');
        for (int i = 0; i < name.Length; i++)
            octets[i] = name[i] <= '\u00FF' ? (byte)name[i] : throw new ArgumentException($"'{VisibleText.Escape(name[i].ToString())}' in '{VisibleText.Escape(name.ToString())}' is not a Latin-1 character.", nameof(name));
        octets[BaseSize] = (byte)suffix;
        High = BinaryPrimitives.ReadUInt64BigEndian(octets);
        Low = BinaryPrimitives.ReadUInt64BigEndian(octets[8..]);
        _scope = scope is { IsEmpty: false } ? scope : null;
    }

    /// <summary>The name that asks any node for its status: <c>*</c> and fifteen zero octets (RFC 1002 §4.2.17).</summary>
    public static NetBiosName Wildcard => new(0x2A00_0000_0000_0000, 0);

    /// <summary><c>&lt;01&gt;&lt;02&gt;__MSBROWSE__&lt;02&gt;&lt;01&gt;</c>: the group of all master browsers.</summary>
    public static NetBiosName MsBrowse => new("\u0001\u0002__MSBROWSE__\u0002", NameSuffix.Browser);

    /// <summary>Octets 0 to 7 as one word, first octet highest.</summary>
    public ulong High { get; }

    /// <summary>Octets 8 to 15 as one word; the suffix is the lowest octet.</summary>
    public ulong Low { get; }

    /// <summary>The sixteenth octet.</summary>
    public NameSuffix Suffix => (NameSuffix)(byte)Low;

    /// <summary>The scope; <see cref="NetBiosScope.Empty"/> where there is none.</summary>
    public NetBiosScope Scope => _scope ?? NetBiosScope.Empty;

    /// <summary>Whether there is a scope.</summary>
    public bool HasScope => _scope is not null;

    /// <summary>
    /// Whether the name begins with <c>*</c>. Such a name is added locally without registration and is never defended
    /// (MS-NBTE §3.1.4.1, §3.1.5.1).
    /// </summary>
    public bool IsWildcard => High >> 56 == '*';

    /// <summary>
    /// Whether this is the wildcard of node status: <c>*</c> and then only zero octets, or only spaces as some stacks pad it
    /// (the suffix may be either).
    /// </summary>
    public bool IsStatusWildcard =>
        High == 0x2A00_0000_0000_0000 ? Low == 0 : High == 0x2A20_2020_2020_2020 && Low is 0x2020_2020_2020_2020 or 0x2020_2020_2020_2000;

    /// <summary>The fifteen octets before the suffix as people write them: trailing spaces dropped, octets that do not print as <c>&lt;hh&gt;</c>.</summary>
    public string BaseName
    {
        get
        {
            if (High == Wildcard.High && Low == Wildcard.Low)
                return "*"; // its zero octets say nothing
            Span<char> text = stackalloc char[MaxPlainTextLength];
            TryFormatBase(text, OctetText.Dots.Plain, out int written);
            return new string(text[..written]);
        }
    }

    /// <summary>
    /// The fifteen octets before the suffix as Windows prints them in columns: always fifteen characters, octets that do not print as dots
    /// (<c>..__MSBROWSE__.</c>).
    /// </summary>
    public string PaddedBaseName
    {
        get
        {
            Span<byte> octets = stackalloc byte[Size];
            CopyTo(octets);
            Span<char> text = stackalloc char[BaseSize];
            for (int i = 0; i < BaseSize; i++)
                text[i] = octets[i] is >= 0x20 and < 0x7F ? (char)octets[i] : '.';
            return new string(text);
        }
    }

    /// <summary>
    /// Parses a name as people write it: <c>JSMITH&lt;03&gt;</c>, <c>JSMITH#03</c> (Samba's form), <c>JSMITH         :3</c> (as event 4321
    /// prints it), <c>JSMITH</c> (suffix 00),
    /// <c>&lt;01&gt;&lt;02&gt;__MSBROWSE__&lt;02&gt;&lt;01&gt;</c>, with a scope <c>FRED&lt;20&gt;.EXAMPLE.COM</c>; <c>*</c> is the wildcard.
    /// </summary>
    /// <param name="text">The text; nothing is upper-cased.</param>
    /// <exception cref="FormatException"><paramref name="text"/> is not a name.</exception>
    /// <remarks>
    /// <c>&lt;hh&gt;</c> stands for an octet in hex; the one that ends the text, or stands before the first <c>&gt;.</c>, is always the suffix,
    /// and what follows that dot is the scope. A dot that belongs to the name itself and follows such an octet is written <c>&lt;2e&gt;</c>.
    /// </remarks>
    public static NetBiosName Parse(string text) =>
        TryParse(text, out var name) ? name : throw new FormatException(
            $"'{VisibleText.Escape(text)}' is not a NetBIOS name: expected at most {BaseSize} characters and a suffix in hex, such as JSMITH<03> or JSMITH<03>.SCOPE.");

    /// <summary>Parses as <see cref="Parse"/> does.</summary>
    /// <param name="text">The text.</param>
    /// <param name="name">The name, or default.</param>
    /// <returns>Whether <paramref name="text"/> is a name.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out NetBiosName name)
    {
        name = default;
        if (string.IsNullOrEmpty(text))
            return false;
        if (text == "*")
        {
            name = Wildcard;
            return true;
        }

        var body = text.AsSpan();
        NetBiosScope? scope = null;
        int dot = text.IndexOf(">.", StringComparison.Ordinal);
        if (dot >= 0)
        {
            if (!NetBiosScope.TryParse(text[(dot + 2)..], out scope) || scope.IsEmpty)
                return false;
            body = body[..(dot + 1)];
        }

        byte suffix = 0;
        if (body.Length >= 3 && body[^3] == '#')
        {
            if (!OctetText.TryParseHex(body[^2..], out suffix))
                return false;
            body = body[..^3];
        }
        else if (body[^1] == '>')
        {
            if (body.Length < OctetText.MaxPerOctet || !OctetText.TryParseEscape(body[^OctetText.MaxPerOctet..], out suffix))
                return false;
            body = body[..^OctetText.MaxPerOctet];
        }
        else if (body.LastIndexOf(':') is > 0 and var colon && body.Length - colon is 2 or 3)
        {
            if (!byte.TryParse(body[(colon + 1)..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out suffix))
                return false;
            body = body[..colon];
        }

        Span<byte> octets = stackalloc byte[Size];
        octets.Fill((byte)' ');
        if (!OctetText.TryParse(body, octets[..BaseSize], out _))
            return false;
        octets[BaseSize] = suffix;
        name = new NetBiosName(octets, scope);
        return true;
    }

    /// <summary>Writes the sixteen octets.</summary>
    /// <param name="octets">Room for at least sixteen octets.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="octets"/> is shorter.</exception>
    public void CopyTo(Span<byte> octets)
    {
        BinaryPrimitives.WriteUInt64BigEndian(octets, High);
        BinaryPrimitives.WriteUInt64BigEndian(octets[8..], Low);
    }

    /// <summary>The same fifteen octets and scope under another suffix.</summary>
    /// <param name="suffix">The new sixteenth octet.</param>
    public NetBiosName WithSuffix(NameSuffix suffix) => new(High, (Low & ~0xFFUL) | (byte)suffix, _scope);

    /// <summary>The same octets in another scope.</summary>
    /// <param name="scope">The new scope; <see langword="null"/> for none.</param>
    public NetBiosName WithScope(NetBiosScope? scope) => new(High, Low, scope);

    /// <inheritdoc/>
    public bool Equals(NetBiosName other) =>
        High == other.High && Low == other.Low && (ReferenceEquals(_scope, other._scope) || (_scope is not null && _scope.Equals(other._scope)));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is NetBiosName other && Equals(other);

    /// <summary>A hash under a key that each process draws for itself, so that nobody can choose names that collide.</summary>
    public override int GetHashCode()
    {
        int hash = KeyedHash.Of(High, Low);
        return _scope is null ? hash : hash ^ _scope.GetHashCode();
    }

    /// <summary>Orders by the sixteen octets, then by the scope's octets.</summary>
    /// <param name="other">The name to compare with.</param>
    public int CompareTo(NetBiosName other)
    {
        int order = High.CompareTo(other.High);
        if (order == 0)
            order = Low.CompareTo(other.Low);
        return order != 0 ? order : Scope.Encoded.SequenceCompareTo(other.Scope.Encoded);
    }

    /// <summary>Whether both are the same name in the same scope.</summary>
    /// <param name="left">One name.</param>
    /// <param name="right">The other.</param>
    public static bool operator ==(NetBiosName left, NetBiosName right) => left.Equals(right);

    /// <summary>Whether name or scope differ.</summary>
    /// <param name="left">One name.</param>
    /// <param name="right">The other.</param>
    public static bool operator !=(NetBiosName left, NetBiosName right) => !left.Equals(right);

    /// <summary>Whether <paramref name="left"/> sorts before <paramref name="right"/>.</summary>
    /// <param name="left">One name.</param>
    /// <param name="right">The other.</param>
    public static bool operator <(NetBiosName left, NetBiosName right) => left.CompareTo(right) < 0;

    /// <summary>Whether <paramref name="left"/> sorts after <paramref name="right"/>.</summary>
    /// <param name="left">One name.</param>
    /// <param name="right">The other.</param>
    public static bool operator >(NetBiosName left, NetBiosName right) => left.CompareTo(right) > 0;

    /// <summary>Whether <paramref name="left"/> does not sort after <paramref name="right"/>.</summary>
    /// <param name="left">One name.</param>
    /// <param name="right">The other.</param>
    public static bool operator <=(NetBiosName left, NetBiosName right) => left.CompareTo(right) <= 0;

    /// <summary>Whether <paramref name="left"/> does not sort before <paramref name="right"/>.</summary>
    /// <param name="left">One name.</param>
    /// <param name="right">The other.</param>
    public static bool operator >=(NetBiosName left, NetBiosName right) => left.CompareTo(right) >= 0;

    /// <summary>
    /// <c>JSMITH&lt;03&gt;</c>, with a scope <c>FRED&lt;20&gt;.EXAMPLE.COM</c>; the wildcard of node status as <c>*</c>.
    /// <see cref="Parse"/> reads it back.
    /// </summary>
    public override string ToString()
    {
        Span<char> text = _scope is null ? stackalloc char[MaxPlainTextLength] : new char[MaxPlainTextLength + 1 + (_scope.Encoded.Length * OctetText.MaxPerOctet)];
        TryFormat(text, out int written);
        return new string(text[..written]);
    }

    /// <summary>Writes what <see cref="ToString()"/> gives, allocating nothing.</summary>
    /// <param name="destination">Room for the text; 64 characters suffice for a name without scope.</param>
    /// <param name="charsWritten">How many characters were written.</param>
    /// <returns>False when <paramref name="destination"/> is too short.</returns>
    public bool TryFormat(Span<char> destination, out int charsWritten)
    {
        if (this == Wildcard)
        {
            charsWritten = destination.IsEmpty ? 0 : 1;
            return "*".TryCopyTo(destination);
        }

        if (!TryFormatBase(destination, OctetText.Dots.EscapedBehindEscapes, out charsWritten) || destination.Length - charsWritten < SuffixTextLength)
            return false;
        destination[charsWritten] = '<';
        destination[charsWritten + 1] = "0123456789ABCDEF"[(byte)Suffix >> 4];
        destination[charsWritten + 2] = "0123456789ABCDEF"[(byte)Suffix & 0xF];
        destination[charsWritten + 3] = '>';
        charsWritten += SuffixTextLength;
        if (_scope is null)
            return true;
        if (destination.Length == charsWritten)
            return false;
        destination[charsWritten++] = '.';
        bool fits = _scope.TryFormat(destination[charsWritten..], out int more);
        charsWritten += more;
        return fits;
    }

    bool ISpanFormattable.TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        TryFormat(destination, out charsWritten);

    string IFormattable.ToString(string? format, IFormatProvider? formatProvider) => ToString();

    private bool TryFormatBase(Span<char> text, OctetText.Dots dots, out int written)
    {
        Span<byte> octets = stackalloc byte[Size];
        CopyTo(octets);
        return OctetText.TryFormat(text, octets[..BaseSize].TrimEnd((byte)' '), dots, out written);
    }
}
