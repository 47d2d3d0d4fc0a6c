using FsCheck;
using FsCheck.Fluent;
using NbnsSim.Nodes;

namespace NbnsSim.Tests.Nodes;

/// <summary>That a node says what it decides changes nothing. What it must say is in <see cref="Simulation.DecisionProperties"/>.</summary>
public sealed class DecisionTests
{
    [Test]
    public void ListeningChangesNothing() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(40), Prop.ForAll<uint>(seed =>
    {
        var unheard = Storm.MakeNode(seed);
        var heard = unheard.Fork();
        heard.Decisions = new DecisionCounter();
        var (one, other) = (new Storm(seed), new Storm(seed));
        for (int i = 0; i < 300; i++)
        {
            string step = one.Step(heard);
            Assert.That(other.Step(unheard), Is.EqualTo(step));
            Drain(heard);
            Drain(unheard);
            if (!heard.HasSameStateAs(unheard))
                throw new InvalidOperationException($"seed {seed}, step {i}: {step}");
        }
    }));

    [Test]
    public void AForkSaysNothing_AndNobodyListensAfterNull()
    {
        var node = Storm.MakeNode(1);
        Assert.That(node.Decisions, Is.Null);
        var said = new DecisionCounter();
        node.Decisions = said;
        Assert.That(node.Decisions, Is.SameAs(said));
        Assert.That(node.Fork().Decisions, Is.Null);
        node.Decisions = null;
        node.AddName(Instant.Epoch, NbnsSim.Names.NetBiosName.Parse("NEW<20>"));
        Assert.That(node.Decisions, Is.Null);
        Assert.That(said.Count, Is.Zero);
    }

    private static void Drain(EndNode node)
    {
        Span<byte> buffer = stackalloc byte[576];
        while (node.TryPollTransmit(buffer, out _) || node.TryPollEvent(out _) || node.TryPollResult(out _))
        {
        }
    }
}
