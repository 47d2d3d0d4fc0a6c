namespace NbnsSim.Cli.Tests;

/// <summary>What the README shows is what the tool prints.</summary>
public class ReadmeTests
{
    [Test]
    public void TheMainJobPrintsWhatTheReadmeShows()
    {
        string readme = File.ReadAllText(Find("README.md"));
        const string fence = "```text\n";
        int start = readme.IndexOf(fence, StringComparison.Ordinal) + fence.Length;
        string shown = readme[start..readme.IndexOf("```\n", start, StringComparison.Ordinal)];

        Assert.That(ToolRun.Of("run", "q131739"), Is.EqualTo(new ToolRun(0, shown, "")));
    }

    [Test]
    public void WhatIfBeginsAsTheReadmeShows()
    {
        string readme = File.ReadAllText(Find("README.md"));
        const string fence = "```text\n";
        int start = readme.IndexOf(fence, readme.IndexOf("\n## What if\n", StringComparison.Ordinal), StringComparison.Ordinal) + fence.Length;
        string shown = readme[start..readme.IndexOf("```\n", start, StringComparison.Ordinal)];

        Assert.That(ToolRun.Of("whatif", "q131739", "--set", "ALPHA.noNameReleaseOnDemand").Output, Does.StartWith(shown));
    }

    private static string Find(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "NbnsSim.sln")))
                return Path.Combine(folder.FullName, name);
        }

        throw new FileNotFoundException($"{name} is in none of the folders above the tests.");
    }
}
