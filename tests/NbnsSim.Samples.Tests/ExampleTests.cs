using NbnsSim.Audit;
using NbnsSim.Captures;
using NbnsSim.Checking;
using NbnsSim.Comparing;
using NbnsSim.Conformance;
using NbnsSim.Conformance.Benches;
using NbnsSim.Conformance.Reports;
using NbnsSim.Diagnosis;
using NbnsSim.Files;
using NbnsSim.Jobs;
using NbnsSim.Jobs.Archives;
using NbnsSim.Jobs.Campaigns;
using NbnsSim.Jobs.Chaos;
using NbnsSim.Jobs.Runs;
using NbnsSim.Learning;
using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.NameServers;
using NbnsSim.Nodes;
using NbnsSim.Playing;
using NbnsSim.Protocol;
using NbnsSim.Replay;
using NbnsSim.Reports;
using NbnsSim.Reports.Pictures;
using NbnsSim.Reports.Wireshark;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;
using NbnsSim.Testing;
using NbnsSim.Testing.Chaos;
using NbnsSim.Testing.Traffic;
using NbnsSim.Transport;
using NbnsSim.Twins;
using NbnsSim.Wire;
using ZstdSharp;

namespace NbnsSim.Samples.Tests;

/// <summary>
/// The examples of the documentation. Each region is the <c>example</c> of the type that it is named after, word for word (<see cref="ExampleTextTests"/>), and does
/// what is asserted behind it.
/// </summary>
[NonParallelizable] // they share the console
public sealed class ExampleTests
{
    private TextWriter _before = null!;
    private StringWriter _output = null!;

    private static string Capture => Path.Combine(AppContext.BaseDirectory, "duplicate-user-name.pcapng");

    [SetUp]
    public void TakeTheConsole()
    {
        (_before, _output) = (Console.Out, new StringWriter { NewLine = "\n" });
        Console.SetOut(_output);
    }

    [TearDown]
    public void GiveItBack()
    {
        Console.SetOut(_before);
        _output.Dispose();
    }

    [Test]
    public void AScenarioIsPlayed()
    {
        #region T:NbnsSim.Playing.PlaySession
        var play = new PlaySession(BuiltInScenarios.Find("q131739")!);
        while (play.Simulator.Log.Count == 0)
            play.Step(PlayStride.Datagram);
        Console.WriteLine($"{play.Simulator.Now} {play.Simulator.Log[0].Event.Id}"); // 45.001500000 4320
        play.Back(PlayStride.Datagram);
        play.Lose(play.Simulator.GetUnderWay()[0]); // BRAVO's release never arrives; it is sent again 0.75 s later
        play.RunTo(play.End);
        Console.WriteLine(play.Simulator.Log[0].Event.Time); // 45.751500000
        var scenario = play.ToScenario(); // does the same by itself, and expects it
        #endregion
        Assert.That(_output.ToString(), Is.EqualTo("45.001500000 4320\n45.751500000\n"));
        Assert.That(new ScenarioRun(scenario).Run(), Has.All.Matches<ExpectationResult>(result => result!.Outcome == ExpectationOutcome.Met));
    }

    [Test]
    public void ALessonIsTaken()
    {
        #region T:NbnsSim.Learning.LessonTrial
        var trial = new LessonTrial(Lessons.All[0]);
        foreach (var answer in trial.Lesson.Answers)
            Console.WriteLine($"{(trial.Judge(answer).IsRight ? "right" : "wrong")}: {answer.Text}");
        #endregion
        Assert.That(_output.ToString().Split('\n').Count(line => line.StartsWith("right: ALPHA sends BRAVO a NEGATIVE", StringComparison.Ordinal)), Is.EqualTo(1));
        Assert.That(_output.ToString().Split('\n').Count(line => line.StartsWith("wrong: ", StringComparison.Ordinal)), Is.EqualTo(2));
    }

    [Test]
    public async Task RunsAreMadeAndMerged()
    {
        string work = Directory.CreateTempSubdirectory().FullName;
        string captures = Directory.CreateTempSubdirectory().FullName;
        string runs = Path.Combine(captures, "runs");
        try
        {
            File.Copy(Capture, Path.Combine(captures, "monday.pcapng"));
            #region T:NbnsSim.Jobs.Runs.MergeSpec
            RunExtraction.Extract(new ArchiveSpec([captures]) { Runs = runs }); // here, or by any number of processes on any number of machines
            await using var engine = new LocalEngine(work);
            var outcome = await JobRun.RunAsync(engine, new MergeSpec([runs]));
            Console.WriteLine(outcome.Verdict); // Done
            #endregion
            Assert.That(_output.ToString(), Is.EqualTo("Done\n"));
        }
        finally
        {
            Directory.Delete(work, recursive: true);
            Directory.Delete(captures, recursive: true);
        }
    }

    [Test]
    public async Task AnArchiveIsReadAsOneCapture()
    {
        string work = Directory.CreateTempSubdirectory().FullName;
        string captures = Directory.CreateTempSubdirectory().FullName;
        try
        {
            File.Copy(Capture, Path.Combine(captures, "monday.pcapng"));
            #region T:NbnsSim.Jobs.Archives.ArchiveSpec
            await using var engine = new LocalEngine(work); // all cores; the same again goes on where it was
            string id = await engine.SubmitAsync(new ArchiveSpec([captures]) { ShardOctets = 268_435_456 });
            var result = await engine.ResultAsync(id);
            Console.WriteLine($"{result.Folder}: {string.Join(", ", Directory.GetFiles(result.Folder, "*.parquet").Select(Path.GetFileName).Order(StringComparer.Ordinal))}");
            #endregion
            Assert.That(_output.ToString(), Is.EqualTo($"{result.Folder}: captures.parquet, datagrams.parquet, decisions.parquet, holdings.parquet, incidents.parquet\n"));
            Assert.That(result.Summary, Does.StartWith("{\"captures\":1,").And.Contain("\"headline\":\"Nothing is wrong."));
        }
        finally
        {
            Directory.Delete(work, recursive: true);
            Directory.Delete(captures, recursive: true);
        }
    }

    [Test]
    public void APacketIsRead()
    {
        byte[] payload = new NameQueryRequest(0x1234, NetBiosName.Parse("FILES<20>")).ToArray();
        #region T:NbnsSim.Wire.NbnsPacket
        if (NbnsPacket.TryParse(payload, out var packet, out var error))
            Console.WriteLine($"{packet.TransactionId:X4} {packet.Opcode} {packet.Name}"); // 1234 Query FILES<20>
        else
            Console.WriteLine(error);
        #endregion
        Said("1234 Query FILES<20>\n");
    }

    [Test]
    public void APacketIsWritten()
    {
        #region T:NbnsSim.Wire.NbnsPacketWriter
        Span<byte> buffer = stackalloc byte[NbnsHeader.MaxDatagramLength];
        var writer = new NbnsPacketWriter(buffer);
        writer.WriteHeader(0x1234, NbnsFlagWords.RegistrationRequest, questions: 1, additionals: 1);
        writer.WriteName(NetBiosName.Parse("FILES<20>"));
        writer.WriteTypeAndClass(NbnsType.NB);
        writer.WritePointer(NbnsHeader.Size); // the record's name is the question's
        writer.WriteRecordHead(NbnsType.NB, timeToLive: 0, dataLength: NbEntry.Size);
        writer.WriteEntry(new NbEntry(new NbFlags(0), Ipv4Address.Parse("10.0.0.1")));
        Console.WriteLine(NbnsDescription.Describe(writer.Written));
        #endregion
        Said("NAME REGISTRATION REQUEST FILES<20> unique 10.0.0.1 B-node TTL 0\n");
    }

    [Test]
    public void ANodeIsDrivenByHand()
    {
        #region T:NbnsSim.Nodes.EndNode
        var node = new EndNode("ALPHA", EndNodeInterface.InSubnet(Ipv4Address.Parse("10.0.0.1")), new EndNodeOptions { Dialect = NetBtDialect.WindowsNt4 });
        var now = Instant.Epoch;
        node.AddName(now, NetBiosName.Parse("FILES<20>"));
        byte[] buffer = new byte[NbnsHeader.MaxDatagramLength];
        OperationResult? result;
        while (!node.TryPollResult(out result))
        {
            while (node.TryPollTransmit(buffer, out var transmit))
                Console.WriteLine($"{now} to {transmit.Destination}: {NbnsDescription.Describe(buffer.AsSpan(0, transmit.Length))}");
            now = node.PollTimeout()!.Value; // a driver waits until then, and calls HandleDatagram for what comes
            node.HandleTimeout(now);
        }

        Console.WriteLine($"{now} {result.Name}: {result.Outcome}"); // nobody objected
        #endregion
        Assert.That(_output.ToString(), Does.Contain("to 10.0.0.255:137: NAME REGISTRATION REQUEST FILES<20> unique 10.0.0.1").And.Contain("FILES<20>: Succeeded"));
    }

    [Test]
    public void ANameServerIsDrivenByHand()
    {
        #region T:NbnsSim.NameServers.NameServer
        var server = new NameServer(new NameServerOptions { Address = Ipv4Address.Parse("10.0.0.9"), Dialect = NameServerDialect.WinsNt4 });
        var claim = new NameRegistrationRequest(1, NetBiosName.Parse("FILES<20>"), new NbEntry(new NbFlags(group: false, OwnerNodeType.P), Ipv4Address.Parse("10.0.0.1")));
        var client = Ipv4Endpoint.NameService(Ipv4Address.Parse("10.0.0.1"));
        server.HandleDatagram(Instant.Epoch, new Datagram(claim.ToArray(), client, Ipv4Endpoint.NameService(server.Options.Address), isBroadcast: false));

        byte[] buffer = new byte[NbnsHeader.MaxDatagramLength];
        while (server.TryPollTransmit(buffer, out var transmit))
            Console.WriteLine($"to {transmit.Destination}: {NbnsDescription.Describe(buffer.AsSpan(0, transmit.Length))}");
        Console.WriteLine(server.FindRecord(NetBiosName.Parse("FILES<20>")));
        #endregion
        Assert.That(_output.ToString(), Does.StartWith("to 10.0.0.1:137: POSITIVE NAME REGISTRATION RESPONSE FILES<20> ").And.Contain("\nFILES<20> unique active 10.0.0.1 owner 10.0.0.9 version 1\n"));
    }

    [Test]
    public void ANetworkIsSimulated()
    {
        #region T:NbnsSim.Simulation.Simulator
        var network = new Simulator(seed: 1);
        var segment = network.AddSegment("LAN", Ipv4Subnet.Parse("10.0.0.0/24"), TimeSpan.FromMilliseconds(1));
        foreach (var (name, address) in new[] { ("ALPHA", "10.0.0.1"), ("BRAVO", "10.0.0.2") })
        {
            var node = new EndNode(name, EndNodeInterface.InSubnet(Ipv4Address.Parse(address)), new EndNodeOptions { Dialect = NetBtDialect.WindowsNt35 }, network.Seed);
            var machine = network.AddHost(name, node, segment, node.Address);
            network.Command<EndNode>(machine, "boot", (it, now) => it.Boot(now));
            network.RunFor(TimeSpan.FromSeconds(10));
            network.Command<EndNode>(machine, "logon JSMITH", (it, now) => it.Logon(now, "JSMITH"));
            network.RunFor(TimeSpan.FromSeconds(20));
        }

        foreach (var logged in network.Log)
            Console.WriteLine($"{network.NameOf(logged.Host)} logs {logged.Event.Id} about {logged.Event.Name}"); // ALPHA logs 4320 about JSMITH<03>
        #endregion
        Said("ALPHA logs 4320 about JSMITH<03>\n");
    }

    [Test]
    public void AScenarioIsRead()
    {
        #region T:NbnsSim.Scenarios.Scenario
        byte[] text = """{ "title": "Two printers", "hosts": [ { "name": "ALPHA", "address": "10.0.0.1", "colour": "red" } ] }"""u8.ToArray();
        if (!Scenario.TryParse(text, "printers.json", out var scenario, out var mistakes))
        {
            foreach (var mistake in mistakes)
                Console.WriteLine(mistake); // file, line and column, and what is wrong
        }
        #endregion
        Assert.That(scenario, Is.Null);
        Assert.That(_output.ToString(), Does.Contain("printers.json").And.Contain("colour"));
    }

    [Test]
    public void AScenarioIsRun()
    {
        #region T:NbnsSim.Scenarios.ScenarioRun
        var run = new ScenarioRun(BuiltInScenarios.Find("q131739")!, NetBtDialect.WindowsNt35);
        foreach (var result in run.Run())
            Console.WriteLine(result);
        foreach (var logged in run.Simulator.Log)
            Console.WriteLine($"{run.Simulator.NameOf(logged.Host)} logs {logged.Event.Id}"); // ALPHA logs 4320
        #endregion
        Assert.That(_output.ToString(), Does.Contain("ALPHA logs 4320\n"));
    }

    [Test]
    public void ACaptureIsRead()
    {
        string path = Capture;
        #region T:NbnsSim.Captures.CaptureReader
        using var capture = CaptureReader.Open(path);
        using var datagrams = new DatagramReader(capture, CaptureFile.NameService);
        while (datagrams.TryRead(out var datagram))
            Console.WriteLine($"{datagram.FrameNumber} {datagram.Source} to {datagram.Destination}: {NbnsDescription.Describe(datagram.Payload)}");
        if (capture.Damage is { } damage)
            Console.WriteLine($"damaged: {damage}");
        #endregion
        Assert.That(_output.ToString(), Does.Contain("NAME REGISTRATION REQUEST JSMITH<03>").And.Not.Contain("damaged"));
    }

    [Test]
    public void ACompressedCaptureIsRead()
    {
        string path = Path.Combine(Path.GetTempPath(), $"nbnssim-{Guid.NewGuid():N}.pcapng.zst");
        try
        {
            using (var compressed = new CompressionStream(File.Create(path), leaveOpen: false))
                compressed.Write(File.ReadAllBytes(Capture));
            #region T:NbnsSim.Files.CaptureStreams
            using var datagrams = new DatagramReader(CaptureStreams.Open(path)); // trouble.pcapng.zst, say
            while (datagrams.TryRead(out var datagram))
                Console.WriteLine(datagram.FrameNumber);
            #endregion
            Assert.That(_output.ToString(), Does.StartWith("1\n2\n3\n"));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Test]
    public void AScenarioOfChaosIsHeldAgainstWhatMustHold()
    {
        #region T:NbnsSim.Testing.Chaos.ChaosScenario
        var scenario = ChaosScenario.Generate(17);
        var broken = new ScenarioTrial(scenario, ChaosProperties.Of(scenario)).Run();
        Console.WriteLine(broken?.Text ?? "All that must hold does.");
        #endregion
        Assert.That(_output.ToString(), Is.EqualTo("All that must hold does.\n"));
    }

    [Test]
    public async Task ACampaignOfChaosIsRun()
    {
        string folder = Path.Combine(Path.GetTempPath(), $"nbnssim-{Guid.NewGuid():N}");
        try
        {
            #region T:NbnsSim.Jobs.Chaos.ChaosSpec
            var spec = new ChaosSpec(1, 1_000, new ChaosOptions { MaxHosts = 6 });
            await using var engine = new LocalEngine(folder); // a folder for this job
            var outcome = await JobRun.RunAsync(engine, spec);
            JobText.Write(spec, outcome.Result, new ReportWriter(Console.Out));
            #endregion
            Assert.That(_output.ToString(), Does.StartWith("1,000 networks of 1,000 asked for, with up to 6 hosts"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Test]
    public async Task ACampaignIsRun()
    {
        string folder = Path.Combine(Path.GetTempPath(), $"nbnssim-{Guid.NewGuid():N}");
        try
        {
            #region T:NbnsSim.Jobs.Campaigns.CampaignSpec
            var spec = CampaignSpec.Of(["q131739"], (0, 999), dialects: "nt3.5,nt4", faults: "loss:probability=5%");
            await using var engine = new LocalEngine(folder); // a folder for this job; the same job in it goes on where it was
            var outcome = await JobRun.RunAsync(engine, spec, progress => Console.Error.WriteLine(JobText.Line(spec, progress)));
            JobText.Write(spec, outcome.Result, new ReportWriter(Console.Out));
            #endregion
            Assert.That(_output.ToString(), Does.StartWith("2,000 runs of 2,000 asked for, with loss:probability=5% on every link: "));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Test]
    public void SeveralCaptures_AreOne()
    {
        string monday = Capture, tuesday = Capture;
        #region T:NbnsSim.Files.CaptureInput
        using var input = new CaptureInput([monday, tuesday]) { IsRereadable = true };
        var passes = new CapturePasses(input.Open); // two passes over both
        var hosts = passes.FindHosts(asked: null, out _);
        Console.WriteLine($"{input.Title}: {hosts.Hosts.Count} hosts");
        #endregion
        Assert.That(_output.ToString(), Is.EqualTo($"{monday} and {tuesday}: 2 hosts\n"));
    }

    [Test]
    public void AHostIsReplayed()
    {
        string path = Capture;
        #region T:NbnsSim.Reports.ReplayRequest
        var request = new ReplayRequest { Dialect = NetBtDialect.WindowsNt35, Host = Ipv4Address.Parse("10.0.0.1") };
        if (request.TryRun(new CapturePasses(() => CaptureReader.Open(path)), path, out var report, out string? problem))
            report.Write(new ReportWriter(Console.Out));
        else
            Console.WriteLine(problem);
        #endregion
        Assert.That(_output.ToString(), Does.Contain("as a B node of Windows NT 3.5"));
    }

    [Test]
    public void WiresharkIsAnswered()
    {
        string path = Path.GetTempFileName();
        #region T:NbnsSim.Reports.Wireshark.ExtcapRequest
        var request = new ExtcapRequest { Interface = "nbnssim-q131739", IsCapture = true, Fifo = path };
        if (request.Mistakes.Count == 0)
        {
            using var fifo = Extcap.OpenFifo(path);
            request.Play(fifo);
        }
        #endregion
        Assert.That(CaptureFile.Diagnose(path).Datagrams, Is.EqualTo(52));
        File.Delete(path);
    }

    [Test]
    public void ACaptureIsReplayed()
    {
        string path = Capture;
        #region T:NbnsSim.Replay.CaptureFile
        var replay = CaptureFile.Replay(path, Ipv4Address.Parse("10.0.0.1"), NetBtDialect.WindowsNt35);
        foreach (var entry in replay.Entries.Where(entry => entry.Event is not null))
            Console.WriteLine($"frame {entry.Frame}: Windows NT 3.5 logs {entry.Event!.Id} about {entry.Event.Name}");
        #endregion
        Assert.That(_output.ToString(), Does.Match("^frame [0-9]+: Windows NT 3.5 logs 4320 about JSMITH<03>\n$"));
    }

    [Test]
    public void ACaptureHasATwin()
    {
        string path = Capture;
        #region T:NbnsSim.Twins.CaptureTwin
        var twin = CaptureTwin.Make(CaptureReader.Open(path), "office");
        Console.WriteLine($"{twin.Scenario.Hosts.Length} machines, {twin.Compare().Agreement:0} % of the packets again");
        using var file = new MemoryStream();
        twin.Scenario.Write(file); // what Scenario.Read reads
        #endregion
        Assert.That(Scenario.Parse(file.ToArray(), "office.json").Steps, Has.Length.EqualTo(twin.Scenario.Steps.Length));
        Assert.That(_output.ToString(), Is.EqualTo("2 machines, 100 % of the packets again\n"));
    }

    [Test]
    public void AScenarioIsRunAsItIs_AndWithChanges()
    {
        #region T:NbnsSim.Comparing.WhatIf
        var whatIf = new WhatIf(BuiltInScenarios.Find("q131739")!, "ALPHA.noNameReleaseOnDemand");
        var comparison = whatIf.Compare();
        foreach (var change in comparison.Events)
            Console.WriteLine($"{(change.IsGained ? "gained" : "lost")}: {change.Host} logs {change.Event.Id}");
        Console.WriteLine(comparison.FirstDecision?.Host);
        #endregion
        Said("lost: ALPHA logs 4320\nALPHA\n");
    }

    [Test]
    public void AScenarioIsChangedInAWord()
    {
        #region T:NbnsSim.Comparing.ScenarioChanges
        var changed = ScenarioChanges.Apply(BuiltInScenarios.Find("q131739")!, "ALPHA.dialect=nt3.51");
        #endregion
        Assert.That(changed.Hosts[0].Dialect!.Preset, Is.EqualTo(NetBtDialect.WindowsNt351));
    }

    [Test]
    public void ACaptureIsAudited()
    {
        string path = Capture;
        #region T:NbnsSim.Audit.WinsAudit
        var audit = new WinsAudit();
        using (var datagrams = new DatagramReader(CaptureReader.Open(path)))
        {
            while (datagrams.TryRead(out var it))
                audit.Observe(it.FrameNumber, it.Time, it.Source, it.Destination, it.IsBroadcast, it.Payload);
        }

        var verdict = audit.Judge();
        Console.WriteLine($"{verdict.Answer}. {verdict.Sentence}");
        #endregion
        Said("CannotTellYet. It cannot be told yet: nobody speaks with a name server in this capture.\n");
    }

    [Test]
    public void ACaptureIsDiagnosed()
    {
        string path = Capture;
        #region T:NbnsSim.Diagnosis.CaptureDiagnosis
        CaptureDiagnosis diagnosis = CaptureFile.Diagnose(path); // or Observe each datagram as it comes, and Complete
        foreach (var finding in diagnosis.Findings)
            Console.WriteLine($"{finding.Kind}, frames {string.Join(", ", finding.Frames)}: {finding.Text}");
        #endregion
        Assert.That(_output.ToString(), Does.Contain("JSMITH<03>"));
    }

    [Test]
    public void ARunIsTold()
    {
        #region T:NbnsSim.Reports.RunReport
        var run = new ScenarioRun(BuiltInScenarios.Find("q131739")!);
        var report = RunReport.Attach(run); // before the first step
        run.Run();
        Console.Write(report.Explain());
        report.WriteLogs(new ReportWriter(Console.Out, width: 100));
        #endregion
        Assert.That(_output.ToString(), Does.Contain("JSMITH logs on at BRAVO.").And.Contain("4320"));
    }

    [Test]
    public void ARunIsDrawn()
    {
        using var page = new StringWriter();
        #region T:NbnsSim.Reports.Pictures.RunPicture
        var run = new ScenarioRun(BuiltInScenarios.Find("q131739")!);
        var picture = RunPicture.Attach(run); // before the first step
        var results = run.Run();
        picture.Draw(results).WriteHtml(page);
        #endregion
        Assert.That(page.ToString(), Does.StartWith("<!DOCTYPE html>").IgnoreCase.And.Contain("ALPHA logs event 4320"));
    }

    [Test]
    public async Task ANameServerServes()
    {
        #region T:NbnsSim.Transport.NbnsUdpHost
        var server = new NameServer(new NameServerOptions { Address = Ipv4Address.Loopback, Seed = NbnsUdpHost.NewSeed() });
        await using var host = new NbnsUdpHost(server, new NbnsUdpHostOptions { Interfaces = [new NbnsHostInterface(Ipv4Address.Loopback, port: 0)] });
        host.Start();
        int names = await host.InvokeAsync(now => server.Count); // only the host's thread may touch the server
        Console.WriteLine($"{names} names at {host.LocalEndpoints[0].Address}");
        await host.StopAsync();
        #endregion
        Said("0 names at 127.0.0.1\n");
    }

    [Test]
    public async Task AClientAsks()
    {
        var me = Ipv4Address.Loopback;
        await using var host = new NbnsUdpHost(new NameServer(new NameServerOptions { Address = me }), new NbnsUdpHostOptions { Interfaces = [new NbnsHostInterface(me, 0)] });
        host.Start();
        var wins = host.LocalEndpoints[0];
        #region T:NbnsSim.Transport.NbnsClient
        using var client = new NbnsClient(new NbnsClientOptions { NameServer = wins }); // without one it asks by broadcast
        await client.RegisterAsync(NetBiosName.Parse("FILES<20>"), Ipv4Address.Parse("127.0.0.1"));
        var reply = await client.QueryAsync(NetBiosName.Parse("FILES<20>"));
        Console.WriteLine($"{reply.Outcome}: {reply.Name} is {reply.Address}"); // Succeeded: FILES<20> is 127.0.0.1
        #endregion
        await host.StopAsync();
        Said("Succeeded: FILES<20> is 127.0.0.1\n");
    }

    [Test]
    public void ANetworkIsTested()
    {
        #region T:NbnsSim.Testing.TestNetwork
        var network = new TestNetwork(NetBtDialect.WindowsNt351);
        network.AddMachine("ALPHA", "10.0.0.1");
        network.AddMachine("BRAVO", "10.0.0.2");
        foreach (string machine in new[] { "ALPHA", "BRAVO" })
        {
            network.Boot(machine);
            network.ShouldSettle();
            network.Logon(machine, "JSMITH");
            network.ShouldSettle();
        }

        network.ShouldHold("ALPHA", "JSMITH<03>");
        network.ShouldDecide("B5.defend-unique", "ALPHA", "JSMITH<03>");
        network.ShouldLogNothing();
        #endregion
        Assert.That(network.ShouldHaveOneHolder("JSMITH<03>"), Is.EqualTo("ALPHA"));
    }

    [Test]
    public void AMachineIsHeldAgainstACase()
    {
        #region T:NbnsSim.Conformance.ConformanceRunner
        using var bench = new SimulatedBench(new SimulatedSubject { Dialect = NetBtDialect.WindowsNt4 });
        var runner = new ConformanceRunner(bench, new ConformanceOptions());
        var result = runner.Run(ConformanceCatalogue.Find("s5.1.1.5/1")!);
        Console.WriteLine(result);
        #endregion
        Said("s5.1.1.5/1 Pass: refused it\n");
    }

    [Test]
    public void CasesAreReported()
    {
        #region T:NbnsSim.Conformance.Reports.ConformanceReport
        using var bench = new SimulatedBench(new SimulatedSubject { Dialect = NetBtDialect.WindowsNt4 });
        var runner = new ConformanceRunner(bench, new ConformanceOptions());
        var report = new ConformanceReport(bench, runner.Options);
        foreach (var result in runner.Run(ConformanceCatalogue.Select("s5.1.1.5", ConformanceRole.Node)))
            report.Add(result);
        report.Write(new ReportWriter(Console.Out));
        #endregion
        Assert.That(_output.ToString(), Does.EndWith("(profile rfc)\n").And.Contain(" 0 failed, 0 unsupported, "));
    }

    [Test]
    public void CasesAreAskedFor()
    {
        #region T:NbnsSim.Conformance.Reports.ConformanceRequest
        var request = new ConformanceRequest { Simulate = "nt4", Words = ["s5.1.1.5"] };
        if (request.TryRun(null, out var report, out string? problem))
            report.Write(new ReportWriter(Console.Out));
        else
            Console.WriteLine(problem);
        #endregion
        Assert.That(_output.ToString(), Does.StartWith("Conformance of B node of Windows NT 4.0, in the simulator\n"));
    }

    [Test]
    public void TrafficOfAClassIsPlayed()
    {
        #region T:NbnsSim.Testing.Traffic.TrafficClass
        var run = TrafficClasses.Find("forged-release-broadcast")!.Play(seed: 7, backgroundHosts: 12);
        foreach (var sighting in run.Mirror)
            Console.WriteLine($"{sighting.Packet}: {run.LabelOf(sighting.Packet).Role}");
        #endregion
        Assert.That(_output.ToString(), Does.Contain(": Evidence").And.Contain(": Background"));
    }

    [Test]
    public void TrafficIsWritten()
    {
        var folder = Directory.CreateTempSubdirectory("nbnssim-traffic").FullName;
        #region T:NbnsSim.Testing.Traffic.TrafficRequest
        var request = new TrafficRequest { Classes = TrafficClasses.Select("attacks"), Seeds = new SeedRange(1, 5) };
        request.WriteTo(folder);
        #endregion
        Assert.That(Directory.GetFiles(folder, "*.pcapng"), Has.Length.EqualTo(5 * request.Classes.Length));
        Directory.Delete(folder, recursive: true);
    }

    [Test]
    public void AChecker()
    {
        #region T:NbnsSim.Checking.Checker
        var scenario = BuiltInScenarios.Find("q131739")!;
        var result = new Checker(scenario, CheckProperties.Standard, new CheckOptions { MaxFaults = 0 }).Run();
        Console.WriteLine(result.Counterexample!.Text); // ALPHA logs 4320 about JSMITH<03>, which no other machine has or claims.
        #endregion
        Assert.That(_output.ToString(), Is.EqualTo("ALPHA logs 4320 about JSMITH<03>, which no other machine has or claims.\n"));
    }

    [Test]
    public void ANameServerIsTested()
    {
        #region T:NbnsSim.Testing.NameServerBench
        var bench = new NameServerBench();
        bench.Claim("10.0.0.1", "FILES<20>").ShouldGrant(rule: "S1.added");
        var dispute = bench.Claim("10.0.0.2", "FILES<20>");
        dispute.ShouldAskToWait(to: "10.0.0.2");
        dispute.ShouldChallenge("10.0.0.1");
        bench.Hold("10.0.0.1", "FILES<20>").ShouldRefuse(NbnsRcode.ActiveError, rule: "S2.refused", to: "10.0.0.2");
        bench.Query("10.0.0.3", "FILES<20>").ShouldFind("10.0.0.1");
        #endregion
        Assert.That(bench.RecordOf("FILES<20>"), Is.Not.Null);
    }

    private void Said(string text) => Assert.That(_output.ToString(), Is.EqualTo(text));
}
