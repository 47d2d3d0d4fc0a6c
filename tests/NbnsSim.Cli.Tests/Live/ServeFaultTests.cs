using System.Globalization;
using NbnsSim.Cli.Commands;
using NbnsSim.Names;
using NbnsSim.Transport;
using NbnsSim.Wire;

namespace NbnsSim.Cli.Tests.Live;

/// <summary>What <c>serve</c> does when something around it goes wrong, as its help has it.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ServeFaultTests : IDisposable
{
    private readonly Ipv4Endpoint _at = new(Ipv4Address.Loopback, LiveRun.FreePort());
    private readonly string _folder = Directory.CreateTempSubdirectory("nbnssim-serve-").FullName;

    private string State => Path.Combine(_folder, "wins.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [TestCase("TERM")]
    [TestCase("INT")]
    [TestCase("HUP")]
    [TestCase("QUIT")]
    public void ASignalStopsItInGoodOrder(string signal)
    {
        NeedsLinux();
        using var server = new ServeProcess(_at, null, "--wins", "--state", State);
        server.WaitFor("ready: ");
        Assert.That(server.Register("KEPT<20>"), Is.EqualTo(NbnsRcode.Success));
        server.Signal(signal);
        Assert.That(server.WaitForExit(), Is.Zero);
        server.WaitFor("nbnssim: stopped: ");
    }

    [Test]
    public void AStateFileThatIsDeletedLosesNothing()
    {
        NeedsLinux();
        using (var server = new ServeProcess(_at, null, "--wins", "--state", State))
        {
            server.WaitFor("ready: ");
            Assert.That(server.Register("BEFORE<20>"), Is.EqualTo(NbnsRcode.Success));
            foreach (string file in Directory.GetFiles(_folder))
                File.Delete(file);
            for (int i = 0; i < 20; i++)
                Assert.That(server.Register(string.Create(CultureInfo.InvariantCulture, $"AFTER{i}<20>")), Is.EqualTo(NbnsRcode.Success));
            server.Signal("KILL");
            server.WaitForExit();
        }

        using var next = new ServeProcess(_at, null, "--wins", "--state", State);
        next.WaitFor("ready: ");
        Assert.That(next.Query("BEFORE<20>"), Is.EqualTo(NbnsRcode.Success));
        for (int i = 0; i < 20; i++)
            Assert.That(next.Query(string.Create(CultureInfo.InvariantCulture, $"AFTER{i}<20>")), Is.EqualTo(NbnsRcode.Success));
    }

    [Test]
    public void OnAFullDiskQueriesGoOnAndClaimsAreRefused_TillThereIsRoom()
    {
        NeedsRoot();
        string inside = Path.Combine(_folder, "disk");
        Directory.CreateDirectory(inside);
        string file = Path.Combine(inside, "wins.db");
        string filler = Path.Combine(inside, "filler");
        string mount = $"mount -t tmpfs -o size=4m tmpfs {inside} && cp {State} {inside} && exec \"$@\"";
        using (var first = new ServeProcess(_at, null, "--wins", "--state", State))
        {
            first.WaitFor("ready: ");
            Assert.That(first.Register("KEPT<20>"), Is.EqualTo(NbnsRcode.Success));
            first.Signal("TERM");
            first.WaitForExit();
        }

        using (var server = new ServeProcess(_at, mount, "--wins", "--state", file))
        {
            server.WaitFor("ready: ");
            Assert.That(server.Query("KEPT<20>"), Is.EqualTo(NbnsRcode.Success));
            Fill($"/proc/{server.Id}/root{filler}");
            int refused = -1;
            for (int i = 0; i < 500 && refused < 0; i++)
            {
                if (server.Register(string.Create(CultureInfo.InvariantCulture, $"N{i}<20>")) == NbnsRcode.ServerFailure)
                    refused = i;
            }

            Assert.That(refused, Is.Not.Negative, "the disk never was full");
            server.WaitFor("Names cannot be saved: there is no room on the disk.");
            Assert.That(server.Query("KEPT<20>"), Is.EqualTo(NbnsRcode.Success));
            Assert.That(server.Register("LATER<20>"), Is.EqualTo(NbnsRcode.ServerFailure));
            File.Delete($"/proc/{server.Id}/root{filler}");
            server.WaitFor("Names are saved again");
            Assert.That(server.Register("LATER<20>"), Is.EqualTo(NbnsRcode.Success));
            Assert.That(server.Error.Split("Names cannot be saved").Length - 1, Is.EqualTo(1), "logged once");
        }
    }

    [Test]
    public void OnADiskThatIsFullAtTheStartItServesWhatItHas()
    {
        NeedsRoot();
        string inside = Path.Combine(_folder, "disk");
        Directory.CreateDirectory(inside);
        using (var first = new ServeProcess(_at, null, "--wins", "--state", State))
        {
            first.WaitFor("ready: ");
            Assert.That(first.Register("KEPT<20>"), Is.EqualTo(NbnsRcode.Success));
            first.Signal("KILL"); // its log stays
            first.WaitForExit();
        }

        string full = $"mount -t tmpfs -o size=4m tmpfs {inside} && cp {State}* {inside} && (cat /dev/zero > {inside}/filler 2> /dev/null; true) && exec \"$@\"";
        AssertServesReadOnly(full, Path.Combine(inside, "wins.db"));
    }

    [Test]
    public void AFileSystemThatIsReadOnlyIsServed([Values] bool wasKilled)
    {
        NeedsRoot();
        string inside = Path.Combine(_folder, "disk");
        Directory.CreateDirectory(inside);
        using (var first = new ServeProcess(_at, null, "--wins", "--state", State))
        {
            first.WaitFor("ready: ");
            Assert.That(first.Register("KEPT<20>"), Is.EqualTo(NbnsRcode.Success));
            first.Signal(wasKilled ? "KILL" : "TERM");
            first.WaitForExit();
        }

        AssertServesReadOnly($"mount -t tmpfs -o size=4m tmpfs {inside} && cp {State}* {inside} && mount -o remount,ro {inside} && exec \"$@\"", Path.Combine(inside, "wins.db"));
    }

    [Test]
    public void AFileThatCannotBeMadeIsSaid()
    {
        var run = ToolRun.Of("serve", "--name", "A", "--wins", "--listen", _at.ToString(), "--state", Path.Combine(_folder, "no", "wins.db"));
        Assert.That((run.ExitCode, run.Error), Is.EqualTo((3, $"nbnssim: --state {Path.Combine(_folder, "no", "wins.db")}: it cannot be opened, or made, there.\n")));
        run = ToolRun.Of("serve", "--name", "A", "--wins", "--listen", _at.ToString(), "--state", _folder);
        Assert.That((run.ExitCode, run.Error), Is.EqualTo((3, $"nbnssim: --state {_folder}: it is a folder, not a file.\n")));
        File.WriteAllText(State, "no database at all, but long enough to be looked at");
        run = ToolRun.Of("serve", "--name", "A", "--wins", "--listen", _at.ToString(), "--state", State);
        Assert.That((run.ExitCode, run.Error), Is.EqualTo((3, $"nbnssim: --state {State}: it is no SQLite file.\n")));
    }

    [Test]
    public void AStrangersDatagramTakesNoName_AndIsLogged()
    {
        using var run = Serve(new ServeSettings { Name = "WINSRV", Workgroup = "LAB", HasNameServer = true, Listen = [_at] });
        run.Error.WaitFor("ready: ");
        using var stranger = new Stranger(_at);
        var buffer = new byte[576];
        var name = NetBiosName.Parse("WINSRV<20>");
        var own = new NbEntry(default, Ipv4Address.Loopback);
        stranger.Send(buffer.AsSpan(0, NbnsEncoder.WriteResponse(buffer, 7, NbnsFlagWords.ConflictDemand, name, 0, own)));
        run.Error.WaitFor("ignored a name conflict demand for WINSRV<20> from 127.0.0.9:");
        stranger.Send(buffer.AsSpan(0, NbnsEncoder.WriteResponse(buffer, 8, NbnsFlagWords.RegistrationResponse | (ushort)NbnsRcode.ActiveError, name, 0, own)));
        stranger.Send(buffer.AsSpan(0, NbnsEncoder.WriteRequest(buffer, 9, NbnsFlagWords.Release, name, 0, own)));
        Assert.That(ToolRun.Of("query", "WINSRV#20", "--own", "--server", _at.ToString()).ExitCode, Is.Zero, "it still answers for the name");
        run.Stop();
        Assert.That(run.Output, Is.Empty, "no event");
    }

    [Test]
    public void WhereItIsToBeVulnerableAnybodyTakesTheName()
    {
        using var run = Serve(new ServeSettings { Name = "WINSRV", Workgroup = "LAB", HasNameServer = true, Listen = [_at], IsVulnerable = true });
        run.Error.WaitFor("ready: ");
        using var stranger = new Stranger(_at);
        var buffer = new byte[576];
        var name = NetBiosName.Parse("WINSRV<20>");
        stranger.Send(buffer.AsSpan(0, NbnsEncoder.WriteResponse(buffer, 7, NbnsFlagWords.ConflictDemand, name, 0, new NbEntry(default, Ipv4Address.Loopback))));
        Assert.That(ToolRun.Of("query", "WINSRV#20", "--own", "--server", _at.ToString()).ExitCode, Is.EqualTo(1));
        run.Stop();
        Assert.That(run.Output, Does.Contain("NetBT event 4319: WINSRV<20>, by 127.0.0.9."));
    }

    [Test]
    public void VerboseSaysEachThingOnce_AndNoAddressThatNobodyHas()
    {
        using var run = Serve(new ServeSettings { Name = "WINSRV", Workgroup = "LAB", HasNameServer = true, Listen = [_at], Verbose = true });
        run.Error.WaitFor("ready: ");
        run.Stop();
        var lines = run.Error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(lines.Count(line => line.StartsWith("nbnssim: listening on", StringComparison.OrdinalIgnoreCase)), Is.EqualTo(1));
        Assert.That(lines.Count(line => line.StartsWith("nbnssim: stopped", StringComparison.OrdinalIgnoreCase)), Is.EqualTo(1));
        Assert.That(lines, Is.Unique);
        Assert.That(lines, Has.None.Contains("127.0.0.137"));
        Assert.That(lines, Has.Some.EqualTo("nbnssim: Registration WINSRV<20>: Succeeded by 127.0.0.1"));
    }

    [TestCase("127.255.255.255")]
    public void ABroadcastAddressIsRefused(string address)
    {
        var run = ToolRun.Of("serve", "--name", "A", "--listen", address + ":1137");
        Assert.That(run.ExitCode, Is.EqualTo(2));
        Assert.That(run.Error, Does.StartWith($"nbnssim: '{address}:1137' is the broadcast address of a subnet of this machine's"));
    }

    [Test]
    public void TheBroadcastAddressOfAnInterfaceIsRefused()
    {
        if (NbnsHostInterface.All().FirstOrDefault(one => one.BroadcastAddress is not null)?.BroadcastAddress is not { } broadcast)
        {
            Assert.Ignore("Needs an interface with a subnet.");
            return;
        }

        var run = ToolRun.Of("serve", "--name", "A", "--listen", broadcast.ToString());
        Assert.That(run.ExitCode, Is.EqualTo(2));
        Assert.That(run.Error, Does.Contain("is the broadcast address of a subnet"));
    }

    [Test]
    public void DescriptorsThatRunOutStopNothingThatRuns()
    {
        NeedsRoot();
        using var server = new ServeProcess(_at, null, "--wins", "--state", State);
        server.WaitFor("ready: ");
        LimitDescriptors(server, Directory.GetFiles($"/proc/{server.Id}/fd").Length);
        Assert.That(server.Register("KEPT<20>"), Is.EqualTo(NbnsRcode.Success));
        Assert.That(server.Query("KEPT<20>"), Is.EqualTo(NbnsRcode.Success));
        server.WaitFor("No more files can be opened"); // what was in reserve for the end is free from now on
        server.Signal("TERM");
        Assert.That(server.WaitForExit(), Is.Zero, server.Error);
    }

    [TestCase(45)] // with fewer than some forty, .NET itself does not begin
    [TestCase(60)]
    [TestCase(80)]
    [TestCase(100)]
    [TestCase(159)]
    public void WithTooFewDescriptorsItSaysSoAndDoesNotBegin(int most)
    {
        NeedsRoot();
        string limit = string.Create(CultureInfo.InvariantCulture, $"ulimit -n {most} && exec \"$@\"");
        using var server = new ServeProcess(_at, limit, "--wins", "--state", State);
        Assert.That(server.WaitForExit(), Is.EqualTo(ExitCode.BadInput));
        server.WaitFor(string.Create(CultureInfo.InvariantCulture, $"nbnssim: only {most} files may be open; 160 are needed (ulimit -n)"));
        Assert.That(File.Exists(State), Is.False);
    }

    [TestCase("Max open files            63                   64                   files     \n", "only 63 files may be open; 64 are needed (ulimit -n)")]
    [TestCase("Max open files            64                   64                   files     \n", null)]
    [TestCase("Max open files            unlimited            unlimited            files     \n", null)]
    [TestCase("Max open files            3", "only 3 files may be open; 64 are needed (ulimit -n)")]
    [TestCase("Max processes             3                    3                    processes \n", null)]
    [TestCase("", null)]
    public void ALimitOfOpenFilesIsReadFromTheSystemsTable(string limits, string? complaint) =>
        Assert.That(DescriptorLimit.Complaint(limits, 64), Is.EqualTo(complaint));

    private static void LimitDescriptors(ServeProcess server, int most)
    {
        using var limit = System.Diagnostics.Process.Start("prlimit", ["--pid", server.Id.ToString(CultureInfo.InvariantCulture), string.Create(CultureInfo.InvariantCulture, $"--nofile={most}:")]);
        limit.WaitForExit();
    }

    [Test]
    public void AnAddressThatGoesAndComesBackIsServedAgain()
    {
        NeedsRoot();
        string space = "nbnssim-" + Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        // Its own network namespace, so that no address of this machine is touched; the test's own client cannot reach in, so the log has to tell.
        using var server = new ServeProcess(
            new Ipv4Endpoint(Ipv4Address.Parse("192.168.87.2"), 1137),
            "exec unshare -n sh -c 'ip link set lo up && ip link add eth0 type veth peer name eth1 && ip link set eth1 up && ip link set eth0 up && ip addr add 192.168.87.2/24 dev eth0 && exec \"$@\"' " + space + " \"$@\"", "--wins");
        server.WaitFor("ready: ");
        Ip(server.Id, "del");
        server.WaitFor("192.168.87.2 is gone from this machine");
        Ip(server.Id, "add");
        server.WaitFor("192.168.87.2 is back, and served again");
        string answer = InNamespace(server.Id, [Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet", typeof(Tool).Assembly.Location, "query", "WINSRV#20", "--server", "192.168.87.2:1137"]);
        Assert.That(answer, Does.StartWith("192.168.87.2 "));
        server.Signal("TERM");
        Assert.That(server.WaitForExit(), Is.Zero);
    }

    private static void Ip(int process, string verb) => InNamespace(process, ["ip", "addr", verb, "192.168.87.2/24", "dev", "eth0"]);

    private static string InNamespace(int process, string[] command)
    {
        var start = new System.Diagnostics.ProcessStartInfo("nsenter", ["-t", process.ToString(CultureInfo.InvariantCulture), "-n", .. command]) { UseShellExecute = false, RedirectStandardOutput = true };
        using var run = System.Diagnostics.Process.Start(start)!;
        string output = run.StandardOutput.ReadToEnd();
        run.WaitForExit();
        return output;
    }

    private static void NeedsLinux()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Ignore("Needs kill(1), and files that can be deleted while they are open.");
    }

    private static void NeedsRoot()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess || ToolRunsNot("unshare", "-m", "true") || ToolRunsNot("unshare", "-n", "true"))
            Assert.Ignore("Needs Linux and root, for a mount and a network of its own.");
    }

    private static bool ToolRunsNot(string program, params string[] arguments)
    {
        try
        {
            using var run = System.Diagnostics.Process.Start(program, arguments);
            run.WaitForExit();
            return run.ExitCode != 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return true;
        }
    }

    private static void Fill(string path)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var octets = new byte[4096];
        try
        {
            while (true)
                file.Write(octets);
        }
        catch (IOException)
        {
            // full
        }
    }

    private static LiveRun Serve(ServeSettings settings) => new((terminal, stop) => ServeCommand.Run(terminal, settings, stop, CancellationToken.None));

    private void AssertServesReadOnly(string shell, string file)
    {
        using var server = new ServeProcess(_at, shell, "--wins", "--state", file);
        server.WaitFor("ready: ");
        server.WaitFor("Names cannot be saved: ");
        Assert.That(server.Query("KEPT<20>"), Is.EqualTo(NbnsRcode.Success));
        Assert.That(server.Register("LATER<20>"), Is.EqualTo(NbnsRcode.ServerFailure));
        server.Signal("TERM");
        Assert.That(server.WaitForExit(), Is.Zero);
    }

    /// <summary>Somebody at another address.</summary>
    private sealed class Stranger : IDisposable
    {
        private readonly System.Net.Sockets.Socket _socket = new(System.Net.Sockets.AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Dgram, System.Net.Sockets.ProtocolType.Udp);

        public Stranger(Ipv4Endpoint at)
        {
            _socket.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Parse("127.0.0.9"), 0));
            _socket.Connect(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, at.Port));
        }

        public void Send(ReadOnlySpan<byte> octets) => _socket.Send(octets);

        public void Dispose() => _socket.Dispose();
    }
}
