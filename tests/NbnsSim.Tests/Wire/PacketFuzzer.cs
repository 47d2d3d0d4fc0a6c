using System.Buffers.Binary;
using NbnsSim.Messages;
using NbnsSim.Wire;

namespace NbnsSim.Tests.Wire;

/// <summary>
/// Feeds the codec packets that nobody would send: random octets, packets of every kind with a few octets changed, and packets put together
/// at random from pieces. Everything that can be asked of a packet is asked; anything but a clean answer throws.
/// </summary>
internal sealed class PacketFuzzer
{
    private readonly byte[] _buffer = new byte[1500];
    private readonly byte[][] _models;
    private RandomStream _random;

    /// <param name="seed">Decides everything.</param>
    /// <param name="models">Good packets to spoil.</param>
    public PacketFuzzer(ulong seed, IEnumerable<byte[]> models)
    {
        _random = new RandomStream(seed);
        _models = [.. models];
    }

    /// <summary>How many packets could be read.</summary>
    public long Readable { get; private set; }

    /// <summary>How many of those were one of the known packets.</summary>
    public long Messages { get; private set; }

    /// <summary>Makes and reads <paramref name="count"/> packets.</summary>
    /// <exception cref="InvalidOperationException">The codec failed; the message has the packet in hex.</exception>
    public void Run(long count)
    {
        for (long i = 0; i < count; i++)
        {
            int length = (i % 4) switch
            {
                0 => Random(),
                1 => Assemble(),
                _ => Mutate(),
            };
            try
            {
                Check(_buffer.AsSpan(0, length));
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"{failure.Message} for {Convert.ToHexStringLower(_buffer, 0, length)}", failure);
            }
        }
    }

    private void Check(ReadOnlySpan<byte> octets)
    {
        bool strict = NbnsPacket.TryParse(octets, out var packet, out var error);
        bool lenient = NbnsPacket.TryParseLenient(octets, out var lenientPacket, out var lenientError);
        Require(strict == (error == default) && lenient == (lenientError == default), "an error says that there is none");
        Require(error.Offset >= 0 && error.Offset <= octets.Length, "an error lies outside the packet");
        Require(lenient || !strict, "the lenient form refuses what the strict one takes");
        Require(strict || lenient == ((lenientPacket.Anomalies & NbnsAnomalies.LongName) != NbnsAnomalies.None && error.Kind == NbnsParseErrorKind.NameTooLong)
            || !lenient, "the lenient form takes more than long names");
        // The short cuts for typical packets must see what the long way sees.
        Require(NbnsParser.TryParseAny(octets, NbnsHeader.MaxNameLength, out var plain, out var plainError) == strict && plainError == error, "a short cut errs");
        Require(PacketVisitor.VisitAll(packet) == PacketVisitor.VisitAll(plain), "a short cut sees something else");
        if (lenient && !strict)
            PacketVisitor.VisitAll(lenientPacket);
        if (!strict)
            return;
        Readable++;
        if (!NbnsMessage.TryRead(packet, out var message))
            return;
        Messages++;
        Span<byte> written = message.Length <= _copy.Length ? _copy : new byte[message.Length];
        written = written[..message.Write(written)];
        Require(NbnsMessage.TryRead(written, out var again, out _) && again.Equals(message), "a message does not read back");
    }

    private readonly byte[] _copy = new byte[2048];

    private int Random()
    {
        int length = (int)_random.Next(_random.Chance(100_000) ? 600u : 120u);
        for (int i = 0; i < length; i++)
            _buffer[i] = (byte)_random.NextUInt32();
        // Random counts promise too much nearly always: make some believable.
        if (length >= NbnsHeader.Size && _random.Chance(700_000))
        {
            for (int i = 4; i < NbnsHeader.Size; i += 2)
                (_buffer[i], _buffer[i + 1]) = (0, (byte)_random.Next(3));
        }

        return length;
    }

    private int Mutate()
    {
        byte[] model = _models[_random.Next((uint)_models.Length)];
        model.CopyTo(_buffer, 0);
        int length = model.Length;
        for (uint changes = 1 + (_random.Chance(500_000) ? 0 : _random.Next(4)); changes > 0; changes--)
        {
            int at = (int)_random.Next((uint)length);
            switch (_random.Next(7))
            {
                case 0:
                    _buffer[at] ^= (byte)(1 << (int)_random.Next(8));
                    break;
                case 1:
                    _buffer[at] = (byte)_random.NextUInt32();
                    break;
                case 2:
                    length = Math.Max(1, at);
                    break;
                case 3:
                    _buffer[length++] = (byte)_random.NextUInt32();
                    break;
                case 4 when length >= NbnsHeader.Size:
                    _buffer[4 + (2 * (int)_random.Next(4)) + 1] = (byte)_random.Next(4);
                    break;
                case 5 when at + 1 < length:
                    (_buffer[at], _buffer[at + 1]) = ((byte)(0xC0 | _random.Next(2)), (byte)_random.Next((uint)Math.Min(length + 4, 256)));
                    break;
                default:
                    // A piece of another packet in place of what stands there.
                    byte[] other = _models[_random.Next((uint)_models.Length)];
                    int from = (int)_random.Next((uint)other.Length);
                    int size = Math.Min(other.Length - from, _buffer.Length - 64 - at);
                    other.AsSpan(from, size).CopyTo(_buffer.AsSpan(at));
                    length = Math.Max(length, at + size);
                    break;
            }
        }

        return length;
    }

    private int Assemble()
    {
        var writer = new NbnsPacketWriter(_buffer);
        ushort questions = (ushort)_random.Next(3), answers = (ushort)_random.Next(3), others = (ushort)_random.Next(2), additionals = (ushort)_random.Next(3);
        ushort flags = (ushort)_random.NextUInt32();
        if (_random.Chance(700_000))
            flags = BinaryPrimitives.ReadUInt16BigEndian(_models[_random.Next((uint)_models.Length)].AsSpan(2));
        writer.WriteHeader((ushort)_random.NextUInt32(), flags, questions, answers, others, additionals);
        for (int i = 0; i < questions; i++)
        {
            Name(ref writer);
            writer.WriteTypeAndClass(Type(), (ushort)(_random.Chance(900_000) ? 1 : 2));
        }

        for (int i = answers + others + additionals; i > 0; i--)
        {
            Name(ref writer);
            var type = Type();
            int start = writer.Length + 8;
            writer.WriteRecordHead(type, _random.NextUInt32(), 0);
            if (type == NbnsType.NS)
            {
                Name(ref writer);
            }
            else
            {
                for (uint octets = _random.Next(5) * 6; octets > 0; octets--)
                    writer.WriteLabel((byte)_random.Next(_random.Chance(500_000) ? 4u : 256u), []);
            }

            writer.Patch(start, (ushort)(writer.Length - start - 2 + (_random.Chance(950_000) ? 0 : (int)_random.Next(3) - 1)));
        }

        return writer.Length;
    }

    private void Name(ref NbnsPacketWriter writer)
    {
        Span<byte> label = stackalloc byte[64];
        for (uint labels = _random.Next(4); labels > 0; labels--)
        {
            int length = _random.Chance(600_000) ? 32 : (int)_random.Next(64);
            for (int i = 0; i < length; i++)
                label[i] = (byte)('A' + _random.Next(16));
            writer.WriteLabel(label[..length]);
        }

        if (_random.Chance(500_000))
            writer.WriteLabel([]);
        else
            writer.WritePointer((int)_random.Next((uint)writer.Length + 2));
    }

    private NbnsType Type() => _random.Next(6) switch
    {
        0 => NbnsType.A,
        1 => NbnsType.NS,
        2 => NbnsType.Null,
        3 => NbnsType.NBStat,
        4 => (NbnsType)_random.Next(65_536),
        _ => NbnsType.NB,
    };

    private static void Require(bool condition, string otherwise)
    {
        if (!condition)
            throw new InvalidOperationException(otherwise);
    }
}
