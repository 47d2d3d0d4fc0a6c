using NbnsSim.Names;

namespace NbnsSim.Tests.Names;

/// <summary>Names as sixteen octets: how they are made, compared and printed in columns.</summary>
public sealed class NetBiosNameOctetsTests
{
    private static readonly NetBiosScope Scope = NetBiosScope.Parse("X");

    [Test]
    public void AShorterNameIsPaddedWithSpaces()
    {
        var octets = new byte[NetBiosName.Size];

        new NetBiosName("FRÿED", NameSuffix.Server).CopyTo(octets);

        Assert.That(octets, Is.EqualTo(new byte[] { 0x46, 0x52, 0xFF, 0x45, 0x44, 0x20, 0x20, 0x20, 0x20, 0x20, 0x20, 0x20, 0x20, 0x20, 0x20, 0x20 }));
        Assert.That(new NetBiosName("FIFTEENLETTERSX", NameSuffix.Server), Is.EqualTo(NetBiosName.Parse("FIFTEENLETTERSX<20>")));
    }

    [Test]
    public void WhatNoNameCanHoldIsTheCallersMistakeAndNamed()
    {
        Assert.That(() => new NetBiosName("SIXTEENLETTERSXX", NameSuffix.Server), Throws.ArgumentException.With.Message.Contains("'SIXTEENLETTERSXX' has 16 characters"));
        Assert.That(() => new NetBiosName("A\u0100\u202E", NameSuffix.Server), Throws.ArgumentException.With.Message.Contains("'\u0100' in 'A\u0100\\u202e' is not a Latin-1"));
        Assert.That(() => new NetBiosName(new byte[15]), Throws.ArgumentException.With.Message.Contains("has 16 octets, not 15"));
        Assert.That(() => new NetBiosName(new byte[17]), Throws.ArgumentException);
        Assert.That(() => NetBiosName.Parse("FRED<2>"), Throws.TypeOf<FormatException>().With.Message.StartsWith("'FRED<2>' is not a NetBIOS name"));
        Assert.That(() => NetBiosScope.Parse("A..B"), Throws.TypeOf<FormatException>().With.Message.StartsWith("'A..B' is not a NetBIOS scope"));
        Assert.That(NetBiosScope.TryParse(null, out _), Is.False);
        Assert.That(NetBiosName.TryParse(null, out _), Is.False);
    }

    /// <summary>The empty scope is no scope, whichever way a name is made.</summary>
    [Test]
    public void TheEmptyScopeIsNoScope()
    {
        var octets = new byte[NetBiosName.Size];
        NetBiosName.Parse("FRED<20>").CopyTo(octets);

        foreach (var scope in new[] { null, NetBiosScope.Empty })
        {
            var names = new[] { new NetBiosName(octets, scope), new NetBiosName("FRED", NameSuffix.Server, scope), NetBiosName.Parse("FRED<20>.X").WithScope(scope) };
            Assert.That(names, Is.All.EqualTo(NetBiosName.Parse("FRED<20>")));
            Assert.That(names.Select(name => name.HasScope), Is.All.False);
        }

        foreach (var name in new[] { new NetBiosName(octets, Scope), new NetBiosName("FRED", NameSuffix.Server, Scope) })
            Assert.That((name.HasScope, name.Scope), Is.EqualTo((true, Scope)));
        Assert.That(NetBiosScope.FromEncoded([]), Is.SameAs(NetBiosScope.Empty));
        Assert.That(NetBiosScope.FromEncoded([1, 0x58]), Is.EqualTo(Scope));
    }

    [Test]
    public void TheNamesWithAMeaningOfTheirOwnAreWhatTheTextsPrint()
    {
        Assert.That(NetBiosName.MsBrowse, Is.EqualTo(NetBiosName.Parse("<01><02>__MSBROWSE__<02><01>")));
        Assert.That(NetBiosName.Wildcard.BaseName, Is.EqualTo("*"));
        Assert.That(new NetBiosName(0x2A00_0000_0000_0000, 1).BaseName, Is.EqualTo("*" + string.Concat(Enumerable.Repeat("<00>", 14))), "the suffix is no part of it, but <00> alone makes the wildcard");
        Assert.That(new NetBiosName(0x2B00_0000_0000_0000, 0).BaseName, Is.EqualTo("+" + string.Concat(Enumerable.Repeat("<00>", 14))));
        Assert.That(new NetBiosName(0x2A00_0000_0000_0000, 1).IsStatusWildcard, Is.False);
        Assert.That(new NetBiosName(0x2A00_0000_0000_0000, 1).IsWildcard, Is.True);
        Assert.That(NetBiosName.Parse("+<00>").IsWildcard, Is.False);
    }

    /// <summary>Windows' columns: always fifteen characters, a dot for what does not print.</summary>
    [TestCase("<01><02>__MSBROWSE__<02><01>", "..__MSBROWSE__.")]
    [TestCase("FRED<20>", "FRED           ")]
    [TestCase("A ~<7f><1f><00>B<20>", "A ~...B        ")]
    [TestCase("FIFTEENLETTERSX<20>", "FIFTEENLETTERSX")]
    public void PaddedBaseName_IsFifteenCharacters(string name, string padded) => Assert.That(NetBiosName.Parse(name).PaddedBaseName, Is.EqualTo(padded));

    /// <summary>Each of these sorts before the next: by the sixteen octets, then by the scope's.</summary>
    [Test]
    public void NamesSortByTheirOctetsAndThenByTheirScopes()
    {
        NetBiosName[] sorted =
        [
            new(1, 9), new(2, 1), new(2, 1, Scope), new(2, 1, NetBiosScope.Parse("Y")), new(2, 2), new(0x8000_0000_0000_0000, 0), new(0x8000_0000_0000_0000, 0x8000_0000_0000_0000),
        ];
        for (int i = 0; i < sorted.Length; i++)
        {
            for (int j = 0; j < sorted.Length; j++)
            {
                var (left, right) = (sorted[i], sorted[j]);
                Assert.That(Math.Sign(left.CompareTo(right)), Is.EqualTo(Math.Sign(i.CompareTo(j))));
                Assert.That((left < right, left <= right, left > right, left >= right, left == right, left != right), Is.EqualTo((i < j, i <= j, i > j, i >= j, i == j, i != j)));
            }
        }
    }

    [Test]
    public void NamesThatDifferInTheirScopeAloneHashApart()
    {
        var hashes = Enumerable.Range(0, 20).Select(i => new NetBiosName(1, 2, NetBiosScope.Parse($"S{i}")).GetHashCode()).Append(new NetBiosName(1, 2).GetHashCode());

        Assert.That(hashes.Distinct().Count(), Is.GreaterThan(19), "one meeting of two in a thousand million runs");
    }
}
