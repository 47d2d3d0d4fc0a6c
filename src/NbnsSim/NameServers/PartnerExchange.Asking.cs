using NbnsSim.Protocol;
using NbnsSim.Rules;

namespace NbnsSim.NameServers;

/// <content>
/// What the server does with partners itself: MS-WINSRA §3.2.5.1 to §3.2.5.3 and §3.3.5.1. No association is persistent (§3.1.5.1 leaves that to the configuration, and
/// NT 4.0 has none, &lt;1&gt;): each serves one operation. That a pull which a notification has set off opens one of its own, rather than going on with its partner's, is
/// inference; it costs a round trip.
/// </content>
internal sealed partial class PartnerExchange
{
    private static readonly TimeSpan FailuresCount = TimeSpan.FromMinutes(5); // MS-WINSRA <11>
    private const int FailuresAllowed = 2; // the same

    private void BeginNext(Instant now)
    {
        while (_current is null && _orders.TryDequeue(out var order))
        {
            _voice.Begin(order.Cause, order.Decision);
            if (order.Kind == ReplicationOrderKind.Push && IsThrottled(order.Partners[0], now))
            {
                Say(now, ServerRules.PushThrottled, order.Partners[0]);
                continue;
            }

            _current = new ReplicationOperation(order);
            OpenNext(now, _current);
        }
    }

    /// <summary>Opens the next association; when there is none left, all maps are there.</summary>
    private void OpenNext(Instant now, ReplicationOperation current)
    {
        if (++current.At == current.Links.Count)
        {
            if (IsPull(current.Order))
                ChooseRecords(now, current);
            else
                Finish(now, current);
            return;
        }

        // Never one that was used before, also where the server has forgotten everything since: it may still be under way.
        _lastAssociation = long.Max(_lastAssociation + 1, now.Nanoseconds / 1000);
        var link = current.Links[current.At] with { Association = _lastAssociation };
        current.Links[current.At] = link;
        Say(now, ServerRules.AssociationOpened, link.Partner);
        Ask(now, current, ReplicationStep.Association, new AssociationStartRequest());
    }

    private void Ask(Instant now, ReplicationOperation current, ReplicationStep step, ReplicationMessage message)
    {
        var link = current.Links[current.At];
        current.Step = step;
        current.Due = now + _options.Dialect.PartnerTimeout;
        current.Decision = _voice.Last;
        Send(link.Partner, link.Association, message);
    }

    /// <summary>Goes on with what the partner that is waited for has said.</summary>
    /// <returns>False where it is not waited for.</returns>
    private bool TryContinue(Instant now, ReplicationMessage message)
    {
        if (_current is not { } current || current.At >= current.Links.Count)
            return false;
        var link = current.Links[current.At];
        if (link.Partner != message.Source || link.Association != message.Association)
            return false;
        switch (message)
        {
            case AssociationReset:
                Lose(now, current, ServerRules.AssociationLost);
                return true;
            case AssociationStartResponse when current.Step == ReplicationStep.Association:
                current.Links[current.At] = link with { IsUp = true };
                UseAssociation(now, current, link.Partner);
                return true;
            case OwnerVersionMapResponse response when current.Step == ReplicationStep.Map:
                current.Links[current.At] = link with { Map = response.Versions };
                Say(now, ServerRules.MapTaken, link.Partner);
                OpenNext(now, current);
                return true;
            case NameRecordsResponse response when current.Step == ReplicationStep.Records:
                var wanted = current.Wanted[current.NextWanted++];
                Say(now, ServerRules.RecordsTaken, link.Partner, wanted.Owner);
                current.Received.Add((message.Decision, [.. response.Records.Where(record => record.Owner == wanted.Owner && record.Version >= wanted.Least && record.Version <= wanted.Most)]));
                AskForRecords(now, current);
                return true;
            case NameRecordsResponse response when current.Step == ReplicationStep.Verification:
                current.Result = current.Result with { Verified = current.Result.Verified + _view.Verify(now, link.Partner, current.Verified, response.Records) };
                VerifyNext(now, current);
                return true;
            default:
                return false;
        }
    }

    private void UseAssociation(Instant now, ReplicationOperation current, Ipv4Address partner)
    {
        var order = current.Order;
        switch (order.Kind)
        {
            case ReplicationOrderKind.Push:
                Say(now, ServerRules.PartnerNotified, partner);
                Send(partner, current.Links[current.At].Association, new UpdateNotification(MapOf(order), order.Propagates, order.Initiator));
                OpenNext(now, current);
                break;
            case ReplicationOrderKind.VersionBump:
                foreach (var name in order.Names)
                    Say(now, ServerRules.VersionBumpAsked, partner, name: name);
                Send(partner, current.Links[current.At].Association, new VersionBumpRequest(order.Names));
                OpenNext(now, current);
                break;
            case ReplicationOrderKind.Verification:
                current.At = -1;
                VerifyNext(now, current);
                break;
            default:
                if (order.Map is { } map)
                {
                    current.Links[current.At] = current.Links[current.At] with { Map = map };
                    Say(now, ServerRules.MapTaken, partner);
                    OpenNext(now, current);
                    break;
                }

                Say(now, ServerRules.MapAsked, partner);
                Ask(now, current, ReplicationStep.Map, new OwnerVersionMapRequest());
                break;
        }
    }

    /// <summary>MS-WINSRA §3.3.5.1: all owners, or where the notification is to be passed on its initiator only.</summary>
    private System.Collections.Immutable.ImmutableArray<OwnerVersion> MapOf(ReplicationOrder order) =>
        order.Propagates ? [.. _state.Owners.ToMap().Where(version => version.Owner == order.Initiator)] : _state.Owners.ToMap();

    /// <summary>MS-WINSRA §3.2.5.1: for each owner the partner that knows most, where that is more than is known here.</summary>
    private void ChooseRecords(Instant now, ReplicationOperation current)
    {
        var best = new Dictionary<Ipv4Address, (ulong Version, int Link)>();
        for (int i = 0; i < current.Links.Count; i++)
        {
            foreach (var (owner, version) in current.Links[i].Map)
            {
                if (!best.TryGetValue(owner, out var known) || known.Version < version)
                    best[owner] = (version, i);
            }
        }

        for (int i = 0; i < current.Links.Count; i++)
        {
            bool hasNews = false;
            foreach (var (owner, _) in current.Links[i].Map)
            {
                var (version, link) = best[owner];
                if (link != i || !_replicas.TryKnowLess(owner, version, out ulong known))
                    continue;
                current.Wanted.Add(new WantedRecords(owner, known + 1, version, i));
                best[owner] = (version, -1); // once, however often a map has it
                hasNews = true;
            }

            if (!hasNews && current.Links[i].IsUp)
                Say(now, ServerRules.NothingNew, current.Links[i].Partner);
        }

        AskForRecords(now, current);
    }

    private void AskForRecords(Instant now, ReplicationOperation current)
    {
        while (current.NextWanted < current.Wanted.Count && !current.Links[current.Wanted[current.NextWanted].Link].IsUp)
            current.NextWanted++;
        if (current.NextWanted < current.Wanted.Count)
        {
            var wanted = current.Wanted[current.NextWanted];
            current.At = wanted.Link;
            Say(now, ServerRules.RecordsAsked, current.Links[current.At].Partner, wanted.Owner);
            Ask(now, current, ReplicationStep.Records, new NameRecordsRequest(wanted.Owner, wanted.Least, wanted.Most));
            return;
        }

        foreach (var (decision, records) in current.Received)
        {
            _voice.Begin(DecisionCauseKind.Message, decision);
            current.Result = current.Result.Plus(_replicas.Receive(now, records));
        }

        current.At = -1;
        if (current.Order.Map is null)
            VerifyNext(now, current);
        else
            Finish(now, current);
    }

    /// <summary>
    /// MS-WINSRA §3.2.5.3, with each partner about its own records, and after a pull from all partners with each other owner. The text leaves it to the configuration whether an
    /// owner that is no partner is asked or a partner about it; WINS deletes nothing after a verification with another than the owner (message 4116 of Windows 2000).
    /// </summary>
    private void VerifyNext(Instant now, ReplicationOperation current)
    {
        while (++current.At < current.Links.Count)
        {
            var link = current.Links[current.At];
            if (!link.IsUp || !_view.TryFindDue(link.Partner, out ulong highest))
                continue;
            current.Verified = highest;
            Say(now, ServerRules.VerificationAsked, link.Partner);
            Ask(now, current, ReplicationStep.Verification, new NameRecordsRequest(link.Partner, 1, highest));
            return;
        }

        Finish(now, current);
    }

    /// <summary>The partner that is waited for is skipped, and the next one's turn comes (MS-WINSRA §3.2.5.1).</summary>
    private void Lose(Instant now, ReplicationOperation current, Rule rule)
    {
        var link = current.Links[current.At];
        Say(now, rule, link.Partner);
        if (rule == ServerRules.PartnerLost)
            Send(link.Partner, link.Association, new AssociationStopRequest(IsError: true));
        current.Links[current.At] = link with { IsUp = false, Map = [] };
        current.Result = current.Result with { PartnersLost = current.Result.PartnersLost + 1 };
        if (current.Order.Kind == ReplicationOrderKind.Push)
        {
            _failures.RemoveAll(failure => failure.Time + FailuresCount <= now);
            _failures.Add((link.Partner, now));
        }

        switch (current.Step)
        {
            case ReplicationStep.Association or ReplicationStep.Map:
                OpenNext(now, current);
                break;
            case ReplicationStep.Records:
                AskForRecords(now, current);
                break;
            default:
                VerifyNext(now, current);
                break;
        }
    }

    private bool IsThrottled(Ipv4Address partner, Instant now) =>
        _failures.Count(failure => failure.Partner == partner && failure.Time + FailuresCount > now) > FailuresAllowed;

    private void Finish(Instant now, ReplicationOperation current)
    {
        foreach (var link in current.Links)
        {
            if (link.IsUp)
                Send(link.Partner, link.Association, new AssociationStopRequest(IsError: false));
        }

        _current = null;
        var order = current.Order;
        if (IsPull(order))
        {
            LastPull = current.Result;
            FollowUp(now, current, order);
        }

        if (order.Kind == ReplicationOrderKind.PeriodicPull && _options.Dialect.PullInterval > TimeSpan.Zero)
            _nextPull = now + _options.Dialect.PullInterval; // MS-WINSRA §3.2.6: when the operation completes
        BeginNext(now);
    }

    private static bool IsPull(ReplicationOrder order) => order.Kind is ReplicationOrderKind.Pull or ReplicationOrderKind.PeriodicPull;

    private void FollowUp(Instant now, ReplicationOperation current, ReplicationOrder order)
    {
        long decision = _voice.Last;
        foreach (var ofOwner in current.Result.VersionBumps.GroupBy(bump => bump.Owner, bump => bump.Name))
            Order(now, new ReplicationOrder(ReplicationOrderKind.VersionBump, [ofOwner.Key], decision) { Names = [.. ofOwner] });

        foreach (var owner in order.Kind == ReplicationOrderKind.PeriodicPull ? _view.FindOwnersDue() : [])
        {
            if (!order.Partners.Contains(owner))
                Order(now, new ReplicationOrder(ReplicationOrderKind.Verification, [owner], decision));
        }

        if (current.Result.NotifiesPartners && !_options.Notifies.IsEmpty)
        {
            Say(now, ServerRules.PushesGroup);
            PushToAll(now, propagates: false, _options.Address, except: default);
        }

        bool hasObtained = current.Received.Exists(received => !received.Records.IsEmpty);
        if (order.Propagates && hasObtained && _options.Dialect.PropagatesPushes && _options.Notifies.Any(partner => partner != order.Partners[0]))
        {
            Say(now, ServerRules.PushPropagated, order.Partners[0], order.Initiator);
            PushToAll(now, propagates: true, order.Initiator, except: order.Partners[0]); // MS-WINSRA §3.3.5.1: not back, so that it does not go round
        }
    }
}
