namespace NbnsSim.Cli.Tests;

/// <summary>A capture that is read while it is written.</summary>
public sealed class GrowingFileTests
{
    [TestCase("decode")]
    [TestCase("diagnose")]
    [TestCase("replay")]
    public void FollowingAFileThatNoLongerGrowsGivesWhatItHolds(string command)
    {
        string path = Path.Combine(Path.GetTempPath(), $"nbnssim-test-{Environment.ProcessId}-{command}.pcapng");
        File.WriteAllBytes(path, ReplayCommandTests.Q131739);
        try
        {
            var followed = ToolRun.Of(command, path, "--follow", "--idle", "0.001");
            var plain = ToolRun.Of(command, path);
            Assert.That((followed.ExitCode, followed.Output, followed.Error), Is.EqualTo((plain.ExitCode, plain.Output, plain.Error)));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [TestCase("--idle", "5")]
    [TestCase("--follow", "--idle", "0")]
    [TestCase("--follow", "--idle", "x")]
    public void WrongWaitsAreRefused(params string[] options) => Assert.That(ToolRun.Of(["decode", "-", .. options]).ExitCode, Is.EqualTo(2));
}
