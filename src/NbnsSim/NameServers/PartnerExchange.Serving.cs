using NbnsSim.Protocol;
using NbnsSim.Rules;

namespace NbnsSim.NameServers;

/// <content>What comes from partners: MS-WINSRA §3.1.5.1, §3.2.5.2 and §3.3.5.2.</content>
internal sealed partial class PartnerExchange
{
    public void Handle(NameServer server, Instant now, ReplicationMessage message)
    {
        server.BeginCause(DecisionCauseKind.Message, message.Decision);
        switch (message)
        {
            case AssociationStartRequest:
                Accept(server, now, message);
                break;
            case AssociationStartResponse or OwnerVersionMapResponse or NameRecordsResponse or AssociationReset:
                if (!TryContinue(server, now, message))
                    server.SayOfPartner(now, ServerRules.UnawaitedMessage, message.Source);
                break;
            default:
                Serve(server, now, message);
                break;
        }
    }

    /// <summary>Any server is served, a partner or not (MS-WINSRA §3.1.5.1). What it had open before, it has given up: it does one thing after the other.</summary>
    private void Accept(NameServer server, Instant now, ReplicationMessage message)
    {
        if (_accepted.Count >= MaxAccepted && !_accepted.ContainsKey(message.Source))
        {
            server.SayOfPartner(now, ServerRules.AssociationRefused, message.Source);
            Send(server, message.Source, message.Association, new AssociationReset());
            return;
        }

        _accepted[message.Source] = message.Association;
        server.SayOfPartner(now, ServerRules.AssociationAccepted, message.Source);
        Send(server, message.Source, message.Association, new AssociationStartResponse());
    }

    private void Serve(NameServer server, Instant now, ReplicationMessage message)
    {
        if (!_accepted.TryGetValue(message.Source, out long association) || association != message.Association)
        {
            server.SayOfPartner(now, ServerRules.UnknownAssociation, message.Source);
            if (message is not AssociationStopRequest)
                Send(server, message.Source, message.Association, new AssociationReset());
            return;
        }

        switch (message)
        {
            case AssociationStopRequest:
                _accepted.Remove(message.Source);
                server.SayOfPartner(now, ServerRules.AssociationStopped, message.Source);
                break;
            case OwnerVersionMapRequest:
                server.SayOfPartner(now, ServerRules.MapServed, message.Source);
                Send(server, message.Source, association, new OwnerVersionMapResponse(server.GetOwnerVersions()));
                break;
            case NameRecordsRequest request:
                server.SayOfPartner(now, ServerRules.RecordsServed, message.Source, request.Owner);
                Send(server, message.Source, association, new NameRecordsResponse(server.RecordsOf(now, request.Owner, request.Least, request.Most)));
                break;
            case UpdateNotification notification:
                server.SayOfPartner(now, ServerRules.Notified, message.Source);
                Order(server, now, new ReplicationOrder(ReplicationOrderKind.Pull, [message.Source], server.LastDecision)
                {
                    Map = notification.Versions,
                    Propagates = notification.Propagates,
                    Initiator = notification.Initiator,
                });
                break;
            case VersionBumpRequest bump:
                foreach (var name in bump.Names)
                    server.BumpVersion(now, name, message.Source);
                break;
            default:
                server.SayOfPartner(now, ServerRules.UnawaitedMessage, message.Source);
                break;
        }
    }
}
