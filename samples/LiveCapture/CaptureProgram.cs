using NbnsSim.Captures;
using NbnsSim.SharpPcap;
using SharpPcap;
using SharpPcap.LibPcap;

namespace LiveCapture;

/// <summary>Lists the devices, or captures name service packets on one of them: prints each, and writes all to a pcapng file if asked to.</summary>
internal sealed class CaptureProgram(TextWriter output, TextWriter error)
{
    /// <summary>The device that is no device: a simulated network of two Windows NT 3.5 machines.</summary>
    public const string Simulated = "simulated";

    private const int Done = 0;
    private const int Usage = 2;
    private const int CannotCapture = 3;

    public int Run(string[] args, CancellationToken stop)
    {
        if (!Options.TryParse(args, out var options))
        {
            error.WriteLine(Options.Help);
            return Usage;
        }

        try
        {
            if (options.Device is null)
                ListDevices();
            else if (options.Device == Simulated)
                CaptureSimulation(options, stop);
            else
                CaptureLive(options, stop);
            return Done;
        }
        catch (Exception problem) when (Problems.Explain(problem, options.Device) is { } explanation)
        {
            error.WriteLine(explanation);
            return CannotCapture;
        }
    }

    private void ListDevices()
    {
        var devices = LibPcapLiveDeviceList.New();
        foreach (var device in devices)
        {
            var addresses = device.Addresses.Select(address => address.Addr?.ipAddress).Where(address => address is not null);
            output.WriteLine($"{device.Name,-16} {device.Description,-24} {string.Join(' ', addresses)}".TrimEnd());
        }

        if (devices.Count == 0)
            error.WriteLine("libpcap shows no device. " + Problems.Rights);
        output.WriteLine($"{Simulated,-16} two Windows NT 3.5 machines, one user: no device, no rights needed");
    }

    private void CaptureLive(Options options, CancellationToken stop)
    {
        using var device = LibPcapLiveDeviceList.New().FirstOrDefault(device => device.Name == options.Device)
            ?? throw new PcapDeviceNotFoundException();
        var configuration = new DeviceConfiguration
        {
            Mode = DeviceModes.Promiscuous,
            Immediate = true,
            TimestampResolution = TimestampResolution.Nanosecond,
        };
        configuration.ConfigurationFailed += (_, failed) => error.WriteLine($"{options.Device}: goes on without {failed.Property}");
        device.Open(configuration);
        Capture(device, options, stop);
    }

    private void CaptureSimulation(Options options, CancellationToken stop)
    {
        using var device = DuplicateUser.OpenDevice();
        Capture(device, options, stop);
    }

    private void Capture(ILiveDevice device, Options options, CancellationToken stop)
    {
        if ((options.Filter ?? DefaultFilter(device)) is { } filter)
            device.Filter = filter;

        using var writer = options.File is null ? null : CaptureWriter.Create(options.File);
        writer?.AddInterface(new CaptureInterface { LinkType = (LinkType)device.LinkType, Name = device.Name, Description = device.Description });
        var stream = new CaptureDeviceStream(device, stop) { Copy = writer };
        using var datagrams = new DatagramReader(CaptureReader.Open(stream), new DatagramReaderOptions { Port = 137 });
        error.WriteLine($"capturing on {device.Name}; Ctrl+C ends");

        var printer = new PacketPrinter(output);
        long count = 0;
        while (count < options.Count && datagrams.TryRead(out var datagram))
        {
            printer.Print(datagram);
            writer?.Flush();
            count++;
        }

        error.WriteLine($"{stream.PacketCount} frames captured, {count} name service packets printed{(options.File is null ? "" : $", all frames in {options.File}")}");
    }

    /// <summary>A simulation carries nothing else, and so works without libpcap.</summary>
    private static string? DefaultFilter(ILiveDevice device) => device is SimulatedDevice
        ? null
        : device.LinkType == PacketDotNet.LinkLayers.Ethernet ? NameServiceFilter.Everything : NameServiceFilter.Plain;
}
