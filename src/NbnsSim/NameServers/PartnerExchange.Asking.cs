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

    private void BeginNext(NameServer server, Instant now)
    {
        while (_current is null && _orders.TryDequeue(out var order))
        {
            server.BeginCause(order.Cause, order.Decision);
            if (order.Kind == ReplicationOrderKind.Push && IsThrottled(order.Partners[0], now))
            {
                server.SayOfPartner(now, ServerRules.PushThrottled, order.Partners[0]);
                continue;
            }

            _current = new ReplicationOperation(order);
            OpenNext(server, now, _current);
        }
    }

    /// <summary>Opens the next association; when there is none left, all maps are there.</summary>
    private void OpenNext(NameServer server, Instant now, ReplicationOperation current)
    {
        if (++current.At == current.Links.Count)
        {
            if (IsPull(current.Order))
                ChooseRecords(server, now, current);
            else
                Finish(server, now, current);
            return;
        }

        // Never one that was used before, also where the server has forgotten everything since: it may still be under way.
        _lastAssociation = long.Max(_lastAssociation + 1, now.Nanoseconds / 1000);
        var link = current.Links[current.At] with { Association = _lastAssociation };
        current.Links[current.At] = link;
        server.SayOfPartner(now, ServerRules.AssociationOpened, link.Partner);
        Ask(server, now, current, ReplicationStep.Association, new AssociationStartRequest());
    }

    private void Ask(NameServer server, Instant now, ReplicationOperation current, ReplicationStep step, ReplicationMessage message)
    {
        var link = current.Links[current.At];
        current.Step = step;
        current.Due = now + server.Dialect.PartnerTimeout;
        current.Decision = server.LastDecision;
        Send(server, link.Partner, link.Association, message);
    }

    /// <summary>Goes on with what the partner that is waited for has said.</summary>
    /// <returns>False where it is not waited for.</returns>
    private bool TryContinue(NameServer server, Instant now, ReplicationMessage message)
    {
        if (_current is not { } current || current.At >= current.Links.Count)
            return false;
        var link = current.Links[current.At];
        if (link.Partner != message.Source || link.Association != message.Association)
            return false;
        switch (message)
        {
            case AssociationReset:
                Lose(server, now, current, ServerRules.AssociationLost);
                return true;
            case AssociationStartResponse when current.Step == ReplicationStep.Association:
                current.Links[current.At] = link with { IsUp = true };
                UseAssociation(server, now, current, link.Partner);
                return true;
            case OwnerVersionMapResponse response when current.Step == ReplicationStep.Map:
                current.Links[current.At] = link with { Map = response.Versions };
                server.SayOfPartner(now, ServerRules.MapTaken, link.Partner);
                OpenNext(server, now, current);
                return true;
            case NameRecordsResponse response when current.Step == ReplicationStep.Records:
                var wanted = current.Wanted[current.NextWanted++];
                server.SayOfPartner(now, ServerRules.RecordsTaken, link.Partner, wanted.Owner);
                current.Received.Add((message.Decision, [.. response.Records.Where(record => record.Owner == wanted.Owner && record.Version >= wanted.Least && record.Version <= wanted.Most)]));
                AskForRecords(server, now, current);
                return true;
            case NameRecordsResponse response when current.Step == ReplicationStep.Verification:
                current.Result = current.Result with { Verified = current.Result.Verified + server.Verify(now, link.Partner, current.Verified, response.Records) };
                VerifyNext(server, now, current);
                return true;
            default:
                return false;
        }
    }

    private void UseAssociation(NameServer server, Instant now, ReplicationOperation current, Ipv4Address partner)
    {
        var order = current.Order;
        switch (order.Kind)
        {
            case ReplicationOrderKind.Push:
                server.SayOfPartner(now, ServerRules.PartnerNotified, partner);
                Send(server, partner, current.Links[current.At].Association, new UpdateNotification(MapOf(server, order), order.Propagates, order.Initiator));
                OpenNext(server, now, current);
                break;
            case ReplicationOrderKind.VersionBump:
                foreach (var name in order.Names)
                    server.SayOfPartner(now, ServerRules.VersionBumpAsked, partner, name: name);
                Send(server, partner, current.Links[current.At].Association, new VersionBumpRequest(order.Names));
                OpenNext(server, now, current);
                break;
            case ReplicationOrderKind.Verification:
                current.At = -1;
                VerifyNext(server, now, current);
                break;
            default:
                if (order.Map is { } map)
                {
                    current.Links[current.At] = current.Links[current.At] with { Map = map };
                    server.SayOfPartner(now, ServerRules.MapTaken, partner);
                    OpenNext(server, now, current);
                    break;
                }

                server.SayOfPartner(now, ServerRules.MapAsked, partner);
                Ask(server, now, current, ReplicationStep.Map, new OwnerVersionMapRequest());
                break;
        }
    }

    /// <summary>MS-WINSRA §3.3.5.1: all owners, or where the notification is to be passed on its initiator only.</summary>
    private static System.Collections.Immutable.ImmutableArray<OwnerVersion> MapOf(NameServer server, ReplicationOrder order) =>
        order.Propagates ? [.. server.GetOwnerVersions().Where(version => version.Owner == order.Initiator)] : server.GetOwnerVersions();

    /// <summary>MS-WINSRA §3.2.5.1: for each owner the partner that knows most, where that is more than is known here.</summary>
    private void ChooseRecords(NameServer server, Instant now, ReplicationOperation current)
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
                if (link != i || !server.TryKnowLess(owner, version, out ulong known))
                    continue;
                current.Wanted.Add(new WantedRecords(owner, known + 1, version, i));
                best[owner] = (version, -1); // once, however often a map has it
                hasNews = true;
            }

            if (!hasNews && current.Links[i].IsUp)
                server.SayOfPartner(now, ServerRules.NothingNew, current.Links[i].Partner);
        }

        AskForRecords(server, now, current);
    }

    private void AskForRecords(NameServer server, Instant now, ReplicationOperation current)
    {
        while (current.NextWanted < current.Wanted.Count && !current.Links[current.Wanted[current.NextWanted].Link].IsUp)
            current.NextWanted++;
        if (current.NextWanted < current.Wanted.Count)
        {
            var wanted = current.Wanted[current.NextWanted];
            current.At = wanted.Link;
            server.SayOfPartner(now, ServerRules.RecordsAsked, current.Links[current.At].Partner, wanted.Owner);
            Ask(server, now, current, ReplicationStep.Records, new NameRecordsRequest(wanted.Owner, wanted.Least, wanted.Most));
            return;
        }

        foreach (var (decision, records) in current.Received)
        {
            server.BeginCause(DecisionCauseKind.Message, decision);
            current.Result = current.Result.Plus(server.ReceiveUpdates(now, records));
        }

        current.At = -1;
        if (current.Order.Map is null)
            VerifyNext(server, now, current);
        else
            Finish(server, now, current);
    }

    /// <summary>
    /// MS-WINSRA §3.2.5.3, with each partner about its own records, and after a pull from all partners with each other owner. The text leaves it to the configuration whether an
    /// owner that is no partner is asked or a partner about it; WINS deletes nothing after a verification with another than the owner (message 4116 of Windows 2000).
    /// </summary>
    private void VerifyNext(NameServer server, Instant now, ReplicationOperation current)
    {
        while (++current.At < current.Links.Count)
        {
            var link = current.Links[current.At];
            if (!link.IsUp || !server.TryFindDue(link.Partner, out ulong highest))
                continue;
            current.Verified = highest;
            server.SayOfPartner(now, ServerRules.VerificationAsked, link.Partner);
            Ask(server, now, current, ReplicationStep.Verification, new NameRecordsRequest(link.Partner, 1, highest));
            return;
        }

        Finish(server, now, current);
    }

    /// <summary>The partner that is waited for is skipped, and the next one's turn comes (MS-WINSRA §3.2.5.1).</summary>
    private void Lose(NameServer server, Instant now, ReplicationOperation current, Rule rule)
    {
        var link = current.Links[current.At];
        server.SayOfPartner(now, rule, link.Partner);
        if (rule == ServerRules.PartnerLost)
            Send(server, link.Partner, link.Association, new AssociationStopRequest(IsError: true));
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
                OpenNext(server, now, current);
                break;
            case ReplicationStep.Records:
                AskForRecords(server, now, current);
                break;
            default:
                VerifyNext(server, now, current);
                break;
        }
    }

    private bool IsThrottled(Ipv4Address partner, Instant now) =>
        _failures.Count(failure => failure.Partner == partner && failure.Time + FailuresCount > now) > FailuresAllowed;

    private void Finish(NameServer server, Instant now, ReplicationOperation current)
    {
        foreach (var link in current.Links)
        {
            if (link.IsUp)
                Send(server, link.Partner, link.Association, new AssociationStopRequest(IsError: false));
        }

        _current = null;
        var order = current.Order;
        if (IsPull(order))
        {
            LastPull = current.Result;
            FollowUp(server, now, current, order);
        }

        if (order.Kind == ReplicationOrderKind.PeriodicPull && server.Dialect.PullInterval > TimeSpan.Zero)
            _nextPull = now + server.Dialect.PullInterval; // MS-WINSRA §3.2.6: when the operation completes
        BeginNext(server, now);
    }

    private static bool IsPull(ReplicationOrder order) => order.Kind is ReplicationOrderKind.Pull or ReplicationOrderKind.PeriodicPull;

    private void FollowUp(NameServer server, Instant now, ReplicationOperation current, ReplicationOrder order)
    {
        long decision = server.LastDecision;
        foreach (var ofOwner in current.Result.VersionBumps.GroupBy(bump => bump.Owner, bump => bump.Name))
            Order(server, now, new ReplicationOrder(ReplicationOrderKind.VersionBump, [ofOwner.Key], decision) { Names = [.. ofOwner] });

        foreach (var owner in order.Kind == ReplicationOrderKind.PeriodicPull ? server.FindOwnersDue() : [])
        {
            if (!order.Partners.Contains(owner))
                Order(server, now, new ReplicationOrder(ReplicationOrderKind.Verification, [owner], decision));
        }

        if (current.Result.NotifiesPartners && !server.Options.Notifies.IsEmpty)
        {
            server.SayOfPartner(now, ServerRules.PushesGroup);
            PushToAll(server, now, propagates: false, server.Options.Address, except: default);
        }

        bool hasObtained = current.Received.Exists(received => !received.Records.IsEmpty);
        if (order.Propagates && hasObtained && server.Dialect.PropagatesPushes && server.Options.Notifies.Any(partner => partner != order.Partners[0]))
        {
            server.SayOfPartner(now, ServerRules.PushPropagated, order.Partners[0], order.Initiator);
            PushToAll(server, now, propagates: true, order.Initiator, except: order.Partners[0]); // MS-WINSRA §3.3.5.1: not back, so that it does not go round
        }
    }
}
