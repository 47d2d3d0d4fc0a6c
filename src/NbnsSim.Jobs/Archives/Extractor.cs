using NbnsSim.Captures;
using NbnsSim.Files;

namespace NbnsSim.Jobs.Archives;

/// <summary>Extracts the datagrams of a file, or of a range of it, into a run.</summary>
internal static class Extractor
{
    private const int WholeAtOnce = 1 << 20;
    private const int HeadAtOnce = 1 << 14;
    private const int RangeAtOnce = 1 << 16;
    private const long SmallOctets = 16 << 20;

    /// <summary>Does a shard.</summary>
    /// <param name="data">Which one.</param>
    /// <param name="folder">Where its run goes.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="IOException">The file cannot be read, or the run cannot be written.</exception>
    public static PieceFacts Extract(ShardData data, string folder, CancellationToken stop) => data.Kind switch
    {
        ShardKind.Whole => ExtractWhole(data, folder, stop),
        ShardKind.Range => ExtractRange(data, folder, stop),
        _ => Sum(data.File!, stop),
    };

    /// <summary>What stands for a file's beginning, up to its first frame; null where it cannot be read from its middle on.</summary>
    public static byte[]? TryGetHead(ManifestFile file, CancellationToken stop)
    {
        using var input = new InputStream(InputSource.Open(file, stop), default, 0, file.Octets, isSummed: false, HeadAtOnce, stop);
        if (!ReferenceEquals(CaptureStreams.Decompress(input, leaveOpen: true), input) || !CaptureReader.TryOpen(input, out var capture, out _, leaveOpen: true))
            return null;
        using (capture)
            return capture.TryRead(out _) ? capture.TryGetHead() : null;
    }

    private static PieceFacts Sum(ManifestFile file, CancellationToken stop)
    {
        using var input = new InputStream(InputSource.Open(file, stop), default, 0, file.Octets, isSummed: true, WholeAtOnce, stop);
        string sum = input.Sum();
        return new PieceFacts { Sha256 = sum, Octets = input.FileOctets, Change = InputSource.ChangeOf(file) };
    }

    private static PieceFacts ExtractWhole(ShardData shard, string folder, CancellationToken stop)
    {
        var (file, isSummed) = (shard.File!, shard.IsSummed);
        using var input = new InputStream(InputSource.Open(file, stop), default, 0, file.Octets, isSummed, WholeAtOnce, stop);
        var data = CaptureStreams.Decompress(input, leaveOpen: true);
        PieceFacts facts;
        if (CaptureReader.TryOpen(data, out var capture, out string? problem, leaveOpen: true))
        {
            using (capture)
                facts = Extract(capture, shard.IsAudited, folder, isSmall: file.Octets < SmallOctets, long.MaxValue, headOctets: 0, begin: 0);
        }
        else
        {
            facts = new PieceFacts { Problem = problem };
        }

        if (!ReferenceEquals(data, input))
            data.Dispose();
        string? sum = isSummed ? input.Sum() : null;
        return facts with { Begin = 0, End = input.FileOctets, EndHead = null, Sha256 = sum, Octets = input.FileOctets, Change = InputSource.ChangeOf(file) };
    }

    private static PieceFacts ExtractRange(ShardData data, string folder, CancellationToken stop)
    {
        var file = data.File!;
        byte[] head = data.Head ?? [];
        long begin = data.From;
        if (begin > 0 && data.Head is null)
        {
            head = TryGetHead(file, stop) ?? [];
            if (head.Length == 0 || RecordGuess.TryFind(file, head, begin, stop) is not { } guessed)
                return new PieceFacts();
            begin = guessed;
        }

        using var input = new InputStream(InputSource.Open(file, stop), head, begin, file.Octets, isSummed: false, RangeAtOnce, stop);
        if (!CaptureReader.TryOpen(input, out var capture, out string? problem, leaveOpen: true))
            return new PieceFacts { Begin = begin, Head = head, Problem = problem };
        using (capture)
        {
            return Extract(capture, data.IsAudited, folder, isSmall: data.To - begin < SmallOctets, data.To - begin + head.Length, head.Length, begin) with
            {
                Begin = begin,
                Head = head,
                Change = InputSource.ChangeOf(file),
            };
        }
    }

    private static PieceFacts Extract(CaptureReader capture, bool isAudited, string folder, bool isSmall, long end, int headOctets, long begin)
    {
        using var run = new RunWriter(folder, isSmall);
        var audit = isAudited ? new AuditSpan() : null;
        var piece = audit is null ? new CapturePieceReader(capture, Ipv4Endpoint.NameServicePort, end) : new CapturePieceReader(capture, audit.Take, end);
        while (piece.TryRead(out var datagram, out bool isAlone))
        {
            if (isAlone)
                run.Add(datagram);
            else
                run.AddFrame(datagram.Packet);
        }

        run.Complete();
        long position = capture.Position - headOctets + begin;
        return new PieceFacts
        {
            End = position,
            EndHead = capture.TryGetHead(),
            Octets = position - begin,
            Frames = capture.FrameCount,
            FramesOutOfOrder = piece.FramesOutOfOrder,
            FramesWithoutTime = capture.FramesWithoutTime,
            Quoted = piece.QuotedDatagrams,
            Encrypted = piece.EncryptedFrames,
            FirstTime = piece.FirstTime?.Nanoseconds,
            LastTime = piece.LastTime?.Nanoseconds,
            Records = run.Count,
            FirstRecordTime = run.FirstTime,
            FirstUdpTime = audit?.First,
            LastUdpTime = audit?.Last,
            Damage = capture.Damage is { } damage ? new PieceDamage(damage.Kind, damage.Offset - headOctets + begin, damage.FrameNumber, damage.Detail) : null,
            DamageCount = capture.DamageCount,
        };
    }
}
