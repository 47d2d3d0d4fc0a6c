using System.Text;

namespace NbnsSim.Transport.Tests;

public sealed class ServedHostOptionsTests
{
    [TestCase("A", true)]
    [TestCase("FIFTEEN-LETTERS", true)]
    [TestCase("\u00C4\u00D6\u00DC", true)]
    [TestCase("SIXTEEN-LETTERS-", false)]
    [TestCase("\u0416", false)]
    [TestCase("", false)]
    [TestCase("  ", false)]
    public void Names_AreOfOneToFifteenLatin1Characters(string name, bool isOne) => Assert.That(NbnsServedHostOptions.IsName(name), Is.EqualTo(isOne));

    [TestCase(0, 0)]
    [TestCase(100, 100)]
    [TestCase(101, 101)]
    [TestCase(250, 101)]
    public void Problems_OfMappingsAreListedUpToAHundred(int bad, int lines)
    {
        string text = "10.0.0.1 GOOD\n" + string.Concat(Enumerable.Repeat("10.0.0.256 BAD\n", bad));
        var file = LmHostsFiles.Read(new MemoryStream(Encoding.ASCII.GetBytes(text)), null);
        string[] described = [.. LmHostsFiles.DescribeProblems(file, "lm")];
        Assert.That(described, Has.Length.EqualTo(lines));
        Assert.That(described, Has.All.StartsWith("lm"));
        if (bad > 100)
            Assert.That(described[^1], Is.EqualTo($"lm: {bad} lines in all that cannot be used"));
    }
}
