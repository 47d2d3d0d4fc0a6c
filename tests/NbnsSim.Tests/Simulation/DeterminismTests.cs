using System.Diagnostics;
using NbnsSim.Simulation;

namespace NbnsSim.Tests.Simulation;

/// <summary>Same seed, same trace, byte for byte; two futures from one present.</summary>
public sealed class DeterminismTests
{
    /// <summary>Recorded once: a change here means that old seeds no longer give what they gave.</summary>
    private const string Recorded = "DD8F58AFBA22BC033A56E36D23A8A240BFB953E99BF29AD726D02093C9000173";

    [Test]
    public void TheSameSeedGivesTheSameTrace()
    {
        string first = RoughNetwork.Trace(1);
        string second = RoughNetwork.Trace(1);

        Assert.That(second, Is.EqualTo(first));
    }

    [Test]
    public void AnotherSeedGivesAnotherTrace() => Assert.That(RoughNetwork.Trace(2), Is.Not.EqualTo(RoughNetwork.Trace(1)));

    [Test]
    public void TheTraceIsTheOneRecorded() => Assert.That(RoughNetwork.Hash(RoughNetwork.Trace(1)), Is.EqualTo(Recorded));

    [Test]
    public void AnotherProcessGivesTheSameTrace()
    {
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(DeterminismTests).Assembly.Location, "trace", "1"]) { UseShellExecute = false, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        string hash = process.StandardOutput.ReadToEnd();
        process.WaitForExit();

        Assert.That(process.ExitCode, Is.Zero);
        Assert.That(hash, Is.EqualTo(Recorded));
    }

    [Test]
    public void ASteppedRunIsTheSameAsOneInOneGo()
    {
        var trace = new StringWriter();
        var simulator = RoughNetwork.Build(1);
        simulator.AddObserver(new RoughNetwork.Recorder(trace));
        for (int i = 0; i < 2000; i++)
            simulator.RunFor(TimeSpan.FromMilliseconds(1));
        simulator.Crash(new HostId(1));
        while (simulator.NextEventTime <= Instant.FromMilliseconds(3000))
            simulator.Step();
        simulator.RunUntil(Instant.FromMilliseconds(3000));
        simulator.Restart(new HostId(1));
        simulator.RunUntil(_ => false, Instant.FromMilliseconds(5000));

        Assert.That(RoughNetwork.Hash(trace.ToString()), Is.EqualTo(Recorded));
    }

    [Test]
    public void AForkLeftAloneGoesTheSameWay([Range(0, 4500, 500)] int milliseconds)
    {
        var simulator = RoughNetwork.Build(1);
        simulator.RunUntil(Instant.FromMilliseconds(milliseconds));

        string one = Future(simulator.Fork());
        string other = Future(simulator.Fork());
        Assert.That(other, Is.EqualTo(one));
        Assert.That(Future(simulator), Is.EqualTo(one), "nor does a fork's life show in the original");
    }

    [Test]
    public void AForkOfAForkIsAsGood()
    {
        var simulator = RoughNetwork.Build(1);
        simulator.RunFor(TimeSpan.FromSeconds(1));
        var fork = simulator.Fork().Fork();
        fork.RunFor(TimeSpan.FromSeconds(1));
        simulator.RunFor(TimeSpan.FromSeconds(1));

        Assert.That(Future(fork.Fork()), Is.EqualTo(Future(simulator)));
    }

    [Test]
    public void WhatIsDoneToAForkStaysThere()
    {
        var lan = new Lan(3);
        lan.Tell(Lan.A, a => a.Broadcast(1));
        var fork = lan.Simulator.Fork();
        fork.AddRule(LinkRule.Loss("deaf") with { To = Lan.B });
        fork.Crash(Lan.C);
        fork.AddHost("D", new Station(), lan.Segment, Ipv4Address.Parse("10.0.0.4"));

        fork.RunFor(TimeSpan.FromSeconds(1));
        lan.Simulator.RunFor(TimeSpan.FromSeconds(1));

        Assert.That((((Station)fork.EndpointOf(Lan.B)).Ids, ((Station)fork.EndpointOf(Lan.C)).Ids), Is.EqualTo(("", "")));
        Assert.That((lan[Lan.B].Ids, lan[Lan.C].Ids), Is.EqualTo(("1", "1")));
        Assert.That((fork.HostCount, lan.Simulator.HostCount), Is.EqualTo((4, 3)));
        Assert.That(((Station)fork.EndpointOf(new HostId(3))).Ids, Is.EqualTo("1"), "it came before the broadcast arrived");
    }

    /// <summary>Nor what others left behind: a thousand large datagrams were under way at once.</summary>
    [Test]
    public void AForkTakesWhatIsThereAndNoMore()
    {
        var lan = new Lan(3);
        long before = OctetsOf(lan.Simulator);
        for (ushort i = 0; i < 1000; i++)
            lan.Simulator.Inject(Lan.C, Ipv4Endpoint.NameService(Ipv4Address.Parse("10.0.0.1")), Ipv4Endpoint.NameService(Ipv4Address.Parse("10.0.0.2")), new byte[1400]);
        long loaded = OctetsOf(lan.Simulator);
        lan.Simulator.Crash(Lan.B); // which they are for: nobody remembers them
        lan.Simulator.RunFor(TimeSpan.FromSeconds(1));

        Assert.That(before, Is.LessThan(8_000));
        Assert.That(loaded, Is.GreaterThan(1_000_000));
        Assert.That(OctetsOf(lan.Simulator), Is.LessThan(before + 2_000));
    }

    /// <summary>What a fork allocates; the least of a few, since a collection blurs the count.</summary>
    private static long OctetsOf(Simulator simulator)
    {
        long least = long.MaxValue;
        for (int i = 0; i < 4; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            GC.KeepAlive(simulator.Fork());
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }

    private static string Future(Simulator simulator)
    {
        var trace = new StringWriter();
        simulator.AddObserver(new RoughNetwork.Recorder(trace));
        simulator.RunFor(TimeSpan.FromSeconds(3));
        return trace.ToString();
    }
}
