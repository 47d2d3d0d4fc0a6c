using System.Diagnostics.CodeAnalysis;

namespace NbnsSim.Names;

/// <summary>
/// A NetBIOS scope identifier: the labels that follow the encoded name (RFC 1001 §14.1). Two nodes only see each other within one
/// scope, and scopes are case-sensitive (Q163112).
/// </summary>
public sealed class NetBiosScope : IEquatable<NetBiosScope>
{
    /// <summary>The most octets that scope labels may take, length octets included: 255 − 33 for the name − 1 for the root label.</summary>
    public const int MaxEncodedLength = 221;

    /// <summary>The longest label (RFC 1002 §4.1).</summary>
    public const int MaxLabelLength = 63;

    private readonly byte[] _encoded;

    private NetBiosScope(byte[] encoded) => _encoded = encoded;

    /// <summary>No scope: what nearly every network uses.</summary>
    public static NetBiosScope Empty { get; } = new([]);

    /// <summary>Whether there are no labels.</summary>
    public bool IsEmpty => _encoded.Length == 0;

    /// <summary>The labels in second-level encoding, each behind its length octet, without the final zero.</summary>
    public ReadOnlySpan<byte> Encoded => _encoded;

    /// <summary>Takes labels as they stand in a packet, which may be longer than the rules allow.</summary>
    internal static NetBiosScope FromEncoded(byte[] encoded) => encoded.Length == 0 ? Empty : new NetBiosScope(encoded);

    /// <summary>Parses <c>LABEL.LABEL</c>; <c>&lt;hh&gt;</c> stands for an octet in hex; empty text is no scope.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="FormatException"><paramref name="text"/> has an empty label, one of over 63 octets, or over 221 octets in all.</exception>
    public static NetBiosScope Parse(string text) =>
        TryParse(text, out var scope) ? scope : throw new FormatException(
            $"'{VisibleText.Escape(text)}' is not a NetBIOS scope: expected labels of 1 to {MaxLabelLength} octets joined by dots, {MaxEncodedLength} octets in all.");

    /// <summary>Parses as <see cref="Parse"/> does.</summary>
    /// <param name="text">The text.</param>
    /// <param name="scope">The scope, or <see langword="null"/>.</param>
    /// <returns>Whether <paramref name="text"/> is a scope.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out NetBiosScope? scope)
    {
        scope = null;
        if (text is null)
            return false;
        if (text.Length == 0)
        {
            scope = Empty;
            return true;
        }

        Span<byte> encoded = stackalloc byte[MaxEncodedLength];
        int at = 0;
        foreach (var range in text.AsSpan().Split('.'))
        {
            // Every label has its length octet before it; what does not fit any more is too long.
            if (at >= MaxEncodedLength || !OctetText.TryParse(text.AsSpan(range), encoded[(at + 1)..], out int length) || length is 0 or > MaxLabelLength)
                return false;
            encoded[at] = (byte)length;
            at += 1 + length;
        }

        scope = new NetBiosScope(encoded[..at].ToArray());
        return true;
    }

    /// <inheritdoc/>
    public bool Equals(NetBiosScope? other) => other is not null && Encoded.SequenceEqual(other.Encoded);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as NetBiosScope);

    /// <summary>A hash under a key that each process draws for itself, so that nobody can choose scopes that collide.</summary>
    public override int GetHashCode() => KeyedHash.Of(_encoded);

    /// <summary>The labels joined by dots; octets that do not print, and dots inside a label, as <c>&lt;hh&gt;</c>. <see cref="Parse"/> reads it back.</summary>
    public override string ToString()
    {
        if (IsEmpty)
            return "";
        char[] text = new char[_encoded.Length * OctetText.MaxPerOctet];
        TryFormat(text, out int written);
        return new string(text, 0, written);
    }

    /// <summary>Writes what <see cref="ToString"/> gives.</summary>
    internal bool TryFormat(Span<char> text, out int written)
    {
        written = 0;
        for (int at = 0; at < _encoded.Length; at += _encoded[at] + 1)
        {
            if (at > 0)
            {
                if (written == text.Length)
                    return false;
                text[written++] = '.';
            }

            bool fits = OctetText.TryFormat(text[written..], _encoded.AsSpan(at + 1, _encoded[at]), OctetText.Dots.Escaped, out int label);
            written += label;
            if (!fits)
                return false;
        }

        return true;
    }
}
