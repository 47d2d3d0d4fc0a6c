using NbnsSim.Events;
using NbnsSim.Messages;

namespace NbnsSim.Nodes;

/// <content>Names in conflict: RFC 1001 §15.1.3.5, RFC 1002 §5.1.1.5; the flag is kept for each interface (MS-NBTE §3.1.1).</content>
public sealed partial class EndNode
{
    /// <summary>A name conflict demand, or a NEGATIVE response that answers nothing we asked.</summary>
    private void OnUnsolicitedRefusal(in Incoming incoming, int index, NbnsMessageKind kind)
    {
        if (index < 0)
            return;
        ref var row = ref _names[index];
        if (!IsHeld(row) || IsInConflict(row, incoming.Interface) || row.Name.IsWildcard)
            return; // RFC 1001 §15.1.3.5: only a name that was successfully registered can be in conflict
        var dialect = _options.Dialect;
        if (kind == NbnsMessageKind.NegativeNameRegistrationResponse && !dialect.UnsolicitedNegativeMeansConflict)
            return;
        if (row.IsGroup && !dialect.ConflictDemandTakesGroupNames)
            return;
        if ((dialect.SolicitedConflictsOnly || dialect.NoNameReleaseOnDemand) && !_options.NameServers.IsEmpty && !IsNameServer(incoming.Source.Address))
            return; // MS00-047, Q269239: "only works if the affected computer is configured to use WINS"

        if (row.State == LocalNameState.Registering && FindOwner(row.Name, incoming.Interface) is { } claim)
        {
            if (claim.Phase == TransactionPhase.ClaimWatch) // answered for already, so somebody may have found two owners
                OnObjection(incoming, claim);
            return;
        }

        MarkConflict(index, incoming.Interface); // RFC 1001 §15.1.3.5: only the node that receives the demand marks its name
        var rule = kind == NbnsMessageKind.NameConflictDemand ? EndNodeRules.ConflictDemand : EndNodeRules.UnsolicitedNegative;
        Log(NetBtEvent.DuplicateName(incoming.Now, incoming.Source.Address, row.Name) with { Reason = ReasonOf(incoming, rule) });
    }

    /// <summary>
    /// Marks a name: no longer defended, answered for or refreshed, and of no use until it is deleted (RFC 1001 §15.1.3.5).
    /// </summary>
    private void MarkConflict(int index, int interfaceIndex)
    {
        ref var row = ref _names[index];
        SetConflictInterfaces(ref row, row.ConflictInterfaces | 1 << interfaceIndex);
        _memory?.Debts?.Settle(row.Name, 1 << interfaceIndex);
        if (FindOwner(row.Name, interfaceIndex) is { } transaction)
            Close(transaction); // RFC 1001 §15.1.3.5: "nor should the node send name refresh messages for that name"
        if (row.ConflictInterfaces == AllInterfaces)
        {
            SetState(ref row, LocalNameState.Conflict);
            row.RefreshAt = Instant.MaxValue;
        }
    }

    private void Log(NetBtEvent logged) => (_reports ??= new NodeReports()).Add(logged);

    private static NetBtEventReason ReasonOf(in Incoming incoming, NetBtRule rule) =>
        new(rule, incoming.Source, incoming.Packet.TransactionId, incoming.IsBroadcast);
}
