using NbnsSim.Names;
using NbnsSim.Nodes;
using NbnsSim.Playing;
using NbnsSim.Protocol;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;

namespace NbnsSim.Tests.Playing;

/// <summary>Playing a scenario: steps, going back, and what is done by hand.</summary>
public sealed class PlaySessionTests
{
    private static readonly NetBiosName Jsmith = NetBiosName.Parse("JSMITH<03>");

    [Test]
    public void StepByStep_ItIsTheRunThatTheScenarioHas([ValueSource(nameof(Names))] string name)
    {
        var scenario = BuiltInScenarios.Find(name)!;
        var play = Play(scenario);
        for (int i = 0; i < 500 && play.Step(); i++)
        {
        }

        play.RunTo(play.End);

        Assert.That(TraceOf(play), Is.EqualTo(TraceRecorder.Of(scenario)));
        Assert.That(play.Simulator.Now, Is.EqualTo(scenario.End));
    }

    [Test]
    public void AStep_GoesToTheNextThingOfItsKind()
    {
        var play = Play("q131739");

        Assert.That(play.Step(PlayStride.Timer), Is.True);
        Assert.That(TraceOf(play), Does.StartWith("0.000000000 ALPHA command boot\n"));
        int sent = (int)play.Simulator.SentCount;
        while (play.Step(PlayStride.Datagram) && play.Simulator.Log.Count == 0)
        {
            Assert.That(play.Simulator.SentCount - sent, Is.LessThanOrEqualTo(3), "one datagram, or those sent at once");
            sent = (int)play.Simulator.SentCount;
        }

        Assert.That(play.Simulator.Log.Single().Event.Id, Is.EqualTo(4320));
        Assert.That(play.Simulator.Now, Is.EqualTo(At(45.0015)));
    }

    [TestCase(NodeCommand.Logon)]
    [TestCase(NodeCommand.Query)]
    [TestCase(NodeCommand.AddName)]
    public void WhatIsDoneAfterTheEnd_IsSeen(NodeCommand command)
    {
        var play = Play("q131739");
        while (play.Step())
        {
        }

        Assert.That(play.IsOver, Is.True);
        play.Tell("BRAVO", command, NetBiosName.Parse("PRINTER<20>"), "MARY");

        Assert.That(play.Simulator.GetUnderWay().Select(datagram => play.Simulator.NameOf(datagram.Sender)), Does.Contain("BRAVO"));
        Assert.That(play.IsOver, Is.False);
        Assert.That(play.Step(PlayStride.Datagram), Is.True);
    }

    [Test]
    public void WhatIsUnderWay_HasItsReceiversAndTime()
    {
        var play = Play("q131739");
        play.RunTo(At(45));

        var datagram = play.Simulator.GetUnderWay().Single();

        Assert.That(play.Simulator.NameOf(datagram.Sender), Is.EqualTo("BRAVO"));
        Assert.That(datagram.Receivers.Select(play.Simulator.NameOf), Is.EqualTo(new[] { "ALPHA" }));
        Assert.That((datagram.Due, datagram.IsBroadcast, datagram.PassesLinkRules), Is.EqualTo((At(45.0005), true, true)));
    }

    [Test]
    public void GoingBack_HasWhatWasThen_AndTheSameHappensAgain()
    {
        var play = Play("q131739-wins");
        var seen = new List<string> { TraceOf(play) };
        while (play.Step())
            seen.Add(TraceOf(play));

        for (int position = seen.Count - 1; position >= 0; position -= 17)
        {
            play.GoTo(position);
            Assert.That(TraceOf(play), Is.EqualTo(seen[position]));
            Assert.That(play.Recorder.History.Entries.Select(entry => entry.Number), Is.Ordered.Ascending);
        }

        play.RunTo(play.End);
        Assert.That(TraceOf(play), Is.EqualTo(seen[^1]));
    }

    [Test]
    public void GoingBack_StopsBehindTheKindOfThingThatWasAskedFor()
    {
        var play = Play("q131739");
        play.Step(PlayStride.Decision);
        int first = play.Position;
        play.Step(PlayStride.Decision);
        play.Step();
        play.Step(PlayStride.Decision);

        Assert.That(play.Back(PlayStride.Decision), Is.True);
        Assert.That(play.Back(PlayStride.Decision), Is.True);
        Assert.That(play.Position, Is.EqualTo(first));
        Assert.That(play.Back(PlayStride.Decision), Is.True);
        Assert.That((play.Position, play.Back()), Is.EqualTo((0, false)));
        play.RunTo(At(50));
        play.BackTo(At(44));
        Assert.That(play.Simulator.Now, Is.EqualTo(At(44)));
        Assert.That(play.Simulator.Log, Is.Empty);
    }

    [Test]
    public void AfterALongPlay_ThereAreFewForks_AndItStillGoesBack()
    {
        var play = Play("power-cut-burst");
        while (play.Position < PlaySession.MaxForks * 64 * 2)
            play.RunTo(play.End + TimeSpan.FromMinutes(10));
        int position = play.Position;
        string before = TraceOf(play);
        play.GoTo(position / 2);
        play.GoTo(position);
        Assert.That(TraceOf(play), Is.EqualTo(before));
    }

    [Test]
    public void APacketLostByHand_MakesTwoOwners()
    {
        var play = Play("q131739");
        play.RunTo(At(45));

        for (int i = 0; i < 4; i++) // three requests and the demand, none of which ALPHA hears
        {
            while (play.Simulator.GetUnderWay().IsEmpty)
                play.Step();
            play.Lose(play.Simulator.GetUnderWay().Single(), "ALPHA");
            play.Step(PlayStride.Datagram);
        }

        play.RunTo(At(55));
        Assert.That(Owners(play), Is.EqualTo(new[] { "ALPHA", "BRAVO" }));
        Assert.That(TraceOf(play), Does.Contain("rule 'Loss by hand 1'"));
        Assert.That(play.Simulator.Log, Is.Empty);
    }

    [Test]
    public void ActingAfterGoingBack_DropsWhatWasTakenBack()
    {
        var play = Play("q131739");
        play.RunTo(At(44));
        play.Crash("ALPHA");
        play.RunTo(At(50));
        play.BackTo(At(43));
        Assert.That(play.Steps.Count(play.IsByHand), Is.EqualTo(1), "it would happen again");

        play.Tell("BRAVO", NodeCommand.Query, Jsmith);

        Assert.That(play.Steps.Where(play.IsByHand).Single(), Is.TypeOf<NodeStep>());
        play.RunTo(play.End);
        Assert.That(play.Simulator.Log.Single().Event.Id, Is.EqualTo(4320));
        SavedIsTheSame(play);
    }

    [Test]
    public void WhatArrivesAtThisVeryInstant_CanStillBeLost()
    {
        var play = Play("siblings-1c");
        while (play.Simulator.GetUnderWay() is var next && !(next.Length > 1 && next[0].Due == next[1].Due && next[1].PassesLinkRules))
            Assert.That(play.Step(), Is.True, "two datagrams arrive at one instant");
        play.Step();
        var second = play.Simulator.GetUnderWay()[0];
        Assert.That(second.Due, Is.EqualTo(play.Simulator.Now));
        int position = play.Position;

        play.Lose(second);

        Assert.That(play.Position, Is.EqualTo(position + 1), "it stands where it stood, with one step more behind it");
        Assert.That(play.Simulator.GetUnderWay()[0].Number, Is.EqualTo(second.Number));
        play.Step();
        Assert.That(TraceOf(play), Does.Contain($"lost #{second.Number} from"));
        play.RunTo(play.End);
        SavedIsTheSame(play);
    }

    [Test]
    public void EachFaultByHand_HappensToThatDatagramAlone()
    {
        var play = Play("q131739");
        play.RunTo(At(45));
        var fork = play.Fork();
        play.Delay(play.Simulator.GetUnderWay()[0], TimeSpan.FromMilliseconds(20));
        play.RunTo(At(45.02));
        Assert.That(TraceOf(play), Does.Contain("45.000500000 ALPHA delayed #").And.Not.Contain("45.000500000 ALPHA receive"));
        fork.Duplicate(fork.Simulator.GetUnderWay()[0]);
        fork.RunTo(At(46));
        Assert.That(TraceOf(fork).Split('\n').Count(line => line.StartsWith("45.000500000 ALPHA receive", StringComparison.Ordinal)), Is.EqualTo(2));
        fork.BackTo(At(45));
        fork.Corrupt(fork.Simulator.GetUnderWay()[0]);
        fork.RunTo(At(46));
        Assert.That(TraceOf(fork), Does.Contain("ALPHA corrupted #"));
        play.RunTo(play.End);
        SavedIsTheSame(play);
    }

    [Test]
    public void APulledCable_CutsTheHostOff_UntilItIsPluggedIn()
    {
        var play = Play("q131739");
        play.RunTo(At(40));
        play.PullCable("ALPHA");
        Assert.That(play.IsCablePulled("ALPHA"), Is.True);
        Assert.That(() => play.PullCable("ALPHA"), Throws.InvalidOperationException);
        play.RunTo(At(55));
        Assert.That(Owners(play), Is.EqualTo(new[] { "ALPHA", "BRAVO" }));
        play.PlugCable("ALPHA");
        play.PullCable("ALPHA");
        play.PlugCable("ALPHA");
        Assert.That(play.IsCablePulled("ALPHA"), Is.False);
        play.RunTo(play.End);
        SavedIsTheSame(play);
    }

    [Test]
    public void AnotherDialect_ComesWithARestart()
    {
        var play = Play("q131739");
        play.RunTo(At(40));
        play.ChangeDialect("ALPHA", NetBtDialect.WindowsNt351);
        play.ChangeDialect("BRAVO", NetBtDialect.WindowsNt351);
        play.RunTo(At(44.9));
        Assert.That(play.Simulator.NodeOf(new HostId(0))!.Options.Dialect, Is.EqualTo(NetBtDialect.WindowsNt351));

        play.RunTo(play.End);

        Assert.That(TraceOf(play), Does.Contain("ALPHA crash").And.Contain("ALPHA restart"));
        SavedIsTheSame(play);
    }

    [Test]
    public void WhatCannotBeDone_IsRefused_AndNothingIsLost()
    {
        var play = Play("q131739");
        play.RunTo(At(45));
        var gone = play.Simulator.GetUnderWay()[0];
        play.RunTo(At(46));
        string before = TraceOf(play);

        Assert.That(() => play.Lose(gone), Throws.ArgumentException.With.Message.StartsWith("The datagram is not under way any more"));
        Assert.That(() => play.Tell("NOBODY", NodeCommand.Boot), Throws.ArgumentException.With.Message.StartsWith("There is no host 'NOBODY'."));
        Assert.That(() => play.Tell("ALPHA", NodeCommand.Logon, user: ""), Throws.ArgumentException);
        Assert.That(() => play.Tell("ALPHA", NodeCommand.Query), Throws.ArgumentException);
        Assert.That(() => play.Restart("ALPHA", forgets: true), Throws.InvalidOperationException);
        Assert.That(() => play.PlugCable("ALPHA"), Throws.InvalidOperationException);
        Assert.That(() => play.Delay(gone, TimeSpan.Zero), Throws.ArgumentException);
        Assert.That(TraceOf(play), Is.EqualTo(before));
        play.RunTo(play.End);
        Assert.That(TraceOf(play), Is.EqualTo(TraceRecorder.Of(BuiltInScenarios.Find("q131739")!)));
    }

    [Test]
    public void AScenarioOfAPlay_ExpectsWhatCameOfIt()
    {
        var play = Play("q131739");
        play.RunTo(At(40));
        play.Tell("BRAVO", NodeCommand.Logon, user: "MJONES");
        play.RunTo(play.End);

        var saved = play.ToScenario("mine");

        Assert.That(saved.Expectations.Select(expectation => expectation.Description), Is.SupersetOf(new[]
        {
            "ALPHA logs 4320 about JSMITH<03> from 10.0.0.2: 1",
            "anybody logs 4321: 0",
            "BRAVO: MJONES<03> is Registered, unique",
            "ALPHA: JSMITH<03> is Conflict, unique",
        }));
        Assert.That(new ScenarioRun(saved).Run(), Has.All.Matches<ExpectationResult>(result => result!.Outcome == ExpectationOutcome.Met));
        Assert.That(new ScenarioRun(saved, NetBtDialect.WindowsNt351).Run(), Has.All.Matches<ExpectationResult>(result => result!.Outcome == ExpectationOutcome.NotApplicable));
    }

    [Test]
    public void WithAnotherDialectAndSeed_TheScenarioOfAPlayHasThem()
    {
        var play = new PlaySession(BuiltInScenarios.Find("q131739")!, NetBtDialect.WindowsNt351, seed: 7, record: simulator => new TraceRecorder(simulator));
        play.RunTo(At(30));
        play.Tell("ALPHA", NodeCommand.PurgeCache);
        play.RunTo(play.End);

        SavedIsTheSame(play);
        Assert.That(play.Simulator.Log, Is.Empty);
    }

    internal static void SavedIsTheSame(PlaySession play)
    {
        using var file = new MemoryStream();
        play.ToScenario().Write(file);
        var read = Scenario.Parse(file.ToArray(), "saved.json");
        Assert.That(TraceRecorder.Of(read), Is.EqualTo(TraceOf(play)));
    }

    internal static string TraceOf(PlaySession play) => ((TraceRecorder)play.Recorder).Text;

    internal static PlaySession Play(Scenario scenario) => new(scenario, record: simulator => new TraceRecorder(simulator));

    private static IEnumerable<string> Names() => BuiltInScenarios.Names.Where(name => name != "power-cut"); // whose trace has a line for each of hundreds of receivers

    private static PlaySession Play(string name) => Play(BuiltInScenarios.Find(name)!);

    private static Instant At(double seconds) => Instant.Epoch + TimeSpan.FromSeconds(seconds);

    private static IEnumerable<string> Owners(PlaySession play) => Enumerable.Range(0, play.Simulator.HostCount).Select(index => new HostId(index))
        .Where(host => play.Simulator.NodeOf(host)?.GetNameState(Jsmith) == LocalNameState.Registered).Select(play.Simulator.NameOf);
}
