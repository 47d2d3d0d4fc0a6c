using System.Buffers.Binary;
using System.Runtime.InteropServices;
using NbnsSim.Captures;
using PacketDotNet;
using SharpPcap;
using SharpPcap.LibPcap;

namespace NbnsSim.SharpPcap;

/// <summary>
/// What an open <see cref="ICaptureDevice"/> captures, as a stream in libpcap's file format with nanoseconds: whatever reads captures in this
/// library (<see cref="CaptureReader"/>, decoding, diagnosis, replay) reads a network card, a filtered file or a simulated segment the same way.
/// </summary>
/// <remarks>
/// <para>libpcap's devices are read through <see cref="PcapDevice.GetNextPacketPointers"/>, which allocates nothing for a packet, unlike
/// <see cref="ICaptureDevice.GetNextPacket"/> and its event; other devices through <see cref="ICaptureDevice.GetNextPacket"/>.</para>
/// <para>A read waits for one packet and takes along what has arrived already, but waits for no more. A live capture ends when the token is
/// cancelled, half a second later at most (the device's read timeout later, on systems other than Linux); a file or a simulation ends by itself.</para>
/// <para>The device stays open, with its filter: it is the caller's. While the stream is in use nothing else may read from it.</para>
/// </remarks>
public sealed class CaptureDeviceStream : Stream
{
    private const int FileHeaderSize = 24;
    private const int RecordHeaderSize = 16;

    /// <summary>How much is fetched in one go: small enough to be still in the processor's cache when the reader walks over it.</summary>
    private const int ChunkSize = 64 * 1024;

    private readonly ICaptureDevice _device;
    private readonly PcapDevice? _pcap;
    private readonly CancellationToken _stop;
    private readonly bool _isFile;
    private readonly bool _pollsFirst;
    private readonly uint _nanosecondsPerFraction;
    private byte[] _pending = new byte[FileHeaderSize];
    private int _pendingStart;
    private int _pendingEnd;
    private bool _ended;
    private string? _error;

    /// <summary>Starts to read from a device.</summary>
    /// <param name="device">An open device that nothing else reads from; it stays open.</param>
    /// <param name="stop">Ends the stream.</param>
    /// <exception cref="DeviceNotReadyException"><paramref name="device"/> is one of libpcap's and not open.</exception>
    /// <exception cref="InvalidOperationException"><paramref name="device"/> captures in the background already, or is simulated and not open.</exception>
    public CaptureDeviceStream(ICaptureDevice device, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(device);
        var linkType = device.LinkType; // throws where the device is not open
        if (device.Started)
            throw new InvalidOperationException($"The device {device.Name} captures in the background: stop that first, two cannot read from it.");
        _device = device;
        _stop = stop;
        _pcap = device as PcapDevice;
        _isFile = device is CaptureReaderDevice;
        if (linkType == LinkLayers.RawLegacy)
            linkType = LinkLayers.Raw; // libpcap's number for a device is not always that of a file
        _nanosecondsPerFraction = device.TimestampResolution == TimestampResolution.Nanosecond ? 1u : 1000u;
        if (device is LibPcapLiveDevice live && OperatingSystem.IsLinux())
        {
            // On Linux libpcap knows no read timeout when no packet comes: it would wait for ever, whatever the token says.
            live.NonBlockingMode = true;
            _pollsFirst = true;
        }

        BinaryPrimitives.WriteUInt32LittleEndian(_pending, 0xA1B23C4D);
        BinaryPrimitives.WriteUInt16LittleEndian(_pending.AsSpan(4), 2);
        BinaryPrimitives.WriteUInt16LittleEndian(_pending.AsSpan(6), 4);
        BinaryPrimitives.WriteInt32LittleEndian(_pending.AsSpan(16), CaptureReader.MaxPacketLength);
        BinaryPrimitives.WriteInt32LittleEndian(_pending.AsSpan(20), (int)linkType);
        _pendingEnd = FileHeaderSize;
    }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <summary>Not known.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override long Length => throw new NotSupportedException();

    /// <summary>Not known.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Where every packet is also written, as captured. Null for nowhere. Stays the caller's, who describes its interface 0.</summary>
    public CaptureWriter? Copy { get; set; }

    /// <summary>How many packets the device has given so far.</summary>
    public long PacketCount { get; private set; }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        return Read(buffer.AsSpan(offset, count));
    }

    /// <summary>Waits for the next packet.</summary>
    /// <param name="buffer">Where to put it.</param>
    /// <returns>How many octets; 0 at the end.</returns>
    /// <exception cref="IOException">The device reports an error, a damaged file for instance.</exception>
    public override int Read(Span<byte> buffer)
    {
        if (_pendingStart < _pendingEnd)
        {
            int count = Math.Min(buffer.Length, _pendingEnd - _pendingStart);
            _pending.AsSpan(_pendingStart, count).CopyTo(buffer);
            _pendingStart += count;
            return count;
        }

        if (_error is not null)
            throw new IOException(_error);
        int written = 0;
        while (!_ended && written < Math.Min(buffer.Length, ChunkSize))
        {
            var status = Fetch(buffer, ref written);
            if (status == GetPacketStatus.ReadTimeout && written == 0)
            {
                _ended = _stop.IsCancellationRequested;
                continue;
            }

            if (status == GetPacketStatus.Error)
            {
                // told after the packets before it; libpcap tells it once and then says that the file has ended
                _error = $"{_device.Name}: {_device.LastError ?? "the device reports an error"}";
                _ended = true;
                break;
            }

            _ended |= status == GetPacketStatus.NoRemainingPackets || _stop.IsCancellationRequested;
            if (status != GetPacketStatus.PacketRead || _pendingStart < _pendingEnd || !(_isFile || _pollsFirst))
                break; // on other live devices the next packet may be a read timeout away
        }

        return written > 0 || (_pendingStart == _pendingEnd && _error is null) ? written : Read(buffer);
    }

    /// <summary>Nothing to do.</summary>
    public override void Flush()
    {
    }

    /// <summary>Not possible.</summary>
    /// <param name="offset">Not used.</param>
    /// <param name="origin">Not used.</param>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <summary>Not possible.</summary>
    /// <param name="value">Not used.</param>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Not possible.</summary>
    /// <param name="buffer">Not used.</param>
    /// <param name="offset">Not used.</param>
    /// <param name="count">Not used.</param>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private GetPacketStatus Fetch(Span<byte> buffer, ref int written)
    {
        if (_pcap is not null)
        {
            nint header = 0, data = 0;
            var status = (GetPacketStatus)_pcap.GetNextPacketPointers(ref header, ref data);
            if (status == GetPacketStatus.PacketRead)
                PutNative(header, data, buffer, ref written);
            if (status != GetPacketStatus.ReadTimeout || !_pollsFirst || written > 0)
                return status;
        }

        // Nothing there. GetNextPacket polls before it reads, so that an idle network costs no processor time.
        var polled = _device.GetNextPacket(out var capture);
        if (polled == GetPacketStatus.PacketRead)
        {
            var time = capture.Header.Timeval;
            uint nanoseconds = (uint)(time.Value % 1 * 1_000_000_000);
            uint length = capture.Header is PcapHeader exact ? exact.PacketLength : (uint)capture.Data.Length;
            Put((uint)time.Seconds, nanoseconds, length, capture.Data, buffer, ref written);
        }

        return polled;
    }

    /// <summary>Takes apart libpcap's <c>pcap_pkthdr</c>, whose <c>timeval</c> is 16 octets on 64-bit Unix and 8 elsewhere.</summary>
    private unsafe void PutNative(nint header, nint data, Span<byte> buffer, ref int written)
    {
        bool wide = nint.Size == 8 && !OperatingSystem.IsWindows();
        long seconds = wide ? *(long*)header : *(uint*)header;
        uint fraction = *(uint*)(header + (wide ? 8 : 4)); // on macOS 32 bits and padding, elsewhere the low half of 64 bits
        uint captured = *(uint*)(header + (wide ? 16 : 8));
        uint length = *(uint*)(header + (wide ? 20 : 12));
        int size = (int)Math.Min(captured, CaptureReader.MaxPacketLength);
        Put((uint)seconds, fraction * _nanosecondsPerFraction, length, MemoryMarshal.CreateReadOnlySpan(ref *(byte*)data, size), buffer, ref written);
    }

    private void Put(uint seconds, uint nanoseconds, uint originalLength, ReadOnlySpan<byte> data, Span<byte> buffer, ref int written)
    {
        if (data.Length > CaptureReader.MaxPacketLength)
            data = data[..CaptureReader.MaxPacketLength];
        Copy?.Write(Instant.FromUnixTime(seconds, nanoseconds), data, originalLength: (int)Math.Clamp(originalLength, (uint)data.Length, int.MaxValue));
        int size = RecordHeaderSize + data.Length;
        var record = buffer[written..];
        if (record.Length < size)
        {
            // no room left: the octets go into the next read
            if (_pending.Length < size)
                _pending = new byte[Math.Max(size, 4096)];
            record = _pending;
            _pendingStart = 0;
            _pendingEnd = size;
        }
        else
        {
            written += size;
        }

        BinaryPrimitives.WriteUInt32LittleEndian(record, seconds);
        BinaryPrimitives.WriteUInt32LittleEndian(record[4..], nanoseconds);
        BinaryPrimitives.WriteInt32LittleEndian(record[8..], data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record[12..], originalLength);
        data.CopyTo(record[RecordHeaderSize..]);
        PacketCount++;
    }
}
