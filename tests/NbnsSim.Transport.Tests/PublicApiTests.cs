using NbnsSim.Tests.House;
using NbnsSim.Transport.Sqlite;
using PublicApiGenerator;

namespace NbnsSim.Transport.Tests;

/// <summary>The public API is what <c>PublicApi*.txt</c> records: a change of it shows in a review.</summary>
public sealed class PublicApiTests
{
    [TestCase(typeof(NbnsUdpHost), "PublicApi.txt")]
    [TestCase(typeof(NameServerStore), "PublicApi.Sqlite.txt")]
    public void ThePublicApiIsTheOneThatIsRecorded(Type inAssembly, string record)
    {
        string file = Path.Combine(Repository.Root, "tests", "NbnsSim.Transport.Tests", record);
        string api = inAssembly.Assembly.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false }).ReplaceLineEndings("\n") + "\n";
        if (Environment.GetEnvironmentVariable("NBNSSIM_RECORD") == "1")
            File.WriteAllText(file, api);
        Assert.That(api, Is.EqualTo(File.ReadAllText(file).ReplaceLineEndings("\n")), "run once with NBNSSIM_RECORD=1 to record a change that is meant");
    }
}
