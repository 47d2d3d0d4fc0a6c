using System.Xml.Linq;

namespace NbnsSim.Tests.House;

/// <summary>A feed may lack SharpPcap and PacketDotNet: nothing but the adapter, its tests, benchmarks and sample may need them.</summary>
public sealed class SharpPcapTests
{
    private static readonly string[] Packages = ["SharpPcap", "PacketDotNet"];

    [Test]
    public void OnlyProjectsThatCanBeLeftOutNeedSharpPcap()
    {
        var projects = new[] { "src", "tests", "samples", "benchmarks" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.csproj", SearchOption.AllDirectories))
            .ToDictionary(Path.GetFullPath, file => XDocument.Load(file), StringComparer.Ordinal);
        var optional = projects.Where(project => project.Value.Descendants("NeedsSharpPcap").Any(flag => flag.Value == "true")).Select(project => project.Key).ToHashSet(StringComparer.Ordinal);
        Assert.That(optional.Select(Path.GetFileNameWithoutExtension), Is.EquivalentTo(["NbnsSim.SharpPcap", "NbnsSim.SharpPcap.Tests", "NbnsSim.SharpPcap.Benchmarks", "LiveCapture"]));

        var offences = projects.Where(project => !optional.Contains(project.Key) && Needs(project.Key, project.Value)).Select(project => project.Key);
        Assert.That(offences, Is.Empty);

        bool Needs(string path, XDocument project) =>
            Included(project, "PackageReference").Any(package => Packages.Contains(package, StringComparer.OrdinalIgnoreCase))
            || Included(project, "ProjectReference").Any(other => optional.Contains(Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, other))));
    }

    private static IEnumerable<string> Included(XDocument project, string item) =>
        project.Descendants(item).Select(element => element.Attribute("Include")?.Value ?? "");
}
