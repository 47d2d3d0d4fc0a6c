using System.Buffers.Binary;
using System.Text;

namespace NbnsSim.Reports.EventLogs;

/// <summary>A chunk that is being filled.</summary>
internal sealed class EvtxChunk
{
    /// <summary>Any will do; its first four octets are the template's number too.</summary>
    private static readonly Guid TemplateId = new("6e62736e-7369-4d00-9e65-766e74733031");

    private static readonly byte[] FragmentHeader = [0x0F, 0x01, 0x01, 0x00];

    private readonly byte[] _octets = new byte[EvtxLayout.ChunkSize];
    private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);
    private int _at = EvtxLayout.Records;
    private int _lastRecord;
    private int _template;
    private ulong _first;
    private ulong _last;

    /// <summary>Whether it holds no record.</summary>
    public bool IsEmpty => _at == EvtxLayout.Records;

    /// <summary>Forgets its records.</summary>
    public void Clear()
    {
        Array.Clear(_octets);
        _names.Clear();
        _at = EvtxLayout.Records;
        _lastRecord = _template = 0;
    }

    /// <summary>Adds a record; false where there is no room for it, and nothing has changed then.</summary>
    public bool TryAdd(EventLogEntry entry, ulong number)
    {
        byte[][] values =
        [
            Utf16(entry.Provider), Half((ushort)(entry.Code >> 16)), Half((ushort)entry.Code), [entry.Level], Half(0), Long(0x80_0000_0000_0000), Long((ulong)entry.FileTime), Long(number),
            Utf16(entry.Channel), Utf16(entry.Computer), [.. entry.Strings.SelectMany(text => Utf16(text + "\0"))], [.. entry.Data],
        ];
        byte[] types =
        [
            BinaryXmlValue.Text, BinaryXmlValue.UInt16, BinaryXmlValue.UInt16, BinaryXmlValue.UInt8, BinaryXmlValue.UInt16, 0x15, BinaryXmlValue.FileTime, BinaryXmlValue.UInt64,
            BinaryXmlValue.Text, BinaryXmlValue.Text, BinaryXmlValue.Text | BinaryXmlValue.Array, entry.Data.IsEmpty ? BinaryXmlValue.Null : BinaryXmlValue.Binary,
        ];
        const int templateRoom = 1600; // the template and its names take some 1,500 octets
        int room = EvtxLayout.RecordHeader + FragmentHeader.Length + 10 + (IsEmpty ? templateRoom : 0) + 4 + values.Sum(value => value.Length + 4) + 12;
        if (room > _octets.Length - _at || values.Any(value => value.Length > ushort.MaxValue))
            return false;

        int start = _at;
        Put(EvtxLayout.RecordMagic);
        PutWord(0);
        PutLong(number);
        PutLong((ulong)entry.FileTime);
        Put(FragmentHeader);
        Put([0x0C, 0x01]);
        Put(TemplateId.ToByteArray().AsSpan(0, 4));
        if (IsFirst(start))
        {
            _template = _at + 4;
            _first = number;
            PutWord((uint)_template);
            PutTemplate();
        }
        else
        {
            PutWord((uint)_template);
        }

        PutWord((uint)values.Length);
        for (int i = 0; i < values.Length; i++)
        {
            PutHalf((ushort)values[i].Length);
            Put([types[i], 0]);
        }

        foreach (byte[] value in values)
            Put(value);
        do
            Put([0x00]); // the end of the binary XML, then padding: records begin at a multiple of eight
        while ((_at - start) % 8 != 4);
        uint size = (uint)(_at + 4 - start);
        PutWord(size);
        BinaryPrimitives.WriteUInt32LittleEndian(_octets.AsSpan(start + 4), size);
        _lastRecord = start;
        _last = number;
        return true;
    }

    /// <summary>The chunk with its header.</summary>
    public ReadOnlySpan<byte> Finish()
    {
        var header = _octets.AsSpan();
        EvtxLayout.ChunkMagic.CopyTo(header);
        if (IsEmpty)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(header[EvtxLayout.FirstNumber..], ulong.MaxValue);
            BinaryPrimitives.WriteUInt64LittleEndian(header[EvtxLayout.LastNumber..], ulong.MaxValue);
            BinaryPrimitives.WriteUInt64LittleEndian(header[EvtxLayout.FirstId..], ulong.MaxValue);
            BinaryPrimitives.WriteUInt64LittleEndian(header[EvtxLayout.LastId..], ulong.MaxValue);
        }
        else
        {
            BinaryPrimitives.WriteUInt64LittleEndian(header[EvtxLayout.FirstNumber..], _first);
            BinaryPrimitives.WriteUInt64LittleEndian(header[EvtxLayout.LastNumber..], _last);
            BinaryPrimitives.WriteUInt64LittleEndian(header[EvtxLayout.FirstId..], _first);
            BinaryPrimitives.WriteUInt64LittleEndian(header[EvtxLayout.LastId..], _last);
            int bucket = (int)(BinaryPrimitives.ReadUInt32LittleEndian(TemplateId.ToByteArray()) % EvtxLayout.TemplateBuckets);
            BinaryPrimitives.WriteUInt32LittleEndian(header[(EvtxLayout.Templates + (bucket * 4))..], (uint)_template);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(header[EvtxLayout.HeaderSizeOffset..], EvtxLayout.HeaderSize);
        BinaryPrimitives.WriteUInt32LittleEndian(header[EvtxLayout.LastRecordOffset..], (uint)_lastRecord);
        BinaryPrimitives.WriteUInt32LittleEndian(header[EvtxLayout.FreeSpaceOffset..], (uint)_at);
        BinaryPrimitives.WriteUInt32LittleEndian(header[EvtxLayout.RecordsChecksum..], Crc32.Of(header[EvtxLayout.Records.._at]));
        uint sum = Crc32.Of(header[EvtxLayout.HeaderSize..EvtxLayout.Records], Crc32.Of(header[..EvtxLayout.ChecksummedHeader]));
        BinaryPrimitives.WriteUInt32LittleEndian(header[EvtxLayout.ChecksumOffset..], sum);
        return _octets;
    }

    private static bool IsFirst(int start) => start == EvtxLayout.Records;

    /// <summary>The template's definition: offset of the next, its GUID, its size, the event with places for twelve values.</summary>
    private void PutTemplate()
    {
        PutWord(0);
        Put(TemplateId.ToByteArray());
        int sizeAt = _at;
        PutWord(0);
        int body = _at;
        Put(FragmentHeader);
        Element("Event", [("xmlns", null, "http://schemas.microsoft.com/win/2004/08/events/event")], () =>
        {
            Element("System", [], () =>
            {
                Element("Provider", [("Name", 0, null)], null);
                Element("EventID", [("Qualifiers", 1, null)], () => Place(2));
                Element("Level", [], () => Place(3));
                Element("Task", [], () => Place(4));
                Element("Keywords", [], () => Place(5));
                Element("TimeCreated", [("SystemTime", 6, null)], null);
                Element("EventRecordID", [], () => Place(7));
                Element("Channel", [], () => Place(8));
                Element("Computer", [], () => Place(9));
                Element("Security", [], null);
            });
            Element("EventData", [], () =>
            {
                Element("Data", [], () => Place(10), dependency: 10);
                Element("Binary", [], () => Place(11), dependency: 11);
            });
        });
        Put([0x00]);
        BinaryPrimitives.WriteUInt32LittleEndian(_octets.AsSpan(sizeAt), (uint)(_at - body));
    }

    private void Element(string name, (string Name, int? Place, string? Text)[] attributes, Action? content, ushort dependency = 0xFFFF)
    {
        Put([(byte)(attributes.Length > 0 ? 0x41 : 0x01)]);
        PutHalf(dependency);
        int sizeAt = _at;
        PutWord(0);
        PutName(name);
        if (attributes.Length > 0)
        {
            int listAt = _at;
            PutWord(0);
            foreach (var (attribute, place, text) in attributes)
            {
                Put([0x06]);
                PutName(attribute);
                if (place is { } index)
                {
                    Place(index);
                    continue;
                }

                Put([0x05, BinaryXmlValue.Text]);
                PutHalf((ushort)text!.Length);
                Put(Utf16(text));
            }

            BinaryPrimitives.WriteUInt32LittleEndian(_octets.AsSpan(listAt), (uint)(_at - listAt - 4));
        }

        Put([(byte)(content is null ? 0x03 : 0x02)]);
        content?.Invoke();
        if (content is not null)
            Put([0x04]);
        BinaryPrimitives.WriteUInt32LittleEndian(_octets.AsSpan(sizeAt), (uint)(_at - sizeAt - 4));
    }

    private void Place(int index)
    {
        byte type = index switch { 1 or 2 or 4 => BinaryXmlValue.UInt16, 3 => BinaryXmlValue.UInt8, 5 => 0x15, 6 => BinaryXmlValue.FileTime, 7 => BinaryXmlValue.UInt64, 10 => 0x81, 11 => BinaryXmlValue.Binary, _ => BinaryXmlValue.Text };
        Put([0x0E]);
        PutHalf((ushort)index);
        Put([type]);
    }

    /// <summary>A name's offset, and the name where it is the first time; it goes in front of its bucket's chain.</summary>
    private void PutName(string name)
    {
        if (_names.TryGetValue(name, out int known))
        {
            PutWord((uint)known);
            return;
        }

        ushort hash = BinaryXmlName.Hash(name);
        var bucket = _octets.AsSpan(EvtxLayout.Names + (hash % EvtxLayout.NameBuckets * 4));
        uint next = BinaryPrimitives.ReadUInt32LittleEndian(bucket);
        int offset = _at + 4;
        PutWord((uint)offset);
        _names[name] = offset;
        BinaryPrimitives.WriteUInt32LittleEndian(bucket, (uint)offset);
        PutWord(next);
        PutHalf(hash);
        PutHalf((ushort)name.Length);
        Put(Utf16(name));
        PutHalf(0);
    }

    private void Put(ReadOnlySpan<byte> octets)
    {
        octets.CopyTo(_octets.AsSpan(_at));
        _at += octets.Length;
    }

    private void PutHalf(ushort value) => Put(Half(value));

    private void PutWord(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_octets.AsSpan(_at), value);
        _at += 4;
    }

    private void PutLong(ulong value) => Put(Long(value));

    private static byte[] Utf16(string text) => Encoding.Unicode.GetBytes(text);

    private static byte[] Half(ushort value) => [(byte)value, (byte)(value >> 8)];

    private static byte[] Long(ulong value)
    {
        byte[] octets = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(octets, value);
        return octets;
    }
}
