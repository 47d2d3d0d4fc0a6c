using System.Buffers;
using System.Buffers.Text;
using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Cli;

/// <summary>
/// What <c>decode --json</c> prints: one object a line for each name service packet. Allocates nothing a packet, errors and IPv6 aside;
/// call <see cref="Flush"/> at the end.
/// </summary>
internal sealed class PacketJson : IDisposable
{
    private const int FlushAt = 1 << 16;

    private readonly Stream _output;
    private readonly ArrayBufferWriter<byte> _buffer = new(FlushAt * 2);
    private readonly Utf8JsonWriter _json;

    public PacketJson(Stream output)
    {
        _output = output;
        _json = new Utf8JsonWriter(_buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });
    }

    public void Flush()
    {
        _output.Write(_buffer.WrittenSpan);
        _buffer.ResetWrittenCount();
    }

    public void Dispose() => _json.Dispose();

    /// <summary>Prints one packet.</summary>
    /// <param name="frame">The frame's number, from 1.</param>
    /// <param name="time">The frame's time.</param>
    /// <param name="source">The sender's address, 4 or 16 octets.</param>
    /// <param name="sourcePort">The sender's port.</param>
    /// <param name="destination">The receiver's address, 4 or 16 octets.</param>
    /// <param name="destinationPort">The receiver's port.</param>
    /// <param name="payload">The UDP payload.</param>
    public void Write(
        long frame, Instant time, ReadOnlySpan<byte> source, int sourcePort, ReadOnlySpan<byte> destination, int destinationPort, ReadOnlySpan<byte> payload)
    {
        bool whole = NbnsPacket.TryParseLenient(payload, out var packet, out var error);
        var json = _json;
        json.Reset();
        json.WriteStartObject();
        json.WriteNumber("schemaVersion"u8, 1);
        json.WriteNumber("frame"u8, frame);
        WriteTime(json, time);
        WriteAddress(json, "source"u8, source);
        json.WriteNumber("sourcePort"u8, sourcePort);
        WriteAddress(json, "destination"u8, destination);
        json.WriteNumber("destinationPort"u8, destinationPort);
        if (payload.Length >= 2)
            json.WriteNumber("transactionId"u8, packet.TransactionId);
        else
            json.WriteNull("transactionId"u8);
        if (payload.Length >= 4)
        {
            json.WriteNumber("flags"u8, packet.Flags.Value);
            json.WriteNumber("opcode"u8, (int)packet.Opcode);
            json.WriteBoolean("response"u8, packet.IsResponse);
            json.WriteNumber("rcode"u8, (int)packet.Rcode);
        }
        else
        {
            json.WriteNull("flags"u8);
            json.WriteNull("opcode"u8);
            json.WriteNull("response"u8);
            json.WriteNull("rcode"u8);
        }

        json.WriteStartArray("questions"u8);
        foreach (var question in packet.Questions)
        {
            json.WriteStartObject();
            WriteName(json, question.Name);
            json.WriteNumber("type"u8, (int)question.Type);
            json.WriteNumber("class"u8, question.Class);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("records"u8);
        foreach (var record in packet.Records)
        {
            if (record.Section != NbnsSection.Uncounted)
                WriteRecord(json, record);
        }

        json.WriteEndArray();
        if (packet.Anomalies.HasFlag(NbnsAnomalies.UncountedRecord))
        {
            json.WritePropertyName("uncountedRecord"u8);
            WriteRecord(json, packet.Record);
        }

        if (whole)
            json.WriteNull("error"u8);
        else
            json.WriteString("error"u8, error.ToString());
        json.WriteEndObject();
        json.Flush();
        _buffer.Write("\n"u8);
        if (_buffer.WrittenCount >= FlushAt)
            Flush();
    }

    private static void WriteRecord(Utf8JsonWriter json, NbnsResourceRecord record)
    {
        json.WriteStartObject();
        json.WriteString("section"u8, record.Section switch
        {
            NbnsSection.Answer => "answer"u8,
            NbnsSection.Authority => "authority"u8,
            NbnsSection.Additional => "additional"u8,
            _ => "uncounted"u8,
        });
        WriteName(json, record.Name);
        json.WriteNumber("type"u8, (int)record.Type);
        json.WriteNumber("class"u8, record.Class);
        json.WriteNumber("ttl"u8, record.TimeToLive);
        if (record.Type == NbnsType.NB)
        {
            Span<byte> octets = stackalloc byte[Ipv4Address.Size];
            json.WriteStartArray("entries"u8);
            for (int i = 0; i < record.EntryCount; i++)
            {
                var entry = record.GetEntry(i);
                entry.Address.Write(octets);
                json.WriteStartObject();
                json.WriteNumber("flags"u8, entry.Flags.Value);
                WriteAddress(json, "address"u8, octets);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }
        else if (record.Type == NbnsType.NBStat)
        {
            json.WriteStartArray("names"u8);
            for (int i = 0; i < record.NodeNameCount; i++)
            {
                var entry = record.GetNodeName(i);
                json.WriteStartObject();
                WriteOctets(json, entry.Name.High, entry.Name.Low);
                json.WriteNumber("flags"u8, entry.Flags.Value);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    /// <summary>Name, suffix and scope; a first label that is no half-ASCII name stands as it is, with suffix null.</summary>
    private static void WriteName(Utf8JsonWriter json, NbnsNameView name)
    {
        if (name.TryGetOctets(out ulong high, out ulong low))
        {
            WriteOctets(json, high, low);
        }
        else
        {
            Span<byte> label = stackalloc byte[NetBiosScope.MaxLabelLength * 4];
            json.WriteString("name"u8, label[..Escape(name.FirstLabel, label)]);
            json.WriteNull("suffix"u8);
        }

        if (!name.HasScope)
        {
            json.WriteString("scope"u8, ""u8);
            return;
        }

        var encoded = name.GetScope().Encoded;
        Span<byte> scope = stackalloc byte[NbnsHeader.MaxDatagramLength * 5];
        int length = 0;
        for (int at = 0; at < encoded.Length; at += encoded[at] + 1)
        {
            if (at > 0)
                scope[length++] = (byte)'.';
            length += Escape(encoded.Slice(at + 1, encoded[at]), scope[length..]);
        }

        json.WriteString("scope"u8, scope[..length]);
    }

    private static void WriteOctets(Utf8JsonWriter json, ulong high, ulong low)
    {
        Span<byte> octets = stackalloc byte[NetBiosName.Size];
        new NetBiosName(high, low).CopyTo(octets);
        Span<byte> text = stackalloc byte[NetBiosName.Size * 4];
        json.WriteString("name"u8, text[..Escape(octets[..NetBiosName.BaseSize].TrimEnd((byte)' '), text)]);
        json.WriteNumber("suffix"u8, octets[NetBiosName.BaseSize]);
    }

    /// <summary>Printable ASCII as it is; other octets and &lt;, &gt;, \ as <c>&lt;hh&gt;</c>.</summary>
    private static int Escape(ReadOnlySpan<byte> octets, Span<byte> text)
    {
        int length = 0;
        foreach (byte octet in octets)
        {
            if (octet is >= 0x20 and < 0x7F and not (byte)'<' and not (byte)'>' and not (byte)'\\')
            {
                text[length++] = octet;
                continue;
            }

            text[length] = (byte)'<';
            text[length + 1] = "0123456789abcdef"u8[octet >> 4];
            text[length + 2] = "0123456789abcdef"u8[octet & 0xF];
            text[length + 3] = (byte)'>';
            length += 4;
        }

        return length;
    }

    private static void WriteTime(Utf8JsonWriter json, Instant time)
    {
        if (time.Nanoseconds < 0)
        {
            json.WriteString("time"u8, time.ToString());
            return;
        }

        Span<byte> text = stackalloc byte[32];
        Utf8Formatter.TryFormat(time.Seconds, text, out int length);
        text[length++] = (byte)'.';
        Utf8Formatter.TryFormat(time.NanosecondOfSecond, text[length..], out int digits, new StandardFormat('D', 9));
        json.WriteString("time"u8, text[..(length + digits)]);
    }

    private static void WriteAddress(Utf8JsonWriter json, ReadOnlySpan<byte> property, ReadOnlySpan<byte> octets)
    {
        Span<byte> text = stackalloc byte[64];
        int length = 0;
        if (octets.Length == Ipv4Address.Size)
        {
            for (int i = 0; i < octets.Length; i++)
            {
                if (i > 0)
                    text[length++] = (byte)'.';
                Utf8Formatter.TryFormat(octets[i], text[length..], out int digits);
                length += digits;
            }
        }
        else
        {
            new IPAddress(octets).TryFormat(text, out length);
        }

        json.WriteString(property, text[..length]);
    }
}
