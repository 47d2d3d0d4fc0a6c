using NbnsSim.Jobs;

namespace NbnsSim.Cluster.Tests;

/// <summary>What a single process makes of a job, for comparison.</summary>
internal static class SingleProcess
{
    /// <summary>Holds a result against it: the summary, what was not analysed, and each octet of each file.</summary>
    /// <param name="result">The result.</param>
    /// <param name="spec">The job.</param>
    /// <param name="folder">Where the single process may work.</param>
    public static async Task CheckAsync(JobResult result, JobSpec spec, string folder)
    {
        await using var local = new LocalEngine(folder, 1);
        var expected = await local.ResultAsync(await local.SubmitAsync(spec));
        Assert.That(result.Summary, Is.EqualTo(expected.Summary));
        Assert.That(result.Failed, Is.EqualTo(expected.Failed));
        Assert.That(Octets(result.Folder), Is.EqualTo(Octets(expected.Folder)));
        Assert.That(Octets(expected.Folder), Is.Not.Empty);
    }

    private static SortedDictionary<string, string> Octets(string folder) => new(
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).ToDictionary(file => Path.GetRelativePath(folder, file), file => Convert.ToHexString(File.ReadAllBytes(file)), StringComparer.Ordinal),
        StringComparer.Ordinal);
}
