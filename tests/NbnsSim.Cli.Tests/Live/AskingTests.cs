using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using NbnsSim.Cli.Commands;
using NbnsSim.Names;
using NbnsSim.Nodes;
using NbnsSim.Transport;
using NbnsSim.Wire;

namespace NbnsSim.Cli.Tests.Live;

/// <summary><c>query</c>, <c>status</c> and <c>register</c> against <c>serve</c>.</summary>
public sealed class AskingTests
{
    private Ipv4Endpoint _at;
    private LiveRun _server = null!;

    [OneTimeSetUp]
    public void Start()
    {
        _at = new Ipv4Endpoint(Ipv4Address.Loopback, LiveRun.FreePort());
        _server = new LiveRun((terminal, stop) => ServeCommand.Run(
            terminal, new ServeSettings { Name = "WINSRV", Workgroup = "LAB", HasNameServer = true, Listen = [_at] }, stop, CancellationToken.None));
        _server.Error.WaitFor("ready: ");
    }

    [OneTimeTearDown]
    public void Stop()
    {
        _server.Stop();
        _server.Dispose();
    }

    [Test]
    public void Query_SaysWhoHasTheName()
    {
        var run = ToolRun.Of("query", "winsrv#20", "--server", _at.ToString());
        Assert.That((run.ExitCode, run.Output), Is.EqualTo((0, $"127.0.0.1       WINSRV<20>  unique, B node, TTL 0, says {_at}\n")));
        run = ToolRun.Of("query", "nosuch", "--server", _at.ToString());
        Assert.That((run.ExitCode, run.Output, run.Error), Is.EqualTo((1, "", $"nbnssim: {_at} says that there is no NOSUCH<00> (NAM_ERR).\n")));
        run = ToolRun.Of("query", "lab<1e>", "--own", "--server", _at.ToString());
        Assert.That((run.ExitCode, run.Output), Is.EqualTo((0, $"127.0.0.1       LAB<1E>  group, H node, TTL 300000, says {_at}\n")));
    }

    [Test]
    public void Query_AsksByBroadcast()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Ignore("Needs a loopback interface that delivers broadcasts.");
        var run = ToolRun.Of("query", "WINSRV", "--broadcast", $"127.255.255.255:{_at.Port}");
        Assert.That(run.Output, Does.StartWith("127.0.0.1       WINSRV<00>  unique, H node"));
    }

    [Test]
    public void Query_WaitsForEverybodyWhereAskedTo()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Ignore("Needs a loopback interface that delivers broadcasts.");
        var second = new Ipv4Endpoint(Ipv4Address.Parse("127.0.0.2"), _at.Port);
        using var other = new LiveRun((terminal, stop) => ServeCommand.Run(
            terminal, new ServeSettings { Name = "OTHER", Workgroup = "LAB", Listen = [second] }, stop, CancellationToken.None));
        other.Error.WaitFor("ready: ");
        string everyone = $"127.255.255.255:{_at.Port}";
        string[] owners = ["127.0.0.1 ", "127.0.0.2 "];

        var run = ToolRun.Of("query", "*", "--broadcast", everyone);
        string[] lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That((run.ExitCode, run.Error), Is.EqualTo((0, "")));
        Assert.That(lines.Select(line => line[..10]), Is.EquivalentTo(owners), "nothing is said of duplicates");

        run = ToolRun.Of("query", "lab<1e>", "--all", "--broadcast", everyone);
        lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(lines.Select(line => line[..10]), Is.EquivalentTo(owners), "a group has members");

        run = ToolRun.Of("query", "nosuch", "--all", "--broadcast", everyone);
        Assert.That((run.ExitCode, run.Output, run.Error), Is.EqualTo((1, "", "nbnssim: nobody answered for NOSUCH<00>.\n")));
        Assert.That(other.Stop(), Is.Zero);
    }

    [Test]
    public void Query_SaysSoWhereAUniqueNameHasTwoOwners()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Ignore("Needs a loopback interface that delivers broadcasts.");
        var name = NetBiosName.Parse("TWICE<03>");
        using var first = new Impostor("127.0.0.3", _at.Port, name);
        using var second = new Impostor("127.0.0.4", _at.Port, name);
        var run = ToolRun.Of("query", "twice#03", "--all", "--broadcast", $"127.255.255.255:{_at.Port}");
        Assert.That(run.ExitCode, Is.Zero);
        Assert.That(run.Output, Does.EndWith("2 answers, and the name is unique: a duplicate, unless they are one machine's or a proxy's (the node status of each tells).\n"));
    }

    [Test]
    public void Status_PrintsNbtstatsTable()
    {
        var run = ToolRun.Of("status", _at.ToString());
        Assert.That(run.ExitCode, Is.Zero);
        Assert.That(run.Output, Does.StartWith("Node IpAddress: [127.0.0.1] Scope Id: []\n\n"));
        Assert.That(run.Output, Does.Contain("WINSRV         <20>  UNIQUE      Registered\n").And.Contain("LAB            <1E>  GROUP       Registered\n").And.Contain("MAC Address = "));
    }

    [Test]
    public void Answers_AsJson()
    {
        var run = ToolRun.Of("query", "winsrv#20", "--json", "--server", _at.ToString());
        Assert.That(run.Output, Is.EqualTo(
            "{\"schemaVersion\":1,\"type\":\"answer\",\"name\":\"WINSRV\",\"suffix\":32,\"scope\":\"\",\"outcome\":\"succeeded\",\"responder\":\"127.0.0.1\",\"rcode\":0,\"ttl\":0," +
            "\"entries\":[{\"address\":\"127.0.0.1\",\"group\":false,\"nodeType\":\"B\"}]}\n"));
        run = ToolRun.Of("query", "nosuch", "--json", "--server", _at.ToString());
        Assert.That((run.ExitCode, run.Output), Is.EqualTo((1,
            "{\"schemaVersion\":1,\"type\":\"answer\",\"name\":\"NOSUCH\",\"suffix\":0,\"scope\":\"\",\"outcome\":\"refused\",\"responder\":\"127.0.0.1\",\"rcode\":3,\"ttl\":0,\"entries\":[]}\n")));
        run = ToolRun.Of("register", "jsonpc", "--json", "--server", _at.ToString());
        Assert.That(run.Output, Does.StartWith("{\"schemaVersion\":1,\"type\":\"registration\",\"name\":\"JSONPC\",\"suffix\":0,\"scope\":\"\",\"address\":\"127.0.0.1\",\"outcome\":\"succeeded\","));
        run = ToolRun.Of("status", "--json", _at.ToString());
        Assert.That(run.Output, Does.StartWith("{\"schemaVersion\":1,\"type\":\"nodeStatus\",\"address\":\"127.0.0.1\",\"scope\":\"\",\"answered\":true,\"mac\":\"00:00:00:00:00:00\",\"truncated\":false,\"names\":[{\"name\":\"WINSRV\",\"suffix\":0,"));
    }

    [Test]
    public void NamesInAScope_AreRegisteredAndFoundThere()
    {
        string at = _at.ToString();
        Assert.That(ToolRun.Of("register", "scoped", "--scope", "LAB.EXAMPLE", "--server", at).ExitCode, Is.Zero);
        Assert.That(ToolRun.Of("query", "scoped", "--scope", "LAB.EXAMPLE", "--server", at).Output, Does.Contain("SCOPED<00>.LAB.EXAMPLE"));
        Assert.That(ToolRun.Of("query", "scoped<00>.LAB.EXAMPLE", "--server", at).ExitCode, Is.Zero);
        Assert.That(ToolRun.Of("query", "scoped", "--scope", "lab.example", "--server", at).ExitCode, Is.EqualTo(1), "scopes are case-sensitive");
        Assert.That(ToolRun.Of("query", "scoped", "--server", at).ExitCode, Is.EqualTo(1));
    }

    /// <summary>Windows of the era puts a name's letters into the OEM code page: Ü is 9A there, and DC in Latin-1.</summary>
    [Test]
    public void Umlauts_GoOutInTheOemCodePage()
    {
        Assert.That(ToolRun.Of("register", "b\u00FCro", "--server", _at.ToString()).ExitCode, Is.Zero);
        Assert.That(ToolRun.Of("query", "B<9a>RO", "--server", _at.ToString()).Output, Does.Contain("B<9a>RO<00>"));
    }

    [Test]
    public void Register_RegistersThisMachineAndIsRefusedAnothersName()
    {
        var run = ToolRun.Of("register", "testpc", "--server", _at.ToString());
        Assert.That((run.ExitCode, run.Output), Is.EqualTo((0, "TESTPC<00> is registered for 127.0.0.1, TTL 518400.\n")));
        run = ToolRun.Of("register", "testpc", "--server", _at.ToString(), "--release");
        Assert.That((run.ExitCode, run.Output), Is.EqualTo((0, "TESTPC<00> of 127.0.0.1 is released.\n")));
        run = ToolRun.Of("register", "LAB#1e", "--server", _at.ToString()); // a group, and we want it for us alone
        Assert.That((run.ExitCode, run.Error), Is.EqualTo((1, $"nbnssim: {_at} refuses (ACT_ERR).\n")).Or.EqualTo((1, $"nbnssim: {_at} refuses (RFS_ERR).\n")));
    }

    /// <summary>An answer that cannot be used is another thing than none: whoever asks is told which.</summary>
    [TestCase("status", "its answer cannot be read: ", true)]
    [TestCase("query", "it answers for OTHER<20>, not for WANTED<00>", false)]
    [TestCase("register", "it answers for OTHER<20>, not for WANTED<00>", false)]
    public void AnAnswerThatCannotBeUsed_IsSaid(string command, string reason, bool isCut)
    {
        using var peer = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        peer.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        string at = peer.LocalEndPoint!.ToString()!;
        var answering = Task.Run(() =>
        {
            byte[] request = new byte[576], answer = new byte[576];
            EndPoint from = new IPEndPoint(IPAddress.Any, 0);
            peer.ReceiveFrom(request, ref from);
            ushort id = (ushort)((request[0] << 8) | request[1]);
            ushort flags = command switch { "register" => NbnsFlagWords.RegistrationResponse, "query" => NbnsFlagWords.QueryResponse, _ => NbnsFlagWords.NodeStatusResponse };
            int length = NbnsEncoder.WriteResponse(answer, id, flags, NetBiosName.Parse("OTHER<20>"), 0, new NbEntry(default, Ipv4Address.Loopback));
            peer.SendTo(answer.AsSpan(0, isCut ? length - 3 : length), from);
        });
        var run = ToolRun.Of(command == "status" ? [command, at] : [command, "wanted", "--server", at]);
        answering.Wait();
        Assert.That(run.ExitCode, Is.EqualTo(1));
        Assert.That(run.Output, Is.Empty);
        Assert.That(run.Error, Does.Contain($"nbnssim: {at} did answer, but {reason}"));
    }

    [Test]
    public void ATimeToLiveThatIsNone_IsSaidInPlainWords() => Assert.That(
        ToolRun.Of("register", "A", "--server", "1.2.3.4", "--ttl", "abc").Error, Does.StartWith("nbnssim: 'abc' is no time to live: expected whole seconds from 0 to 4294967295.\n"));

    [TestCase("query", "ANAMETHATISTOOLONG")]
    [TestCase("query", "A", "--all", "--server", "1.2.3.4")]
    [TestCase("query", "A", "--all", "--own")]
    [TestCase("query", "A", "--server", "1.2.3.4", "--broadcast", "1.2.3.255")]
    [TestCase("status", "fileserver")]
    [TestCase("register", "A")]
    public void AWrongCommandLine_EndsWith2(params string[] arguments) => Assert.That(ToolRun.Of(arguments).ExitCode, Is.EqualTo(2));

    [Test]
    public void InterruptedWhileItWaits_EndsWith130()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Ignore("Needs kill(1).");
        using var silent = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        silent.ReceiveTimeout = 60_000;
        silent.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet") { UseShellExecute = false, RedirectStandardError = true };
        foreach (string argument in new[] { typeof(Tool).Assembly.Location, "status", silent.LocalEndPoint!.ToString()! })
            start.ArgumentList.Add(argument);
        using var asking = Process.Start(start)!;
        silent.Receive(new byte[576]); // now it waits for the answer
        using (var kill = Process.Start("kill", ["-TERM", asking.Id.ToString(CultureInfo.InvariantCulture)]))
            kill.WaitForExit();
        string error = asking.StandardError.ReadToEnd();
        asking.WaitForExit();
        Assert.That((asking.ExitCode, error), Is.EqualTo((130, "")));
    }

    /// <summary>A machine that says it has a name, though another says so too: a host of the library that has not defended it.</summary>
    private sealed class Impostor : IDisposable
    {
        private readonly NbnsUdpHost _host;

        public Impostor(string address, ushort port, NetBiosName name)
        {
            var at = Ipv4Address.Parse(address);
            var node = new EndNode(name.BaseName, EndNodeInterface.InSubnet(at), new EndNodeOptions { NameServicePort = port });
            node.AddName(default, name);
            while (node.GetNameState(name) != LocalNameState.Registered)
                node.HandleTimeout(node.PollTimeout()!.Value);
            while (node.TryPollTransmit(new byte[576], out _))
            {
                // nobody hears how it came by the name
            }

            _host = new NbnsUdpHost(node, new NbnsUdpHostOptions { Interfaces = [new NbnsHostInterface(at, port, 8)] });
            _host.Start();
        }

        public void Dispose() => _host.Dispose();
    }
}
