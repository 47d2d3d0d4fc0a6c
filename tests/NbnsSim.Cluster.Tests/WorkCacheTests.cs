using NbnsSim.Cluster.Workers;
using NbnsSim.Jobs;

namespace NbnsSim.Cluster.Tests;

/// <summary>A worker keeps what does the last few jobs.</summary>
public sealed class WorkCacheTests
{
    [Test]
    public void ItKeepsThoseThatWereLastUsed()
    {
        var made = new List<string>();
        var cache = new WorkCache(3, spec =>
        {
            made.Add(spec);
            return spec == "bad" ? throw new JobException("No spec.") : new SumSpec(spec, 1, 1).CreateWork();
        });
        var a = cache["a"];
        foreach (string spec in (string[])["b", "c", "a", "d", "a", "e", "a"])
            _ = cache[spec];
        Assert.That(cache["a"], Is.SameAs(a));
        Assert.That(made, Is.EqualTo(new[] { "a", "b", "c", "d", "e" }));
        _ = cache["b"];
        Assert.That(made.Count(spec => spec == "b"), Is.EqualTo(2), "it was used longest ago");
        Assert.That(() => cache["bad"], Throws.InstanceOf<JobException>());
        Assert.That(cache["a"], Is.SameAs(a));
    }
}
