using NbnsSim.Tests.House;
using PublicApiGenerator;

namespace NbnsSim.Query.Tests;

/// <summary>The public API is what <c>PublicApi.txt</c> records: a change of it shows in a review.</summary>
public sealed class PublicApiTests
{
    [Test]
    public void ThePublicApiIsTheOneThatIsRecorded()
    {
        string file = Path.Combine(Repository.Root, "tests", "NbnsSim.Query.Tests", "PublicApi.txt");
        string api = typeof(JobQuery).Assembly.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false }).ReplaceLineEndings("\n") + "\n";
        if (Environment.GetEnvironmentVariable("NBNSSIM_RECORD") == "1")
            File.WriteAllText(file, api);
        Assert.That(api, Is.EqualTo(File.ReadAllText(file).ReplaceLineEndings("\n")), "run once with NBNSSIM_RECORD=1 to record a change that is meant");
    }
}
