using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;

namespace NbnsSim.Captures;

/// <summary>
/// Writes a capture anew with comments on some of its packets (pcapng's opt_comment). What is pcapng keeps every block and option octet for octet: only the blocks of
/// those packets grow, behind the comments that they have. Any other format becomes pcapng with the same packets, times and link types.
/// </summary>
/// <remarks>
/// Two passes over the capture, in memory bounded by the comments. A damaged capture is written to its last whole block or packet. Where a section says how long it
/// is, it says so of the grown one.
/// </remarks>
public static class CaptureAnnotator
{
    private const int PacketBlockFixed = 28;
    private const int LengthOffset = 4;
    private const int SectionLengthOffset = 16;

    /// <summary>Writes the capture with comments.</summary>
    /// <param name="open">Opens the capture at its beginning, once for each pass.</param>
    /// <param name="output">Where to; it stays open.</param>
    /// <param name="comments">The comments, by frame number; lines are parted by LF. None longer than 65,535 octets of UTF-8.</param>
    /// <exception cref="ArgumentException">A comment is longer.</exception>
    public static AnnotatedCapture Annotate(Func<CaptureReader> open, Stream output, IReadOnlyDictionary<long, ImmutableArray<string>> comments)
    {
        ArgumentNullException.ThrowIfNull(open);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(comments);
        using var capture = open();
        return capture.Format == CaptureFormat.PcapNg ? Grow(capture, open, output, comments) : Convert(capture, output, comments);
    }

    private static AnnotatedCapture Convert(CaptureReader capture, Stream output, IReadOnlyDictionary<long, ImmutableArray<string>> comments)
    {
        long annotated = 0;
        var interfaces = new Dictionary<(int, LinkType), int>();
        using var writer = new CaptureWriter(output, leaveOpen: true);
        while (capture.TryRead(out var packet))
        {
            if (!interfaces.TryGetValue((packet.InterfaceIndex, packet.LinkType), out int index)) // a Network Monitor capture has several link types
                interfaces.Add((packet.InterfaceIndex, packet.LinkType), index = writer.AddInterface(capture.Interfaces[packet.InterfaceIndex] with { LinkType = packet.LinkType }));
            if (packet._time < Instant.Epoch)
                packet._time = Instant.Epoch; // pcapng's times are unsigned
            var added = comments.GetValueOrDefault(packet.FrameNumber);
            annotated += added.IsDefaultOrEmpty ? 0 : 1;
            writer.Write(packet, index, added.IsDefault ? [] : added.AsSpan());
        }

        if (interfaces.Count == 0 && capture.Interfaces.Count > 0)
            writer.AddInterface(capture.Interfaces[0]);
        return new AnnotatedCapture(capture.FrameCount, annotated, 0, capture.Damage, capture.DamageCount);
    }

    private static AnnotatedCapture Grow(CaptureReader capture, Func<CaptureReader> open, Stream output, IReadOnlyDictionary<long, ImmutableArray<string>> comments)
    {
        var patches = new List<Patch>();
        long annotated = 0;
        long withoutRoom = 0;
        Patch? section = null;
        while (capture.TryRead(out var packet))
        {
            if (comments.GetValueOrDefault(packet.FrameNumber) is not { IsDefaultOrEmpty: false } added)
                continue;
            if (capture.IsSimplePacket)
            {
                withoutRoom++;
                continue;
            }

            annotated++;
            added = Missing(packet, added);
            if (added.IsEmpty)
                continue;
            var (sectionOffset, sectionLength, swapped) = capture.Section;
            if (section?.Offset != sectionOffset + SectionLengthOffset)
                patches.Add(section = new Patch(sectionOffset + SectionLengthOffset, sizeof(long), swapped) { Number = sectionLength });
            int grown = Grow(patches, packet, added, swapped);
            section.Number += section.Number >= 0 ? grown : 0; // -1 stands for a length that is not given
        }

        using var copy = open();
        long position = 0;
        foreach (var patch in patches)
        {
            position += copy.Copy(patch.Offset - position, output) + copy.Copy(patch.Length, null);
            patch.Write(output);
        }

        if (capture.ReadableEnd == 0)
            new CaptureWriter(output, leaveOpen: true).Dispose(); // not even the section header is whole: a capture of nothing
        copy.Copy((capture.ReadableEnd ?? long.MaxValue) - position, output);
        return new AnnotatedCapture(capture.FrameCount, annotated, withoutRoom, capture.Damage, capture.DamageCount);
    }

    /// <summary>The comments that a packet does not have already, from an earlier time.</summary>
    private static ImmutableArray<string> Missing(in CapturePacket packet, ImmutableArray<string> comments)
    {
        foreach (var known in packet.Comments)
            comments = comments.Remove(Encoding.UTF8.GetString(known), StringComparer.Ordinal);
        return comments;
    }

    /// <summary>The comments go behind the options that can be read, before opt_endofopt, and before octets that are no option.</summary>
    private static int Grow(List<Patch> patches, in CapturePacket packet, ImmutableArray<string> comments, bool swapped)
    {
        int options = PacketBlockFixed + Padded(packet._data.Length);
        int length = options + packet._options.Length + sizeof(uint);
        var known = new PcapNgOptions(packet._options, swapped);
        while (known.MoveNext())
        {
        }

        int rest = known.Rest.Length;
        int grown = rest == 0 ? sizeof(uint) : 0; // nothing ends the options yet
        foreach (string comment in comments)
            grown += sizeof(uint) + Padded(CommentLength(comment));
        patches.Add(new Patch(packet.Offset + LengthOffset, sizeof(uint), swapped) { Number = length + grown });
        patches.Add(new Patch(packet.Offset + length - sizeof(uint) - rest, 0, swapped) { Comments = comments, EndsOptions = rest == 0 });
        patches.Add(new Patch(packet.Offset + length - sizeof(uint), sizeof(uint), swapped) { Number = length + grown });
        return grown;
    }

    private static int CommentLength(string comment) => Encoding.UTF8.GetByteCount(comment) is <= ushort.MaxValue and var length
        ? length
        : throw new ArgumentException($"A comment is longer than a capture can hold: {ushort.MaxValue} octets.", nameof(comment));

    private static int Padded(int length) => (length + 3) & ~3;

    /// <summary>Octets that take the place of others.</summary>
    private sealed class Patch(long offset, int length, bool swapped)
    {
        public long Offset => offset;

        /// <summary>How many octets it replaces; a number of so many octets takes their place.</summary>
        public int Length => length;

        public long Number { get; set; }

        public ImmutableArray<string> Comments { get; init; }

        public bool EndsOptions { get; init; }

        public void Write(Stream output)
        {
            if (Comments.IsDefault)
            {
                Write(output, Number, length);
                return;
            }

            foreach (string comment in Comments)
            {
                byte[] text = Encoding.UTF8.GetBytes(comment);
                Write(output, PcapNgOptions.Comment, sizeof(ushort));
                Write(output, text.Length, sizeof(ushort));
                output.Write(text);
                Write(output, 0, Padded(text.Length) - text.Length);
            }

            if (EndsOptions)
                Write(output, 0, sizeof(uint));
        }

        private void Write(Stream output, long number, int count)
        {
            Span<byte> octets = stackalloc byte[sizeof(long)];
            if (swapped == BitConverter.IsLittleEndian)
                BinaryPrimitives.WriteInt64BigEndian(octets, number << (8 * (sizeof(long) - count) % 64));
            else
                BinaryPrimitives.WriteInt64LittleEndian(octets, number);
            output.Write(octets[..count]);
        }
    }
}

/// <summary>What came of writing comments into a capture.</summary>
/// <param name="Frames">How many frames the capture has.</param>
/// <param name="Annotated">How many of them have the comments now.</param>
/// <param name="WithoutRoom">How many could not, since they are in simple packet blocks, which have no options (draft-ietf-opsawg-pcapng §4.4).</param>
/// <param name="Damage">The first damage of the capture; null for none.</param>
/// <param name="DamageCount">How many damaged places it has.</param>
public sealed record AnnotatedCapture(long Frames, long Annotated, long WithoutRoom, CaptureDamage? Damage, long DamageCount);
