using System.Reflection;
using NbnsSim.NameServers;
using NbnsSim.Protocol;
using NbnsSim.Rules;
using NbnsSim.Scenarios;

namespace NbnsSim.Tests.Scenarios;

/// <summary>Every behaviour of a dialect says on what it rests, and its value is what a scenario file would set.</summary>
public sealed class DialectBehaviourTests
{
    [TestCaseSource(typeof(NetBtDialect), nameof(NetBtDialect.All))]
    public void EverySettingOfANodeIsABehaviour(NetBtDialect dialect)
    {
        var behaviours = DialectBehaviour.Of(dialect);
        Assert.That(behaviours.Select(one => one.Name), Is.EquivalentTo(DialectSwitches.Names).And.Ordered.Using((IComparer<string>)StringComparer.Ordinal));
        foreach (var one in behaviours.Where(one => one.Value != "granted"))
            Assert.That(DialectSwitches.Set(dialect, new DialectSwitch(one.Name, one.Value)), Is.EqualTo(dialect), one.Name);
    }

    [TestCaseSource(typeof(NameServerDialect), nameof(NameServerDialect.All))]
    public void EverySettingOfANameServerIsABehaviour(NameServerDialect dialect)
    {
        var behaviours = DialectBehaviour.Of(dialect);
        Assert.That(behaviours.Select(one => one.Name), Is.EquivalentTo(ServerDialectSwitches.Names));
        foreach (var one in behaviours)
            Assert.That(ServerDialectSwitches.Set(dialect, new DialectSwitch(one.Name, one.Value)), Is.EqualTo(dialect), one.Name);
    }

    /// <summary>Of several readings the one counts that speaks of the value in the preset.</summary>
    [Test]
    public void ABehaviourHasTheBasisOfItsValueInItsPreset()
    {
        Assert.That(NetBtDialect.All.Select(dialect => Find(dialect, "releaseDemand").Basis), Is.EqualTo(new[]
        {
            RuleBasis.Documented, RuleBasis.Inferred, RuleBasis.Inferred, RuleBasis.Documented, RuleBasis.Documented, RuleBasis.Documented, RuleBasis.Documented, RuleBasis.Documented,
        }));
        Assert.That(NetBtDialect.All.Select(dialect => Find(dialect, "broadcastTimeToLive").Source), Is.EqualTo((string[])["RFC 1002 §5.1.1.1", .. Enumerable.Repeat("every recorded Windows", 7)]));
        Assert.That(Find(NetBtDialect.Rfc1002, "answerTimeToLive").Value, Is.EqualTo("granted"));
        Assert.That(Find(NetBtDialect.WindowsNt35, "releasesRefusedUserName").Rules, Is.EqualTo(new[] { NodeRules.ReleaseRefusedUserName, NodeRules.RefusedUserNameLeft }));
        Assert.That(Find(NetBtDialect.WindowsNt35, "marksPermanentName").Rules, Is.Empty);
        Assert.That(DialectBehaviour.Of(NameServerDialect.WinsNt35).Single(one => one.Name == "scavengingInterval"), Has.Property("Value").EqualTo("2d"));
        Assert.That(() => DialectBehaviour.Of((NetBtDialect)null!), Throws.ArgumentNullException);
        Assert.That(() => DialectBehaviour.Of((NameServerDialect)null!), Throws.ArgumentNullException);
    }

    /// <summary>A reading of a value, or in a preset, speaks of something that there is.</summary>
    [Test]
    public void AReadingSpeaksOfWhatThereIs()
    {
        foreach (var property in typeof(NetBtDialect).GetProperties().Concat(typeof(NetBtTiming).GetProperties()))
            Check(property, value => DialectSwitches.Set(NetBtDialect.Rfc1002, value), [.. NetBtDialect.All.Select(dialect => dialect.Name)]);
        foreach (var property in typeof(NameServerDialect).GetProperties())
            Check(property, value => ServerDialectSwitches.Set(NameServerDialect.WinsNt35, value), [.. NameServerDialect.All.Select(dialect => dialect.Name)]);
    }

    private static DialectBehaviour Find(NetBtDialect dialect, string name) => DialectBehaviour.Of(dialect).Single(one => one.Name == name);

    private static void Check(PropertyInfo property, Func<DialectSwitch, object> set, string[] presets)
    {
        foreach (var reading in property.GetCustomAttributes<ReadingAttribute>())
        {
            Assert.That(reading.Source, Is.Not.Empty);
            Assert.That(reading.In?.Split(' ') ?? [], Is.SubsetOf(presets), property.Name);
            if (reading.Value is { } value)
                Assert.That(() => set(new DialectSwitch(ScenarioText.Camel(property.Name), value)), Throws.Nothing, property.Name);
        }
    }
}
