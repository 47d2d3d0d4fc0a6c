using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace NbnsSim.Events;

/// <summary>The data octets of a NetBT event, which hold the address that the text of 4319 and 4320 only hints at (Q120752).</summary>
/// <remarks>
/// An I/O error-log packet, little-endian, and one word of dump data behind it:
/// <code>
/// 00 major function, retry count   02 DumpDataSize   04 NumberOfStrings   06 StringOffset
/// 08 event category                0C ErrorCode      10 UniqueErrorValue  14 FinalStatus
/// 18 sequence                      1C IoControlCode  20 DeviceOffset (8)  28 IPv4 address, least significant octet first
/// </code>
/// Both dumps that Microsoft published (Q120752 and Q314696) have these 44 octets. The header's field names are common knowledge, not theirs.
/// </remarks>
public sealed class NetBtEventData
{
    /// <summary>The octets of an event with an address: 40 of header, 4 of dump data.</summary>
    public const int Size = 44;

    private const int DumpDataSizeOffset = 0x02;
    private const int NumberOfStringsOffset = 0x04;
    private const int StringOffsetOffset = 0x06;
    private const int ErrorCodeOffset = 0x0C;
    private const int AddressOffset = 0x28;

    private readonly byte[] _octets;

    private NetBtEventData(byte[] octets, uint? code, Ipv4Address? address, bool truncated, ImmutableArray<string> remarks)
    {
        _octets = octets;
        IsTruncated = truncated;
        Code = code;
        Address = address;
        Remarks = remarks;
    }

    /// <summary>The octets as they were given.</summary>
    public ReadOnlySpan<byte> Octets => _octets;

    /// <summary>The event code at offset 0C; null where the data ends before it.</summary>
    public uint? Code { get; }

    /// <summary>The NetBT event that the code stands for; null if it is none of NetBT's.</summary>
    public NetBtEventDefinition? Definition => Code is { } code ? NetBtEventDefinition.FindByCode(code) : null;

    /// <summary>The address at offset 28: who sent the message. Null where there is none.</summary>
    public Ipv4Address? Address { get; }

    /// <summary>Whether the data ends before the code, or before what its header promises.</summary>
    public bool IsTruncated { get; }

    /// <summary>What is missing from the data or odd about it, a sentence each; empty for data as NetBT writes it.</summary>
    public ImmutableArray<string> Remarks { get; }

    /// <summary>Writes the 44 octets as in Q120752.</summary>
    /// <param name="destination">Room for at least <see cref="Size"/> octets; what lies behind stays as it is.</param>
    /// <param name="code">The full event code.</param>
    /// <param name="address">The sender.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="destination"/> is shorter.</exception>
    public static void Write(Span<byte> destination, uint code, Ipv4Address address)
    {
        var octets = destination[..Size];
        octets.Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(octets[DumpDataSizeOffset..], Ipv4Address.Size);
        BinaryPrimitives.WriteUInt16LittleEndian(octets[NumberOfStringsOffset..], 1);
        BinaryPrimitives.WriteUInt16LittleEndian(octets[StringOffsetOffset..], 0x54);
        BinaryPrimitives.WriteUInt32LittleEndian(octets[ErrorCodeOffset..], code);
        BinaryPrimitives.WriteUInt32LittleEndian(octets[AddressOffset..], address.Value);
    }

    /// <summary>
    /// The data of a 4321: no address, which its text has; four strings, UniqueErrorValue 0x101, FinalStatus C0000001. Observed on Windows 10; that earlier
    /// systems write the same is inferred.
    /// </summary>
    internal static ReadOnlySpan<byte> DuplicateNameError =>
    [
        0x00, 0x00, 0x00, 0x00, 0x04, 0x00, 0x32, 0x00, 0x00, 0x00, 0x00, 0x00, 0xE1, 0x10, 0x00, 0xC0, 0x01, 0x01, 0x00, 0x00, 0x01, 0x00, 0x00, 0xC0,
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    ];

    /// <summary>Reads data octets of any length; never throws. What cannot be found is null and explained in <see cref="Remarks"/>.</summary>
    /// <param name="octets">The octets.</param>
    public static NetBtEventData Read(ReadOnlySpan<byte> octets)
    {
        var remarks = ImmutableArray.CreateBuilder<string>();
        uint? code = octets.Length >= ErrorCodeOffset + 4 ? BinaryPrimitives.ReadUInt32LittleEndian(octets[ErrorCodeOffset..]) : null;
        Ipv4Address? address = null;
        bool truncated = code is null;

        if (octets.Length == Ipv4Address.Size)
        {
            address = new Ipv4Address(BinaryPrimitives.ReadUInt32LittleEndian(octets));
            remarks.Add("Only four octets were given; they are read as those at offset 28, the address.");
        }
        else if (code is null)
        {
            remarks.Add(string.Create(CultureInfo.InvariantCulture,
                $"The data ends after {octets.Length} octets: the event code stands at offsets 0C to 0F, the address at 28 to 2B."));
        }
        else
        {
            if (NetBtEventDefinition.FindByCode(code.Value) is null)
                remarks.Add($"The code 0x{code:X8} at offset 0C is not one of NetBT's events 4300 to 4322.");
            int dump = BinaryPrimitives.ReadUInt16LittleEndian(octets[DumpDataSizeOffset..]);
            truncated = octets.Length < AddressOffset + dump;
            if (octets.Length >= Size && dump >= Ipv4Address.Size)
                address = new Ipv4Address(BinaryPrimitives.ReadUInt32LittleEndian(octets[AddressOffset..]));
            else if (dump < Ipv4Address.Size)
                remarks.Add(string.Create(CultureInfo.InvariantCulture,
                    $"The header says that {dump} octets of data follow it: there is no address. Windows 2000 and later name the addresses of 4321 in its text."));
            else
                remarks.Add(string.Create(CultureInfo.InvariantCulture,
                    $"The data ends after {octets.Length} octets: the address stands at offsets 28 to 2B."));
            if (address is not null && octets.Length > AddressOffset + dump)
                remarks.Add(string.Create(CultureInfo.InvariantCulture, $"{octets.Length - AddressOffset - dump} octets follow the data."));
        }

        return new NetBtEventData(octets.ToArray(), code, address, truncated, remarks.ToImmutable());
    }

    /// <summary>
    /// Reads data pasted as text: plain hex, spaced octets, or Event Viewer's dump with offsets in its Bytes form
    /// (<c>0000: 00 00 04 00 …</c>, with or without the character column) or its Words form (<c>0000: 00040000 …</c>).
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="data">The data; look at its <see cref="Remarks"/> for what it lacks.</param>
    /// <param name="error">What in the text is not hex, and where; null when it could be read.</param>
    /// <returns>Whether <paramref name="text"/> is hex in one of these forms.</returns>
    public static bool TryParse(string? text, [NotNullWhen(true)] out NetBtEventData? data, [NotNullWhen(false)] out string? error)
    {
        data = EventHexText.TryParse(text ?? "", out byte[] octets, out error) ? Read(octets) : null;
        return data is not null;
    }
}
