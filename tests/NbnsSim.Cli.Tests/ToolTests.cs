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
            Assert.That(run.Output, Does.Contain("event <HEX>"));
            Assert.That(run.Output, Does.Contain("Examples:\n  nbnssim "));
            Assert.That(run.Output, Does.Contain("  0  done\n  1  an expectation of the scenario was not met\n  2  the command line is wrong\n  3  the input is bad"));
        });
    }

    [TestCase("event")]
    [TestCase("run")]
    [TestCase("scenarios")]
    [TestCase("decode")]
    [TestCase("replay")]
    [TestCase("serve")]
    [TestCase("query")]
    [TestCase("status")]
    [TestCase("register")]
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

    [TestCase(new string[0], "nbnssim: Required command was not provided.\nTry 'nbnssim --help'.\n")]
    [TestCase(new[] { "evnt", "00" }, "nbnssim: Unrecognized command or argument 'evnt'.\nnbnssim: Unrecognized command or argument '00'.\nTry 'nbnssim --help'.\n")]
    [TestCase(new[] { "event" }, "nbnssim: Required argument 'HEX' missing for command: 'event'.\nTry 'nbnssim event --help'.\n")]
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

    [Test]
    public void AReaderThatLeaves_IsNoError()
    {
        using var output = new OutputStream(new ClosedStream());
        using var error = new StringWriter();
        using var terminal = new Terminal(() => Stream.Null, output, error, colour: false, width: 100, outputIsTerminal: false, errorIsTerminal: false);
        Assert.That(Tool.Run(["--help"], terminal), Is.Zero);
        Assert.That(error.ToString(), Is.Empty);
    }

    [Test]
    public void AFullDisk_IsAnError()
    {
        using var output = new OutputStream(new ClosedStream(28, "No space left on device"));
        using var error = new StringWriter { NewLine = "\n" };
        using var terminal = new Terminal(() => Stream.Null, output, error, colour: false, width: 100, outputIsTerminal: false, errorIsTerminal: false);
        Assert.That(Tool.Run(["--help"], terminal), Is.EqualTo(3));
        Assert.That(error.ToString(), Is.EqualTo("nbnssim: No space left on device\n"));
    }

    private sealed class ClosedStream(int errno = 32, string message = "Broken pipe") : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => throw new IOException(message, errno);

        public override void Write(byte[] buffer, int offset, int count) => throw new IOException(message, errno);
    }
}
