using System.Globalization;
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
    private readonly PayloadSums _sums = new();

    /// <summary>Reads what the payload says.</summary>
    /// <param name="row">A row with all that is known beside the payload, such as its number, time and place; source and destination may be left out.</param>
    /// <param name="source">Who sent it.</param>
    /// <param name="destination">Whom it was sent to.</param>
    /// <param name="sourceMac">The station that put it on the link; <see langword="null"/> where that is not known.</param>
    /// <param name="payload">The UDP payload as far as it was captured, of any content.</param>
    /// <returns>The row with the rest.</returns>
    public DatagramRow Read(in DatagramRow row, Ipv4Endpoint source, Ipv4Endpoint destination, MacAddress? sourceMac, ReadOnlySpan<byte> payload) => Read(
        row,
        TextOf(source.Address),
        source.Port,
        TextOf(destination.Address),
        destination.Port,
        sourceMac is { } mac ? Remember(_stations, mac, static it => it.ToString()) : null,
        payload);

    /// <summary>Reads what the payload says.</summary>
    /// <param name="row">A row with all that is known beside the payload.</param>
    /// <param name="payload">The UDP payload as far as it was captured, of any content.</param>
    /// <returns>The row with the rest.</returns>
    public DatagramRow Read(in DatagramRow row, ReadOnlySpan<byte> payload) => Read(row, row.Source, row.SourcePort, row.Destination, row.DestinationPort, row.SourceMac, payload);

    // all at once, since each 'with' copies the row
    private DatagramRow Read(in DatagramRow row, string source, ushort sourcePort, string destination, ushort destinationPort, string? sourceMac, ReadOnlySpan<byte> payload)
    {
        bool isWhole = NbnsPacket.TryParseLenient(payload, out var packet, out var problem);
        var kind = isWhole ? NbnsClassification.Classify(packet) : NbnsMessageKind.Unknown;
        if (isWhole && kind == NbnsMessageKind.Unknown)
            problem = NbnsClassification.WhyUnknown(packet);
        string? name = null, scope = null;
        byte? suffix = null;
        if (packet.HasQuestion || packet.HasRecord)
            (name, suffix, scope) = NameOf(packet.Name);
        bool hasRecord = packet.HasRecord, hasEntry = hasRecord && packet.Record.HasEntry;
        return row with
        {
            Source = source,
            SourcePort = sourcePort,
            Destination = destination,
            DestinationPort = destinationPort,
            SourceMac = sourceMac,
            Kind = isWhole ? kind : null,
            Problem = isWhole && kind != NbnsMessageKind.Unknown ? null : problem.ToString(),
            Flags = payload.Length >= 4 ? packet.Flags : null,
            TransactionId = payload.Length >= 2 ? packet.TransactionId : null,
            Name = name ?? row.Name,
            Suffix = suffix ?? row.Suffix,
            Scope = scope ?? row.Scope,
            TimeToLive = hasRecord ? packet.Record.TimeToLive.Seconds : row.TimeToLive,
            Entries = hasRecord ? (ushort)packet.Record.EntryCount : row.Entries,
            EntryAddress = hasEntry ? TextOf(packet.Record.FirstEntry.Address) : row.EntryAddress,
            EntryFlags = hasEntry ? packet.Record.FirstEntry.Flags : row.EntryFlags,
            PayloadLength = payload.Length,
            PayloadHash = _sums.Of(payload),
        };
    }

    /// <summary>An address as text.</summary>
    internal string TextOf(Ipv4Address address) => Remember(_addresses, address, static it => it.ToString());

    private (string Name, byte? Suffix, string Scope) NameOf(NbnsNameView view)
    {
        string scope = view.HasScope ? view.GetScope().ToString() : "";
        if (!view.TryGetOctets(out ulong high, out ulong low))
            return (OctetsAsText(view.FirstLabel), null, scope);
        var name = new NetBiosName(high, low);
        return (Remember(_names, name, static it => it.BaseName), (byte)name.Suffix, scope);
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
