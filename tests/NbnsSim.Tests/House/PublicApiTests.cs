using PublicApiGenerator;

namespace NbnsSim.Tests.House;

/// <summary>
/// The public API against a recorded file: a change to it is a decision, seen in a review. Run with NBNSSIM_RECORD=1 to write the file anew.
/// </summary>
public sealed class PublicApiTests
{
    [Test]
    public void ThePublicApiIsTheRecordedOne()
    {
        string file = Path.Combine(Repository.Root, "tests", "NbnsSim.Tests", "House", "PublicApi.txt");
        string api = typeof(Instant).Assembly
            .GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false })
            .ReplaceLineEndings("\n") + "\n";
        if (Environment.GetEnvironmentVariable("NBNSSIM_RECORD") == "1")
            File.WriteAllText(file, api);
        Assert.That(api, Is.EqualTo(File.ReadAllText(file)), "run the tests with NBNSSIM_RECORD=1 to write it anew");
    }
}
