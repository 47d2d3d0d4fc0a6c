using NbnsSim.Protocol;

namespace NbnsSim.NameServers;

/// <summary>What has changed of a server's own records since it last notified its partners, and whether it is time to do so again (MS-WINSRA §3.3.5.1, 2a and 2b).</summary>
internal sealed class PushTriggers
{
    private readonly NameServerOptions _options;
    private int _updates;
    private bool _addressChanged;
    private long _decision; // the one behind the last change; no part of the state

    /// <summary>Makes them for a server that has nothing to tell.</summary>
    /// <param name="options">How it is set up.</param>
    public PushTriggers(NameServerOptions options) => _options = options;

    /// <summary>A copy that lives on by itself.</summary>
    public PushTriggers(PushTriggers other) => (_options, _updates, _addressChanged, _decision) = (other._options, other._updates, other._addressChanged, other._decision);

    /// <summary>Whether partners are to be notified.</summary>
    public bool IsDue => _addressChanged || (_options.Dialect.PushUpdateCount > 0 && _updates >= _options.Dialect.PushUpdateCount);

    /// <summary>A record of the server's own has a new version.</summary>
    /// <param name="decision">The decision that changes it.</param>
    public void CountUpdate(long decision)
    {
        if (_options.Notifies.IsEmpty || _options.Dialect.PushUpdateCount == 0)
            return;
        _updates = int.Min(_updates + 1, _options.Dialect.PushUpdateCount);
        _decision = decision;
    }

    /// <summary>A record of the server's own has another address, or one more.</summary>
    /// <param name="decision">The decision that changes it.</param>
    public void NoteAddressChange(long decision)
    {
        if (_options.Notifies.IsEmpty || !_options.Dialect.PushesAddressChanges)
            return;
        _addressChanged = true;
        _decision = decision;
    }

    /// <summary>Partners are being notified: counts anew.</summary>
    /// <param name="decision">The decision behind the last change.</param>
    /// <returns>Whether an address has changed, so that the notification goes on from partner to partner.</returns>
    public bool Take(out long decision)
    {
        decision = _decision;
        bool propagates = _addressChanged;
        (_updates, _addressChanged) = (0, false);
        return propagates;
    }

    /// <summary>Carries all of it.</summary>
    public void Carry(StateCodec codec)
    {
        codec.Carry(ref _updates);
        codec.Carry(ref _addressChanged);
        codec.CarryCause(ref _decision);
    }

    /// <summary>Whether both have as much to tell.</summary>
    public bool HasSameStateAs(PushTriggers other) => (_updates, _addressChanged) == (other._updates, other._addressChanged);
}
