using System.Diagnostics;

namespace NbnsSim.Cli.Tests;

/// <summary>The tool as a process whose standard streams are closed, full, empty or broken: a clear word and a documented exit code, and an end.</summary>
[Platform("Linux")]
public class StreamTests
{
    private const string NoOutput = "nbnssim: Standard output is closed.\n";
    private const string Full = "nbnssim: Standard output cannot be written: No space left on device\n";
    private const string NoInput = "nbnssim: Standard input is closed: there is nothing to read.\n";

    [TestCase("run q131739 >&-", 5, NoOutput)]
    [TestCase("run q131739 --json >&-", 5, NoOutput)]
    [TestCase("run q131739 --json > /dev/full", 5, Full)]
    [TestCase("run q131739 --capture /dev/full", 5, "nbnssim: '/dev/full' cannot be written: No space left on device\n")]
    [TestCase("run q131739 --trace /dev/full", 5, "nbnssim: '/dev/full' cannot be written: No space left on device\n")]
    [TestCase("scenarios >&-", 5, NoOutput)]
    [TestCase("scenarios > /dev/full", 5, Full)]
    [TestCase("event e71a6516 >&-", 5, NoOutput)]
    [TestCase("event e71a6516 > /dev/full", 5, Full)]
    [TestCase("decode CAPTURE >&-", 5, NoOutput)]
    [TestCase("decode CAPTURE --json > /dev/full", 5, Full)]
    [TestCase("replay CAPTURE >&-", 5, NoOutput)]
    [TestCase("replay CAPTURE > /dev/full", 5, Full)]
    [TestCase("diagnose CAPTURE >&-", 5, NoOutput)]
    [TestCase("diagnose CAPTURE > /dev/full", 5, Full)]
    [TestCase("--help >&-", 5, NoOutput)]
    [TestCase("run - <&-", 3, NoInput)]
    [TestCase("decode - <&-", 3, NoInput)]
    [TestCase("replay - <&-", 3, NoInput)]
    [TestCase("diagnose - <&-", 3, NoInput)]
    [TestCase("event - <&-", 3, NoInput)]
    [TestCase("run nowhere 2>&-", 3, "")]
    [TestCase("run nowhere 2> /dev/full", 3, "")]
    [TestCase("decode - < /", 3, null)]
    [TestCase("run - < /dev/null", 3, null)]
    [TestCase("decode - < /dev/null", 3, null)]
    [TestCase("replay - < /dev/null", 3, null)]
    [TestCase("diagnose - < /dev/null", 3, null)]
    [TestCase("event - < /dev/null", 3, null)]
    public void AStreamThatCannotBeUsed_IsToldInAWord(string command, int code, string? error)
    {
        var (ended, said) = Shell($"nbnssim {command}");
        Assert.Multiple(() =>
        {
            Assert.That(ended, Is.EqualTo(code), said);
            Assert.That(said, error is null ? Does.StartWith("nbnssim: ").And.Not.Contain(" at NbnsSim.") : Is.EqualTo(error));
        });
    }

    [TestCase("run q131739")]
    [TestCase("decode CAPTURE --json")]
    [TestCase("scenarios --schema")]
    public void AReaderThatLeaves_EndsTheCommandInPeace(string command) =>
        Assert.That(Shell($"nbnssim {command} | head -1 > /dev/null; exit ${{PIPESTATUS[0]}}"), Is.EqualTo((0, "")));

    private static (int Code, string Error) Shell(string command)
    {
        string host = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
        string capture = Path.Combine(AppContext.BaseDirectory, "StreamTests.pcapng");
        if (!File.Exists(capture))
            Assert.That(ToolRun.Of("run", "q131739", "--capture", capture).ExitCode, Is.Zero);
        var start = new ProcessStartInfo("bash") { UseShellExecute = false, RedirectStandardError = true, RedirectStandardInput = true, RedirectStandardOutput = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add($"nbnssim() {{ '{host}' '{Path.Combine(AppContext.BaseDirectory, "NbnsSim.Cli.dll")}' \"$@\"; }}; {command.Replace("CAPTURE", $"'{capture}'", StringComparison.Ordinal)}");
        using var shell = Process.Start(start)!;
        shell.StandardInput.Close();
        var output = shell.StandardOutput.ReadToEndAsync();
        string error = shell.StandardError.ReadToEnd();
        shell.WaitForExit();
        output.Wait();
        return (shell.ExitCode, error);
    }
}
