using NbnsSim.Messages;
using NbnsSim.Protocol;
using NbnsSim.Rules;
using NbnsSim.Wire;

namespace NbnsSim.Nodes;

/// <content>Which name server to ask, and what when it is silent; challenges (RFC 1002 §5.1.2.1).</content>
public sealed partial class EndNode
{
    private bool IsNameServer(Ipv4Address address) => _options.NameServers.AsSpan().Contains(address);

    /// <summary>Turns to the current name server.</summary>
    /// <returns>False where there is none, or none has answered lately.</returns>
    private bool TryBeginWithServer(Instant now, NodeTransaction transaction, TransactionPhase phase)
    {
        var servers = (_memory ?? NodeMemory.Empty).Servers;
        if (_options.NameServers.IsEmpty || servers.AreDown(now))
            return false;
        transaction.Target = transaction.Server = _options.NameServers[servers.First(phase == TransactionPhase.ServerRefresh)];
        transaction.ServersTried = 1;
        Begin(now, transaction, phase);
        return true;
    }

    /// <summary>A name server answered: it is the one to ask from now on, where the one before it was silent.</summary>
    private void NoteServerAnswered(Instant now, NodeTransaction transaction)
    {
        bool turns = transaction.Has(TransactionFlags.ServerWasSilent);
        transaction.Flags |= TransactionFlags.Answered;
        int server = _options.NameServers.IndexOf(transaction.Server);
        if (server < 0 || (_memory is null && server == 0))
            return;
        if (!(_memory ??= new NodeMemory()).Servers.Answered(server, turns, now, _options.Dialect.Timing, transaction.Decision))
            return;
        for (int i = 0; i < _names.Count; i++) // the primary is back: it has to hear of every name
        {
            if (_names[i].Has(LocalNameFlags.ByNameServer) && _names[i].State == LocalNameState.Registered && _transactions.OwnerOf(_names[i].Name) is null)
                _names.RefreshAt(i, now);
        }
    }

    /// <summary>A name server did not answer: the next one, until all were asked.</summary>
    private void OnServerSilent(Instant now, NodeTransaction transaction)
    {
        bool answered = transaction.Has(TransactionFlags.Answered);
        if (!answered)
            transaction.Flags |= TransactionFlags.ServerWasSilent;
        if (TryNextServer(now, transaction))
            return;
        if (answered && transaction.Phase == TransactionPhase.ServerQuery && transaction.FirstRcode != default)
        {
            EndStep(now, transaction, StepOutcomes.Refusal, transaction.FirstResponder, transaction.FirstRcode);
            return;
        }

        bool hasAnswered = transaction.Redirects > 0; // it is the one it named that is silent
        if (_options.Dialect.Timing.NameServerDownTimeout > TimeSpan.Zero && !hasAnswered && !transaction.Has(TransactionFlags.SwitchBack))
            (_memory ??= new NodeMemory()).Servers.LeaveAlone(now + _options.Dialect.Timing.NameServerDownTimeout);
        EndStep(now, transaction, StepOutcomes.Silence);
    }

    /// <summary>Turns to the next of the name servers.</summary>
    /// <returns>False where all were asked.</returns>
    private bool TryNextServer(Instant now, NodeTransaction transaction)
    {
        var servers = _options.NameServers;
        int current = servers.IndexOf(transaction.Server);
        if (current < 0 || transaction.ServersTried >= servers.Length || transaction.Has(TransactionFlags.SwitchBack | TransactionFlags.Withdrawal))
            return false;
        transaction.ServersTried++;
        transaction.Target = transaction.Server = servers[(current + 1) % servers.Length];
        Say(now, transaction, NodeRules.NextServer, address: transaction.Target);
        Begin(now, transaction, transaction.Phase switch
        {
            // An update request follows a server's own challenge (RFC 1002 §5.1.2.1): the next server is asked for the name first.
            TransactionPhase.ServerUpdate => TransactionPhase.ServerClaim,
            TransactionPhase.NegativePause => TransactionPhase.ServerQuery,
            var phase => phase,
        });
        return true;
    }

    /// <summary>A name server does not know the name that is looked for.</summary>
    private void OnNegativeQueryAnswer(Instant now, in Datagram incoming, NodeTransaction transaction)
    {
        if (transaction.FirstRcode == default)
            (transaction.FirstResponder, transaction.FirstRcode) = (incoming.Source.Address, incoming.Packet.Rcode);
        var pause = _options.Dialect.Timing.NegativeAnswerPause;
        if (pause == TimeSpan.Zero || _options.NameServers.Length < 2)
        {
            OnNameUnknown(now, transaction);
            return;
        }

        Say(now, transaction, NodeRules.NegativePause, incoming.Source.Address);
        transaction.Phase = TransactionPhase.NegativePause; // Q219357
        transaction.TriesLeft = 0;
        transaction.Deadline = now + pause;
    }

    private void OnNameUnknown(Instant now, NodeTransaction transaction)
    {
        bool asksNext = _options.Dialect.AsksNextServerAfterNegative && transaction.FirstRcode == NbnsRcode.NameError; // Q137780
        if (!asksNext || !TryNextServer(now, transaction))
            EndStep(now, transaction, StepOutcomes.Refusal, transaction.FirstResponder, transaction.FirstRcode);
    }

    /// <summary>Every 10 minutes, one name is refreshed with the primary name server: when it answers, all go back to it (Q247559).</summary>
    private void TrySwitchBack(Instant now, NodeMemory memory)
    {
        memory.Servers.TrySwitchBack(now, _options.Dialect.Timing);
        for (int i = 0; i < _names.Count; i++)
        {
            ref readonly var row = ref _names[i];
            if (!row.Has(LocalNameFlags.ByNameServer) || row.State != LocalNameState.Registered || _transactions.OwnerOf(row.Name) is not null)
                continue;
            if (Open(default, OperationKind.Refresh, row.Name, ClaimFlags(row) | TransactionFlags.SwitchBack, null) is { } transaction)
            {
                transaction.Target = transaction.Server = _options.NameServers[0];
                Begin(now, transaction, TransactionPhase.ServerRefresh);
            }

            return;
        }
    }

    /// <summary>The name server says who holds the name: ask that node (RFC 1002 §5.1.2.1).</summary>
    private void StartChallenge(Instant now, NodeTransaction transaction, Ipv4Address owner)
    {
        if (owner == Ipv4Address.Any || owner == Ipv4Address.Broadcast || owner.IsMulticast || _interfaces.Has(owner))
        {
            StartUpdate(now, transaction); // nobody else to ask
            return;
        }

        transaction.Target = owner;
        Begin(now, transaction, TransactionPhase.Challenge);
    }

    private bool OnChallengeAnswer(Instant now, in Datagram incoming, NodeTransaction transaction, NbnsMessageKind kind)
    {
        bool isTarget = incoming.Source.Address == transaction.Target;
        if (!isTarget && !(kind == NbnsMessageKind.PositiveNameQueryResponse && _options.Dialect.TakesChallengeAnswersFromOtherAddresses && incoming.Packet.Record.HasAddress(transaction.Target)))
            return false; // a denial counts from the address asked alone: anybody may say of another that he has not
        switch (kind)
        {
            case NbnsMessageKind.PositiveNameQueryResponse: // RFC 1002 §5.1.2.1: it lives, and has the name
                Say(now, transaction, NodeRules.OwnerHolds, incoming.Source.Address);
                EndStep(now, transaction, StepOutcomes.Refusal, incoming.Source.Address, NbnsRcode.ActiveError);
                return true;
            case NbnsMessageKind.NegativeNameQueryResponse when _options.Dialect.SkipsUpdateAfterDenial: // RFC 1002 §5.1.3.1
                Say(now, transaction, NodeRules.UpdateSkipped, incoming.Source.Address);
                OnGranted(now, transaction);
                return true;
            case NbnsMessageKind.NegativeNameQueryResponse: // RFC 1002 §5.1.2.1; §5.1.3.1 forgets the update here, a slip
                StartUpdate(now, transaction);
                return true;
            case NbnsMessageKind.WaitForAcknowledgementResponse:
                Wait(now, incoming, transaction);
                return true;
            default:
                return false;
        }
    }

    /// <summary>The challenged owner does not hold the name any more: NAME UPDATE REQUEST, and obey its answer (RFC 1002 §5.1.2.1).</summary>
    private void StartUpdate(Instant now, NodeTransaction transaction)
    {
        transaction.Target = transaction.Server;
        Begin(now, transaction, TransactionPhase.ServerUpdate);
    }
}
