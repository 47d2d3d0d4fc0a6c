using System.Buffers.Binary;

namespace NbnsSim.Wire;

/// <summary>The questions of a packet; made for <c>foreach</c>.</summary>
public readonly ref struct NbnsQuestions
{
    private readonly ReadOnlySpan<byte> _packet;

    internal NbnsQuestions(ReadOnlySpan<byte> packet, int count)
    {
        _packet = packet;
        Count = count;
    }

    /// <summary>How many there are.</summary>
    public int Count { get; }

    /// <summary>Walks through them.</summary>
    public Enumerator GetEnumerator() => new(_packet, Count);

    /// <summary>Walks through the questions.</summary>
    public ref struct Enumerator
    {
        private readonly ReadOnlySpan<byte> _packet;
        private int _left;
        private int _next;
        private int _name;
        private int _type;

        internal Enumerator(ReadOnlySpan<byte> packet, int count)
        {
            _packet = packet;
            _left = count;
            _next = NbnsHeader.Size;
            _name = _type = 0;
        }

        /// <summary>The question at hand.</summary>
        public readonly NbnsQuestion Current => _type == 0 ? default : new(_packet, _name, _type);

        /// <summary>Moves on.</summary>
        /// <returns>False after the last one.</returns>
        public bool MoveNext()
        {
            if (_left-- <= 0)
                return false;
            _name = _next;
            _type = NbnsNameReader.Skip(_packet, _name);
            _next = _type + 4;
            return true;
        }
    }
}

/// <summary>The records of a packet, in the order of its sections; made for <c>foreach</c>.</summary>
public readonly ref struct NbnsRecords
{
    private readonly ReadOnlySpan<byte> _packet;
    private readonly int _offset;

    internal NbnsRecords(ReadOnlySpan<byte> packet, int count, int offset)
    {
        _packet = packet;
        _offset = offset;
        Count = count;
    }

    /// <summary>How many there are.</summary>
    public int Count { get; }

    /// <summary>Walks through them.</summary>
    public Enumerator GetEnumerator() => new(_packet, Count, _offset);

    /// <summary>Where the counts put record <paramref name="index"/>.</summary>
    internal static NbnsSection Section(ReadOnlySpan<byte> packet, int index)
    {
        int answers = BinaryPrimitives.ReadUInt16BigEndian(packet[6..]);
        if (index < answers)
            return NbnsSection.Answer;
        index -= answers;
        int authorities = BinaryPrimitives.ReadUInt16BigEndian(packet[8..]);
        if (index < authorities)
            return NbnsSection.Authority;
        return index - authorities < BinaryPrimitives.ReadUInt16BigEndian(packet[10..]) ? NbnsSection.Additional : NbnsSection.Uncounted;
    }

    /// <summary>Walks through the records.</summary>
    public ref struct Enumerator
    {
        private readonly ReadOnlySpan<byte> _packet;
        private readonly int _count;
        private int _index;
        private int _next;
        private int _name;
        private int _fixed;

        internal Enumerator(ReadOnlySpan<byte> packet, int count, int offset)
        {
            _packet = packet;
            _count = count;
            _next = offset;
        }

        /// <summary>The record at hand.</summary>
        public readonly NbnsResourceRecord Current => _index == 0 ? default : new(_packet, _name, _fixed, _index - 1);

        /// <summary>Moves on.</summary>
        /// <returns>False after the last one.</returns>
        public bool MoveNext()
        {
            if (_index >= _count)
                return false;
            _index++;
            _name = _next;
            _fixed = NbnsNameReader.Skip(_packet, _name);
            _next = _fixed + NbnsResourceRecord.FixedSize + BinaryPrimitives.ReadUInt16BigEndian(_packet[(_fixed + 8)..]);
            return true;
        }
    }
}
