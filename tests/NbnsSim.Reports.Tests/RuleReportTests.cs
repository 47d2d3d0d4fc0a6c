using NbnsSim.Rules;

namespace NbnsSim.Reports.Tests;

public sealed class RuleReportTests
{
    [Test]
    public void Of_FindsARule_AGroup_AndAll()
    {
        var group = RuleBook.Groups[0];
        Assert.That(Text(RuleReport.Of(RuleBook.All[0].Id)), Does.Contain(RuleBook.All[0].Sentence[..30]));
        Assert.That(Text(RuleReport.Of(group.Id.ToLowerInvariant())), Does.StartWith(group.Id + "\n"));
        Assert.That(Text(RuleReport.Of(null)).Split('\n').Count(line => RuleBook.All.Any(rule => line.StartsWith(rule.Id + " ", StringComparison.Ordinal))), Is.EqualTo(RuleBook.All.Length));
        Assert.That(RuleReport.Of("X99.nothing"), Is.Null);
    }

    private static string Text(RuleReport? report)
    {
        Assert.That(report, Is.Not.Null);
        using var output = new StringWriter { NewLine = "\n" };
        report!.Write(new ReportWriter(output));
        return output.ToString();
    }
}
