using NbnsSim.Names;

namespace NbnsSim.Tests.Names;

/// <summary>What names mean by their suffix: MS-NBTE appendix A &lt;2&gt;, Q137423, Q163409.</summary>
public sealed class NameSuffixTests
{
    private static readonly Dictionary<(byte Suffix, bool IsGroup), string> Documented = new()
    {
        [(0x00, false)] = "Workstation service",
        [(0x00, true)] = "domain or workgroup",
        [(0x01, false)] = "Messenger service",
        [(0x01, true)] = "master browsers",
        [(0x03, false)] = "Messenger service",
        [(0x06, false)] = "RAS server",
        [(0x1B, false)] = "domain master browser",
        [(0x1C, true)] = "domain controllers",
        [(0x1D, false)] = "master browser",
        [(0x1E, true)] = "browser elections",
        [(0x1F, false)] = "NetDDE service",
        [(0x20, false)] = "Server service",
        [(0x20, true)] = "administrator's Internet group",
        [(0x21, false)] = "RAS client",
        [(0x22, false)] = "Exchange interchange",
        [(0x23, false)] = "Exchange store",
        [(0x24, false)] = "Exchange directory",
        [(0x2B, false)] = "Lotus Notes server",
        [(0x2F, true)] = "Lotus Notes",
        [(0x30, false)] = "modem sharing server",
        [(0x31, false)] = "modem sharing client",
        [(0x33, true)] = "Lotus Notes",
        [(0x42, false)] = "McAfee anti-virus",
        [(0x43, false)] = "SMS client remote control",
        [(0x44, false)] = "SMS administrators' remote control",
        [(0x45, false)] = "SMS client remote chat",
        [(0x46, false)] = "SMS client remote transfer",
        [(0x4C, false)] = "DEC Pathworks TCP/IP service",
        [(0x52, false)] = "DEC Pathworks TCP/IP service",
        [(0x6A, false)] = "Exchange IMC",
        [(0x87, false)] = "Exchange MTA",
        [(0xBE, false)] = "Network Monitor agent",
        [(0xBF, false)] = "Network Monitor application",
    };

    [Test]
    public void EverySuffixMeansWhatIsDocumentedAndNothingElse()
    {
        for (int suffix = 0; suffix <= 0xFF; suffix++)
        {
            foreach (bool isGroup in new[] { false, true })
                Assert.That(NameSuffixes.Describe((NameSuffix)suffix, isGroup), Is.EqualTo(Documented.GetValueOrDefault(((byte)suffix, isGroup))), $"<{suffix:x2}> group {isGroup}");
        }
    }

    /// <summary>Each name differs in one thing from one that has a meaning of its own, and so means what its suffix means.</summary>
    [TestCase("<01><02>__MSBROWSE__<02><01>", false, null)] // by its suffix it would be a Messenger
    [TestCase("<01><02>__MSBROWXE__<02><01>", false, "Messenger service")]
    [TestCase("<01><03>__MSBROWSE__<02><01>", false, "Messenger service")]
    [TestCase("INet~Services<1C>", false, null)]
    [TestCase("INet~Services<20>", true, "administrator's Internet group")]
    [TestCase("INet~ServiceX<1C>", true, "domain controllers")]
    [TestCase("INet-Services<1C>", true, "domain controllers")]
    [TestCase("IS~PC<00>", true, "domain or workgroup")]
    [TestCase("IS~PC<20>", false, "Server service")]
    [TestCase("IT~PC<00>", false, "Workstation service")]
    public void NamesBesideThoseOfTheirOwnMeaningHaveThatOfTheirSuffix(string name, bool isGroup, string? meaning) =>
        Assert.That(NameSuffixes.Describe(NetBiosName.Parse(name), isGroup), Is.EqualTo(meaning));
}
