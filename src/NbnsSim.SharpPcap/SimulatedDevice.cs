using System.Net.NetworkInformation;
using NbnsSim.Simulation;
using PacketDotNet;
using SharpPcap;
using SharpPcap.LibPcap;

namespace NbnsSim.SharpPcap;

/// <summary>
/// A segment of a simulated network as a SharpPcap device, in virtual time: whatever is written against <see cref="ILiveDevice"/> works on a
/// simulation, without a network card, without rights, and the same every time.
/// </summary>
/// <remarks>
/// <para>Asking for a packet lets time pass in the simulation until one crosses the segment; nothing waits and nothing spins.
/// <see cref="DeviceConfiguration.ReadTimeout"/> is virtual time too. When nothing is to come any more, or <see cref="EndTime"/> is
/// reached, the answer is <see cref="GetPacketStatus.NoRemainingPackets"/>, and a capture ends. Tell a host to do something, or send a packet, and there
/// is more.</para>
/// <para>Packets that cross the segment while somebody else runs the simulation are kept, as by a network card's buffer:
/// <see cref="DeviceConfiguration.BufferSize"/> octets, 16 MiB by default. Packets beyond it are counted in <see cref="Statistics"/>.</para>
/// <para>A simulator is used by one thread at a time: between <see cref="StartCapture"/> and <see cref="OnCaptureStopped"/> it belongs to the capture. Times
/// are exact to the nanosecond. Only <see cref="Filter"/> needs libpcap.</para>
/// </remarks>
public sealed partial class SimulatedDevice : ILiveDevice
{
    private const int DefaultBufferSize = 16 * 1024 * 1024;

    private readonly Simulator _simulator;
    private readonly SegmentId _segment;
    private readonly FrameBuffer _frames = new();
    private readonly Tap _tap;
    private readonly long _start;
    private BpfProgram? _program;
    private bool _isOpen;

    /// <summary>Attaches a device to a segment; it sees what crosses the segment while it is open.</summary>
    /// <param name="simulator">The simulation.</param>
    /// <param name="segment">The segment.</param>
    /// <param name="startsAt">What packets say for <see cref="Instant.Epoch"/>, as if the simulation had begun then: 1970 unless given.</param>
    public SimulatedDevice(Simulator simulator, SegmentId segment, Instant startsAt = default)
    {
        ArgumentNullException.ThrowIfNull(simulator);
        _simulator = simulator;
        _segment = segment;
        _tap = new Tap(this);
        _start = startsAt.Nanoseconds;
        Name = $"sim:{simulator.NameOf(segment)}";
        Description = $"simulated segment {simulator.NameOf(segment)}, {simulator.SubnetOf(segment)}";
    }

    /// <summary><c>sim:</c> and the segment's name.</summary>
    public string Name { get; }

    /// <inheritdoc/>
    public string Description { get; }

    /// <summary>What went wrong last; null for nothing.</summary>
    public string? LastError { get; private set; }

    /// <summary>When captures end, in simulated time; unless set, when nothing is to come any more. A network whose nodes refresh their names never gets there.</summary>
    public Instant EndTime { get; set; } = Instant.MaxValue;

    /// <summary>Ethernet.</summary>
    /// <exception cref="InvalidOperationException">The device is not open.</exception>
    public LinkLayers LinkType
    {
        get
        {
            ThrowIfNotOpen();
            return LinkLayers.Ethernet;
        }
    }

    /// <summary>The Ethernet address of the station that sends; null where there is none: see <see cref="AttachStation"/>.</summary>
    public PhysicalAddress? MacAddress => _station is { } station ? Conversions.ToPhysicalAddress(_simulator.InterfaceOf(station).Mac ?? default) : null;

    /// <summary>Nanoseconds.</summary>
    public TimestampResolution TimestampResolution => TimestampResolution.Nanosecond;

    /// <summary>
    /// The BPF expression that packets have to meet from now on; null for none. Compiling it needs libpcap.
    /// </summary>
    /// <exception cref="PcapException">The expression is no filter.</exception>
    /// <exception cref="InvalidOperationException">The device is not open.</exception>
    public string? Filter
    {
        get;
        set
        {
            ThrowIfNotOpen();
            var program = string.IsNullOrEmpty(value) ? null : BpfProgram.Create(LinkLayers.Ethernet, value);
            _program?.Dispose();
            _program = program;
            field = value;
        }
    }

    /// <summary>How many packets met the filter, and how many of them found the buffer full.</summary>
    public ICaptureStatistics Statistics => _frames.Statistics();

    /// <summary>Begins to see packets. Mode, rights and the like mean nothing here; read timeout, snap length and buffer size do.</summary>
    /// <param name="configuration">How.</param>
    public void Open(DeviceConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        if (_isOpen)
            return;
        _frames.Clear(configuration.Snaplen, configuration.BufferSize ?? DefaultBufferSize);
        _readTimeout = TimeSpan.FromMilliseconds(configuration.ReadTimeout);
        _simulator.AddObserver(_tap);
        _isOpen = true;
    }

    /// <summary>Stops a capture and sees nothing any more. As with other devices, those who listened to <see cref="OnPacketArrival"/> are forgotten.</summary>
    public void Close()
    {
        if (!_isOpen)
            return;
        StopCapture();
        OnPacketArrival = null;
        _simulator.RemoveObserver(_tap);
        _program?.Dispose();
        _program = null;
        _isOpen = false;
    }

    /// <inheritdoc cref="Close"/>
    public void Dispose() => Close();

    private void ThrowIfNotOpen()
    {
        if (!_isOpen)
            throw new InvalidOperationException($"The device {Name} is not open.");
    }
}
