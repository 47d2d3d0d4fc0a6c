using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using NbnsSim.Protocol;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;
using NbnsSim.Twins;

namespace NbnsSim.Reports;

/// <summary>A moment of a run as people say it: seconds, a frame, or nothing for the end.</summary>
public static class RunMoment
{
    /// <summary>A moment of a scenario's run: seconds from its beginning, or <c>#N</c>, a frame of a capture of every segment, for which it is run once.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="dialect">The dialect of hosts that have none of their own; null for the scenario's.</param>
    /// <param name="text">The text; null for the end.</param>
    /// <param name="time">The moment.</param>
    /// <param name="problem">What is wrong with the text; null where nothing is.</param>
    /// <returns>Whether there is such a moment.</returns>
    public static bool TryFind(Scenario scenario, NetBtDialect? dialect, string? text, out Instant time, [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        problem = null;
        time = scenario.End;
        if (text is null)
            return true;
        if (!TryFrame(text, out long frame))
        {
            if (!ScenarioWhy.TryParseTime(text, out time))
                problem = $"'{text}' is no time of a run: expected seconds from 0, or #N for a frame of its capture.";
            return problem is null;
        }

        var counter = new FrameCounter(frame);
        var run = new ScenarioRun(scenario, dialect);
        run.Simulator.AddObserver(counter);
        run.Run();
        if (counter.Time is { } found)
            time = found;
        else
            problem = string.Create(CultureInfo.InvariantCulture, $"The run has no frame {frame}: a capture of it has {counter.Count:N0}.");
        return problem is null;
    }

    /// <summary>A moment of a capture's twin: the number of a frame, with or without <c>#</c>, or <c>+SECONDS</c> of the twin's run.</summary>
    /// <param name="twin">The twin.</param>
    /// <param name="text">The text; null for the end.</param>
    /// <param name="time">The moment, by the twin's time.</param>
    /// <param name="problem">What is wrong with the text; null where nothing is.</param>
    /// <returns>Whether there is such a moment.</returns>
    public static bool TryFind(CaptureTwin twin, string? text, out Instant time, [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(twin);
        problem = null;
        time = twin.Scenario.End;
        if (text is null)
            return true;
        if (TryFrame(text.StartsWith('#') ? text : "#" + text, out long frame))
        {
            if (twin.TimeOf(frame) is { } captured)
                time = captured;
            else
                problem = string.Create(CultureInfo.InvariantCulture, $"Frame {frame} has no name service packet.");
        }
        else if (!ScenarioWhy.TryParseTime(text.StartsWith('+') ? text[1..] : text, out time))
        {
            problem = $"'{text}' is no moment of a capture: expected a frame number, or +SECONDS of its twin's run.";
        }

        return problem is null;
    }

    private static bool TryFrame(string text, out long frame)
    {
        frame = 0;
        return text.StartsWith('#') && long.TryParse(text.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out frame);
    }

    /// <summary>When the frame of a number is put on a segment.</summary>
    private sealed class FrameCounter(long frame) : SimulationObserver
    {
        public long Count { get; private set; }

        public Instant? Time { get; private set; }

        public override void Carried(Simulator simulator, in SimulatedDatagram datagram, in SimulatedFrame carried)
        {
            if (++Count == frame)
                Time = simulator.Now;
        }
    }
}
