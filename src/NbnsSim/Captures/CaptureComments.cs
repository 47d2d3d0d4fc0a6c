using System.Text;

namespace NbnsSim.Captures;

/// <summary>The comments of a packet, UTF-8 as the capture has them; enumerating allocates nothing.</summary>
public readonly ref struct CaptureComments
{
    private readonly ReadOnlySpan<byte> _options;
    private readonly bool _swapped;

    internal CaptureComments(ReadOnlySpan<byte> options, bool swapped)
    {
        _options = options;
        _swapped = swapped;
    }

    /// <summary>Whether there is none.</summary>
    public bool IsEmpty => !GetEnumerator().MoveNext();

    /// <summary>Starts at the first comment.</summary>
    public Enumerator GetEnumerator() => new(_options, _swapped);

    /// <summary>The comments as text, one a line; empty where there is none. Octets that are not UTF-8 show as U+FFFD.</summary>
    public override string ToString()
    {
        if (IsEmpty)
            return "";
        var text = new StringBuilder();
        foreach (var comment in this)
            text.Append(text.Length == 0 ? "" : "\n").Append(Encoding.UTF8.GetString(comment));
        return text.ToString();
    }

    /// <summary>Walks over the comments.</summary>
    public ref struct Enumerator
    {
        private PcapNgOptions _rest;

        internal Enumerator(ReadOnlySpan<byte> options, bool swapped) => _rest = new PcapNgOptions(options, swapped);

        /// <summary>The comment at hand, UTF-8.</summary>
        public readonly ReadOnlySpan<byte> Current => _rest.Value;

        /// <summary>Moves to the next comment.</summary>
        public bool MoveNext()
        {
            while (_rest.MoveNext())
            {
                if (_rest.Code == PcapNgOptions.Comment)
                    return true;
            }

            return false;
        }
    }
}
