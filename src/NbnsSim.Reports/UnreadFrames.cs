using System.Globalization;
using NbnsSim.Captures;

namespace NbnsSim.Reports;

/// <summary>What is to be said of a capture beside what is in it: why it shows nothing, what of it could not be read, and what is not in a copy of it.</summary>
public static class UnreadFrames
{
    /// <summary>Why no datagram was found, in words: <c>12 frames, of link type 105 (IEEE 802.11), which this program does not read</c>.</summary>
    /// <param name="datagrams">The datagrams, read to their end.</param>
    /// <returns><see langword="null"/> where there was one, or there was nothing to read.</returns>
    public static string? Explain(DatagramReader datagrams)
    {
        ArgumentNullException.ThrowIfNull(datagrams);
        var capture = datagrams.Capture;
        if (datagrams.DatagramCount > 0 || capture.FrameCount == 0 || capture.FrameCount <= capture.DamageCount)
            return null;
        LinkType[] links = [.. capture.Interfaces.Select(one => one.LinkType).Distinct()];
        LinkType[] unread = [.. links.Where(link => link == LinkType.Unknown || !Enum.IsDefined(link))];
        string why = unread.Length == 0
            ? $"none of them with name service packets{Encrypted(datagrams.EncryptedFrames)}"
            : $"{(unread.Length == links.Length ? "" : "some ")}of link type {string.Join(", ", unread.Take(4).Select(Name))}, which this program does not read";
        return string.Create(CultureInfo.InvariantCulture, $"{capture.FrameCount:N0} frame{(capture.FrameCount == 1 ? "" : "s")}, {why}");
    }

    /// <summary>What is worth a word of a capture that was read to its end: datagrams that only ICMP errors quote, and why nothing was found.</summary>
    /// <param name="datagrams">The datagrams, read to their end.</param>
    /// <returns>A sentence each.</returns>
    public static IEnumerable<string> Remarks(DatagramReader datagrams)
    {
        ArgumentNullException.ThrowIfNull(datagrams);
        if (datagrams.QuotedDatagrams > 0)
            yield return string.Create(CultureInfo.InvariantCulture, $"ICMP errors quote {datagrams.QuotedDatagrams:N0} name service packet{(datagrams.QuotedDatagrams == 1 ? "" : "s")} that could not be delivered; they are no traffic.");
        if (datagrams.Capture.FramesWithoutTime is var timeless and > 0)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture, $"{timeless:N0} frame{(timeless == 1 ? " has" : "s have")} no time in this file (simple packet blocks): what depends on times cannot be told from {(timeless == 1 ? "it" : "them")}, and 1970-01-01 stands in its place.");
        }

        if (Explain(datagrams) is { } why)
            yield return why + ".";
    }

    private static string Encrypted(long count) => count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" that can be read; {count:N0} of them {(count == 1 ? "is" : "are")} encrypted (IPsec, WireGuard, 802.1AE or 802.11)");

    /// <summary>What of a capture could not be read: the first damaged place, and how many there are.</summary>
    /// <param name="damage">The first place (<see cref="CaptureReader.Damage"/>); null for none.</param>
    /// <param name="count">How many there are in all (<see cref="CaptureReader.DamageCount"/>).</param>
    /// <returns>A sentence each; none where all could be read.</returns>
    public static IEnumerable<string> Damage(CaptureDamage? damage, long count)
    {
        if (damage is null)
            yield break;
        yield return damage.ToString()!;
        if (count > 1)
            yield return string.Create(CultureInfo.InvariantCulture, $"{count:N0} damaged places in all.");
    }

    /// <summary>What of a capture could not be read, and in which of several files frames are not in the order of their times.</summary>
    /// <param name="capture">The capture, read to its end.</param>
    /// <param name="titles">What its files are called.</param>
    /// <returns>A sentence each, behind the file that it is about; none where all could be read.</returns>
    public static IEnumerable<string> Complaints(CaptureReader capture, IReadOnlyList<string> titles)
    {
        ArgumentNullException.ThrowIfNull(capture);
        ArgumentNullException.ThrowIfNull(titles);
        foreach (string sentence in capture.Sources.Count == 0 ? Damage(capture.Damage, capture.DamageCount) : [])
            yield return $"{titles[0]}: {sentence}";
        foreach (var (source, title) in capture.Sources.Zip(titles))
        {
            foreach (string sentence in Damage(source.Capture.Damage, source.Capture.DamageCount))
                yield return $"{title}: {sentence}";
            if (source.FramesOutOfOrder > 0)
                yield return string.Create(CultureInfo.InvariantCulture, $"{title}: {source.FramesOutOfOrder:N0} frames are earlier than the one before; they are read in the order of the file.");
        }
    }

    /// <summary>What of a capture has no comments in the copy that was to have them.</summary>
    /// <param name="copy">The copy.</param>
    /// <param name="title">What the capture is called.</param>
    /// <returns>A sentence each; none where all is there.</returns>
    public static IEnumerable<string> Remarks(AnnotatedCapture copy, string title)
    {
        ArgumentNullException.ThrowIfNull(copy);
        if (copy.WithoutRoom > 0)
            yield return string.Create(CultureInfo.InvariantCulture, $"{copy.WithoutRoom:N0} frames have no comment, since simple packet blocks have no room for one.");
        if (copy.Damage is not null)
            yield return $"what cannot be read of {title} behind its last whole packet is not in it.";
    }

    /// <summary>A link type's number and what it is, of those that are seen most (tcpdump.org/linktypes.html).</summary>
    private static string Name(LinkType link) => (int)link switch
    {
        3 => "3 (AX.25)",
        106 => "106 (ATM, classical IP)",
        114 => "114 (LocalTalk)",
        123 => "123 (ATM of SunATM)",
        143 => "143 (DOCSIS)",
        147 => "147 (of somebody's own)",
        177 => "177 (Linux LAPD)",
        187 or 201 => $"{(int)link} (Bluetooth)",
        189 or 220 or 249 => $"{(int)link} (USB)",
        195 or 215 or 230 => $"{(int)link} (IEEE 802.15.4)",
        197 => "197 (Endace ERF)",
        224 => "224 (Fibre Channel)",
        227 => "227 (CAN)",
        240 or 241 => $"{(int)link} (netANALYZER)",
        242 => "242 (IP over InfiniBand)",
        247 => "247 (InfiniBand)",
        253 => "253 (Netlink)",
        272 => "272 (Nordic BLE)",
        ushort.MaxValue => "that pcap has no number for",
        var other => other.ToString(CultureInfo.InvariantCulture),
    };
}
