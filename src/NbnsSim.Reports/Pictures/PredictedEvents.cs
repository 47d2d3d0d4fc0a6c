using System.Globalization;
using NbnsSim.Diagnosis;
using NbnsSim.Events;
using NbnsSim.Protocol;

namespace NbnsSim.Reports.Pictures;

/// <summary>The events that machines log because of what a capture shows, as Event Viewer would show them.</summary>
internal static class PredictedEvents
{
    private const int MaxEvents = 20;

    public static IReadOnlyList<PictureEvent> Of(Verdict verdict, NetBtDialect? dialect, PictureClock clock, Func<Ipv4Address, string?> nameOf)
    {
        var shown = new List<PictureEvent>();
        foreach (var predicted in verdict.Incidents.SelectMany(incident => incident.Events).DistinctBy(one => (one.Host, one.Name, one.Finding.Event?.Id)))
        {
            var finding = predicted.Finding;
            if (finding.Event is not { } rule || (dialect is not null && !finding.IsLoggedBy(dialect)) || shown.Count >= MaxEvents)
                continue;
            var logged = rule.Id switch
            {
                NetBtEventId.DuplicateName => NetBtEvent.DuplicateName(finding.Time, finding.Other, predicted.Name),
                NetBtEventId.NameRelease => NetBtEvent.NameRelease(finding.Time, finding.Other, predicted.Name),
                NetBtEventId.DuplicateNameError => NetBtEvent.DuplicateNameError(finding.Time, finding.Other, predicted.Name, finding.Host),
                _ => null,
            };
            if (logged is null)
                continue;
            logged = logged with { SaysComputer = dialect is { EventsSayComputer: true } };
            string who = predicted.Host == Ipv4Address.Any ? "Whoever holds it" : nameOf(predicted.Host) ?? predicted.Host.ToString();
            string systems = dialect is not null ? dialect.Title : VerdictText.Systems(finding.LoggedBy);
            shown.Add(new PictureEvent(
                $"{who} logs {logged.Id.ToString(CultureInfo.InvariantCulture)} about {predicted.Name}, as {systems}",
                EventViewerText.Format(logged, who, clock.Full(finding.Time), 72),
                $"{VerdictText.Sentence(finding.Text)} {rule.Rule.Sentence} ({rule.Rule.Id}, {rule.Rule.Basis.Word()}: {rule.Rule.Source})"));
        }

        return shown;
    }
}
