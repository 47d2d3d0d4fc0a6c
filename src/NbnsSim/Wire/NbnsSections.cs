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
        public readonly NbnsQuestion Current => new(_packet, _name, _type);

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
    private readonly NbnsPacket _packet;

    internal NbnsRecords(NbnsPacket packet) => _packet = packet;

    /// <summary>How many there are.</summary>
    public int Count => _packet.RecordsRead;

    /// <summary>Walks through them.</summary>
    public Enumerator GetEnumerator() => new(_packet);

    /// <summary>Walks through the records.</summary>
    public ref struct Enumerator
    {
        private readonly NbnsPacket _packet;
        private int _index;
        private int _next;
        private int _name;
        private int _fixed;

        internal Enumerator(NbnsPacket packet)
        {
            _packet = packet;
            _index = 0;
            _next = packet.RecordsOffset;
            _name = _fixed = 0;
        }

        /// <summary>The record at hand.</summary>
        public readonly NbnsResourceRecord Current => new(_packet.Bytes, _name, _fixed, Section(_index - 1));

        /// <summary>Moves on.</summary>
        /// <returns>False after the last one.</returns>
        public bool MoveNext()
        {
            if (_index >= _packet.RecordsRead)
                return false;
            _index++;
            _name = _next;
            _fixed = NbnsNameReader.Skip(_packet.Bytes, _name);
            _next = _fixed + NbnsResourceRecord.FixedSize + ((_packet.Bytes[_fixed + 8] << 8) | _packet.Bytes[_fixed + 9]);
            return true;
        }

        private readonly NbnsSection Section(int index)
        {
            if (index < _packet.AnswerCount)
                return NbnsSection.Answer;
            index -= _packet.AnswerCount;
            if (index < _packet.AuthorityCount)
                return NbnsSection.Authority;
            return index - _packet.AuthorityCount < _packet.AdditionalCount ? NbnsSection.Additional : NbnsSection.Uncounted;
        }
    }
}
