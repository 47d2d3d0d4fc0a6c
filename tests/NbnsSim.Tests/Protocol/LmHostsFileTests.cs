using System.Globalization;
using System.Text;
using NbnsSim.Protocol;
using NbnsSim.Tests.House;

namespace NbnsSim.Tests.Protocol;

/// <summary>LMHOSTS files as they are found (MS-NBTE §2.2.3, §3.1.8).</summary>
public sealed class LmHostsFileTests
{
    [Test]
    public void MicrosoftsSample_ServesWhatIsHereAndNamesWhatIsElsewhere()
    {
        var file = LmHostsFile.Parse(Sample("1-sample.sam"), (_, _) => throw new InvalidOperationException("nothing of another machine is opened"));
        Assert.That(Names(file), Is.EqualTo(new[]
        {
            "RHINO<00>", "RHINO<03>", "RHINO<20>", "NETWORKING<1C>", "appname<14>", "POPULAR<00>", "POPULAR<03>", "POPULAR<20>", "LOCALSRV<00>", "LOCALSRV<03>", "LOCALSRV<20>",
        }));
        Assert.That(Problems(file), Is.EqualTo(new[]
        {
            @"lmhosts(8): '\\localsrv\public\lmhosts' is on another machine: it is not followed",
            @"lmhosts(9): '\\rhino\public\lmhosts' is on another machine: it is not followed",
        }));
    }

    [TestCase("2-pdc-1b.txt", "PDC<00> PDC<03> PDC<20> CORP<1C> CORP<1B>")]
    [TestCase("3-mh-sg.txt", "MULTI<00> MULTI<03> MULTI<20> MULTI<00> MULTI<03> MULTI<20> GRP<20> PLAIN<00> PLAIN<03> PLAIN<20>")]
    [TestCase("4-samba.txt", "TESTPC<00> TESTPC<03> TESTPC<20> NTSERVER<20> SAMBASERVER<00> SAMBASERVER<03> SAMBASERVER<20> MYDOM<1B>")]
    [TestCase("5-long.txt", "LOWER<00> LOWER<03> LOWER<20> SPACED<00> SPACED<03> SPACED<20>", 4)]
    [TestCase("6-bom.txt", "BOMPC<00> BOMPC<03> BOMPC<20>")]
    [TestCase("7-bad.txt", "MY PC<00> MY PC<03> MY PC<20>", 2, 3)]
    [TestCase("9-lower-keywords.txt", "SERVER1<00> SERVER1<03> SERVER1<20> CORP<1C>")]
    public void ABadLineCostsThatLineOnly(string sample, string names, params int[] bad)
    {
        foreach (var encoding in new[] { Encoding.UTF8, Encoding.Latin1 })
        {
            var file = LmHostsFile.Parse(encoding.GetString(File.ReadAllBytes(Path.Combine(Folder(), sample))));
            Assert.That(string.Join(' ', Names(file)), Is.EqualTo(names));
            Assert.That(file.Problems.Select(problem => problem.Line), Is.EqualTo(bad));
        }
    }

    [Test]
    public void AnIncludedFileIsReadInItsPlace_AndItsMistakesAreItsOwn()
    {
        var file = Read("10.0.0.1 A\n#include sub/more.txt\n10.0.0.4 D", ("sub/more.txt", "10.0.0.2 B\nbad\n#INCLUDE \"last one.txt\""), ("last one.txt", "10.0.0.3 C"));
        Assert.That(file.Entries.Select(entry => entry.Name), Is.EqualTo(new[] { "A", "B", "C", "D" }));
        Assert.That(Problems(file), Is.EqualTo(new[] { "sub/more.txt(2): 'bad' is not an IPv4 address: expected a line such as '10.0.0.2 FRED #PRE'" }));
        Assert.That(Problems(Read("#INCLUDE nothere\n#INCLUDE")), Is.EqualTo(new[] { "lmhosts(1): 'nothere' cannot be read", "lmhosts(2): #INCLUDE names no file" }));
    }

    [Test]
    public void OfABlockOfAlternates_TheFirstThatCanBeReadIsUsed()
    {
        var file = Read(
            "#BEGIN_ALTERNATE\n#INCLUDE nothere\n#INCLUDE one\n#INCLUDE two\n#END_ALTERNATE\n#INCLUDE two", ("one", "10.0.0.1 ONE"), ("two", "10.0.0.2 TWO"));
        Assert.That(file.Entries.Select(entry => entry.Name), Is.EqualTo(new[] { "ONE", "TWO" }));
        Assert.That(Problems(file), Is.EqualTo(new[] { "lmhosts(2): 'nothere' cannot be read" }));
        Assert.That(Problems(Read("#BEGIN_ALTERNATE\n#BEGIN_ALTERNATE\n#END_ALTERNATE\n#END_ALTERNATE\n#BEGIN_ALTERNATE")), Has.Length.EqualTo(3));
    }

    /// <summary>MS-NBTE §3.1.8.1: circular directives are detected, and nothing more is read.</summary>
    [Test]
    public void ACircleOfIncludes_StopsTheReading()
    {
        var file = Read("10.0.0.1 A\n#INCLUDE one\n10.0.0.4 D", ("one", "10.0.0.2 B\n#INCLUDE two\n10.0.0.5 E"), ("two", "#INCLUDE one"));
        Assert.That(file.Entries.Select(entry => entry.Name), Is.EqualTo(new[] { "A", "B" }));
        Assert.That(Problems(file), Is.EqualTo(new[] { "two(1): 'one' includes itself: what follows is not read" }));
    }

    [Test]
    public void IncludesAreBounded()
    {
        var deep = LmHostsFile.Parse("#INCLUDE 1", (path, _) => new LmHostsInclude(path, $"10.0.0.1 N{path}\n#INCLUDE {int.Parse(path, CultureInfo.InvariantCulture) + 1}"));
        Assert.That((deep.Entries.Length, deep.Problems.Length), Is.EqualTo((8, 1)));
        int opened = 0;
        var wide = LmHostsFile.Parse(string.Concat(Enumerable.Repeat("#INCLUDE x\n", 10_000)), (_, _) =>
        {
            opened++;
            return new LmHostsInclude("x", "10.0.0.1 X");
        });
        Assert.That((opened, wide.Entries.Length, wide.Problems.Length), Is.EqualTo((100, 100, 1000)));
    }

    [Test]
    public void WhatIsQuotedOfABadLine_IsShortAndVisible()
    {
        var file = LmHostsFile.Parse($"\u001b[2J\u0007{new string('x', 1_000_000)} FRED\n10.0.0.3 GEORGE #DOM:\u001b[2J{new string('A', 30)}\n#INCLUDE \u202e", (_, _) => null);
        Assert.That(Problems(file), Has.Length.EqualTo(3).And.All.Length.LessThan(200));
        Assert.That(string.Concat(Problems(file)).Any(unit => VisibleText.IsHidden(unit)), Is.False);
    }

    [TestCase("10.0.0.1 FRED#PRE", true, "FRED<00>")]
    [TestCase("10.0.0.1 FRED #comment #PRE", false, "FRED<00>")] // a comment goes to the end of the line
    [TestCase("10.0.0.1 FRED#NOFNR #PRE", true, "FRED<00>")]
    [TestCase("10.0.0.1 \"Fred\" #PRE", true, "Fred<00>")]
    [TestCase("10.0.0.1 \"Fred           \\0x1b\" #PRE", true, "Fred<1B>")]
    [TestCase("10.0.0.1 FIFTEENLETTERSX", false, "FIFTEENLETTERSX<00>")]
    [TestCase("10.0.0.1 FRED#a comment", false, "FRED<00>")]
    [TestCase("10.0.0.1 FRED #NOFNR #PRE", true, "FRED<00>")]
    [TestCase("10.0.0.1 FRED#1b #PRE", true, "FRED<1B>")]
    [TestCase("10.0.0.1\tFRED\t#pre\t#a comment", true, "FRED<00>")]
    public void MarksBehindTheName(string line, bool isPreloaded, string name)
    {
        var file = LmHostsFile.Parse(line + "\r\n");
        Assert.That(file.Problems, Is.Empty);
        Assert.That((file.Entries.Single().IsPreloaded, Names(file)[0]), Is.EqualTo((isPreloaded, name)));
    }

    [TestCase("10.0.0.1 \"FRED", "expected a name of 1 to 15 characters behind the address, or one in quotes of 15 and \\0xhh")]
    [TestCase("10.0.0.1 \"\\0x1b\"", "expected a name of 1 to 15 characters behind the address, or one in quotes of 15 and \\0xhh")]
    [TestCase("10.0.0.1 \"FRED \\0xzz\"", "expected a name of 1 to 15 characters behind the address, or one in quotes of 15 and \\0xhh")]
    [TestCase("10.0.0.1 SIXTEENLETTERSXX", "expected a name of 1 to 15 characters behind the address, or one in quotes of 15 and \\0xhh")]
    [TestCase("10.0.0.1 \u0100B", "expected a name of 1 to 15 characters behind the address, or one in quotes of 15 and \\0xhh")]
    [TestCase("10.0.0.1 B\u0100", "expected a name of 1 to 15 characters behind the address, or one in quotes of 15 and \\0xhh")]
    [TestCase("10.0.0.1 FRED #DOM:", "'#DOM:' names no domain or group of 1 to 15 characters")]
    [TestCase("10.0.0.1 FRED #SG:SIXTEENLETTERSXX", "'#SG:SIXTEENLETTERSXX' names no domain or group of 1 to 15 characters")]
    [TestCase("0123456789012345678901234567890123456789 A", "'0123456789012345678901234567890123456789' is not an IPv4 address: expected a line such as '10.0.0.2 FRED #PRE'")]
    [TestCase("01234567890123456789012345678901234567890 A", "'0123456789012345678901234567890123456789\u2026' is not an IPv4 address: expected a line such as '10.0.0.2 FRED #PRE'")]
    [TestCase("#INCLUDE more.txt", "'#INCLUDE more.txt' is not followed: only the lines of this file are read")]
    [TestCase("#BEGIN_ALTERNATE", "#BEGIN_ALTERNATE without #END_ALTERNATE behind it")]
    [TestCase("#END_ALTERNATE", "#END_ALTERNATE without #BEGIN_ALTERNATE before it")]
    [TestCase("#BEGIN_ALTERNATE\n#BEGIN_ALTERNATE\n#END_ALTERNATE", "#BEGIN_ALTERNATE within the block that begins on line 1: expected #END_ALTERNATE first")]
    public void AMistakeIsNamed(string text, string problem) => Assert.That(LmHostsFile.Parse(text).Problems.Select(one => one.Problem), Is.EqualTo(new[] { problem }));

    [Test]
    public void AnIncludeThatIsOneTooManyIsNamed()
    {
        var deep = LmHostsFile.Parse("#INCLUDE 1", (path, _) => new LmHostsInclude(path, $"#INCLUDE {int.Parse(path, CultureInfo.InvariantCulture) + 1}"));
        Assert.That(deep.Problems.Select(one => one.Problem), Is.EqualTo(new[] { "'9' is not followed: files are included 8 deep at most" }));
        var wide = LmHostsFile.Parse(string.Concat(Enumerable.Repeat("#INCLUDE x\n", 101)), (_, _) => new LmHostsInclude("x", ""));
        Assert.That(wide.Problems.Select(one => one.Problem), Is.EqualTo(new[] { "'x' is not followed: 100 files are included at most" }));
        Assert.That(() => LmHostsFile.Parse(null!), Throws.ArgumentNullException);
    }

    private static LmHostsFile Read(string text, params (string Name, string Text)[] files) => LmHostsFile.Parse(
        text, (path, _) => Array.FindIndex(files, file => file.Name == path) is >= 0 and int found ? new LmHostsInclude(path, files[found].Text) : null);

    private static string[] Names(LmHostsFile file) => [.. file.Entries.SelectMany(entry => entry.GetNames()).Select(one => one.Name.ToString())];

    private static string[] Problems(LmHostsFile file) => [.. file.Problems.Select(problem => problem.Format("lmhosts"))];

    private static string Sample(string name) => File.ReadAllText(Path.Combine(Folder(), name));

    private static string Folder() => Path.Combine(Repository.Root, "tests", "NbnsSim.Tests", "Protocol", "LmHosts");
}
