using NbnsSim.Diagnosis;
using NbnsSim.Narrative;
using NbnsSim.Rules;

namespace NbnsSim.Reports.Pictures;

/// <summary>The rules that explain what frames show, where no machine says what it decided: by which rule a name came to be held or was lost, and by which an event is logged.</summary>
internal sealed class WitnessGrounds
{
    private readonly Dictionary<long, List<LadderGround>> _ofFrame = [];

    public WitnessGrounds(Verdict verdict, IReadOnlyList<NameHolding> holdings)
    {
        foreach (long frame in verdict.Incidents.SelectMany(incident => incident.Frames))
            _ofFrame.TryAdd(frame, []);
        foreach (var finding in verdict.Incidents.SelectMany(incident => incident.Events).Select(predicted => predicted.Finding).Distinct())
        {
            if (finding.Event is { } logged && finding.Frames.Count > 0)
                Add(finding.Frames[^1], logged.Rule, finding.Text);
        }

        foreach (var holding in holdings)
        {
            Add(holding.Since, holding, "from here on");
            if (holding.LastSeen.Frame != holding.Since.Frame)
                Add(holding.LastSeen, holding, "still");
            if (holding.Until is { } until)
                Add(until, holding, "no longer");
        }
    }

    public IEnumerable<LadderGround> Of(LadderPacket packet) => _ofFrame.GetValueOrDefault(packet.Frame) ?? [];

    private void Add(NameMoment moment, NameHolding holding, string how)
    {
        if (moment.Rule is { } rule && _ofFrame.ContainsKey(moment.Frame)) // of a million holdings few are drawn
            Add(moment.Frame, rule, $"{holding.Host} holds {holding.Name} {how}.");
    }

    private void Add(long frame, Rule rule, string text)
    {
        if (_ofFrame.TryGetValue(frame, out var grounds))
            grounds.Add(new LadderGround(rule, text));
    }
}
