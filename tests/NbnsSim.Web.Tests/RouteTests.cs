using NbnsSim.Web.Shell;

namespace NbnsSim.Web.Tests;

/// <summary>Where a fragment leads, whatever is in it.</summary>
public sealed class RouteTests
{
    [TestCase("", "diagnose", "", "")]
    [TestCase("#", "diagnose", "", "")]
    [TestCase("#/nowhere/at/all?x", "diagnose", "", "")]
    [TestCase("#/lookup", "lookup", "", "")]
    [TestCase("#/lookup/rules?B5.defend-unique", "lookup", "rules", "B5.defend-unique")]
    [TestCase("#/play/q131739/more?a?b", "play", "q131739/more", "a?b")]
    [TestCase("#/play?s=abc", "play", "", "s=abc")]
    public void AFragmentNamesAViewAndWhatIsInIt(string fragment, string view, string path, string query)
    {
        var route = Route.Read(fragment);
        Assert.That((route.View.Name, route.Path, route.Query), Is.EqualTo((view, path, query)));
    }
}
