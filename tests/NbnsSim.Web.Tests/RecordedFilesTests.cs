using NbnsSim.Reports.Pictures;
using NbnsSim.Tests.House;

namespace NbnsSim.Web.Tests;

/// <summary>The page places what the writer of HTML reports draws, and so has its style sheet and script; they are files of the page, as its policy allows no others.</summary>
public sealed class RecordedFilesTests
{
    [TestCase("report.css")]
    [TestCase("report.js")]
    public void ReportsInThePageLookAndActAsTheyDoElsewhere(string file)
    {
        string text = (file == "report.css" ? Picture.StyleSheet : Picture.Script).Trim() + "\n";
        string path = Path.Combine(Repository.Root, "src", "NbnsSim.Web", "wwwroot", file);
        if (Environment.GetEnvironmentVariable("NBNSSIM_RECORD") == "1")
            File.WriteAllText(path, text);
        Assert.That(File.ReadAllText(path), Is.EqualTo(text), "NBNSSIM_RECORD=1 records it anew");
    }
}
