using NbnsSim.Diagnosis;
using NbnsSim.Testing.Traffic;

namespace NbnsSim.Tests.Diagnosis.Seeds;

/// <summary>How well a verdict fits what is true.</summary>
internal enum CaseOutcome
{
    /// <summary>The cause is told, with whom it comes from and the name; or nothing, where nothing is wrong.</summary>
    Right,

    /// <summary>The cause is not told, and the capture does not show enough to tell it.</summary>
    Open,

    /// <summary>The cause is not told, though the capture shows enough to tell it.</summary>
    Missed,

    /// <summary>Another cause is told as likely or proven.</summary>
    Wrong,

    /// <summary>Nothing is said to be wrong, though the capture shows that something is.</summary>
    Nothing,
}

/// <summary>What a capture of a case came to.</summary>
/// <param name="Outcome">How well it fits.</param>
/// <param name="Told">The causes that were told as likely or proven.</param>
/// <param name="Hits">How many of the requests and responses that show the incident are among the frames told.</param>
/// <param name="Strays">How many frames are told as evidence and are none.</param>
/// <param name="Misses">How many of the requests and responses are not among them.</param>
/// <param name="Verdict">The verdict.</param>
internal sealed record CaseScore(CaseOutcome Outcome, IReadOnlyList<string> Told, int Hits, int Strays, int Misses, Verdict Verdict);

/// <summary>Has captures of a case judged, and judges the verdict.</summary>
internal static class CaseJudge
{
    /// <summary>Whether what the case is about has come about in the network: with datagrams lost, it need not.</summary>
    public static bool CameAbout(TrafficRun run) => run.Truth.Traces.All(trace => !trace.IsKey || run.Packets.Count(trace.Shows) >= trace.Least);

    /// <summary>Loses frames of a capture, and swaps those that a queue could: nothing on the way to a file holds a frame up for a second.</summary>
    public static List<TrafficSighting> Spoil(IReadOnlyList<TrafficSighting> capture, uint partsPerMillion, ulong seed)
    {
        var random = RandomStream.Derive(seed, "capture");
        var left = new List<TrafficSighting>(capture.Count);
        foreach (var sighting in capture)
        {
            if (random.Chance(partsPerMillion))
                continue;
            left.Add(sighting);
            if (left.Count > 1 && random.Chance(partsPerMillion) && left[^1].Time - left[^2].Time < TimeSpan.FromSeconds(1))
                (left[^1], left[^2]) = (left[^2], left[^1]);
        }

        return left;
    }

    public static CaseScore Judge(TrafficRun run, IReadOnlyList<TrafficSighting> capture)
    {
        var (one, truth) = (run.Class, run.Truth);
        var diagnosis = new CaptureDiagnosis();
        for (int i = 0; i < capture.Count; i++)
        {
            var (packet, time, frame, payload) = capture[i];
            diagnosis.Observe(i + 1, time, packet.Source, packet.Destination, packet.IsBroadcast, payload.Span, frame.Source);
        }

        diagnosis.Complete();
        var verdict = diagnosis.Judge();
        var sure = verdict.Incidents.Where(incident => incident.Certainty != Certainty.Possible).ToArray();
        bool isTellable = truth.Traces.All(trace => !(trace.IsKey || trace.IsSure) || capture.Count(sighting => trace.Shows(sighting.Packet)) >= trace.Least);
        var right = verdict.Incidents.Where(incident => IsRight(one, truth, incident)).ToArray();
        bool isTold = right.Any(incident => incident.Certainty != Certainty.Possible);
        bool isWrong = sure.Any(incident => !IsLost(incident, run, capture) && incident.Cause.Harm != Harm.None && incident.Cause.Id != one.Cause && !one.Or.Contains(incident.Cause.Id, StringComparer.Ordinal) && !one.Also.Contains(incident.Cause.Id, StringComparer.Ordinal));
        string[] told = [.. sure.Select(incident => incident.Cause.Id).Distinct(StringComparer.Ordinal)];
        if (one.Cause.Length == 0)
        {
            var outcome = isWrong ? CaseOutcome.Wrong : verdict.Conclusion is Conclusion.CannotTell or Conclusion.Found ? (verdict.Incidents.All(incident => IsOpen(incident) || IsLost(incident, run, capture) || (incident.Certainty == Certainty.Possible && one.Also.Contains(incident.Cause.Id, StringComparer.Ordinal))) ? CaseOutcome.Open : CaseOutcome.Missed) : CaseOutcome.Right;
            return new CaseScore(outcome, told, 0, 0, 0, verdict);
        }

        bool isHarmful = Causes.Find(one.Cause)!.Harm != Harm.None;
        bool isTroubleSeen = truth.Traces.Any(trace => trace.IsTrouble && capture.Count(sighting => trace.Shows(sighting.Packet)) >= trace.Least);
        bool isNothing = verdict.Conclusion is Conclusion.NothingWrong or Conclusion.NothingToSee || (isHarmful && verdict.Conclusion == Conclusion.Harmless);
        var (hits, strays, misses) = isTellable || isTold ? Frames(truth, capture, right) : default;
        return new CaseScore(
            isWrong ? CaseOutcome.Wrong
            : isTold || (one.Or.Contains("", StringComparer.Ordinal) && isNothing) ? CaseOutcome.Right
            : isNothing && (isTroubleSeen || (isTellable && isHarmful)) ? CaseOutcome.Nothing
            : isTellable ? CaseOutcome.Missed
            : CaseOutcome.Open,
            told, hits, strays, misses, verdict);
    }

    /// <summary>Of a release whose holder's claim is not in the capture it is right to say so.</summary>
    private static bool IsOpen(Incident incident) => incident.Cause == Causes.ReleaseSeen || incident.Cause.Harm == Harm.None;

    /// <summary>
    /// Whether a machine got no answer in the network itself, where datagrams were lost. It is right to say that it may be the name server, and that it is, where the capture has nothing that
    /// the name server said to that machine before or after that: that it came up, or went down, just then would look the same.
    /// </summary>
    private static bool IsLost(Incident incident, TrafficRun run, IReadOnlyList<TrafficSighting> capture) =>
        (incident.Cause == Causes.ServerSilent || incident.Cause == Causes.NotANameServer) && incident.Parties is [var server, ..] && incident.Names.Any(name => run.IsUnanswered(name, server.Address))
        && (incident.Certainty == Certainty.Possible || incident.Parties.Skip(1).All(client => !Speaks(capture, server.Address, client.Address, it => it.Time < incident.Since) || !Speaks(capture, server.Address, client.Address, it => it.Time > incident.Since)));

    private static bool Speaks(IReadOnlyList<TrafficSighting> capture, Ipv4Address from, Ipv4Address to, Func<TrafficSighting, bool> when) =>
        capture.Any(sighting => sighting.Packet.Source.Address == from && sighting.Packet.Destination.Address == to && when(sighting));

    private static bool IsRight(TrafficClass one, TrafficTruth truth, Incident incident) =>
        (incident.Cause.Id == one.Cause || one.Or.Contains(incident.Cause.Id, StringComparer.Ordinal))
        && (truth.Name is null || incident.Names.IsEmpty || incident.Names.Any(name => name.BaseName == truth.Name))
        && (truth.Culprit is not { } culprit || incident.Parties.Any(party => party.Address == culprit.Address));

    /// <summary>Requests count once with all their repeats: who names one of them has named the request.</summary>
    private static (int Hits, int Strays, int Misses) Frames(TrafficTruth truth, IReadOnlyList<TrafficSighting> capture, Incident[] told)
    {
        var named = told.SelectMany(incident => incident.Frames).ToHashSet();
        var units = new Dictionary<object, bool>();
        int strays = 0;
        for (int i = 0; i < capture.Count; i++)
        {
            var packet = capture[i].Packet;
            bool isNamed = named.Contains(i + 1);
            bool isOptional = false;
            bool isPart = false;
            for (int j = 0; j < truth.Traces.Length; j++)
            {
                var trace = truth.Traces[j];
                if (!trace.Shows(packet))
                    continue;
                if (trace.IsOptional)
                {
                    isOptional = true;
                    continue;
                }

                object unit = trace.IsOnce ? (j, packet.Name.BaseName) : packet.Request;
                units[unit] = units.GetValueOrDefault(unit) || isNamed;
                isPart = true;
            }

            strays += isNamed && !isPart && !isOptional ? 1 : 0;
        }

        int hits = units.Values.Count(isHit => isHit);
        return (hits, strays, units.Count - hits);
    }
}
