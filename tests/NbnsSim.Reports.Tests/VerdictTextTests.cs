using NbnsSim.Names;

namespace NbnsSim.Reports.Tests;

/// <summary>Beside the names of an incident stands what their suffixes stand for.</summary>
public sealed class VerdictTextTests
{
    [TestCase("JSMITH<03> (Messenger service)", "JSMITH<03>")]
    [TestCase("ALPHA<00> (Workstation service, or a domain or workgroup)", "ALPHA<00>")]
    [TestCase("OFFICE<1C> (domain controllers)", "OFFICE<1C>")]
    [TestCase("ALPHA<20>, BRAVO<20> (<20> Server service)", "ALPHA<20>", "BRAVO<20>")]
    [TestCase("ALPHA<03>, ALPHA<20> (<03> Messenger service, <20> Server service)", "ALPHA<03>", "ALPHA<20>")]
    [TestCase("ALPHA<7E>", "ALPHA<7E>")]
    [TestCase("ALPHA<7E>, BRAVO<1D> (<1D> master browser)", "ALPHA<7E>", "BRAVO<1D>")]
    public void SuffixesAreExplained(string expected, params string[] names) =>
        Assert.That(VerdictText.Names([.. names.Select(NetBiosName.Parse)]), Is.EqualTo(expected));
}
