using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using NbnsSim.Captures;
using NbnsSim.Tests.House;
using PublicApiGenerator;

namespace NbnsSim.Vectors.Tests;

/// <summary>The files that are shipped: they are what the generator writes, agree with each other, and are read by a small API.</summary>
public sealed class VectorFileTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "vectors");

    [Test]
    public void TheFilesAreWhatTheGeneratorWrites()
    {
        var (status, printed) = Python("make.py", "--check");
        Assert.That(status, Is.Zero, printed);
    }

    /// <summary>The README's examples for Python print what the README says.</summary>
    [TestCase(1)]
    [TestCase(2)]
    public void AnExampleForPythonRuns(int number)
    {
        string readme = File.ReadAllText(Path.Combine(Repository.Root, "src", "NbnsSim.Vectors", "README.md")).ReplaceLineEndings("\n");
        string[] parts = readme.Split("```python\n")[number].Split("```\n", 2);
        string text = parts[1].Split("```text\n")[1].Split("```")[0];
        Assert.That(Python("-c", parts[0]), Is.EqualTo((0, text)));
    }

    /// <summary>The README tells of the format that the files have.</summary>
    [TestCase("packets")]
    [TestCase("exchanges")]
    public void TheFilesSayTheirFormat(string list)
    {
        using var file = JsonDocument.Parse(TestVectors.Open($"{list}.json"));
        Assert.That(file.RootElement.EnumerateObject().Select(member => member.Name), Is.EqualTo(new[] { "about", "format", list }));
        Assert.That(File.ReadAllText(Path.Combine(Repository.Root, "src", "NbnsSim.Vectors", "README.md")), Does.Contain($"`format` is {file.RootElement.GetProperty("format")}, "));
    }

    [Test]
    public void TheCaptureHasThePacketsInTheirOrder()
    {
        using var datagrams = new DatagramReader(CaptureReader.Open(TestVectors.Open("nbns.pcap")));
        var packets = new List<string>();
        while (datagrams.TryRead(out var datagram))
            packets.Add(Convert.ToHexStringLower(datagram.Payload));
        Assert.That(packets, Is.EqualTo(TestVectors.Packets.Select(vector => Convert.ToHexStringLower(vector.Octets.Span))));
    }

    [Test]
    public void AFileThatIsNotThereIsSaidSo() => Assert.Throws<FileNotFoundException>(() => TestVectors.Open("nothing.json"));

    [Test]
    public void ThePublicApiIsTheOneThatIsRecorded()
    {
        string file = Path.Combine(Repository.Root, "tests", "NbnsSim.Vectors.Tests", "PublicApi.txt");
        string api = typeof(TestVectors).Assembly.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false }).ReplaceLineEndings("\n") + "\n";
        if (Environment.GetEnvironmentVariable("NBNSSIM_RECORD") == "1")
            File.WriteAllText(file, api);
        Assert.That(api, Is.EqualTo(File.ReadAllText(file).ReplaceLineEndings("\n")), "run once with NBNSSIM_RECORD=1 to record a change that is meant");
    }

    private static (int Status, string Printed) Python(params string[] arguments)
    {
        try
        {
            var start = new ProcessStartInfo("python3", arguments)
            {
                WorkingDirectory = Folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            };
            using var python = Process.Start(start)!;
            var complaints = python.StandardError.ReadToEndAsync();
            string printed = python.StandardOutput.ReadToEnd().ReplaceLineEndings("\n");
            python.WaitForExit();
            return (python.ExitCode, printed + complaints.Result);
        }
        catch (Win32Exception)
        {
            Assert.Ignore("python3 is not installed.");
            throw;
        }
    }
}
