using NbnsSim.Wire;

namespace NbnsSim.Transport;

/// <content>What must be safe before it is acknowledged: collected here, committed on another thread; the answers wait meanwhile, queries do not.</content>
public sealed partial class NbnsUdpHost
{
    /// <summary>How long after a commit that failed the next one is tried.</summary>
    private static readonly TimeSpan CommitRetryInterval = TimeSpan.FromSeconds(1);

    private CommitThread? _commits;
    private HeldDatagrams _held = null!;
    private ITimer? _commitRetry;
    private long _collected;
    private long _requested;
    private long _safe;
    private string? _stateFault; // why nothing can be saved, as it was logged
    private bool _handlesRefresh;

    private void StartCommits(string name)
    {
        if (_options.CommitChanges is null != _options.CollectChanges is null)
            throw new InvalidOperationException("CollectChanges and CommitChanges belong together.");
        if (_options.CommitChanges is null)
            return;
        _held = new HeldDatagrams(_options.MaxHeldAnswers, SendSlotSize);
        _commits = new CommitThread(_options.CommitChanges, () => _io!.Wake(), name + " commits");
        _commitRetry = _timeProvider.CreateTimer(_ => _commits.Request(0), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _commits.Start();
    }

    /// <summary>Ends the thread; what it was given is then committed, or not.</summary>
    private void EndCommits()
    {
        _commitRetry?.Dispose();
        _commits?.End(_collected);
    }

    private void Collect(Instant now)
    {
        // While nothing can be saved, the changes stay where they are: each name once, however often it changes.
        if (_commits is not null && _stateFault is null && _options.CollectChanges!(now))
            _collected++;
    }

    private void RequestCommit()
    {
        if (_collected == _requested)
            return;
        _requested = _collected;
        _commits!.Request(_collected);
    }

    /// <summary>Lets go what the last commit has made safe, or takes back what it has not.</summary>
    private void SettleCommits(Instant now)
    {
        if (_commits is null || !_commits.TryTake(out long safe, out var fault))
            return;
        _safe = safe;
        if (fault is null)
        {
            if (_stateFault is not null)
                HostLog.StateKept(_logger);
            _stateFault = null;
        }
        else
        {
            if (_stateFault != fault.Message)
                HostLog.StateLost(_logger, VisibleText.Escape(fault.Message));
            _stateFault = fault.Message;
            _commitRetry!.Change(CommitRetryInterval, Timeout.InfiniteTimeSpan);
        }

        while (_held.Count > 0 && (_held.First.Number <= safe || fault is not null))
        {
            if (_outgoing.IsFull)
                Flush(now);
            var buffer = _outgoing.Slot(_outgoing.Count);
            _held.FirstOctets.CopyTo(buffer);
            var held = _held.First;
            _held.RemoveFirst();
            int length = held.Number <= safe ? held.Length : TakeBack(buffer, held.Length, held.AnswersRefresh);
            if (length > 0)
                Send(length, held.Peer, held.Socket);
        }

        Flush(now);
    }

    /// <summary>Has a datagram wait if it promises what is not safe yet.</summary>
    /// <returns>False when it may leave at once, with the length that it now has.</returns>
    private bool Holds(Span<byte> buffer, ref int length, Ipv4Endpoint peer, int socket)
    {
        // An answer to a query promises nothing, nor does a challenge; whatever else is said comes after what it rests on.
        if (_commits is null || (NbnsOpcode)((buffer[2] >> 3) & 0xF) == NbnsOpcode.Query)
            return false;
        if (_stateFault is not null)
        {
            length = TakeBack(buffer, length, _handlesRefresh);
            return length == 0;
        }

        if (_collected == _safe)
            return false;
        if (_held.IsFull)
            _counters!.Dropped(NbnsDropReason.StateBusy);
        else
            _held.Add(buffer[..length], new Held(_collected, length, peer, socket, _handlesRefresh));
        return true;
    }

    /// <summary>Makes a refusal of an acknowledgement that cannot be kept.</summary>
    /// <returns>The length of what may leave instead; 0 where nothing may.</returns>
    private int TakeBack(Span<byte> buffer, int length, bool answersRefresh)
    {
        var flags = new NbnsFlags((ushort)((buffer[2] << 8) | buffer[3]));
        if (!flags.IsResponse || flags.Opcode == NbnsOpcode.Wack || flags.Rcode != NbnsRcode.Success)
            return length; // promises nothing
        if (!answersRefresh && NbnsPacket.TryParse(buffer[..length], out var packet) && Refusal.Write(buffer, packet) is var refusal and > 0)
            return refusal;
        _counters!.Dropped(NbnsDropReason.StateLost);
        return 0;
    }

    /// <summary>Deals with a request that there is no saving: refuses it while commits fail, drops it while too many answers wait.</summary>
    /// <returns>False for the endpoint to have it.</returns>
    private bool TurnsAway(in NbnsPacket packet, Ipv4Endpoint source, int interfaceIndex, bool isBroadcast, Instant now)
    {
        _handlesRefresh = Refusal.IsRefresh(packet);
        if (_commits is null || isBroadcast || !Refusal.Concerns(packet))
            return false;
        if (_stateFault is null)
        {
            if (!_held.IsFull)
                return false;
            _counters!.Dropped(NbnsDropReason.StateBusy);
            return true;
        }

        if (_handlesRefresh)
        {
            _counters!.Dropped(NbnsDropReason.StateLost);
            return true;
        }

        if (_outgoing.IsFull)
            Flush(now);
        int length = Refusal.Write(_outgoing.Slot(_outgoing.Count), packet);
        if (length == 0)
            return false; // of a name that cannot be read, nothing is saved
        Send(length, source, interfaceIndex);
        return true;
    }
}
