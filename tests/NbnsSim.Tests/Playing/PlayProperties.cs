using FsCheck;
using FsCheck.Fluent;
using NbnsSim.Names;
using NbnsSim.Playing;
using NbnsSim.Protocol;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;

namespace NbnsSim.Tests.Playing;

/// <summary>Whatever hands do, in any order and forth and back: the saved scenario does the same by itself.</summary>
public sealed class PlayProperties
{
    private static readonly string[] Scenarios = ["q131739", "q131739-wins", "q97491-lost-reply", "siblings-1c", "q102795-two-adapters", "split-brain", "wins-partition"];

    private int _faults;
    private int _atOnce;

    [Test]
    public void WhatWasDoneByHand_DoesTheSameAgainAsAScenario()
    {
        var numbers = Gen.Choose(0, int.MaxValue - 1).ArrayOf().ToArbitrary();
        var names = Gen.Elements(Scenarios).ToArbitrary();
        Prop.ForAll(names, numbers, (name, hands) =>
        {
            var play = PlaySessionTests.Play(BuiltInScenarios.Find(name)!);
            foreach (int hand in hands)
                Act(play, hand);
            play.RunTo(play.End);
            PlaySessionTests.SavedIsTheSame(play);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60).WithStartSize(10).WithEndSize(60).WithReplay(14, 1));
        Assert.That((_faults, _atOnce), Is.GreaterThan((100, 5)), "faults happen, some to what arrives at this very instant");
    }

    /// <summary>Does something that the number says; what cannot be done then is left.</summary>
    private void Act(PlaySession play, int hand)
    {
        int what = hand % 16, which = hand / 16 % 1_000, more = hand / 16_000;
        string host = play.Simulator.NameOf(new HostId(which % play.Simulator.HostCount));
        try
        {
            switch (what)
            {
                case < 5:
                    for (int i = 0; i <= which % 40; i++)
                        play.Step((PlayStride)(1 << (more % 3)));
                    break;
                case 5:
                    play.RunTo(play.Simulator.Now + TimeSpan.FromSeconds(which % 20));
                    break;
                case 6:
                    play.GoTo(play.Position * (which % 10) / 10);
                    break;
                case 7:
                    play.Tell(host, (NodeCommand)(which % 11), NetBiosName.Parse("JSMITH<03>"), "JSMITH");
                    break;
                case 8 when play.IsCablePulled(host):
                    play.PlugCable(host);
                    break;
                case 8:
                    play.PullCable(host);
                    break;
                case 9 when play.Simulator.IsUp(play.Simulator.FindHost(host)!.Value):
                    play.Crash(host);
                    break;
                case 9:
                    play.Restart(host, more % 2 == 0);
                    break;
                case 10:
                    play.ChangeDialect(host, NetBtDialect.All[more % NetBtDialect.All.Length]);
                    break;
                default:
                    Spoil(play, what, which, more);
                    break;
            }
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // refused
        }
    }

    private void Spoil(PlaySession play, int what, int which, int more)
    {
        for (int i = 0; i < 30 && play.Simulator.GetUnderWay().IsEmpty; i++)
            play.Step();
        if (play.Simulator.GetUnderWay() is not { IsEmpty: false } underWay)
            return;
        if (more % 2 == 0)
            play.Step(); // so that others arrive at the same instant
        underWay = play.Simulator.GetUnderWay() is { IsEmpty: false } left ? left : underWay;
        var datagram = underWay[which % underWay.Length];
        _atOnce += datagram.Due == play.Simulator.Now ? 1 : 0;
        string? receiver = more % 3 == 0 || datagram.Receivers.IsEmpty ? null : play.Simulator.NameOf(datagram.Receivers[more % datagram.Receivers.Length]);
        switch (what)
        {
            case 11 or 12:
                play.Lose(datagram, receiver);
                break;
            case 13:
                play.Delay(datagram, TimeSpan.FromMilliseconds(1 + (which % 3_000)), receiver);
                break;
            case 14:
                play.Duplicate(datagram, receiver);
                break;
            default:
                play.Corrupt(datagram, receiver);
                break;
        }

        _faults++;
    }
}
