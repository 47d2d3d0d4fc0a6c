using NbnsSim.Names;

namespace NbnsSim.Tests.Names;

public sealed class NetBiosNameFilterTests
{
    [TestCase("JSMITH", "JSMITH<03>", ExpectedResult = true)]
    [TestCase("jsm", "JSMITH<20>", ExpectedResult = true)]
    [TestCase("SMITH", "JSMITH<03>", ExpectedResult = false)]
    [TestCase("JSMITH<03>", "JSMITH<03>", ExpectedResult = true)]
    [TestCase("jsmith#03", "JSMITH<03>", ExpectedResult = true)]
    [TestCase("JSMITH:03", "JSMITH<20>", ExpectedResult = false)]
    [TestCase("JSMIT<03>", "JSMITH<03>", ExpectedResult = false)]
    [TestCase("JSMITH<03>", "JSMITH<03>.LAB", ExpectedResult = true)]
    [TestCase("JSMITH<03>.LAB", "JSMITH<03>.LAB", ExpectedResult = true)]
    [TestCase("JSMITH<03>.LAB", "JSMITH<03>", ExpectedResult = false)]
    [TestCase("*", "*", ExpectedResult = true)]
    [TestCase("*", "JSMITH<03>", ExpectedResult = false)]
    public bool ASuffixMeansOneNameAndNoneAllThatBeginSo(string text, string name)
    {
        Assert.That(NetBiosNameFilter.TryParse(text, out var filter), Is.True);
        Assert.That(filter!.ToString(), Is.EqualTo(text));
        return filter.Includes(NetBiosName.Parse(name));
    }

    [TestCase("J<0>")]
    [TestCase("J#xx")]
    [TestCase(null)]
    public void ASuffixThatCannotBeReadMeansNothing(string? text) => Assert.That(NetBiosNameFilter.TryParse(text, out _), Is.False);

    [Test]
    public void WhatMeansNoNames_IsSaid()
    {
        Assert.That(NetBiosNameFilter.Parse("JSMITH").ToString(), Is.EqualTo("JSMITH"));
        Assert.That(() => NetBiosNameFilter.Parse("J<0>"), Throws.TypeOf<FormatException>().With.Message.StartsWith("'J<0>' is no NetBIOS name: expected NAME, "));
    }
}
