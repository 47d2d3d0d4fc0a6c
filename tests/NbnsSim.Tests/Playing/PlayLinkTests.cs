using System.Buffers.Text;
using System.IO.Compression;
using NbnsSim.Playing;
using NbnsSim.Scenarios;

namespace NbnsSim.Tests.Playing;

/// <summary>Scenarios in links, which come from anybody.</summary>
public sealed class PlayLinkTests
{
    [Test]
    public void AScenario_GoesThroughALinkUnchanged([ValueSource(typeof(BuiltInScenarios), nameof(BuiltInScenarios.Names))] string name)
    {
        var scenario = BuiltInScenarios.Find(name)!;
        Assert.That(PlayLink.TryWrite(scenario, out string? text), Is.True);
        Assert.That(text, Does.Match("^[A-Za-z0-9_-]+$"));

        Assert.That(PlayLink.TryRead(text, out var read, out byte[] file, out var mistakes), Is.True);

        Assert.That(mistakes, Is.Empty);
        Assert.That(file, Is.EqualTo(Octets(scenario)));
        Assert.That(Octets(read!), Is.EqualTo(file));
    }

    [TestCase("", "It is damaged")]
    [TestCase("not base 64!", "It is no scenario: a link has one in the base 64")]
    [TestCase("<script>", "It is no scenario: a link has one in the base 64")]
    [TestCase("AAAA", "It is damaged")]
    [TestCase("____", "It is damaged")]
    public void WhatIsNoScenario_IsRefused(string text, string why)
    {
        Assert.That(PlayLink.TryRead(text, out var scenario, out _, out var mistakes), Is.False);
        Assert.That(scenario, Is.Null);
        Assert.That(mistakes.Single().Message, Does.StartWith(why));
    }

    [Test]
    public void WhatInflatesWithoutEnd_IsRefused()
    {
        string bomb = Packed(new byte[40 * 1024 * 1024]);
        Assert.That(bomb, Has.Length.LessThan(PlayLink.MaxLength));
        Assert.That(PlayLink.TryRead(bomb, out _, out _, out var mistakes), Is.False);
        Assert.That(mistakes.Single().Message, Does.StartWith("It is damaged, or holds more"));
        Assert.That(PlayLink.TryRead(new string('A', PlayLink.MaxLength + 1), out _, out _, out mistakes), Is.False);
        Assert.That(mistakes.Single().Message, Does.StartWith("It is longer"));
    }

    [Test]
    public void AMistakeInTheScenario_IsSaidWithItsLine()
    {
        Assert.That(PlayLink.TryRead(Packed("{\n  \"nam\": 5\n }"u8.ToArray()), out _, out byte[] file, out var mistakes), Is.False);
        Assert.That(file, Has.Length.EqualTo(15));
        Assert.That(mistakes.Select(mistake => mistake.ToString()), Has.Some.StartsWith("link(2,3): "));
    }

    [Test]
    public void AnyCutOrChangedLink_IsReadOrRefused_AndNeverThrows()
    {
        Assert.That(PlayLink.TryWrite(BuiltInScenarios.Find("q131739")!, out string? text), Is.True);
        for (int i = 0; i < text!.Length; i += 7)
        {
            PlayLink.TryRead(text.AsSpan(0, i), out _, out _, out var cut);
            Assert.That(cut, Is.Not.Empty);
            char[] changed = text.ToCharArray();
            changed[i] = changed[i] == 'A' ? 'B' : 'A';
            PlayLink.TryRead(changed, out _, out _, out _);
        }
    }

    private static byte[] Octets(Scenario scenario)
    {
        using var file = new MemoryStream();
        scenario.Write(file);
        return file.ToArray();
    }

    private static string Packed(byte[] octets)
    {
        using var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
            deflate.Write(octets);
        return Base64Url.EncodeToString(packed.ToArray());
    }
}
