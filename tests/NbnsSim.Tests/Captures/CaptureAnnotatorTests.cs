using System.Buffers.Binary;
using System.Collections.Immutable;
using System.IO.Compression;
using System.Text;
using NbnsSim.Captures;

namespace NbnsSim.Tests.Captures;

/// <summary>Comments go into a capture, and nothing else of it changes.</summary>
public sealed class CaptureAnnotatorTests
{
    private const int PacketBlockFixed = 28;

    private static readonly byte[] Frame = Frames.Ordinary();

    private static readonly ImmutableArray<string> Two = ["the first: ä€", "the second,\nof two lines"];

    /// <summary>A capture with two sections, comments, options behind damage, obsolete and simple packet blocks, and blocks that nobody knows.</summary>
    private static CaptureBytes Various(bool bigEndian)
    {
        var capture = new CaptureBytes(bigEndian).Section().Interface(options: options => options.Option(2, "eth0"u8).Option(9, 9));
        capture.Enhanced(1_000_000_000, Frame); // frame 1
        capture.Enhanced(1_000_000_001, Frame, options: options => options.Option(1, "theirs"u8).Option(2, 0, 0, 0, 1).Option(0)); // 2
        capture.Block(0x77, body => body.Add(1, 2, 3));
        capture.Enhanced(1_000_000_002, Frame, options: options => options.Option(1, "not ended"u8)); // 3
        capture.Enhanced(1_000_000_003, Frame, options: options => options.Option(1, "whole"u8).U16(5).U16(9_999).U32(7)); // 4: an option that its block cannot hold
        capture.Obsolete(1_000_000_004, Frame); // 5
        capture.Block(5, body => body.U32(0).U32(0).U32(0)); // interface statistics
        capture.Block(0xBAD, body => body.U32(32_473).Add("custom"u8)); // 6: counts as a frame
        var second = new CaptureBytes(bigEndian).Interface().Enhanced(5, Frame[..31], originalLength: 90).Simple(Frame).Enhanced(6, Frame); // 7, 8, 9
        return capture.Block(0x0A0D0D0A, body => body.U32(0x1A2B3C4D).U16(1).U16(0).I64(second.Length)).Add(second.ToArray());
    }

    [Test]
    public void OnlyTheBlocksOfCommentedPacketsGrow([Values] bool bigEndian, [Values(0, 1, 2, 3, 4, 5, 6, 7, 8, 9)] int one)
    {
        byte[] original = Various(bigEndian).ToArray();
        long[] frames = one == 0 ? [1, 2, 3, 4, 5, 6, 7, 8, 9] : [one];
        var (annotated, result) = Annotate(original, frames);

        bool isSimple = frames.Contains(8);
        Assert.That(result, Is.EqualTo(new AnnotatedCapture(9, frames.Count(frame => frame is not (6 or 8)), isSimple ? 1 : 0, null, 0)));
        var grown = CheckSame(original, annotated, bigEndian);
        Assert.That(grown, Has.Count.EqualTo(result.Annotated));
    }

    [Test]
    public void ASectionThatSaysHowLongItIsSaysSoStill([Values] bool bigEndian)
    {
        byte[] original = Various(bigEndian).ToArray();
        var (annotated, _) = Annotate(original, [1, 7, 9]);
        int section = LastSection(annotated);
        long said = bigEndian ? BinaryPrimitives.ReadInt64BigEndian(annotated.AsSpan(section + 16)) : BinaryPrimitives.ReadInt64LittleEndian(annotated.AsSpan(section + 16));
        Assert.That(said, Is.EqualTo(annotated.Length - section - 28));
        Assert.That(annotated.AsSpan(16, 8).ToArray(), Is.All.EqualTo(0xFF), "a section without a length still has none");
    }

    [Test]
    public void CommentsThatAreThereStayInFront()
    {
        var (annotated, _) = Annotate(Various(bigEndian: false).ToArray(), [2]);
        using var capture = CaptureReader.Open(annotated);
        var comments = new List<string>();
        while (capture.TryRead(out var packet))
        {
            if (packet.FrameNumber == 2)
                comments.Add(packet.Comments.ToString());
        }

        Assert.That(comments, Is.EqualTo(new[] { string.Join('\n', Two.Prepend("theirs")) }));
    }

    [Test]
    public void TheSameCommentIsNotWrittenTwice()
    {
        var (annotated, _) = Annotate(Various(bigEndian: false).ToArray(), [1, 2, 9]);
        var (again, result) = Annotate(annotated, [1, 2, 9]);
        Assert.That(again, Is.EqualTo(annotated));
        Assert.That(result.Annotated, Is.EqualTo(3));
    }

    [Test]
    public void WhatIsCutShortIsWrittenToItsLastWholeBlock([Values] bool bigEndian)
    {
        byte[] original = Various(bigEndian).ToArray();
        var blocks = Blocks(original, bigEndian);
        for (int length = 28; length < original.Length; length++)
        {
            var (annotated, result) = Annotate(original[..length], [1, 9]);
            int whole = blocks.Where(block => block.Start + block.Length <= length).Max(block => block.Start + block.Length);
            Assert.That(result.Damage, whole == length ? Is.Null : Is.Not.Null, $"cut to {length}");
            CheckSame(original[..whole], annotated, bigEndian);
        }
    }

    [Test]
    public void OtherFormatsBecomePcapngWithTheSamePackets()
    {
        byte[][] captures =
        [
            new CaptureBytes().PcapHeader(linkType: 113).PcapRecord(1, 2, Frame).PcapRecord(3, 999_999, Frame[..31], originalLength: 90).ToArray(),
            new CaptureBytes(bigEndian: true).PcapHeader(magic: 0xA1B23C4D).PcapRecord(1, 2, Frame).PcapRecord(3, 999_999_999, Frame).ToArray(),
            new CaptureBytes(bigEndian: true).SnoopHeader().SnoopRecord(1, 0, Frame).SnoopRecord(2, 0, Frame).ToArray(),
            new CaptureBytes().NetMonHeader(2, 1).NetMonRecord(1, Frame).NetMonRecord(2, Frame, network: 6).ToArray(),
            new CaptureBytes().PcapHeader(linkType: 101).ToArray(),
        ];
        foreach (byte[] original in captures)
        {
            var (annotated, result) = Annotate(original, [2]);
            using var before = CaptureReader.Open(original);
            using var after = CaptureReader.Open(annotated);
            Assert.That(after.Format, Is.EqualTo(CaptureFormat.PcapNg));
            while (before.TryRead(out var expected))
            {
                Assert.That(after.TryRead(out var packet));
                Assert.That(packet.Data.SequenceEqual(expected.Data));
                Assert.That((packet.Time, packet.OriginalLength, packet.LinkType, packet.FrameNumber), Is.EqualTo((expected.Time, expected.OriginalLength, expected.LinkType, expected.FrameNumber)));
                Assert.That(packet.Comments.ToString(), Is.EqualTo(packet.FrameNumber == 2 ? string.Join('\n', Two) : ""));
            }

            Assert.That(after.TryRead(out _), Is.False);
            Assert.That((after.Damage, after.Interfaces[0].LinkType), Is.EqualTo(((CaptureDamage?)null, before.Interfaces[0].LinkType)));
            Assert.That((result.Frames, result.Annotated), Is.EqualTo((before.FrameCount, before.FrameCount == 0 ? 0L : 1L)));
        }
    }

    [Test]
    public void WhatIsCompressedIsWrittenAsItIsInside()
    {
        byte[] original = Various(bigEndian: false).ToArray();
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(original);
        Assert.That(Annotate(packed.ToArray(), [1, 9]).Annotated, Is.EqualTo(Annotate(original, [1, 9]).Annotated));
    }

    [Test]
    public void ACommentThatACaptureCannotHoldIsRefused()
    {
        byte[] original = Various(bigEndian: false).ToArray();
        var comments = new Dictionary<long, ImmutableArray<string>> { [1] = [new string('x', 65_536)] };
        Assert.That(() => CaptureAnnotator.Annotate(() => CaptureReader.Open(original), Stream.Null, comments), Throws.ArgumentException);
        comments[1] = [new string('x', 65_535)];
        Assert.That(CaptureAnnotator.Annotate(() => CaptureReader.Open(original), Stream.Null, comments).Annotated, Is.EqualTo(1));
    }

    [Test]
    public void MutatedCapturesNeverThrow([Values] bool bigEndian)
    {
        byte[] original = Various(bigEndian).ToArray();
        var random = new RandomStream(bigEndian ? 7u : 8u);
        int readable = 0;
        for (int i = 0; i < 5_000; i++)
        {
            byte[] mutated = [.. original];
            for (int change = (int)random.Next(4); change >= 0; change--)
                mutated[(int)random.Next((uint)mutated.Length)] = (byte)random.Next(256);
            if (!CaptureReader.TryOpen(mutated, out var before, out _))
                continue;
            var (annotated, result) = Annotate(mutated, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
            readable++;

            // the same packets as before, with more comments and no more damage
            using var after = CaptureReader.Open(annotated);
            while (before.TryRead(out var expected))
            {
                Assert.That(after.TryRead(out var packet), $"mutation {i}");
                Assert.That(packet.Data.SequenceEqual(expected.Data) && (packet.Time, packet.FrameNumber, packet.LinkType) == (expected.Time, expected.FrameNumber, expected.LinkType), $"mutation {i}, frame {expected.FrameNumber}");
            }

            Assert.That(after.TryRead(out _), Is.False, $"mutation {i}");
            Assert.That(result.Frames, Is.EqualTo(before.FrameCount));
            Assert.That(before.FrameCount - after.FrameCount, Is.InRange(0, before.Damage is null ? 0 : 1), $"mutation {i}: a block at the end that cannot be read may count as a frame");
            Assert.That(after.DamageCount, Is.LessThanOrEqualTo(before.DamageCount), $"mutation {i}");
        }

        Assert.That(readable, Is.GreaterThan(4_000));
    }

    [Test]
    public void TsharkReadsTheComments([Values] bool bigEndian)
    {
        var capture = new CaptureBytes(bigEndian).Section().Interface()
            .Enhanced(1, Frame).Enhanced(2, Frame, options: options => options.Option(1, "theirs"u8).Option(0)).Enhanced(3, Frame);
        var (annotated, _) = Annotate(capture.ToArray(), [2, 3]);
        string printed = Tshark.Run(annotated, "-T", "fields", "-E", "aggregator=|", "-e", "frame.number", "-e", "frame.comment");
        Assert.That(printed.Split('\n'), Is.EqualTo(new[] { "1\t", "2\ttheirs|the first: ä€|the second,\\nof two lines", "3\tthe first: ä€|the second,\\nof two lines", "" }));
    }

    private static (byte[] Annotated, AnnotatedCapture Result) Annotate(byte[] capture, IEnumerable<long> frames)
    {
        using var output = new MemoryStream();
        var result = CaptureAnnotator.Annotate(() => CaptureReader.Open(new MemoryStream(capture)), output, frames.ToDictionary(frame => frame, _ => Two));
        return (output.ToArray(), result);
    }

    /// <summary>Holds block against block: each is the same, or a packet block that is the same once the comments are taken out. Gives those that grew.</summary>
    private static List<int> CheckSame(byte[] original, byte[] annotated, bool bigEndian)
    {
        var (before, after) = (Blocks(original, bigEndian), Blocks(annotated, bigEndian));
        Assert.That(after, Has.Count.EqualTo(before.Count));
        var grown = new List<int>();
        for (int i = 0; i < before.Count; i++)
        {
            var old = original.AsSpan(before[i].Start, before[i].Length);
            var now = annotated.AsSpan(after[i].Start, after[i].Length);
            if (old[0] == 0x0A && old.Length == 28)
                Assert.That(now[..16].SequenceEqual(old[..16]) && now[24..].SequenceEqual(old[24..]), $"section {i}");
            else if (now.Length == old.Length)
                Assert.That(now.SequenceEqual(old), $"block {i}");
            else
                grown.Add(i);
            if (now.Length != old.Length)
                Assert.That(TakenOut(now, old, bigEndian), $"block {i}");
        }

        return grown;
    }

    private static bool TakenOut(ReadOnlySpan<byte> now, ReadOnlySpan<byte> old, bool bigEndian)
    {
        var comments = new CaptureBytes(bigEndian);
        foreach (string comment in Two)
            comments.Option(1, Encoding.UTF8.GetBytes(comment));
        int added = now.Length - old.Length;
        if (added == comments.Length + 4)
            comments.U32(0); // opt_endofopt, where nothing followed
        byte[] inserted = comments.ToArray();
        for (int at = PacketBlockFixed; at <= old.Length - 4; at += 4)
        {
            if (added == inserted.Length && now[..4].SequenceEqual(old[..4]) && now[8..at].SequenceEqual(old[8..at])
                && now.Slice(at, added).SequenceEqual(inserted) && now[(at + added)..^4].SequenceEqual(old[at..^4]))
                return true;
        }

        return false;
    }

    private static int LastSection(byte[] capture) => capture.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0x0A, 0x0D, 0x0D, 0x0A]);

    private static List<(int Start, int Length)> Blocks(byte[] capture, bool bigEndian)
    {
        var blocks = new List<(int, int)>();
        for (int at = 0; at < capture.Length;)
        {
            int length = bigEndian ? BinaryPrimitives.ReadInt32BigEndian(capture.AsSpan(at + 4)) : BinaryPrimitives.ReadInt32LittleEndian(capture.AsSpan(at + 4));
            Assert.That(length, Is.InRange(12, capture.Length - at));
            Assert.That(capture.AsSpan(at + 4, 4).SequenceEqual(capture.AsSpan(at + length - 4, 4)), $"the lengths of the block at {at}");
            blocks.Add((at, length));
            at += length;
        }

        return blocks;
    }
}
