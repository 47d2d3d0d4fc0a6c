using System.Text.RegularExpressions;
using System.Xml.Linq;
using NbnsSim.Tests.House;

namespace NbnsSim.Samples.Tests;

/// <summary>Every example in the documentation is a region of <see cref="ExampleTests"/>, which compiles and runs, and the other way round.</summary>
public sealed partial class ExampleTextTests
{
    [Test]
    public void TheExamplesAreTheRegions()
    {
        string source = File.ReadAllText(Path.Combine(Repository.Root, "tests", "NbnsSim.Samples.Tests", "ExampleTests.cs")).ReplaceLineEndings("\n");
        var regions = Region().Matches(source).ToDictionary(match => match.Groups["member"].Value, match => Unindented(match.Groups["code"].Value), StringComparer.Ordinal);
        Assert.That(regions, Is.Not.Empty);
        Assert.That(Documented(), Is.EquivalentTo(regions));
    }

    /// <summary>The examples in the XML files beside the assemblies, as their users' editors see them, by member.</summary>
    private static Dictionary<string, string> Documented()
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string file in Directory.EnumerateFiles(AppContext.BaseDirectory, "NbnsSim*.xml"))
        {
            foreach (var member in XDocument.Load(file, LoadOptions.PreserveWhitespace).Descendants("member"))
            {
                if (member.Element("example") is { } example)
                    found.Add(member.Attribute("name")!.Value, Unindented((example.Element("code") ?? example).Value.ReplaceLineEndings("\n")));
            }
        }

        return found;
    }

    /// <summary>Without the spaces that all lines begin with, and without empty lines around.</summary>
    private static string Unindented(string code)
    {
        var lines = code.TrimEnd().Split('\n').SkipWhile(string.IsNullOrWhiteSpace).ToList();
        int indent = lines.Where(line => line.Trim().Length > 0).Min(line => line.Length - line.TrimStart().Length);
        return string.Join('\n', lines.Select(line => line.Length < indent ? "" : line[indent..].TrimEnd()));
    }

    [GeneratedRegex(@"^ *#region (?<member>[TM]:\S+)\n(?<code>(?:.*\n)*?) *#endregion", RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Region();
}
