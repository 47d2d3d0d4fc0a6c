using NbnsSim.Protocol;
using NbnsSim.Simulation;
using NbnsSim.Wire;
using static NbnsSim.Tests.Simulation.Lan;

namespace NbnsSim.Tests.Simulation;

/// <summary>The text of a trace, line by line.</summary>
public sealed class TraceWriterTests
{
    [Test]
    public void ATraceHasALineForEverythingThatHappens()
    {
        var lan = new Lan(3);
        var trace = new StringWriter();
        lan.Simulator.AddObserver(new TraceWriter(trace, TraceDetail.Timeouts));
        lan[B].Answers = true;
        lan[C].Logs = true;

        lan.Tell(A, a => a.Broadcast(0x1234));
        lan.Simulator.RunFor(TimeSpan.FromMilliseconds(1));
        var rule = lan.Simulator.AddRule(LinkRule.Loss("deaf") with { To = B });
        lan.Tell(A, (a, now) => a.Plan(now + TimeSpan.FromMilliseconds(1), 0x1235, 1, TimeSpan.Zero, "10.0.0.2"));
        lan.Simulator.RunFor(TimeSpan.FromMilliseconds(5));
        lan.Simulator.RemoveRule(rule);
        lan.Simulator.Crash(C);
        lan.Tell(A, a => a.Send(new Transmit(new Ipv4Endpoint(Ipv4Address.Parse("10.0.0.3"), 5000), 0, SourcePort: 1025), Station.Packet(0x1236, "JSMITH<03>", NbnsFlagWords.NodeStatusRequest)));
        lan.Simulator.RunFor(TimeSpan.FromMilliseconds(1));
        lan.Simulator.Restart(C);

        Assert.That(trace.ToString(), Is.EqualTo("""
            0.000000000 A command go
            0.000000000 A send #1 id 1234 to 10.0.0.255 (broadcast): NAME QUERY REQUEST PROBE<20>
            0.000500000 B send #2 id 1234 to 10.0.0.1: NEGATIVE NAME QUERY RESPONSE PROBE<20> NAM_ERR
            0.000500000 C event 4320 PROBE<20> from 10.0.0.1
            0.001000000 - rule 'deaf' added
            0.001000000 A command go
            0.002000000 A timeout
            0.002000000 A send #3 id 1235 to 10.0.0.2: NAME QUERY REQUEST PROBE<20>
            0.002500000 B lost #3 from A: rule 'deaf'
            0.006000000 - rule 'deaf' ended
            0.006000000 C crash
            0.006000000 A command go
            0.006000000 A send #4 id 1236 from port 1025 to 10.0.0.3:5000: NAME QUERY REQUEST JSMITH<03>
            0.006500000 C lost #4 from A: host is down
            0.007000000 C restart

            """.ReplaceLineEndings("\n")));
    }

    [Test]
    public void ATraceTellsWhatRulesDo()
    {
        var lan = new Lan(2);
        var trace = new StringWriter();
        lan.Simulator.AddObserver(new TraceWriter(trace, TraceDetail.Arrivals));
        lan.Simulator.AddRule(LinkRule.Duplicate("twice", delay: TimeSpan.FromMilliseconds(1)));
        lan.Simulator.AddRule(LinkRule.Delayed("slow", TimeSpan.FromMilliseconds(2)) with { Count = 1 });
        lan.Simulator.AddRule(LinkRule.Corrupt("noise") with { Skip = 1, Count = 1 });
        lan.Simulator.AddRule(LinkRule.Hold("dam") with { End = Instant.FromMilliseconds(9), Skip = 1, Count = 1 });
        lan.Tell(A, a => a.Unicast(1, "10.0.0.2"));
        lan.Simulator.RunFor(TimeSpan.FromMilliseconds(20));

        Assert.That(trace.ToString(), Is.EqualTo("""
            0.000000000 - rule 'twice' added
            0.000000000 - rule 'slow' added
            0.000000000 - rule 'noise' added
            0.000000000 - rule 'dam' added
            0.000000000 A command go
            0.000000000 A send #1 id 0001 to 10.0.0.2: NAME QUERY REQUEST PROBE<20>
            0.000500000 B duplicated #1 from A: by 0.001000000 s, rule 'twice'
            0.000500000 B delayed #1 from A: by 0.002000000 s, rule 'slow'
            0.000500000 B corrupted #1 from A: octet 38, rule 'noise'
            0.000500000 B held #1 from A: rule 'dam'
            0.002500000 B receive #1 id 0001 from A
            0.009000000 - rule 'dam' ended
            0.009000000 B released #1 from A: rule 'dam'
            0.009000000 B receive #1 id 0001 from A

            """.ReplaceLineEndings("\n")));
    }
}
