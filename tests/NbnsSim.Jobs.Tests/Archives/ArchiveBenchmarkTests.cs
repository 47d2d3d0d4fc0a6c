using System.Diagnostics;
using NbnsSim.Tests.House;

namespace NbnsSim.Jobs.Tests.Archives;

/// <summary>The benchmark of archives runs, and leaves nothing behind; what it measures is not looked at.</summary>
public sealed class ArchiveBenchmarkTests
{
    [Test]
    public void ItMeasuresEveryStep()
    {
        var (code, output, errors) = Run("archive", "2000");
        Assert.That(code, Is.Zero, errors);
        foreach (string step in new[]
        {
            "extraction, on one core", "all name service, without SHA-256", "all name service, with SHA-256", "one frame in 65, with SHA-256", "of a plain read",
            "4 captures, 2,000 datagrams: much is wrong", "4 captures, 2,000 datagrams: names are repeated", "merge of all", "diagnosis of the merged stream", "diagnosis of one capture, alone",
            "table of datagrams", "from end to end, 1 core ", "MiB at most",
        })
        {
            Assert.That(output, Does.Contain(step));
        }

        Assert.That(output.Contains("from end to end, 2 cores", StringComparison.Ordinal), Is.EqualTo(Environment.ProcessorCount > 1));
    }

    [TestCase("0")]
    [TestCase("many")]
    [TestCase("100000001")]
    public void ItSaysWhichNumbersItTakes(string number)
    {
        var (code, _, errors) = Run("archive", number);
        Assert.That(code, Is.EqualTo(2));
        Assert.That(errors, Does.Contain("'archive' takes a number from 1 to 100,000,000; 1,000,000 without."));
    }

    private static (int Code, string Output, string Errors) Run(params string[] arguments)
    {
        string folder = Directory.CreateTempSubdirectory("nbnssim-benchmark-").FullName;
        try
        {
            string bin = Path.GetFullPath(AppContext.BaseDirectory);
            string configuration = Path.GetFileName(Path.GetDirectoryName(bin.TrimEnd(Path.DirectorySeparatorChar))!);
            string program = Path.Combine(Repository.Root, "benchmarks", "NbnsSim.Benchmarks", "bin", configuration, Path.GetFileName(bin.TrimEnd(Path.DirectorySeparatorChar)), "NbnsSim.Benchmarks.dll");
            var start = new ProcessStartInfo("dotnet", [program, .. arguments]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
            (start.Environment["TMPDIR"], start.Environment["TMP"]) = (folder, folder);
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.That(Directory.GetDirectories(folder), Is.Empty);
            return (process.ExitCode, output, errors.Result);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
