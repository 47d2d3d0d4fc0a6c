using NbnsSim.Names;

namespace NbnsSim.NameServers;

/// <content>What a driver may take and keep: the log, and the changes of the database.</content>
public sealed partial class NameServer
{
    private readonly NameServerLog _log;
    private int[] _changes = [];
    private int _firstChange;
    private int _changeCount;

    /// <summary>The next entry of the server's log, if any. NetBT's events, which nodes log, are something else.</summary>
    /// <param name="entry">The entry.</param>
    /// <returns>False when none is left.</returns>
    public bool TryPollLog(out WinsEvent entry) => _log.TryTake(out entry);

    /// <summary>
    /// The next name that has changed since it was last taken from here, in the order of their first change; each once, however often it has changed
    /// meanwhile. Always false unless <see cref="NameServerOptions.JournalsChanges"/> is set. Commit what it gives before answers are sent.
    /// </summary>
    /// <param name="change">The change; valid until the next call into the server.</param>
    /// <returns>False when none is left.</returns>
    public bool TryPollChange(out NameServerChange change)
    {
        if (_changeCount == 0)
        {
            change = default;
            return false;
        }

        int slot = _changes[_firstChange];
        _firstChange = (_firstChange + 1) & (_changes.Length - 1);
        _changeCount--;
        ref var name = ref _names[slot];
        var kind = name.Has(SlotFlags.Removed) ? NameServerChangeKind.Removed : name.Has(SlotFlags.Stored) ? NameServerChangeKind.Stored : NameServerChangeKind.Refreshed;
        name.Flags &= ~(SlotFlags.Listed | SlotFlags.Stored);
        change = new NameServerChange(this, kind, new NetBiosName(name.High, name.Low, _names.Scopes[name.Scope]), slot);
        if (kind == NameServerChangeKind.Removed)
            _names.Free(slot);
        return true;
    }

    private void Changed(int slot, bool isRefresh = false)
    {
        if (!Options.JournalsChanges)
            return;
        ref var name = ref _names[slot];
        if (!isRefresh)
            name.Flags |= SlotFlags.Stored;
        if (name.Has(SlotFlags.Listed))
            return;
        name.Flags |= SlotFlags.Listed;
        if (_changeCount == _changes.Length)
        {
            var changes = new int[Math.Max(16, 2 * _changes.Length)];
            for (int i = 0; i < _changeCount; i++)
                changes[i] = _changes[(_firstChange + i) & (_changes.Length - 1)];
            _changes = changes;
            _firstChange = 0;
        }

        _changes[(_firstChange + _changeCount++) & (_changes.Length - 1)] = slot;
    }

    private void Log(Instant now, WinsEventId id, ulong high, ulong low, int scope, Ipv4Address address) =>
        _log.Add(new WinsEvent(now, id, new NetBiosName(high, low, _names.Scopes[scope]), address));
}
