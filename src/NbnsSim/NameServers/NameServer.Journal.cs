namespace NbnsSim.NameServers;

/// <content>What a driver may take and keep: the log, and the changes of the database.</content>
public sealed partial class NameServer
{
    private readonly NameServerLog _log;
    private readonly ChangeJournal _journal;

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
        bool isTaken = _journal.TryTake(out int slot, out var name, out var kind);
        change = isTaken ? new NameServerChange(this, kind, name, slot) : default;
        return isTaken;
    }

    private void Changed(int slot, bool isRefresh = false) => _journal.Write(slot, isRefresh);
}
