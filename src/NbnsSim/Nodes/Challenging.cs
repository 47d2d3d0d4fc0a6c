using NbnsSim.Messages;
using NbnsSim.Protocol;
using NbnsSim.Rules;
using NbnsSim.Wire;

namespace NbnsSim.Nodes;

/// <summary>A name server's word that somebody else holds the name: that node is asked, and the server told (RFC 1002 §5.1.2.1).</summary>
internal static class Challenging
{
    /// <summary>The name server says who holds the name: ask that node (RFC 1002 §5.1.2.1).</summary>
    public static void Start(ref NodeState node, Instant now, NodeTransaction transaction, Ipv4Address owner)
    {
        if (owner == Ipv4Address.Any || owner == Ipv4Address.Broadcast || owner.IsMulticast || node.Interfaces.Has(owner))
        {
            Update(ref node, now, transaction); // nobody else to ask
            return;
        }

        transaction.Target = owner;
        Steps.Begin(ref node, now, transaction, TransactionPhase.Challenge);
    }

    public static bool OnAnswer(ref NodeState node, Instant now, in Datagram incoming, NodeTransaction transaction, NbnsMessageKind kind)
    {
        bool isTarget = incoming.Source.Address == transaction.Target;
        if (!isTarget && !(kind == NbnsMessageKind.PositiveNameQueryResponse && node.Options.Dialect.TakesChallengeAnswersFromOtherAddresses && incoming.Packet.Record.HasAddress(transaction.Target)))
            return false; // a denial counts from the address asked alone: anybody may say of another that he has not
        switch (kind)
        {
            case NbnsMessageKind.PositiveNameQueryResponse: // RFC 1002 §5.1.2.1: it lives, and has the name
                node.Say(now, transaction, NodeRules.OwnerHolds, incoming.Source.Address);
                Steps.End(ref node, now, transaction, StepOutcomes.Refusal, incoming.Source.Address, NbnsRcode.ActiveError);
                return true;
            case NbnsMessageKind.NegativeNameQueryResponse when node.Options.Dialect.SkipsUpdateAfterDenial: // RFC 1002 §5.1.3.1
                node.Say(now, transaction, NodeRules.UpdateSkipped, incoming.Source.Address);
                Claiming.OnGranted(ref node, now, transaction);
                return true;
            case NbnsMessageKind.NegativeNameQueryResponse: // RFC 1002 §5.1.2.1; §5.1.3.1 forgets the update here, a slip
                Update(ref node, now, transaction);
                return true;
            case NbnsMessageKind.WaitForAcknowledgementResponse:
                Steps.Wait(ref node, now, incoming, transaction);
                return true;
            default:
                return false;
        }
    }

    /// <summary>The challenged owner does not hold the name any more: NAME UPDATE REQUEST, and obey its answer (RFC 1002 §5.1.2.1).</summary>
    public static void Update(ref NodeState node, Instant now, NodeTransaction transaction)
    {
        transaction.Target = transaction.Server;
        Steps.Begin(ref node, now, transaction, TransactionPhase.ServerUpdate);
    }
}
