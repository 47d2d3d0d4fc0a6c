using System.Net;
using System.Net.Sockets;
using LiveCapture;
using NbnsSim.Captures;
using NbnsSim.Names;
using NbnsSim.Wire;
using SharpPcap;
using SharpPcap.LibPcap;

namespace NbnsSim.SharpPcap.Tests;

/// <summary>The LiveCapture sample, on a simulation and on the loopback interface; the latter where there is libpcap and the right to capture.</summary>
public sealed class LiveCaptureTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private StringWriter _output = new();

    private string[] Lines => _output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);

    [SetUp]
    public void StartWithEmptyOutput() => _output = new StringWriter();

    [TearDown]
    public void CloseOutput() => _output.Dispose();

    [Test]
    public void ASimulationIsPrintedAndWritten()
    {
        string file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".pcapng");
        try
        {
            var error = new StringWriter();
            int code = new CaptureProgram(_output, error).Run([CaptureProgram.Simulated, "--write", file], CancellationToken.None);
            Assert.That(code, Is.Zero, error.ToString());
            Assert.That(Lines[0], Is.EqualTo("1970-01-01 UTC"));
            Assert.That(Lines, Has.Some.Contains("10.0.0.1        → 10.0.0.2         NEGATIVE NAME REGISTRATION RESPONSE JSMITH<03> ACT_ERR"));
            Assert.That(Lines, Has.Some.Contains("10.0.0.2        → 10.0.0.255       NAME RELEASE DEMAND JSMITH<03>"));

            using var reader = CaptureReader.Open(file);
            while (reader.TryRead(out _))
            {
            }

            Assert.That(reader.Format, Is.EqualTo(CaptureFormat.PcapNg));
            Assert.That(reader.Damage, Is.Null);
            Assert.That(reader.FrameCount, Is.EqualTo(Lines.Length - 1));
            Assert.That(reader.Interfaces.Single().Name, Is.EqualTo("sim:lan"));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Test]
    public void CountEndsTheCapture()
    {
        Assert.That(new CaptureProgram(_output, TextWriter.Null).Run([CaptureProgram.Simulated, "--count", "3"], CancellationToken.None), Is.Zero);
        Assert.That(Lines, Has.Length.EqualTo(1 + 3));
    }

    [Test]
    public void WithoutArgumentsTheDevicesAreListed()
    {
        Libpcap.Require();
        Assert.That(new CaptureProgram(_output, TextWriter.Null).Run([], CancellationToken.None), Is.Zero);
        Assert.That(Lines[^1], Does.StartWith("simulated "));
    }

    [TestCase("--bogus")]
    [TestCase("lo", "eth0")]
    [TestCase("lo", "--count", "0")]
    [TestCase("lo", "--write")]
    [TestCase("--count", "1")]
    public void AMistakeOnTheCommandLineShowsTheHelp(params string[] args)
    {
        var error = new StringWriter();
        Assert.That(new CaptureProgram(_output, error).Run(args, CancellationToken.None), Is.EqualTo(2));
        Assert.That(error.ToString(), Does.Contain("--filter EXPRESSION"));
    }

    [Test]
    public void AnUnknownDeviceIsSaidToBeUnknown()
    {
        Libpcap.Require();
        var error = new StringWriter();
        Assert.That(new CaptureProgram(_output, error).Run(["no-such-device"], CancellationToken.None), Is.EqualTo(3));
        Assert.That(error.ToString(), Does.Contain("There is no device 'no-such-device'"));
    }

    [Test]
    public void WithoutLibpcapItSaysWhatToInstall()
    {
        Assert.That(Problems.Explain(new DllNotFoundException(), "lo"), Does.StartWith("libpcap is not installed.").And.Match("apt-get install libpcap0.8|Npcap"));
        Assert.That(Problems.Explain(new TypeInitializationException("x", new DllNotFoundException()), "lo"), Does.StartWith("libpcap is not installed."));
        Assert.That(Problems.Explain(new InvalidOperationException(), "lo"), Is.Null, "a mistake of the program is none of these");
    }

    [Test]
    public void ARealExchangeOnLoopbackIsPrintedAndWritten()
    {
        using var socket = BindOrIgnore();
        byte[] query = new byte[100];
        int length = NbnsEncoder.WriteQuery(query, 0x4711, NbnsFlagWords.QueryRequest, NetBiosName.Parse("LOOPBACK-TEST<20>"));
        using var sender = new Repeater(() => socket.SendTo(query.AsSpan(0, length), new IPEndPoint(IPAddress.Loopback, 137)));
        var announcer = new Announcer(sender.Start);
        string file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".pcapng");
        try
        {
            using var patience = new CancellationTokenSource(Patience);
            int port = ((IPEndPoint)socket.LocalEndPoint!).Port;
            int code = new CaptureProgram(_output, announcer).Run(["lo", "--count", "1", "--write", file, "--filter", $"udp dst port 137 and src port {port}"], patience.Token);
            Assert.That(code, Is.Zero, announcer.ToString());
            Assert.That(Lines, Has.Length.EqualTo(2), announcer.ToString());
            Assert.That(Lines[1], Does.EndWith($"127.0.0.1:{port} → 127.0.0.1        NAME QUERY REQUEST LOOPBACK-TEST<20>"));
            using var reader = new DatagramReader(CaptureReader.Open(file));
            Assert.That(reader.TryRead(out var datagram), Is.True);
            Assert.That(datagram.Payload.SequenceEqual(query.AsSpan(0, length)), Is.True);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Test]
    public void AnIdleCaptureEndsWhenItIsToldTo()
    {
        using var socket = BindOrIgnore();
        using var stop = new CancellationTokenSource();
        var announcer = new Announcer(stop.Cancel);
        int code = new CaptureProgram(_output, announcer).Run(["lo", "--filter", "udp port 137 and host 127.137.137.137"], stop.Token);
        Assert.That(code, Is.Zero, announcer.ToString());
        Assert.That(announcer.ToString(), Does.Contain("0 frames captured"));
    }

    [Test]
    public void AnInjectedPacketIsOnTheWire()
    {
        using var socket = BindOrIgnore();
        using var sender = LibPcapLiveDeviceList.New()["lo"];
        using var receiver = LibPcapLiveDeviceList.New()["lo"];
        sender.Open(new DeviceConfiguration());
        receiver.Open(new DeviceConfiguration { Immediate = true });
        receiver.Filter = "udp src port 40137 and host 127.0.0.1";
        var source = new Ipv4Endpoint(Ipv4Address.Loopback, 40137);
        var injector = new NameServiceInjector(sender, "lo", allowInjection: true);
        using var repeated = new Repeater(() => injector.Send(default, default, source, new Ipv4Endpoint(Ipv4Address.Loopback, 9), Frames.Registration()));
        repeated.Start();

        using var patience = new CancellationTokenSource(Patience);
        using var reader = new DatagramReader(CaptureReader.Open(new CaptureDeviceStream(receiver, stop: patience.Token)));
        Assert.That(reader.TryRead(out var datagram), Is.True);
        Assert.That(datagram.Source, Is.EqualTo(source));
        Assert.That(datagram.Payload.ToArray(), Is.EqualTo(Frames.Registration()));
        Assert.That(datagram.VerifyUdpChecksum(), Is.EqualTo(ChecksumStatus.Correct));
    }

    /// <summary>A socket for the test, once it is clear that the loopback interface can be captured.</summary>
    private static Socket BindOrIgnore()
    {
        Libpcap.Require();
        var loopback = LibPcapLiveDeviceList.New().FirstOrDefault(device => device.Name == "lo");
        if (loopback is null)
            Assert.Ignore("There is no loopback interface 'lo' to capture on.");
        try
        {
            loopback!.Open(new DeviceConfiguration());
            loopback.Close();
        }
        catch (PcapException problem)
        {
            Assert.Ignore($"The loopback interface cannot be captured here: {problem.Message}");
        }

        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    /// <summary>Where the sample says what it does; does something once it captures.</summary>
    private sealed class Announcer(Action captures) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (value?.StartsWith("capturing on", StringComparison.Ordinal) == true)
                captures();
        }
    }
    /// <summary>
    /// Sends again and again, once started. What others send over the loopback interface can fill the device's ring before its filter is set,
    /// and a packet that finds it full is lost.
    /// </summary>
    private sealed class Repeater : IDisposable
    {
        private readonly Lock _lock = new();
        private readonly Timer _timer;
        private bool _stopped;

        public Repeater(Action send) => _timer = new Timer(_ =>
        {
            lock (_lock)
            {
                if (!_stopped)
                    send();
            }
        });

        public void Start() => _timer.Change(TimeSpan.Zero, TimeSpan.FromMilliseconds(100));

        public void Dispose()
        {
            lock (_lock)
                _stopped = true;
            _timer.Dispose();
        }
    }
}
