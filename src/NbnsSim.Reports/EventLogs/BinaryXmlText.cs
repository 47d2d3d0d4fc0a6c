using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace NbnsSim.Reports.EventLogs;

/// <summary>
/// A record's binary XML as text: tokens, templates with their arrays of values, names that stand in the chunk once. Whatever the octets say, it ends: depth,
/// tokens and characters of a record and of a chunk are bounded.
/// </summary>
/// <param name="chunk">The chunk that the record is in; offsets in it count from its start.</param>
/// <param name="length">How much of the chunk there is.</param>
internal sealed class BinaryXmlText(byte[] chunk, int length)
{
    private const int MaxDepth = 24;
    private const int MaxTokens = 50_000;
    private const int MaxCharacters = 1 << 19;
    private const int MaxTokensOfChunk = 1 << 20; // a chunk as Windows writes it has some ten thousands
    private const long MaxCharactersOfChunk = 1 << 23;
    private const int MaxValues = 4096;
    private const int TemplateHeader = 24;
    private const byte MoreData = 0x40;
    private const ushort NoDependency = 0xFFFF;

    private readonly StringBuilder _xml = new();
    private int _tokens;
    private int _allTokens;
    private long _allCharacters;

    private enum Token : byte
    {
        End = 0x00,
        OpenElement = 0x01,
        CloseStart = 0x02,
        CloseEmpty = 0x03,
        EndElement = 0x04,
        Value = 0x05,
        Attribute = 0x06,
        CData = 0x07,
        Character = 0x08,
        Entity = 0x09,
        InstructionTarget = 0x0A,
        InstructionData = 0x0B,
        Template = 0x0C,
        Substitution = 0x0D,
        OptionalSubstitution = 0x0E,
        FragmentHeader = 0x0F,
    }

    /// <summary>A value of a template's instance.</summary>
    private readonly record struct Value(int Start, int Length, int Type)
    {
        public bool IsNull => Type == BinaryXmlValue.Null || (Length == 0 && Type != BinaryXmlValue.Text);
    }

    /// <summary>The text; null where the octets are no binary XML.</summary>
    /// <param name="start">Where it begins.</param>
    /// <param name="end">Where it ends at the latest.</param>
    public string? Read(int start, int end)
    {
        _xml.Clear();
        _tokens = 0;
        int at = start;
        bool isWhole = Fragment(ref at, Math.Min(end, length), [], inTemplate: false, depth: 0) && _xml.Length > 0;
        _allTokens += _tokens;
        _allCharacters += _xml.Length;
        return isWhole ? _xml.ToString() : null;
    }

    private bool Fragment(ref int at, int end, Value[] values, bool inTemplate, int depth)
    {
        while (at < end)
        {
            if (!Count() || depth > MaxDepth)
                return false;
            switch (TokenAt(at))
            {
                case Token.End:
                    at++;
                    return true;
                case Token.FragmentHeader:
                    at += 4;
                    break;
                case Token.Template:
                    if (!Template(ref at, end, depth))
                        return false;
                    break;
                case Token.OpenElement:
                    if (!Element(ref at, end, values, inTemplate, depth))
                        return false;
                    break;
                default:
                    return false;
            }
        }

        return true;
    }

    /// <summary>A template and the values for it. The first record that uses it has it in itself, others the offset of that.</summary>
    private bool Template(ref int at, int end, int depth)
    {
        if (end - at < 10)
            return false;
        long definition = Word(at + 6);
        at += 10;
        if (definition > length - TemplateHeader)
            return false;
        int body = (int)definition + TemplateHeader;
        long size = Word(body - 4);
        if (size > length - body)
            return false;
        if (definition == at)
            at = body + (int)size;
        if (end - at < 4)
            return false;
        long count = Word(at);
        at += 4;
        if (count > MaxValues || count * 4 > end - at)
            return false;
        var values = new Value[count];
        int next = at + ((int)count * 4);
        for (int i = 0; i < values.Length; i++, at += 4)
        {
            int octets = Half(at);
            if (octets > end - next)
                return false;
            values[i] = new Value(next, octets, chunk[at + 2]);
            next += octets;
        }

        at = next;
        return Fragment(ref body, body + (int)size, values, inTemplate: true, depth + 1);
    }

    private bool Element(ref int at, int end, Value[] values, bool inTemplate, int depth)
    {
        int start = at;
        bool hasAttributes = (chunk[at] & MoreData) != 0;
        int dependency = NoDependency;
        at++;
        if (inTemplate || !IsNameAt(at + 4, end)) // an element outside of a template depends on nothing; some writers say so
        {
            if (end - at < 2)
                return false;
            dependency = Half(at);
            at += 2;
        }

        if (end - at < 8)
            return false;
        at += 4; // its size: the tokens say where it ends
        if (!Name(ref at, end, out string name))
            return false;
        int mark = _xml.Length;
        _xml.Append('<').Append(name);
        if (hasAttributes && !Attributes(ref at, end, values, depth))
            return false;
        if (at >= end)
            return false;
        string opening = _xml.ToString(mark, _xml.Length - mark) + ">";
        var token = TokenAt(at++);
        if (token == Token.CloseEmpty)
            _xml.Append("/>");
        else if (token != Token.CloseStart || !Content(ref at, end, values, inTemplate, depth, name, opening))
            return false;
        if (dependency < values.Length && values[dependency].IsNull)
            _xml.Length = mark; // an element whose value is missing is left out
        return at > start;
    }

    private bool Content(ref int at, int end, Value[] values, bool inTemplate, int depth, string name, string opening)
    {
        _xml.Append('>');
        while (at < end)
        {
            if (!Count() || depth > MaxDepth)
                return false;
            switch (TokenAt(at))
            {
                case Token.EndElement:
                    at++;
                    _xml.Append("</").Append(name).Append('>');
                    return true;
                case Token.OpenElement:
                    if (!Element(ref at, end, values, inTemplate, depth + 1))
                        return false;
                    break;
                case Token.Template:
                    if (!Template(ref at, end, depth + 1))
                        return false;
                    break;
                default:
                    if (!Piece(ref at, end, values, depth, $"</{name}>{opening}", out _))
                        return false;
                    break;
            }
        }

        return false;
    }

    private bool Attributes(ref int at, int end, Value[] values, int depth)
    {
        if (end - at < 4)
            return false;
        long size = Word(at);
        at += 4;
        if (size > end - at)
            return false;
        int last = at + (int)size;
        while (at < last)
        {
            if (!Count() || TokenAt(at) != Token.Attribute)
                return false;
            at++;
            if (!Name(ref at, last, out string name))
                return false;
            int mark = _xml.Length;
            bool any = false;
            bool allNull = true;
            _xml.Append(' ').Append(name).Append("=\"");
            while (at < last && TokenAt(at) != Token.Attribute)
            {
                if (!Piece(ref at, last, values, depth, " ", out bool isNull))
                    return false;
                any = true;
                allNull &= isNull;
            }

            _xml.Append('"');
            if (any && allNull)
                _xml.Length = mark; // an attribute whose value is missing is left out
        }

        return true;
    }

    /// <summary>A piece of text: a value, a value's place in a template, a character or an entity.</summary>
    /// <param name="at">Where it stands.</param>
    /// <param name="end">Where it must end.</param>
    /// <param name="values">The template's values.</param>
    /// <param name="depth">How deep.</param>
    /// <param name="between">What stands between the items of an array.</param>
    /// <param name="isNull">Whether there is no value.</param>
    private bool Piece(ref int at, int end, Value[] values, int depth, string between, out bool isNull)
    {
        isNull = false;
        if (!Count())
            return false;
        var token = TokenAt(at);
        int left = end - at;
        switch (token)
        {
            case Token.Value when left >= 4 && chunk[at + 1] == BinaryXmlValue.Text && Half(at + 2) * 2 <= left - 4:
                BinaryXmlValue.AppendUtf16(_xml, chunk.AsSpan(at + 4, Half(at + 2) * 2));
                at += 4 + (Half(at + 2) * 2);
                return true;
            case Token.CData or Token.InstructionData when left >= 3 && Half(at + 1) * 2 <= left - 3:
                if (token == Token.CData)
                    BinaryXmlValue.AppendUtf16(_xml, chunk.AsSpan(at + 3, Half(at + 1) * 2));
                at += 3 + (Half(at + 1) * 2);
                return true;
            case Token.Character when left >= 3:
                BinaryXmlValue.AppendText(_xml, [(char)Half(at + 1)]);
                at += 3;
                return true;
            case Token.Entity or Token.InstructionTarget:
                at++;
                if (!Name(ref at, end, out string name))
                    return false;
                if (token == Token.Entity)
                    _xml.Append(CultureInfo.InvariantCulture, $"&{name};");
                return true;
            case Token.Substitution or Token.OptionalSubstitution when left >= 4:
                int index = Half(at + 1);
                at += 4;
                if (index >= values.Length)
                    return false;
                isNull = values[index].IsNull;
                return isNull || Append(values[index], depth, between);
            default:
                return false;
        }
    }

    private bool Append(Value value, int depth, string between)
    {
        if (value.Type == BinaryXmlValue.Xml)
        {
            int at = value.Start;
            return Fragment(ref at, value.Start + value.Length, [], inTemplate: false, depth + 1);
        }

        if ((value.Type & BinaryXmlValue.Array) == 0)
        {
            BinaryXmlValue.Append(_xml, value.Type, chunk.AsSpan(value.Start, value.Length));
            return _xml.Length <= MaxCharacters;
        }

        int type = value.Type & ~BinaryXmlValue.Array;
        bool isFirst = true;
        foreach (var (start, size) in BinaryXmlValue.Items(type, chunk, value.Start, value.Length))
        {
            if (!isFirst)
                _xml.Append(between);
            isFirst = false;
            BinaryXmlValue.Append(_xml, type, chunk.AsSpan(start, size));
            if (!Count())
                return false;
        }

        return true;
    }

    /// <summary>The offset of a name, and the name itself where it is the first time in the chunk.</summary>
    private bool Name(ref int at, int end, out string name)
    {
        name = "";
        if (end - at < 4)
            return false;
        long offset = Word(at);
        at += 4;
        if (!BinaryXmlName.TryRead(chunk.AsSpan(0, length), offset, out name, out int size))
            return false;
        if (offset == at)
            at += size;
        return at <= end;
    }

    private bool IsNameAt(int at, int end) =>
        end - at >= 4 && BinaryXmlName.TryRead(chunk.AsSpan(0, length), Word(at), out string name, out _) && Half((int)Word(at) + 4) == BinaryXmlName.Hash(name);

    private Token TokenAt(int at) => (Token)(chunk[at] & ~MoreData);

    private bool Count() => ++_tokens <= MaxTokens && _xml.Length <= MaxCharacters && _allTokens <= MaxTokensOfChunk && _allCharacters <= MaxCharactersOfChunk;

    private long Word(int at) => BinaryPrimitives.ReadUInt32LittleEndian(chunk.AsSpan(at));

    private int Half(int at) => BinaryPrimitives.ReadUInt16LittleEndian(chunk.AsSpan(at));
}
