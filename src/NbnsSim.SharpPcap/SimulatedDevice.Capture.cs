using System.Diagnostics.CodeAnalysis;
using SharpPcap;

namespace NbnsSim.SharpPcap;

/// <content>Capturing: one packet, or all in the calling thread or in the background.</content>
public sealed partial class SimulatedDevice
{
    private Task? _capture;
    private TimeSpan _readTimeout;
    private volatile bool _isStopping;

    /// <inheritdoc/>
    public event PacketArrivalEventHandler? OnPacketArrival;

    /// <inheritdoc/>
    public event CaptureStoppedEventHandler? OnCaptureStopped;

    /// <summary>Whether a capture runs in the background.</summary>
    public bool Started => _capture is { IsCompleted: false };

    /// <summary>How long <see cref="StopCapture"/> waits for the capture to end, in real time.</summary>
    public TimeSpan StopCaptureTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Lets time pass until a packet crosses the segment.</summary>
    /// <param name="e">The packet; its octets are good until the next call.</param>
    /// <returns>
    /// <see cref="GetPacketStatus.ReadTimeout"/> after the read timeout of simulated time (never if that is 0),
    /// <see cref="GetPacketStatus.NoRemainingPackets"/> when nothing is to come.
    /// </returns>
    /// <exception cref="InvalidOperationException">The device is not open.</exception>
    /// <exception cref="InvalidOperationDuringBackgroundCaptureException">A capture runs in the background.</exception>
    public GetPacketStatus GetNextPacket(out PacketCapture e)
    {
        ThrowIfNotOpen();
        if (Started)
            throw new InvalidOperationDuringBackgroundCaptureException("GetNextPacket() invalid during background capture");
        return Next(out e);
    }

    /// <summary>Raises <see cref="OnPacketArrival"/> for every packet, in the calling thread, until nothing is to come or <see cref="StopCapture"/> is called.</summary>
    /// <exception cref="InvalidOperationException">The device is not open.</exception>
    /// <exception cref="InvalidOperationDuringBackgroundCaptureException">A capture runs in the background.</exception>
    public void Capture()
    {
        ThrowIfNotOpen();
        if (Started)
            throw new InvalidOperationDuringBackgroundCaptureException("Capture() invalid during background capture");
        _isStopping = false;
        Loop();
        OnCaptureStopped?.Invoke(this, CaptureStoppedEventStatus.CompletedWithoutError);
    }

    /// <summary>Raises <see cref="OnPacketArrival"/> for every packet from another thread, until nothing is to come or <see cref="StopCapture"/> is called.</summary>
    /// <exception cref="InvalidOperationException">The device is not open, or nobody listens.</exception>
    public void StartCapture()
    {
        ThrowIfNotOpen();
        if (Started)
            return;
        if (OnPacketArrival is null)
            throw new InvalidOperationException("No delegates assigned to OnPacketArrival, no where for captured packets to go.");
        _isStopping = false;
        _capture = Task.Run(RunInBackground);
    }

    /// <summary>Ends a capture: a background one within <see cref="StopCaptureTimeout"/>, one of the calling thread after the packet at hand.</summary>
    public void StopCapture()
    {
        _isStopping = true;
        if (_capture is { } capture && capture.Id != Task.CurrentId)
            Task.WaitAny([capture], StopCaptureTimeout);
    }

    [SuppressMessage("Design", "CA1031", Justification = "An exception of a listener would vanish with the task: it is reported as SharpPcap reports errors.")]
    private void RunInBackground()
    {
        var status = CaptureStoppedEventStatus.CompletedWithoutError;
        try
        {
            Loop();
        }
        catch (Exception problem)
        {
            LastError = problem.Message;
            status = CaptureStoppedEventStatus.ErrorWhileCapturing;
        }

        OnCaptureStopped?.Invoke(this, status);
    }

    private void Loop()
    {
        while (!_isStopping)
        {
            var status = Next(out var packet);
            if (status == GetPacketStatus.NoRemainingPackets)
                return;
            if (status == GetPacketStatus.PacketRead)
                OnPacketArrival?.Invoke(this, packet);
        }
    }

    private GetPacketStatus Next(out PacketCapture e)
    {
        e = default;
        var deadline = _readTimeout > TimeSpan.Zero ? _simulator.Now + _readTimeout : Instant.MaxValue;
        while (_frames.IsEmpty)
        {
            if (_simulator.NextEventTime is not { } next || next > EndTime)
                return GetPacketStatus.NoRemainingPackets;
            if (next > deadline)
            {
                _simulator.RunUntil(deadline); // nothing happens, but time passes
                return GetPacketStatus.ReadTimeout;
            }

            _simulator.Step();
        }

        e = new PacketCapture(this, _frames.Take(out var data), data);
        return GetPacketStatus.PacketRead;
    }
}
