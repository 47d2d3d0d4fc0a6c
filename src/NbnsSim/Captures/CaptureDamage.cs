using System.Globalization;

namespace NbnsSim.Captures;

/// <summary>In what way a capture is damaged.</summary>
public enum CaptureDamageKind
{
    /// <summary>The data ends inside a record or block.</summary>
    CutShort,

    /// <summary>A record or block declares a length that cannot be, so nothing behind it can be found.</summary>
    ImpossibleLength,

    /// <summary>The lengths at the two ends of a pcapng block differ.</summary>
    LengthsDisagree,

    /// <summary>A pcapng section begins with an unknown byte order or version.</summary>
    UnreadableSection,

    /// <summary>A packet names an interface that its section has not described; that packet alone is lost.</summary>
    UnknownInterface,

    /// <summary>A packet is longer than <see cref="CaptureReader.MaxPacketLength"/>; that packet alone is lost.</summary>
    PacketTooLong,

    /// <summary>A section describes more interfaces than <see cref="CaptureReader.MaxInterfaces"/>; the packets of the others are lost.</summary>
    TooManyInterfaces,

    /// <summary>The compressed data cannot be decompressed any further.</summary>
    CompressedData,
}

/// <summary>Something in a capture that could not be read.</summary>
/// <param name="Kind">In what way.</param>
/// <param name="Offset">Where the damaged record begins, in octets from the start of the (decompressed) data.</param>
/// <param name="FrameNumber">The number that the lost frame has or would have had, from 1.</param>
/// <param name="Detail">What was expected and what was found.</param>
public sealed record CaptureDamage(CaptureDamageKind Kind, long Offset, long FrameNumber, string Detail)
{
    /// <summary>One sentence for people.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"Frame {FrameNumber} at octet {Offset} is damaged: {Detail}.");
}
