namespace NbnsSim.Reports.Tests;

public class TextColumnsTests
{
    [TestCase("one two three", 7, "one two|three")]
    [TestCase("one two three", 80, "one two three")]
    [TestCase("abcdefghij", 4, "abcd|efgh|ij")]
    [TestCase("a bcdefghij k", 4, "a bc|defg|hij|k")]
    [TestCase("abc defghijk", 4, "abc|defg|hijk")]
    [TestCase("one\ntwo \u001b[31m", 10, "one\\ntwo|\\u001b[31m")]
    [TestCase("", 4, "")]
    public void Wrap_BreaksBetweenWordsAndWithinLongOnes(string text, int width, string lines) =>
        Assert.That(TextColumns.Wrap(text, width), Is.EqualTo(lines.Split('|')));
}
