using NbnsSim.Protocol;

namespace NbnsSim.Nodes;

/// <summary>Which of the configured name servers a node turns to first, and when it goes back to the primary (Q247559).</summary>
internal struct ServerSelection
{
    private Instant _downUntil = Instant.MinValue; // WinsDownTimeout
    private Instant _switchBackAt = Instant.MaxValue;
    private int _switchBacksLeft;
    private byte _current;
    private long _cause;

    public ServerSelection()
    {
    }

    /// <summary>When the primary is tried again.</summary>
    public readonly Instant DueAt => _switchBackAt;

    /// <summary>The decision by which the node turned from the primary, while somebody listens; no part of the state.</summary>
    public readonly long Cause => _cause;

    /// <summary>Whether name servers are left alone, none having answered lately (<c>WinsDownTimeout</c>).</summary>
    public readonly bool AreDown(Instant now) => now < _downUntil;

    /// <summary>Which is asked first. Q247559: after an hour the primary is tried "at half the TTL", whenever a name is refreshed.</summary>
    public readonly int First(bool isRefresh) => isRefresh && _switchBacksLeft == 0 ? 0 : _current;

    /// <summary>None of them answers.</summary>
    public void LeaveAlone(Instant until) => _downUntil = until;

    /// <summary>One of them answered: it is asked first from now on, where the one before it was silent.</summary>
    /// <param name="server">Which.</param>
    /// <param name="wasSilent">Whether another was silent before: only a silent one is left, not one that has answered since.</param>
    /// <param name="now">The current time.</param>
    /// <param name="timing">How often, and how often again, the primary is tried meanwhile.</param>
    /// <param name="cause">The decision because of which this one was asked.</param>
    /// <returns>Whether the node is back at the primary.</returns>
    public bool Answered(int server, bool wasSilent, Instant now, NetBtTiming timing, long cause)
    {
        _downUntil = Instant.MinValue;
        if (server == _current || (server != 0 && !wasSilent))
            return false;
        _current = (byte)server;
        _switchBacksLeft = server == 0 ? 0 : timing.SwitchBackCount;
        _switchBackAt = _switchBacksLeft == 0 ? Instant.MaxValue : now + timing.SwitchBackInterval;
        _cause = cause;
        return server == 0;
    }

    /// <summary>The primary is tried now.</summary>
    public void TrySwitchBack(Instant now, NetBtTiming timing)
    {
        _switchBacksLeft--;
        _switchBackAt = _switchBacksLeft > 0 ? now + timing.SwitchBackInterval : Instant.MaxValue;
    }

    /// <summary>The primary first, as at the start.</summary>
    public void StartOver() => (_current, _switchBacksLeft, _switchBackAt) = (0, 0, Instant.MaxValue);

    /// <summary>Carries all of it.</summary>
    /// <param name="codec">Where to, or where from.</param>
    /// <param name="options">How the node is configured.</param>
    public void Carry(StateCodec codec, EndNodeOptions options)
    {
        codec.CarryUntil(ref _downUntil);
        codec.Carry(ref _switchBackAt);
        codec.Carry(ref _switchBacksLeft);
        codec.Carry(ref _current);
        codec.CarryCause(ref _cause);
        codec.Check(_current == 0 || _current < options.NameServers.Length, "A node turns to a name server that it does not have");
    }

    public readonly bool HasSameStateAs(in ServerSelection other) =>
        (_current, _downUntil, _switchBackAt, _switchBacksLeft) == (other._current, other._downUntil, other._switchBackAt, other._switchBacksLeft);
}
