using System.Text.Json;
using NbnsSim.Cluster.Workers;
using NbnsSim.Jobs;

namespace NbnsSim.Cluster.Tests;

/// <summary>Of two who commit the same, the first counts, and nothing is left of the other.</summary>
public sealed class SharedFolderTests
{
    private static readonly Shard Shard = new("a", "", 1);
    private static readonly SumSpec Spec = new("folder", 2, 1);

    private string _path = "";

    [SetUp]
    public void SetUp() => _path = Directory.CreateTempSubdirectory("nbnssim-cluster-").FullName;

    [TearDown]
    public void TearDown() => Directory.Delete(_path, recursive: true);

    [Test]
    public void TheFirstCommitWinsAndTheOthersFilesAreDropped()
    {
        var folder = Opened();
        string other = "";
        string mine = folder.CommitShard(Shard, "1", tmp =>
        {
            File.WriteAllText(Path.Combine(tmp, "octets"), "slow");
            other = folder.CommitShard(Shard, "2", inner =>
            {
                File.WriteAllText(Path.Combine(inner, "octets"), "fast");
                return "2";
            });
            return "1";
        });
        Assert.That((mine, other), Is.EqualTo(("2", "2")));
        Assert.That(File.ReadAllText(Path.Combine(folder.Shard("a"), "octets")), Is.EqualTo("fast"));
        Assert.That(Directory.GetFileSystemEntries(Path.Combine(_path, "cluster", "tmp")), Is.Empty);
        Assert.That(folder.CommitShard(Shard, "3", _ => throw new InvalidOperationException("not done again")), Is.EqualTo("2"));
    }

    [Test]
    public void WhatThrowsLeavesNothing()
    {
        var folder = Opened();
        Assert.That(() => folder.CommitShard(Shard, "1", _ => throw new InvalidDataException("bad")), Throws.InstanceOf<InvalidDataException>());
        Assert.That(() => folder.CommitShard(Shard, "1", _ => "no JSON"), Throws.InstanceOf<JsonException>());
        Assert.That(folder.Shard("a"), Does.Not.Exist);
        Assert.That(Directory.GetFileSystemEntries(Path.Combine(_path, "cluster", "tmp")), Is.Empty);
    }

    [Test]
    public void AFolderKeepsItsIdAndIsOfOneJob()
    {
        string id = Opened().Open(Spec);
        Assert.That(Opened().Identify(Spec.Id), Is.EqualTo(id));
        Assert.That(new SharedFolder(Path.Combine(_path, "b")).Open(Spec), Is.Not.EqualTo(id));
        Assert.That(() => new SharedFolder(_path).Open(Spec with { Seed = 2 }), Throws.InstanceOf<JobException>().With.Message.Contains("holds another job"));
        File.WriteAllText(Path.Combine(_path, "cluster", "id"), "x");
        Assert.That(() => new SharedFolder(_path).Open(Spec), Throws.InstanceOf<JobException>().With.Message.Contains("is damaged"));
    }

    private SharedFolder Opened()
    {
        var folder = new SharedFolder(_path);
        folder.Open(Spec);
        return folder;
    }
}
