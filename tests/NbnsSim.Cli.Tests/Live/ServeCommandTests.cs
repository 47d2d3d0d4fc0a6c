using NbnsSim.Cli.Commands;
using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Transport;
using NbnsSim.Wire;

namespace NbnsSim.Cli.Tests.Live;

public sealed class ServeCommandTests
{
    private readonly Ipv4Endpoint _at = new(Ipv4Address.Loopback, LiveRun.FreePort());

    private ServeSettings Settings => new() { Name = "WINSRV", Workgroup = "LAB", HasNameServer = true, Listen = [_at] };

    [Test]
    public async Task IsANodeAndANameServerUntilItIsStopped()
    {
        using var run = Serve(Settings);
        run.Error.WaitFor("ready: WINSRV<00> LAB<00> WINSRV<03> WINSRV<20> LAB<1E>\n");
        Assert.That(run.Error.ToString(), Does.StartWith($"nbnssim: listening on {_at}: WINSRV, H node of Windows 2000, with a name server (WINS, Windows 2000)\n"));

        using var client = new NbnsClient(new NbnsClientOptions { NameServer = _at, Port = _at.Port });
        Assert.That(await client.FindComputerAsync("winsrv"), Is.EqualTo(_at.Address));
        var status = await client.GetNodeStatusAsync(_at.Address);
        Assert.That((status!.ComputerName, status.Workgroup, status.Names.Length), Is.EqualTo(("WINSRV", "LAB", 5)));
        var fred = NetBiosName.Parse("FRED<20>");
        Assert.That((await client.RegisterAsync(fred, Ipv4Address.Loopback)).IsSuccess, Is.True);
        Assert.That((await client.QueryAsync(fred)).Address, Is.EqualTo(Ipv4Address.Loopback));

        Assert.That(run.Stop(), Is.Zero);
        run.Error.WaitFor("nbnssim: stopped: ");
        Assert.That(run.Output, Is.Empty);
    }

    [Test]
    public async Task StaticMappingsAreServed()
    {
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "10.1.2.3  PRINTER  # upstairs\n");
        using (var run = Serve(Settings with { StaticFile = file }))
        {
            run.Error.WaitFor("3 static mappings from ");
            run.Error.WaitFor("ready: ");
            using var client = new NbnsClient(new NbnsClientOptions { NameServer = _at });
            Assert.That(await client.FindComputerAsync("PRINTER"), Is.EqualTo(Ipv4Address.Parse("10.1.2.3")));
            run.Stop();
        }

        await File.WriteAllTextAsync(file, "10.1.2.3  PRINTER\n10.1.2.3.4 OTHER\n");
        var wrong = ToolRun.Of("serve", "--name", "A", "--wins", "--listen", _at.ToString(), "--static", file, "--strict");
        Assert.That(wrong.ExitCode, Is.EqualTo(3));
        Assert.That(wrong.Error, Does.StartWith($"nbnssim: {file}(2): "));
        File.Delete(file);
    }

    [Test, Category("Slow")] // a B node of Windows' timing takes seven seconds to boot
    public async Task ANodeLogsWhatNetBtWould()
    {
        // Windows NT 3.5, and somebody releases its name (Q131739).
        using var run = Serve(Settings with { HasNameServer = false, Name = "ALPHA", Dialect = NetBtDialect.WindowsNt35, NodeType = OwnerNodeType.B, User = "JSMITH", IsVulnerable = true });
        run.Error.WaitFor("ready: ");
        using var other = new NbnsClient(new NbnsClientOptions { NameServer = _at, Local = new Ipv4Endpoint(Ipv4Address.Parse("127.0.0.9"), 0), Attempts = 1 });
        await other.ReleaseAsync(NetBiosName.Parse("ALPHA<03>"), Ipv4Address.Parse("127.0.0.9"));
        run.Stop();
        Assert.That(run.Output, Does.Contain("NetBT event 4320: ALPHA<03>, by 127.0.0.9."));
    }

    [Test]
    public void SaysWhatIsWrong()
    {
        using var taken = new NbnsUdpHost(new Protocol.CompositeEndpoint(
            new NameServers.NameServer(new NameServers.NameServerOptions()), new NameServers.NameServer(new NameServers.NameServerOptions()), [Ipv4Address.Loopback]),
            new NbnsUdpHostOptions { Interfaces = [new NbnsHostInterface(_at.Address, _at.Port)] });
        taken.Start();
        var run = ToolRun.Of("serve", "--name", "A", "--listen", _at.ToString());
        Assert.That((run.ExitCode, run.Error), Is.EqualTo((3, $"nbnssim: {_at}: another program has the port (nmbd?).\n")));
        run = ToolRun.Of("serve", "--name", "A", "--listen", "192.0.2.1:1137");
        Assert.That((run.ExitCode, run.Error), Is.EqualTo((3, "nbnssim: 192.0.2.1:1137: this machine has no such address.\n")));
    }

    [Test]
    public void AStateFileThatAnotherServerHas_IsToldSo()
    {
        string file = Path.Combine(Directory.CreateTempSubdirectory("nbnssim-state-").FullName, "wins.db");
        using (Transport.Sqlite.NameServerStore.Open(file))
        {
            var run = ToolRun.Of("serve", "--name", "A", "--wins", "--listen", _at.ToString(), "--state", file);
            Assert.That((run.ExitCode, run.Error), Is.EqualTo((3, $"nbnssim: --state {file}: another process has the file open; a server has one of its own.\n")));
        }

        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }

    [TestCase("serve", "--name", "A", "--listen", "10.0.0.256")]
    [TestCase("serve", "--name", "A", "--state", "x.db")]
    [TestCase("serve", "--name", "A", "--listen", "127.0.0.1:1137", "--listen", "127.0.0.2:1138")]
    [TestCase("serve", "--name", "A", "--dialect", "os/2")]
    [TestCase("serve", "--name", "A", "--rate", "-1")]
    [TestCase("serve", "--name", "A", "--quota", "5")]
    [TestCase("serve", "--name", "A", "--wins", "--quota", "4000001")]
    [TestCase("serve")]
    public void AWrongCommandLine_EndsWith2(params string[] arguments) => Assert.That(ToolRun.Of(arguments).ExitCode, Is.EqualTo(2));

    [TestCase("'0.0.0.0:1137' stands for all addresses: expected each that is to be listened on", "--listen", "0.0.0.0:1137")]
    [TestCase("'255.255.255.255' stands for many machines", "--listen", "255.255.255.255")]
    [TestCase("'224.0.0.1' stands for many machines", "--listen", "224.0.0.1")]
    [TestCase("'127.0.0.1:1137' is given twice", "--listen", "127.0.0.1:1137", "--listen", "127.0.0.1:1137")]
    [TestCase("--listen 127.0.0.137: there the node finds the name server beside it", "--wins", "--listen", "127.0.0.137")]
    [TestCase("--state expects the name of a file.", "--wins", "--state", "")]
    [TestCase("--static expects the name of a file.", "--wins", "--static", "")]
    [TestCase("'9' is none of those there are: expected B, P, M or H.", "--node-type", "9")]
    [TestCase("'7' is none of those there are: expected automatic, managed or batched.", "--sockets", "7")]
    [TestCase("'' is no NetBIOS name: expected 1 to 15 Latin-1 characters.", "--workgroup", "")]
    [TestCase("'ANAMETHATISTOOLONG' is no NetBIOS name", "--user", "ANAMETHATISTOOLONG")]
    public void AWrongArgument_IsToldWithWhatWasExpected(string error, params string[] arguments)
    {
        var run = ToolRun.Of(["serve", "--name", "A", .. arguments]);
        Assert.That(run.ExitCode, Is.EqualTo(2));
        Assert.That(run.Error, Does.StartWith("nbnssim: " + error));
    }

    [TestCase("")]
    [TestCase("ANAMETHATISTOOLONG")]
    public void AWrongName_IsToldWithWhatWasExpected(string name)
    {
        var run = ToolRun.Of("serve", "--name", name);
        Assert.That((run.ExitCode, run.Error), Is.EqualTo((2, $"nbnssim: '{name}' is no NetBIOS name: expected 1 to 15 Latin-1 characters.\nTry 'nbnssim serve --help'.\n")));
    }

    private static LiveRun Serve(ServeSettings settings) => new((terminal, stop) => ServeCommand.Run(terminal, settings, stop, CancellationToken.None));
}
