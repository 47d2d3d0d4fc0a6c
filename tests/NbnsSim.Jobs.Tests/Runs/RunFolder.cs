using System.Security.Cryptography;
using NbnsSim.Jobs.Archives;
using NbnsSim.Jobs.Runs;
using NbnsSim.Jobs.Tests.Archives;

namespace NbnsSim.Jobs.Tests.Runs;

/// <summary>Captures, runs and jobs in a folder that goes with the test.</summary>
internal sealed class RunFolder : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("nbnssim-runs-").FullName;
    private int _jobs;

    /// <summary>The folder of captures.</summary>
    public string Captures => Path.Combine(_folder, "captures");

    /// <summary>The folder of runs.</summary>
    public string Runs => Path.Combine(_folder, "runs");

    /// <summary>A path in the folder.</summary>
    public string In(string name) => Path.Combine(_folder, name);

    /// <summary>Puts a capture there.</summary>
    public string Put(string name, byte[] octets)
    {
        string path = Path.Combine(Captures, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, octets);
        return path;
    }

    /// <summary>Puts captures with all that makes them hard there, and what is none.</summary>
    public void PutAll()
    {
        foreach (var (name, octets) in ArchiveCaptures.All())
            Put(name, octets);
        Put("again/usual.pcap", ArchiveCaptures.All().First().Octets);
        Put("empty.pcap", []);
        Put("letter.txt", "Dear Sir or Madam, this is no capture."u8.ToArray());
    }

    /// <summary>Does a job in a folder of its own.</summary>
    /// <returns>Its results octet for octet, its summary, and what was not analysed.</returns>
    public async Task<(string Results, string Failed)> DoAsync(JobSpec spec, string? folder = null)
    {
        folder ??= Path.Combine(_folder, $"job-{++_jobs}");
        await using var engine = new LocalEngine(folder, 2);
        var result = await engine.ResultAsync(await engine.SubmitAsync(spec));
        return (ContentsOf(result.Folder), string.Join('\n', result.Failed.Select(one => $"{one.Id}: {one.Reason}")));
    }

    /// <summary>The files of a folder, each with its SHA-256.</summary>
    public static string ContentsOf(string folder) => string.Join('\n', Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        .Select(file => $"{Path.GetRelativePath(folder, file)} {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)))}"));

    /// <summary>Extracts, and says what could not be.</summary>
    public RunExtractionResult Extract(params string[] inputs) => RunExtraction.Extract(new ArchiveSpec(inputs) { Runs = Runs });

    /// <summary>Extracts a range.</summary>
    public RunExtractionResult ExtractRange(string input, long from, long? to) => RunExtraction.ExtractRange(new ArchiveSpec([input]) { Runs = Runs }, from, to);

    /// <summary>The folders of all runs.</summary>
    public string[] All() => [.. Directory.GetFiles(Runs, "run.json", SearchOption.AllDirectories).Select(file => Path.GetDirectoryName(file)!).Order(StringComparer.Ordinal)];

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
