using System.Net;
using System.Net.Sockets;
using System.Xml.Linq;
using NbnsSim.Cli.Commands;
using NbnsSim.Tests;

namespace NbnsSim.Cli.Tests.Live;

/// <summary><c>conform</c>: the command's own part, and the whole of it against a machine that is served.</summary>
public sealed class ConformCommandTests
{
    private string _folder = null!;

    [OneTimeSetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("nbnssim-").FullName;

    [OneTimeTearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void AServedNameServerIsHeldAgainstCases_AndNotByARoleThatItHasNot()
    {
        var at = new Ipv4Endpoint(Ipv4Address.Loopback, LiveRun.FreePort());
        using var served = new LiveRun((terminal, stop) => ServeCommand.Run(terminal, new ServeSettings { Name = "WINSRV", Workgroup = "LAB", HasNameServer = true, Listen = [at] }, stop, CancellationToken.None));
        served.Error.WaitFor("ready: ");
        string Path(string name) => System.IO.Path.Combine(_folder, name);
        var run = ToolRun.Of("conform", at.ToString(), "s4.2.1.2", "--junit", Path("c.xml"), "--html", Path("c.html"), "--capture", Path("c.pcapng"));
        Assert.That((run.ExitCode, run.Error), Is.EqualTo((0, "")), run.Output);
        Assert.That(run.Output, Does.StartWith($"Conformance of the name server at {at}\n").And.Contains("  ✓ s4.2.1.2/1 ").And.Contains(" 0 failed, "));
        Assert.That(XDocument.Load(Path("c.xml")).Descendants("testcase").Count(), Is.EqualTo(run.Lines.Count(line => line.Contains("s4.2.1.2/", StringComparison.Ordinal))));
        Assert.That(File.ReadAllText(Path("c.html")), Does.Contain("<main class=\"nbns conform\">"));
        Assert.That(ToolRun.Of("decode", Path("c.pcapng"), "--summary").ExitCode, Is.Zero);

        Assert.That(ToolRun.Of("conform", at.ToString(), "s5.1.1.5"), Is.EqualTo(new ToolRun(3, "", $"nbnssim: {at} shows itself to be a name server, and none of these cases is for one: --role says as what it is tested.\n")));

        var json = ToolRun.Of("conform", at.ToString(), "s4.2.1.2/1", "--json"); // its lines are held against the schema
        Assert.That((json.ExitCode, json.Error, json.Lines.Count()), Is.EqualTo((0, "", 2)));
        Assert.That(served.Stop(), Is.Zero);
    }

    /// <summary>A node of Windows 2000 denies a name that it does not have, as a name server would: it is told by what it does with a claim.</summary>
    [Test, Category("Slow")] // a B node of Windows' timing takes seven seconds to boot
    public void AServedNodeIsOne()
    {
        var at = new Ipv4Endpoint(Ipv4Address.Loopback, LiveRun.FreePort());
        using var served = new LiveRun((terminal, stop) => ServeCommand.Run(terminal, new ServeSettings { Name = "ALPHA", Workgroup = "LAB", Listen = [at] }, stop, CancellationToken.None));
        served.Error.WaitFor("ready: ");
        var run = ToolRun.Of("conform", at.ToString(), "s5.1.1.5/8");
        Assert.That((run.ExitCode, run.Error), Is.EqualTo((0, "")), run.Output);
        Assert.That(run.Output, Does.StartWith($"Conformance of the B node at {at}\n").And.Contains("1 passed"));
        served.Stop();
    }

    [Test]
    public void WhoIsSilentIsNotHeldAgainstAnything()
    {
        using var silent = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        silent.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        string at = silent.LocalEndPoint!.ToString()!;
        Assert.That(ToolRun.Of("conform", at), Is.EqualTo(new ToolRun(3, "", $"nbnssim: Nothing answers at {at}: no node status, no name query.\n")));
    }

    [Test]
    public void AStationThatIsNotThisMachines_IsSaid()
    {
        var run = ToolRun.Of("conform", "127.0.0.1:1137", "--stations", "192.0.2.1");
        Assert.That(run.ExitCode, Is.EqualTo(3));
        Assert.That(run.Error, Does.StartWith("nbnssim: The stations 192.0.2.1 cannot use port 1137: ").And.EndsWith("--stations says which of this machine's addresses are the runner's own.\n"));
    }

    [Test]
    public void ASimulatedMachine()
    {
        var run = ToolRun.Of("conform", "--simulate", "rfc1002", "s5.1.1.5", "-v");
        Assert.That((run.ExitCode, run.Error), Is.EqualTo((0, "")), run.Output);
        Assert.That(run.Output, Does.StartWith("Conformance of B node of RFC 1002, in the simulator\nby RFC 1001, RFC 1002, MS-NBTE and the articles that cases name; seed 1\n").And.Contains("refused, ACT_ERR: SUBJECT<20>"));
        Assert.That(ToolRun.Of("conform", "--simulate", "nt4", "s5.1.1.5", "--strict").ExitCode, Is.EqualTo(1), "its own ways are no longer passed over");
        Assert.That(ToolRun.Of("conform", "--simulate", "nt4", "s5.1.1.5", "--strict", "--profile", "windows").ExitCode, Is.Zero, "they are Windows'");
        Assert.That(ToolRun.Of("conform", "--simulate", "nt4", "--type", "P", "s5.1.1.5", "--json").ExitCode, Is.Zero);
    }

    [Test]
    public void ListsAndPlansSendNothing()
    {
        var list = ToolRun.Of("conform", "--list", "s5.1.1.5");
        Assert.That((list.ExitCode, list.Error), Is.EqualTo((0, "")));
        Assert.That(list.Output, Does.Match("  s5.1.1.5/1 +MUST +node +Whoever claims"));
        Assert.That(ToolRun.Of("conform", "--list", "--json").ExitCode, Is.Zero);
        using var peer = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        peer.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        foreach (string form in (string[])["--json", "--strict"])
            Assert.That(ToolRun.Of("conform", peer.LocalEndPoint!.ToString()!, "--dry-run", form).ExitCode, Is.Zero);
        Assert.That(peer.Available, Is.Zero);
    }

    [TestCase("conform", "10.0.0.7")]
    [TestCase("conform", "127.0.0.1:0x")]
    [TestCase("conform", "127.0.0.1", "../../etc/passwd")]
    [TestCase("conform", "127.0.0.1", "s5.1", "--role", "\u001b[2J")]
    [TestCase("conform", "--simulate", "\u001b]0;x\u0007")]
    [TestCase("conform", "127.0.0.1", "--unique", "ALPHA<20>,,")]
    [TestCase("conform", "127.0.0.1", "--stations", "1.2.3.4,")]
    [TestCase("conform", "127.0.0.1", "--type", "0")]
    [TestCase("conform", "127.0.0.1", "--profile", "os2")]
    [TestCase("conform", "127.0.0.1", "--patience", "-1")]
    [TestCase("conform", "127.0.0.1", "--seed", "99999999999999999999")]
    [TestCase("conform", "127.0.0.1", "--broadcast", "all")]
    [TestCase("conform")]
    public void AMistakeEndsWith2_AndIsEscaped(params string[] arguments)
    {
        var run = ToolRun.Of(arguments);
        Assert.That((run.ExitCode, run.Output), Is.EqualTo((2, "")));
        Assert.That(run.Error, Does.StartWith("nbnssim: ").And.EndsWith("Try 'nbnssim conform --help'.\n"));
        Poison.AssertNone(run.Error, "error");
    }
}
