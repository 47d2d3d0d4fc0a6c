using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NbnsSim.Captures;

/// <summary>
/// Reads a packet capture (pcap, pcapng, Solaris snoop or Microsoft Network Monitor, gzipped or not) from any stream, one frame after the other, in bounded
/// memory and with no allocation per frame.
/// </summary>
/// <remarks>
/// <para>What the data says never makes the reader throw: where a capture is damaged it gives every frame that can be read and
/// <see cref="Damage"/> says what cannot. Failures of the stream itself (<see cref="IOException"/>) pass through; an
/// <see cref="InvalidDataException"/> of the stream is a decompressor's, and damage.</para>
/// <para>The stream need not be seekable, and the reader never waits for more than the frame that it was asked for, so a pipe
/// from a running capture works. Nothing is read twice.</para>
/// </remarks>
/// <example>
/// <code>
/// using var capture = CaptureReader.Open(path);
/// using var datagrams = new DatagramReader(capture, CaptureFile.NameService);
/// while (datagrams.TryRead(out var datagram))
///     Console.WriteLine($"{datagram.FrameNumber} {datagram.Source} to {datagram.Destination}: {NbnsDescription.Describe(datagram.Payload)}");
/// if (capture.Damage is { } damage)
///     Console.WriteLine($"damaged: {damage}");
/// </code>
/// </example>
public sealed partial class CaptureReader : IDisposable
{
    /// <summary>The longest packet that is read, as in libpcap and Wireshark.</summary>
    public const int MaxPacketLength = 262_144;

    /// <summary>The most interfaces of one pcapng section that are known.</summary>
    public const int MaxInterfaces = 4_096;

    // room for the longest packet with its headers; small enough to stay in a core's cache between being filled and being walked
    private const int BufferSize = 2 * MaxPacketLength;

    // what a failing decompressor was about to give is lost, so it is not asked for much
    private const int InflatedAtOnce = 512;

    private readonly bool _leaveOpen;
    private readonly Stream _source;
    private byte[] _buffer; // of a capture in memory, the caller's own: never written to then
    private readonly List<CaptureInterface> _interfaces = [];
    private Stream _stream;
    private int _position;
    private int _end;
    private bool _streamEnded;
    private string? _streamDamage;
    private long _consumed; // the offset of _buffer[0] in the data
    private bool _done;
    private bool _swapped;
    private long _frame;

    private CaptureReader(Stream stream, bool leaveOpen)
    {
        _source = _stream = stream;
        _leaveOpen = leaveOpen;
        _buffer = GC.AllocateUninitializedArray<byte>(BufferSize);
    }

    private CaptureReader(ArraySegment<byte> capture)
    {
        _source = _stream = Stream.Null;
        _buffer = capture.Array!;
        _position = capture.Offset;
        _end = capture.Offset + capture.Count;
        _consumed = -capture.Offset;
        _streamEnded = true;
    }

    /// <summary>The file format.</summary>
    public CaptureFormat Format { get; private set; }

    /// <summary>Whether the capture came compressed by gzip.</summary>
    public bool IsCompressed => Format == CaptureFormat.Merged ? _sources.Any(source => source.Capture.IsCompressed) : IsDecompressing;

    /// <summary>
    /// The interfaces that the capture has described so far; in pcapng those of the section that is being read.
    /// The other formats have one.
    /// </summary>
    public IReadOnlyList<CaptureInterface> Interfaces => _interfaces;

    /// <summary>The number of the last frame so far. It counts frames lost in between but not one that is cut off at the end.</summary>
    public long FrameCount => _frame;

    /// <summary>How many frames had no time so far, as in pcapng's simple packet blocks (§4.4); they are given as of the beginning of 1970.</summary>
    public long FramesWithoutTime
    {
        get => Format == CaptureFormat.Merged ? _sources.Sum(source => source.Capture.FramesWithoutTime) : field;
        private set;
    }

    /// <summary>How many octets of the (decompressed) data were consumed so far; for showing progress.</summary>
    public long Position => Format == CaptureFormat.Merged ? _sources.Sum(source => source.Capture.Position) : _consumed + _position;

    /// <summary>The first damage that was met so far; null for none.</summary>
    public CaptureDamage? Damage { get; private set; }

    /// <summary>How many damaged places were met so far.</summary>
    public long DamageCount { get; private set; }

    /// <summary>Where the damage begins behind which nothing can be read, in octets from the start of the (decompressed) data; null while there is none.</summary>
    internal long? ReadableEnd { get; private set; }

    /// <summary>Opens a capture file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">It is no capture; the message says what it is instead.</exception>
    /// <exception cref="IOException">It cannot be opened or read.</exception>
    public static CaptureReader Open(string path) => Open(OpenStream(path));

    /// <summary>Starts to read a capture.</summary>
    /// <param name="stream">Where it comes from; need not be seekable.</param>
    /// <param name="leaveOpen">Whether disposing the reader leaves the stream open.</param>
    /// <exception cref="InvalidDataException">It is no capture; the message says what it is instead.</exception>
    public static CaptureReader Open(Stream stream, bool leaveOpen = false)
    {
        if (TryOpen(stream, out var reader, out string? problem, leaveOpen))
            return reader;
        if (!leaveOpen)
            stream.Dispose();
        throw new InvalidDataException(problem);
    }

    /// <summary>Reads a capture that is in memory already, without copying it unless it is compressed.</summary>
    /// <param name="capture">The whole capture; must stay unchanged while it is read.</param>
    /// <exception cref="InvalidDataException">It is no capture; the message says what it is instead.</exception>
    public static CaptureReader Open(ReadOnlyMemory<byte> capture) =>
        TryOpen(capture, out var reader, out string? problem) ? reader : throw new InvalidDataException(problem);

    /// <summary>Reads a capture that is in memory already, if it is one, without copying it unless it is compressed.</summary>
    /// <param name="capture">The whole capture; must stay unchanged while it is read.</param>
    /// <param name="reader">The reader; null when it is no capture.</param>
    /// <param name="problem">What was found instead of a capture; null after success.</param>
    public static bool TryOpen(ReadOnlyMemory<byte> capture, [NotNullWhen(true)] out CaptureReader? reader, [NotNullWhen(false)] out string? problem)
    {
        if (!MemoryMarshal.TryGetArray(capture, out var array))
            array = capture.ToArray();
        if (capture.Span is [0x1F, 0x8B, ..])
            return TryOpen(new MemoryStream(array.Array!, array.Offset, array.Count, writable: false), out reader, out problem);
        reader = new CaptureReader(array);
        problem = reader.Begin();
        if (problem is not null)
            reader = null;
        return reader is not null;
    }

    /// <summary>Starts to read a capture, if it is one.</summary>
    /// <param name="stream">Where it comes from; need not be seekable.</param>
    /// <param name="reader">The reader; null when it is no capture.</param>
    /// <param name="problem">What was found instead of a capture; null after success.</param>
    /// <param name="leaveOpen">Whether disposing the reader leaves the stream open. After a failure it is open in any case.</param>
    public static bool TryOpen(Stream stream, [NotNullWhen(true)] out CaptureReader? reader, [NotNullWhen(false)] out string? problem, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        reader = new CaptureReader(stream, leaveOpen);
        problem = reader.Begin();
        if (problem is null)
            return true;
        reader = null;
        return false;
    }

    /// <summary>Reads the next frame.</summary>
    /// <param name="packet">The frame; good until the next call.</param>
    /// <returns>False at the end of what can be read: see <see cref="Damage"/>.</returns>
    public bool TryRead(out CapturePacket packet) => Format switch
    {
        CaptureFormat.Pcap => TryReadPcap(out packet),
        CaptureFormat.PcapNg => TryReadPcapNg(out packet),
        CaptureFormat.Snoop => TryReadSnoop(out packet),
        CaptureFormat.Merged => TryReadMerged(out packet),
        _ => TryReadNetMon(out packet),
    };

    /// <summary>Lets go of the stream.</summary>
    public void Dispose()
    {
        End();
        foreach (var source in _sources)
            source.Capture.Dispose();
        if (IsDecompressing)
            _stream.Dispose();
        if (!_leaveOpen)
            _source.Dispose();
    }

    /// <summary>A file opened the way the reader likes it: no second buffer in between.</summary>
    internal static FileStream OpenStream(string path) =>
        new(path, new FileStreamOptions { BufferSize = 0, Options = FileOptions.SequentialScan, Share = FileShare.ReadWrite | FileShare.Delete });

    private bool IsDecompressing => !ReferenceEquals(_stream, _source);

    /// <summary>What is in the buffer and not consumed.</summary>
    private ReadOnlySpan<byte> Present => _buffer.AsSpan(_position, _end - _position);

    private string? Begin()
    {
        Ensure(4);
        if (Present is [0x1F, 0x8B, ..])
        {
            _stream = new GZipStream(new PrefixedStream(Present.ToArray(), _source), CompressionMode.Decompress, leaveOpen: true);
            _end = 0;
            _streamEnded = false;
            Ensure(4);
        }

        bool known = Present.Length >= 4 && (BeginPcap() || BeginPcapNg() || BeginSnoop() || BeginNetMon());
        if (!known)
        {
            Ensure(16);
            if (Present.IsEmpty && _streamDamage is not null)
                return $"This is no readable packet capture: {_streamDamage}.";
            return $"This is no packet capture but {(IsDecompressing ? "gzip data that holds " : "")}{CaptureSignature.Describe(Present)}.";
        }

        return Damage?.Detail is { } detail && _done ? $"This is no readable packet capture: {detail}." : null;
    }

    /// <summary>Notes damage behind which nothing can be read.</summary>
    private void Stop(CaptureDamageKind kind, string detail, long? offset = null)
    {
        Note(kind, detail, offset);
        ReadableEnd = offset ?? Position;
        End();
    }

    /// <summary>Makes sure that nothing more is read.</summary>
    private void End()
    {
        _done = true;
        _streamEnded = true;
        _end = _position;
    }

    /// <summary>Notes the loss of one packet; what follows it can be read.</summary>
    private bool Lose(CaptureDamageKind kind, string detail)
    {
        Note(kind, detail);
        _frame++;
        return false;
    }

    private void Note(CaptureDamageKind kind, string detail, long? offset = null)
    {
        DamageCount++;
        Damage ??= new CaptureDamage(kind, offset ?? Position, _frame + 1, detail);
    }

    /// <summary>The data ends in the middle of what <paramref name="what"/> says.</summary>
    private void LoseTail(string what, long expected)
    {
        long found = _end - _position;
        if (_streamDamage is not null)
            Stop(CaptureDamageKind.CompressedData, _streamDamage);
        else
            Stop(CaptureDamageKind.CutShort, $"{what} of {expected} octets is cut short after {found}");
    }

    /// <summary>Whether the data ends here, cleanly or because decompression failed between two records.</summary>
    private bool AtEnd()
    {
        if (_done || (!Ensure(1) && _streamDamage is null))
            return _done = true;
        if (_end > _position)
            return false;
        Stop(CaptureDamageKind.CompressedData, _streamDamage!);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Ensure(int count) => _end - _position >= count || Fill(count);

    private bool Fill(int count)
    {
        if (_streamEnded)
            return false; // and a capture in memory is not moved about
        Buffer.BlockCopy(_buffer, _position, _buffer, 0, _end - _position);
        _consumed += _position;
        _end -= _position;
        _position = 0;
        while (_end < count && !_streamEnded)
        {
            try
            {
                int room = _buffer.Length - _end;
                int read = _stream.Read(_buffer, _end, IsDecompressing ? Math.Min(room, InflatedAtOnce) : room);
                _streamEnded = read <= 0;
                _end += Math.Max(read, 0);
            }
            catch (InvalidDataException problem)
            {
                _streamEnded = true;
                _streamDamage = $"the {(IsDecompressing ? "gzip" : "compressed")} data cannot be decompressed ({problem.Message.TrimEnd('.')})";
            }
        }

        return _end >= count;
    }

    /// <summary>Passes over octets without keeping them, however many.</summary>
    private bool Skip(long count)
    {
        while (count > _end - _position)
        {
            count -= _end - _position;
            _position = _end;
            if (!Ensure(1))
                return false;
        }

        _position += (int)count;
        return true;
    }

    /// <summary>Hands octets on as they are: for a reader that has not read a frame.</summary>
    /// <param name="count">How many at most.</param>
    /// <param name="output">Where to; null to pass over them.</param>
    /// <returns>How many there were.</returns>
    internal long Copy(long count, Stream? output)
    {
        long left = count;
        while (left > 0 && Ensure(1))
        {
            int part = (int)Math.Min(left, _end - _position);
            output?.Write(_buffer, _position, part);
            _position += part;
            left -= part;
        }

        return count - left;
    }

    /// <summary>An octet of the buffer. The caller has made sure by <see cref="Ensure"/> of what is read there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref byte At(int index) => ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_buffer), index);

    /// <summary>A number in the capture's byte order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint Number(ref byte record, int offset)
    {
        uint value = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref record, offset));
        return _swapped ? BinaryPrimitives.ReverseEndianness(value) : value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint U32(int offset) => Number(ref At(_position), offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ushort U16(int offset)
    {
        ushort value = Unsafe.ReadUnaligned<ushort>(ref At(_position + offset));
        return _swapped ? BinaryPrimitives.ReverseEndianness(value) : value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ReadOnlySpan<byte> Span(int offset, int length) => MemoryMarshal.CreateReadOnlySpan(ref At(_position + offset), length);

    private static int Clamp(uint length) => (int)Math.Min(length, int.MaxValue);
}
