using FsCheck;
using FsCheck.Fluent;
using NbnsSim.Names;

namespace NbnsSim.Tests.Names;

/// <summary>Names as people write them, and as sixteen octets.</summary>
public sealed class NetBiosNameTests
{
    [TestCase("JSMITH<03>", "JSMITH", 0x03, "", "JSMITH<03>")]
    [TestCase("JSMITH", "JSMITH", 0x00, "", "JSMITH<00>")]
    [TestCase("JSMITH#1b", "JSMITH", 0x1B, "", "JSMITH<1B>")]
    [TestCase("<01><02>__MSBROWSE__<02><01>", "<01><02>__MSBROWSE__<02>", 0x01, "", "<01><02>__MSBROWSE__<02><01>")]
    [TestCase("FRED<20>.EXAMPLE.COM", "FRED", 0x20, "EXAMPLE.COM", "FRED<20>.EXAMPLE.COM")]
    [TestCase("A.B<20>.X", "A.B", 0x20, "X", "A.B<20>.X")]
    [TestCase("A<01><2e>B<20>", "A<01>.B", 0x20, "", "A<01><2e>B<20>")]
    [TestCase("Two Words<1D>", "Two Words", 0x1D, "", "Two Words<1D>")]
    [TestCase("A#20<00>", "A#20", 0x00, "", "A#20<00>")]
    [TestCase("CAF\u00C9<00>", "CAF<c9>", 0x00, "", "CAF<c9><00>")]
    [TestCase("FRED<20>.a<2e>b.<00>", "FRED", 0x20, "a<2e>b.<00>", "FRED<20>.a<2e>b.<00>")]
    [TestCase("*<00>", "*", 0x00, "", "*<00>")]
    [TestCase("A~<7f><20>", "A~<7f>", 0x20, "", "A~<7f><20>")]
    [TestCase("A <01>B<20>", "A <01>B", 0x20, "", "A <01>B<20>")]
    [TestCase(".A<01><2e>B.C<20>", ".A<01>.B.C", 0x20, "", ".A<01><2e>B.C<20>")]
    [TestCase("<20>", "", 0x20, "", "<20>")]
    [TestCase("#20", "", 0x20, "", "<20>")]
    [TestCase("\u00FF<00>", "<ff>", 0x00, "", "<ff><00>")]
    public void ParsesAndPrints(string text, string baseName, byte suffix, string scope, string printed)
    {
        var name = NetBiosName.Parse(text);

        Assert.That(name.BaseName, Is.EqualTo(baseName));
        Assert.That((byte)name.Suffix, Is.EqualTo(suffix));
        Assert.That(name.Scope.ToString(), Is.EqualTo(scope));
        Assert.That(name.ToString(), Is.EqualTo(printed));
        Assert.That(NetBiosName.Parse(printed), Is.EqualTo(name));
        Assert.That($"{name}", Is.EqualTo(printed));
    }

    [TestCase("")]
    [TestCase("SIXTEENCHARSLONG")]
    [TestCase("FRED<2>")]
    [TestCase("FRED<2G>")]
    [TestCase("FRED>20<")]
    [TestCase("FRED>")]
    [TestCase("<20")]
    [TestCase("FRED#2G")]
    [TestCase("FRED<+2>")]
    [TestCase("FRED<20>.")]
    [TestCase("FRED<20>.A..B")]
    [TestCase("\u20AC<00>")]
    public void RefusesWhatIsNoName(string text)
    {
        Assert.That(NetBiosName.TryParse(text, out _), Is.False);
        Assert.Throws<FormatException>(() => NetBiosName.Parse(text));
    }

    [Test]
    public void StatusWildcardIsAStarAndFifteenZeroOctets()
    {
        Assert.That(NetBiosName.Parse("*"), Is.EqualTo(NetBiosName.Wildcard));
        Assert.That(NetBiosName.Wildcard.ToString(), Is.EqualTo("*"));
        Assert.That(NetBiosName.Wildcard.IsStatusWildcard, Is.True);
        Assert.That(NetBiosName.Parse("*<00>").IsStatusWildcard, Is.True, "padded with spaces, as some stacks do");
        Assert.That(NetBiosName.Parse("*<20>").IsStatusWildcard, Is.True, "padded with spaces throughout");
        Assert.That(NetBiosName.Parse("*X<00>").IsStatusWildcard, Is.False);
        Assert.That(NetBiosName.Parse("*X<00>").IsWildcard, Is.True, "added locally, never defended: MS-NBTE §3.1.4.1");
    }

    /// <summary>Any sixteen octets, in any scope that fits, are printed so that they can be read back.</summary>
    [Test]
    public void EveryNameReadsBackFromItsText()
    {
        var octet = Gen.OneOf(Gen.Choose(0, 255), Gen.Elements(0, (int)'.', '<', '>', '\\', '#', '*', ' ', 'A'));
        var octets = Gen.ArrayOf(octet, NetBiosName.Size).Select(a => Array.ConvertAll(a, v => (byte)v));
        var label = Gen.Choose(1, 12).SelectMany(n => Gen.ArrayOf(octet, n)).Select(a => Array.ConvertAll(a, v => (byte)v));
        var scope = Gen.Choose(0, 4).SelectMany(n => Gen.ArrayOf(label, n))
            .Select(labels => NetBiosScope.FromEncoded([.. labels.SelectMany(l => l.Prepend((byte)l.Length))]));
        var names = octets.SelectMany(o => scope.Select(s => new NetBiosName(o, s)));

        Prop.ForAll(names.ToArbitrary(), name => NetBiosName.Parse(name.ToString()) == name).Check(Config.QuickThrowOnFailure.WithMaxTest(20_000));
    }

    [TestCase("A<01>B<20>.EXAMPLE")]
    [TestCase("A<01>B<20>.X<2e>Y")]
    [TestCase("FRED<20>.X<2e>")]
    [TestCase("FRED<20>.X.Y")]
    [TestCase("*")]
    public void FormattingStopsAtTheEndOfTheBuffer(string whole)
    {
        var name = NetBiosName.Parse(whole);
        char[] buffer = new char[whole.Length];
        int written;
        for (int length = 0; length < whole.Length; length++)
        {
            Assert.That(name.TryFormat(buffer.AsSpan(0, length), out written), Is.False);
            Assert.That(written, Is.LessThanOrEqualTo(length));
        }

        Assert.That(name.TryFormat(buffer, out written), Is.True);
        Assert.That(new string(buffer, 0, written), Is.EqualTo(whole));
    }

    [Test]
    public void CaseAndScopeAndSuffixCount()
    {
        var name = NetBiosName.Parse("FRED<20>");
        Assert.That(NetBiosName.Parse("fred<20>"), Is.Not.EqualTo(name));
        Assert.That(NetBiosName.Parse("FRED<03>"), Is.Not.EqualTo(name));
        Assert.That(NetBiosName.Parse("FRED<20>.X"), Is.Not.EqualTo(name));
        Assert.That(NetBiosName.Parse("FRED<20>.x"), Is.Not.EqualTo(NetBiosName.Parse("FRED<20>.X")), "Q163112");
        Assert.That(name.WithSuffix(NameSuffix.Messenger), Is.EqualTo(NetBiosName.Parse("FRED<03>")));
        Assert.That(NetBiosName.Parse("FRED<20>.X").WithScope(null), Is.EqualTo(name));
    }

    [Test]
    public void ScopeHasAtMost221OctetsInLabelsOfAtMost63()
    {
        string l63 = new('a', 63);
        Assert.That(NetBiosScope.TryParse(l63, out _), Is.True);
        Assert.That(NetBiosScope.TryParse(l63 + "a", out _), Is.False);
        Assert.That(NetBiosScope.TryParse($"{l63}.{l63}.{l63}.{new string('a', 28)}", out var longest), Is.True);
        Assert.That(longest!.Encoded.Length, Is.EqualTo(NetBiosScope.MaxEncodedLength));
        Assert.That(NetBiosScope.TryParse($"{l63}.{l63}.{l63}.{new string('a', 29)}", out _), Is.False);
        Assert.That(NetBiosScope.TryParse($"{l63}.{l63}.{l63}.{new string('a', 28)}.b", out _), Is.False);
        Assert.That(NetBiosScope.TryParse("", out var empty), Is.True);
        Assert.That(empty, Is.SameAs(NetBiosScope.Empty));
    }

    [TestCase("PC<00>", false, "Workstation service")]
    [TestCase("DOM<00>", true, "domain or workgroup")]
    [TestCase("JSMITH<03>", false, "Messenger service")]
    [TestCase("PC<20>", false, "Server service")]
    [TestCase("DOM<1B>", false, "domain master browser")]
    [TestCase("DOM<1C>", true, "domain controllers")]
    [TestCase("DOM<1D>", false, "master browser")]
    [TestCase("DOM<1E>", true, "browser elections")]
    [TestCase("<01><02>__MSBROWSE__<02><01>", true, "master browsers")]
    [TestCase("INet~Services<1C>", true, "Internet Information Server")]
    [TestCase("IS~PC<00>", false, "Internet Information Server")]
    [TestCase("*", false, "any node")]
    [TestCase("DOM<1B>", true, null)]
    [TestCase("PC<99>", false, null)]
    public void SuffixesHaveTheirDocumentedMeaning(string name, bool group, string? meaning) =>
        Assert.That(NameSuffixes.Describe(NetBiosName.Parse(name), group), Is.EqualTo(meaning));

    [TestCase("WORKGROUP      :1d", "WORKGROUP<1D>")] // event 4321
    [TestCase("DESKTOP-1N4R894:0", "DESKTOP-1N4R894<00>")]
    [TestCase("FRED:20", "FRED<20>")]
    [TestCase("OFFICE         <1E>", "OFFICE<1E>")] // nbtstat
    [TestCase("A:B:3", "A:B<03>")]
    [TestCase("A:1<00>", "A:1<00>")]
    public void Parse_TakesTheFormsThatToolsPrint(string text, string expected) => Assert.That(NetBiosName.Parse(text).ToString(), Is.EqualTo(expected));

    [TestCase("J<0>")]
    [TestCase("J<000>")]
    [TestCase("FRED:zz")]
    public void Parse_RefusesABrokenSuffix(string text) => Assert.That(NetBiosName.TryParse(text, out _), Is.False);
}
