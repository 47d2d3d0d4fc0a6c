using NbnsSim.Names;
using NbnsSim.Narrative;
using NbnsSim.Protocol;
using NbnsSim.Rules;

namespace NbnsSim.Tests.Narrative;

/// <summary>How a decision reads.</summary>
public sealed class TellingTests
{
    [Test]
    public void WhatANameOrAHostIsCalled_IsNotTakenForAPlace()
    {
        var history = new DecisionHistory(_ => "{name}");
        history.Add(1, "{peer}", new Decision { Time = default, Rule = NodeRules.DefendUnique, Name = new NetBiosName("{HOST}", NameSuffix.Server), Peer = new Ipv4Endpoint(Ipv4Address.Parse("10.0.0.2"), 137) });
        Assert.That(history.Describe(history.Entries[0]), Is.EqualTo("{peer} holds {HOST}<20> and refuses it to {name}."));
    }

    [Test]
    public void EveryTellingCanBeFilled([ValueSource(typeof(RuleBook), nameof(RuleBook.All))] Rule rule)
    {
        var history = new DecisionHistory(_ => null);
        history.Add(1, "ALPHA", new Decision { Time = default, Rule = rule, Name = new NetBiosName("FILES", NameSuffix.Server) });
        Assert.That(history.Describe(history.Entries[0]), Is.Not.Empty.And.Not.Contain("{"));
    }
}
