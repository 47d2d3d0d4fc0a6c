namespace NbnsSim.Mutation;

/// <summary>
/// The one test that Stryker runs: keeps a copy of the core that Stryker compiled with every mutant in it, each behind a switch. It comes by no
/// mutant of a room, so Stryker has none to try and is done at once.
/// </summary>
public sealed class KeepMutatedCoreTests
{
    [Test]
    public void KeepsTheMutatedCore()
    {
        string? copy = Environment.GetEnvironmentVariable("NBNSSIM_MUTATED");
        var core = typeof(Instant).Assembly;
        if (copy is not null && Array.Exists(core.GetTypes(), type => type.Name == MutantSwitch.ControlType))
            File.Copy(core.Location, copy, overwrite: true);
        Assert.That(new Ipv4Address(0xE000_0001).IsMulticast, Is.True); // where a test comes by nothing at all, Stryker tries everything
    }
}
