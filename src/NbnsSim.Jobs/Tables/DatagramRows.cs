using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Jobs.Tables;

/// <summary>Makes rows from datagrams. It remembers the texts of addresses and names, so that each is made once; at most <see cref="MaxRemembered"/> of them.</summary>
/// <remarks>Not for several threads at a time.</remarks>
public sealed class DatagramRows
{
    /// <summary>The most texts that are remembered.</summary>
    public const int MaxRemembered = 65_536;

    private readonly Dictionary<Ipv4Address, string> _addresses = [];
    private readonly Dictionary<MacAddress, string> _stations = [];
    private readonly Dictionary<NetBiosName, string> _names = [];

    /// <summary>Reads what the payload says.</summary>
    /// <param name="row">A row with all that is known beside the payload, such as its number, time and place; source and destination may be left out.</param>
    /// <param name="source">Who sent it.</param>
    /// <param name="destination">Whom it was sent to.</param>
    /// <param name="sourceMac">The station that put it on the link; <see langword="null"/> where that is not known.</param>
    /// <param name="payload">The UDP payload as far as it was captured, of any content.</param>
    /// <returns>The row with the rest.</returns>
    public DatagramRow Read(in DatagramRow row, Ipv4Endpoint source, Ipv4Endpoint destination, MacAddress? sourceMac, ReadOnlySpan<byte> payload) => Read(
        row with
        {
            Source = TextOf(source.Address),
            SourcePort = source.Port,
            Destination = TextOf(destination.Address),
            DestinationPort = destination.Port,
            SourceMac = sourceMac is { } mac ? Remember(_stations, mac, static it => it.ToString()) : null,
        },
        payload);

    /// <summary>Reads what the payload says.</summary>
    /// <param name="row">A row with all that is known beside the payload.</param>
    /// <param name="payload">The UDP payload as far as it was captured, of any content.</param>
    /// <returns>The row with the rest.</returns>
    public DatagramRow Read(in DatagramRow row, ReadOnlySpan<byte> payload)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(payload, hash);
        bool isWhole = NbnsPacket.TryParseLenient(payload, out var packet, out var problem);
        var kind = isWhole ? NbnsClassification.Classify(packet) : NbnsMessageKind.Unknown;
        if (isWhole && kind == NbnsMessageKind.Unknown)
            problem = NbnsClassification.WhyUnknown(packet);
        var read = row with
        {
            PayloadLength = payload.Length,
            PayloadHash = BinaryPrimitives.ReadUInt64BigEndian(hash),
            TransactionId = payload.Length >= 2 ? packet.TransactionId : null,
            Flags = payload.Length >= 4 ? packet.Flags : null,
            Kind = isWhole ? kind : null,
            Problem = isWhole && kind != NbnsMessageKind.Unknown ? null : problem.ToString(),
        };
        if (packet.HasQuestion || packet.HasRecord)
            read = WithName(read, packet.Name);
        if (!packet.HasRecord)
            return read;
        var record = packet.Record;
        read = read with { TimeToLive = record.TimeToLive.Seconds, Entries = (ushort)record.EntryCount };
        return record.HasEntry ? read with { EntryAddress = TextOf(record.FirstEntry.Address), EntryFlags = record.FirstEntry.Flags } : read;
    }

    /// <summary>An address as text.</summary>
    internal string TextOf(Ipv4Address address) => Remember(_addresses, address, static it => it.ToString());

    private DatagramRow WithName(in DatagramRow row, NbnsNameView view)
    {
        if (!view.TryGetOctets(out ulong high, out ulong low))
            return row with { Name = OctetsAsText(view.FirstLabel), Scope = view.HasScope ? view.GetScope().ToString() : "" };
        var name = new NetBiosName(high, low);
        return row with { Name = Remember(_names, name, static it => it.BaseName), Suffix = (byte)name.Suffix, Scope = view.HasScope ? view.GetScope().ToString() : "" };
    }

    // as NetBiosName writes its octets
    private static string OctetsAsText(ReadOnlySpan<byte> octets)
    {
        var text = new StringBuilder(octets.Length);
        foreach (byte octet in octets)
            _ = octet is >= 0x20 and < 0x7F and not (byte)'<' and not (byte)'>' and not (byte)'\\' ? text.Append((char)octet) : text.Append(CultureInfo.InvariantCulture, $"<{octet:x2}>");
        return text.ToString();
    }

    private static string Remember<T>(Dictionary<T, string> texts, T value, Func<T, string> write)
        where T : struct
    {
        if (texts.TryGetValue(value, out string? text))
            return text;
        if (texts.Count == MaxRemembered)
            texts.Clear();
        texts.Add(value, text = write(value));
        return text;
    }
}
