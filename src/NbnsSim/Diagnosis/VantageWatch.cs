namespace NbnsSim.Diagnosis;

/// <summary>Works out where a capture was taken, from who speaks to whom in it.</summary>
internal sealed class VantageWatch
{
    private Ipv4Address _one;
    private Ipv4Address _other;
    private bool _isWide;

    /// <summary>How many datagrams went to every station.</summary>
    public long Broadcasts { get; private set; }

    /// <summary>How many went to one host.</summary>
    public long Unicasts { get; private set; }

    /// <summary>Where the capture was taken, as far as it has been read.</summary>
    public Vantage Vantage => new(
        Unicasts == 0 ? VantageKind.BroadcastsOnly : _isWide ? VantageKind.ManyHosts : VantageKind.OneHost,
        Unicasts == 0 || _isWide ? default : _one,
        _isWide || Unicasts == 0 ? default : _other,
        Broadcasts,
        Unicasts);

    /// <summary>Takes the next datagram.</summary>
    public void Add(Ipv4Address source, Ipv4Address destination, bool isBroadcast)
    {
        if (isBroadcast)
        {
            Broadcasts++;
            return;
        }

        if (source == destination)
            destination = default;
        if (Unicasts++ == 0)
            (_one, _other) = (source, destination);
        if (_isWide)
            return;
        bool hasOne = source == _one || destination == _one;
        bool hasOther = _other != default && (source == _other || destination == _other);
        if (hasOne && !hasOther)
            _other = default;
        else if (hasOther && !hasOne)
            (_one, _other) = (_other, default);
        else if (!hasOne)
            _isWide = true;
    }
}
