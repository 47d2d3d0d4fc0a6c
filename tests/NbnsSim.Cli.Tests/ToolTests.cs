using NbnsSim.Files;

namespace NbnsSim.Cli.Tests;

public class ToolTests
{
    [Test]
    public void Help_ListsCommandsExamplesAndExitCodes()
    {
        var run = ToolRun.Of("--help");
        Assert.Multiple(() =>
        {
            Assert.That(run.ExitCode, Is.Zero);
            Assert.That(run.Error, Is.Empty);
            Assert.That(run.Output, Does.Contain("event, explain <FILE|TEXT>"));
            Assert.That(run.Output, Does.Contain("Examples:\n  nbnssim "));
            Assert.That(run.Output, Does.Contain("  0  done\n  1  the answer is no: an expectation was not met, nobody has the name, the server refuses or is silent, a capture shows that something is wrong\n  2  the command line is wrong\n  3  the input is bad"));
        });
    }

    [TestCase("explain")]
    [TestCase("run")]
    [TestCase("scenarios")]
    [TestCase("decode")]
    [TestCase("replay")]
    [TestCase("serve")]
    [TestCase("query")]
    [TestCase("status")]
    [TestCase("register")]
    [TestCase("why")]
    [TestCase("rules")]
    [TestCase("dialects")]
    [TestCase("diagnose")]
    [TestCase("watch")]
    [TestCase("conform")]
    [TestCase("generate")]
    [TestCase("whatif")]
    [TestCase("web")]
    public void HelpOfACommand_HasExamplesAndExitCodes(string command)
    {
        var run = ToolRun.Of(command, "--help");
        Assert.Multiple(() =>
        {
            Assert.That(run.ExitCode, Is.Zero);
            Assert.That(run.Output, Does.Contain("Examples:\n  nbnssim " + command));
            Assert.That(run.Output, Does.Contain("Exit codes:"));
        });
    }

    [Test]
    public void NothingAsked_IsAskingForHelp() => Assert.That(ToolRun.Of(), Is.EqualTo(ToolRun.Of("--help")));

    [TestCase(new[] { "evnt", "00" }, "nbnssim: There is no command 'evnt'. Did you mean 'event'?\nTry 'nbnssim --help'.\n")]
    [TestCase(new[] { "frobnicate" }, "nbnssim: There is no command 'frobnicate'.\nTry 'nbnssim --help'.\n")]
    [TestCase(new[] { "run", "q131739", "--sed", "3" }, "nbnssim: 'run' has no option '--sed'. Did you mean '--seed'?\nTry 'nbnssim run --help'.\n")]
    [TestCase(new[] { "run", "--sed", "3", "q131739" }, "nbnssim: 'run' has no option '--sed'. Did you mean '--seed'?\nTry 'nbnssim run --help'.\n")]
    [TestCase(new[] { "run", "q131739", "--sed=3" }, "nbnssim: 'run' has no option '--sed'. Did you mean '--seed'?\nTry 'nbnssim run --help'.\n")]
    [TestCase(new[] { "decode", "--jsn" }, "nbnssim: 'decode' has no option '--jsn'. Did you mean '--json'?\nTry 'nbnssim decode --help'.\n")]
    [TestCase(new[] { "replay", "x.pcap", "-j" }, "nbnssim: 'replay' has no option '-j'.\nTry 'nbnssim replay --help'.\n")]
    [TestCase(new[] { "--jsn" }, "nbnssim: nbnssim has no option '--jsn'.\nTry 'nbnssim --help'.\n")]
    [TestCase(new[] { "decode", "x.pcap", "--name", "J<0>" }, "nbnssim: 'J<0>' is no NetBIOS name: expected NAME, NAME<20>, NAME#20 or NAME:20, at most 15 characters and two hex digits.\nTry 'nbnssim decode --help'.\n")]
    [TestCase(new[] { "register", "X.LAB.EXAMPLE", "--server", "127.0.0.1:9" }, "nbnssim: 'X.LAB.EXAMPLE' has dots: for a name in a scope say X --scope LAB.EXAMPLE; for dots in the name itself give its suffix, X.LAB.EXAMPLE#00.\nTry 'nbnssim register --help'.\n")]
    [TestCase(new[] { "query", "X", "--scope", "LAB..EXAMPLE" }, "nbnssim: 'LAB..EXAMPLE' is no NetBIOS scope: expected labels of at most 63 octets, joined by dots, 221 octets in all.\nTry 'nbnssim query --help'.\n")]
    [TestCase(new[] { "query", "\u4E2D" }, "nbnssim: '\u4E2D' is no NetBIOS name: expected NAME, NAME#20 or NAME<20>, at most 15 characters.\nTry 'nbnssim query --help'.\n")]
    [TestCase(new[] { "diagnose", "x.pcap", "--event", "netbt" }, "nbnssim: 'netbt' is no event's number: expected one such as 4320.\nTry 'nbnssim diagnose --help'.\n")]
    [TestCase(new[] { "extcap" }, "nbnssim: Say what to do: --install FOLDER; the other options are for Wireshark.\nTry 'nbnssim extcap --help'.\n")]
    [TestCase(new[] { "status" }, "nbnssim: Required argument 'ADDRESS' missing for command: 'status'.\nTry 'nbnssim status --help'.\n")]
    public void AWrongCommandLine_EndsWith2(string[] arguments, string error)
    {
        var run = ToolRun.Of(arguments);
        Assert.Multiple(() =>
        {
            Assert.That(run.ExitCode, Is.EqualTo(2));
            Assert.That(run.Output, Is.Empty);
            Assert.That(run.Error, Is.EqualTo(error));
        });
    }

    [TestCase("run", "/")]
    [TestCase("explain", "/")]
    [TestCase("why", "/", "ALPHA", "JSMITH<03>")]
    public void AFolder_IsCalledOne(params string[] arguments)
    {
        var run = ToolRun.Of(arguments);
        Assert.That((run.ExitCode, run.Output, run.Error), Is.EqualTo((3, "", "nbnssim: '/' is a folder, not a file.\n")));
    }

    [Test]
    public void AFolder_IsNotWrittenTo()
    {
        string folder = Path.GetTempPath();
        var run = ToolRun.Of("run", "q131739", "--capture", folder);
        Assert.That((run.ExitCode, run.Error), Is.EqualTo((5, $"nbnssim: '{folder}' is a folder, not a file.\n")));
    }

    [Test]
    public void BehindTwoDashes_AWordIsAnArgument() =>
        Assert.That(ToolRun.Of("decode", "--", "--jsn"), Is.EqualTo(new ToolRun(3, "", "nbnssim: There is no file '--jsn'.\n")));

    [Test]
    public void AReaderThatLeaves_IsNoError()
    {
        using var output = new OutputStream(new ClosedStream(), "Standard output", hasReader: true);
        using var error = new StringWriter();
        using var terminal = new Terminal(() => Stream.Null, output, error, colour: false, width: 100, outputIsTerminal: false, errorIsTerminal: false);
        Assert.That(Tool.Run(["--help"], terminal), Is.Zero);
        Assert.That(error.ToString(), Is.Empty);
    }

    [Test]
    public void AFullDisk_IsAnError()
    {
        using var output = new OutputStream(new ClosedStream(28, "No space left on device"), "Standard output", hasReader: true);
        using var error = new StringWriter { NewLine = "\n" };
        using var terminal = new Terminal(() => Stream.Null, output, error, colour: false, width: 100, outputIsTerminal: false, errorIsTerminal: false);
        Assert.That(Tool.Run(["--help"], terminal), Is.EqualTo(5));
        Assert.That(error.ToString(), Is.EqualTo("nbnssim: Standard output cannot be written: No space left on device\n"));
    }

    private sealed class ClosedStream(int errno = 32, string message = "Broken pipe") : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => throw new IOException(message, errno);

        public override void Write(byte[] buffer, int offset, int count) => throw new IOException(message, errno);
    }
}
