using System.Text;
using NbnsSim.Jobs.Storage;

namespace NbnsSim.Jobs.Tests.Engine;

/// <summary>A folder for a job that goes with the test.</summary>
internal sealed class TestFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("nbnssim-jobs");

    /// <summary>The job's folder; not there yet.</summary>
    public string Job => Path.Combine(_folder.FullName, "job");

    /// <summary>All files of a folder with their octets, as one text.</summary>
    public static string Contents(string folder)
    {
        var all = new StringBuilder();
        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            all.Append($"{Path.GetRelativePath(folder, file)}: {Convert.ToHexString(File.ReadAllBytes(file))}\n");
        return all.ToString();
    }

    /// <summary>Does a job from its beginning to its end.</summary>
    public async Task<JobResult> RunAsync(JobSpec spec, int parallel = 2)
    {
        await using var engine = new LocalEngine(Job, parallel);
        return await engine.ResultAsync(await engine.SubmitAsync(spec));
    }

    /// <summary>What a process leaves that ends in the midst of shards, and the next one finds.</summary>
    public void Die(JobSpec spec, params string[] begun)
    {
        foreach (string id in begun)
            Directory.CreateDirectory(Path.Combine(Job, "tmp", id));
        JobFolder.Open(Job, spec, new DiskStorage()).Dispose();
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
