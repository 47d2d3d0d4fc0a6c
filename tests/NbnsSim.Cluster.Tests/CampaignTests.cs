using NbnsSim.Jobs.Campaigns;

namespace NbnsSim.Cluster.Tests;

/// <summary>A campaign on a cluster: every file of its results is octet for octet that of a single process.</summary>
[CancelAfter(300_000)]
public sealed class CampaignTests
{
    private string _folder = "";

    [SetUp]
    public void SetUp() => _folder = Directory.CreateTempSubdirectory("nbnssim-cluster-").FullName;

    [TearDown]
    public void TearDown() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task TheResultsAreThoseOfASingleProcessOctetForOctet([Values((short)1, (short)3)] short silos)
    {
        var spec = new CampaignSpec([CampaignScenario.Open("q131739")], ["nt3.5", "nt4"], 0, 99, [CampaignFault.Parse("loss:probability=5%")], seedsPerShard: 10);
        await using var cluster = await TestCluster.StartAsync(silos);
        await SingleProcess.CheckAsync(await cluster.DoAsync(spec, Path.Combine(_folder, "job")), spec, Path.Combine(_folder, "local"));
    }
}
