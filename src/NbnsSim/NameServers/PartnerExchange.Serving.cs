using NbnsSim.Protocol;
using NbnsSim.Rules;

namespace NbnsSim.NameServers;

/// <content>What comes from partners: MS-WINSRA §3.1.5.1, §3.2.5.2 and §3.3.5.2.</content>
internal sealed partial class PartnerExchange
{
    /// <summary>A message comes from another server.</summary>
    public void Handle(Instant now, ReplicationMessage message)
    {
        _state.Lifetimes.Start(now);
        _voice.Begin(DecisionCauseKind.Message, message.Decision);
        switch (message)
        {
            case AssociationStartRequest:
                Accept(now, message);
                break;
            case AssociationStartResponse or OwnerVersionMapResponse or NameRecordsResponse or AssociationReset:
                if (!TryContinue(now, message))
                    Say(now, ServerRules.UnawaitedMessage, message.Source);
                break;
            default:
                Serve(now, message);
                break;
        }
    }

    /// <summary>Any server is served, a partner or not (MS-WINSRA §3.1.5.1). What it had open before, it has given up: it does one thing after the other.</summary>
    private void Accept(Instant now, ReplicationMessage message)
    {
        if (_accepted.Count >= MaxAccepted && !_accepted.ContainsKey(message.Source))
        {
            Say(now, ServerRules.AssociationRefused, message.Source);
            Send(message.Source, message.Association, new AssociationReset());
            return;
        }

        _accepted[message.Source] = message.Association;
        Say(now, ServerRules.AssociationAccepted, message.Source);
        Send(message.Source, message.Association, new AssociationStartResponse());
    }

    private void Serve(Instant now, ReplicationMessage message)
    {
        if (!_accepted.TryGetValue(message.Source, out long association) || association != message.Association)
        {
            Say(now, ServerRules.UnknownAssociation, message.Source);
            if (message is not AssociationStopRequest)
                Send(message.Source, message.Association, new AssociationReset());
            return;
        }

        switch (message)
        {
            case AssociationStopRequest:
                _accepted.Remove(message.Source);
                Say(now, ServerRules.AssociationStopped, message.Source);
                break;
            case OwnerVersionMapRequest:
                Say(now, ServerRules.MapServed, message.Source);
                Send(message.Source, association, new OwnerVersionMapResponse(_state.Owners.ToMap()));
                break;
            case NameRecordsRequest request:
                Say(now, ServerRules.RecordsServed, message.Source, request.Owner);
                Send(message.Source, association, new NameRecordsResponse(_view.RecordsOf(now, request.Owner, request.Least, request.Most)));
                break;
            case UpdateNotification notification:
                Say(now, ServerRules.Notified, message.Source);
                Order(now, new ReplicationOrder(ReplicationOrderKind.Pull, [message.Source], _voice.Last)
                {
                    Map = notification.Versions,
                    Propagates = notification.Propagates,
                    Initiator = notification.Initiator,
                });
                break;
            case VersionBumpRequest bump:
                foreach (var name in bump.Names)
                    _replicas.BumpVersion(now, name, message.Source);
                break;
            default:
                Say(now, ServerRules.UnawaitedMessage, message.Source);
                break;
        }
    }
}
