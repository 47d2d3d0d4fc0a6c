namespace NbnsSim.Query.Tests;

/// <summary>Tests that ask one job, which is made once for each class of them.</summary>
public abstract class OverSampleJob
{
    /// <summary>The job.</summary>
    private protected SampleJob Job { get; private set; } = null!;

    /// <summary>Its tables.</summary>
    private protected JobQuery Query { get; private set; } = null!;

    [OneTimeSetUp]
    public void OpenJob()
    {
        Job = new SampleJob();
        Query = JobQuery.Open(Job.Folder);
    }

    [OneTimeTearDown]
    public void CloseJob()
    {
        Query.Dispose();
        Job.Dispose();
    }
}
