using System.ComponentModel;
using System.Diagnostics;
using NbnsSim.Captures;
using NbnsSim.Scenarios;

namespace NbnsSim.Cli.Tests;

/// <summary>What Wireshark asks of a source of packets (extcap(4)), and tshark that asks it.</summary>
public sealed class ExtcapCommandTests
{
    private string _folder = "";

    [OneTimeSetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("nbnssim-extcap-").FullName;

    [OneTimeTearDown]
    public void Delete() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void EveryScenarioIsAnInterface_AndThisMachineIsOne()
    {
        var run = ToolRun.Of("extcap", "--extcap-interfaces", "--extcap-version=4.0");
        Assert.That((run.ExitCode, run.Error), Is.EqualTo((0, "")));
        Assert.That(run.Lines.First(), Is.EqualTo("extcap {version=1.0}{display=NetBIOS name service by nbnssim}"));
        Assert.That(run.Lines.Skip(1).Select(line => line["interface {value=nbnssim-".Length..line.IndexOf('}', StringComparison.Ordinal)]), Is.EqualTo(BuiltInScenarios.Names.Prepend("live")));
    }

    [TestCase("nbnssim-q131739", "dlt {number=1}{name=EN10MB}{display=Ethernet}\n")]
    [TestCase("nbnssim-live", "dlt {number=101}{name=RAW}{display=Raw IP}\n")]
    public void AnInterfaceSaysWhatItsFramesBeginWith(string name, string expected) =>
        Assert.That(ToolRun.Of("extcap", "--extcap-interface", name, "--extcap-dlts").Output, Is.EqualTo(expected));

    [Test]
    public void AScenarioLetsDialectSeedAndPaceBeChosen()
    {
        string[] lines = [.. ToolRun.Of("extcap", "--extcap-interface", "nbnssim-q131739", "--extcap-config").Lines];
        Assert.That(lines.Where(line => line.StartsWith("arg ", StringComparison.Ordinal)).Select(line => line.Split('{', '}')[3]), Is.EqualTo(new[] { "call=--dialect", "call=--seed", "call=--real-time" }));
        Assert.That(lines, Does.Contain("value {arg=0}{value=nt3.5}{display=Windows NT 3.5}{default=false}"));
    }

    [TestCase("own", "")]
    [TestCase("nt3.51", "")]
    [TestCase("own", "7")]
    public void APlayedScenarioIsWhatRunCaptures(string dialect, string seed)
    {
        string path = Path.Combine(_folder, $"played-{dialect}-{seed}.pcapng");
        var run = ToolRun.Of("extcap", "--capture", "--extcap-interface", "nbnssim-q131739", "--fifo", path, "--dialect", dialect, $"--seed={seed}");
        Assert.That((run.ExitCode, run.Output, run.Error), Is.EqualTo((0, "", "")));
        string captured = Path.Combine(_folder, $"captured-{dialect}-{seed}.pcapng");
        ToolRun.Of(["run", "q131739", "--capture", captured, .. dialect == "own" ? Array.Empty<string>() : ["--dialect", dialect], .. seed.Length == 0 ? Array.Empty<string>() : ["--seed", seed]]);
        Assert.That(Frames(path), Is.EqualTo(Frames(captured)).And.Not.Empty);
    }

    [TestCase(new[] { "extcap", "--capture", "--extcap-interface", "nbnssim-q131739" }, "Say where the packets go: --fifo.")]
    [TestCase(new[] { "extcap", "--extcap-dlts" }, "Say which interface: --extcap-interface.")]
    [TestCase(new[] { "extcap", "--extcap-interface", "nbnssim-none", "--extcap-dlts" }, "There is no interface 'nbnssim-none': --extcap-interfaces lists them.")]
    [TestCase(new[] { "extcap", "--extcap-interface", "nbnssim-q131739", "--extcap-config", "--dialect", "os2" }, "There is no dialect 'os2': --extcap-config lists them.")]
    public void WhatIsMissingOrWrongIsSaid(string[] arguments, string expected)
    {
        var run = ToolRun.Of(arguments);
        Assert.That((run.ExitCode, run.Error), Is.EqualTo((2, $"nbnssim: {expected}\nTry 'nbnssim extcap --help'.\n")));
    }

    [Test]
    public void ACaptureFilterIsSaidToBeNone()
    {
        Assert.That(ToolRun.Of("extcap", "--extcap-interface", "nbnssim-q131739", "--extcap-capture-filter", "udp").Output, Does.StartWith("There are no capture filters here"));
        Assert.That(ToolRun.Of("extcap", "--extcap-interface", "nbnssim-q131739", "--extcap-capture-filter", "").Output, Is.Empty);
    }

    /// <summary>tshark calls the tool by the script that <c>--install</c> writes, lists its interfaces and gets a scenario's packets.</summary>
    [Test]
    public void TsharkListsTheInterfacesAndCapturesFromOne()
    {
        Assume.That(OperatingSystem.IsLinux());
        string extcaps = Path.Combine(_folder, "extcaps");
        Assert.That(ToolRun.Of("extcap", "--install", extcaps).Output, Does.StartWith(Path.Combine(extcaps, "nbnssim") + " is there"));
        string script = Path.Combine(extcaps, "nbnssim");
        Assert.That(File.ReadAllText(script), Does.StartWith("#!/bin/sh\nexec \"").And.EndWith("\" extcap \"$@\"\n"));
        File.WriteAllText(script, $"#!/bin/sh\nexec dotnet \"{typeof(Tool).Assembly.Location}\" extcap \"$@\"\n"); // the process is the test runner's, not the tool's

        if (OperatingSystem.IsLinux())
            File.SetUnixFileMode(_folder, (UnixFileMode)0b111_111_111);
        if (Start(extcaps, script, "--extcap-interfaces").ExitCode != 0)
            Assert.Ignore("tshark looks into no other folder for root, and another user cannot run the tool from here.");

        Assert.That(Run(extcaps, "-D"), Does.Contain("nbnssim-live (NetBIOS name service: what this machine sees)").And.Contain("nbnssim-q131739 (NetBIOS name service, simulated: "));
        string[] printed = Run(extcaps, "-i", "nbnssim-q131739", "-T", "fields", "-e", "nbns.name", "-e", "nbns.flags.opcode").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(printed, Has.Length.EqualTo(52));
        Assert.That(printed[46], Does.StartWith("JSMITH<03>").And.EndWith("\t6"));
    }

    private static List<string> Frames(string path)
    {
        var frames = new List<string>();
        using var capture = CaptureReader.Open(path);
        while (capture.TryRead(out var packet))
            frames.Add(Convert.ToHexString(packet.Data));
        return frames;
    }

    private static string Run(string extcaps, params string[] arguments)
    {
        var (code, printed, complaints) = Start(extcaps, "tshark", ["-n", .. arguments]);
        Assert.That(code, Is.Zero, complaints);
        return printed;
    }

    /// <summary>Runs a program, as nobody where this is root: for root tshark takes no folder from its environment.</summary>
    private static (int ExitCode, string Output, string Error) Start(string extcaps, string program, params string[] arguments)
    {
        var start = Environment.IsPrivilegedProcess
            ? new ProcessStartInfo("setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", program, .. arguments])
            : new ProcessStartInfo(program, arguments);
        (start.RedirectStandardOutput, start.RedirectStandardError, start.UseShellExecute) = (true, true, false);
        start.Environment["WIRESHARK_EXTCAP_DIR"] = extcaps;
        start.Environment["HOME"] = start.Environment["DOTNET_CLI_HOME"] = Path.GetDirectoryName(extcaps);
        try
        {
            using var process = Process.Start(start)!;
            var complaints = process.StandardError.ReadToEndAsync();
            string printed = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode == 127 || complaints.Result.Contains("failed to execute tshark", StringComparison.Ordinal))
                Assert.Ignore("tshark is not installed.");
            return (process.ExitCode, printed, complaints.Result);
        }
        catch (Win32Exception)
        {
            Assert.Ignore($"{start.FileName} is not installed.");
            throw;
        }
    }
}
