using NbnsSim.Protocol;

namespace NbnsSim.NameServers;

/// <summary>
/// What one source may hold, so that nobody can fill the server for all others, and what of that the log has been told. RFC 1002 §4.2.6 has the codes: RFS_ERR,
/// "for policy reasons server will not register this name from this host", where the source has used up its share; SRV_ERR, "cannot process name", where the
/// server's own tables are full.
/// </summary>
internal sealed class ServerQuotas
{
    /// <summary>How long the log is silent after it has said that the server is full: nobody can fill the log so.</summary>
    private static readonly TimeSpan FullPause = TimeSpan.FromHours(1);

    private readonly NameServerOptions _options;
    private readonly SourceTable? _sources;
    private Instant? _fullTold; // when the log last said so

    /// <summary>Makes them.</summary>
    /// <param name="options">How the server is set up.</param>
    /// <param name="sources">What each source holds; <see langword="null"/> where nobody counts, and no source has a limit.</param>
    public ServerQuotas(NameServerOptions options, SourceTable? sources)
    {
        _options = options;
        _sources = sources;
    }

    /// <summary>A copy that lives on by itself.</summary>
    /// <param name="other">The other one.</param>
    /// <param name="sources">The copy's accounts.</param>
    public ServerQuotas(ServerQuotas other, SourceTable? sources)
    {
        _options = other._options;
        _sources = sources;
        _fullTold = other._fullTold;
    }

    /// <summary>Whether a source may not have one more name, or one more address of a name.</summary>
    public bool IsOverNames(Ipv4Address source) => _options.NamesPerSource > 0 && Find(source) is var number && number != SourceTable.None && _sources![number].Names >= _options.NamesPerSource;

    /// <summary>Whether a source may not have one more claim waiting.</summary>
    public bool IsOverClaims(Ipv4Address source) => _options.ClaimsPerSource > 0 && Find(source) is var number && number != SourceTable.None && _sources![number].Claims >= _options.ClaimsPerSource;

    /// <summary>Whether an address is being asked about as many names as it may be.</summary>
    public bool IsAskedEnough(Ipv4Address owner) =>
        _options.ChallengesPerOwner > 0 && Find(owner) is var number && number != SourceTable.None && _sources![number].Challenges >= _options.ChallengesPerOwner;

    /// <summary>Whether the log is to be told that a source has used up its share: once as long as it holds anything.</summary>
    public bool TellsShare(Ipv4Address source)
    {
        ushort number = Find(source);
        if (number == SourceTable.None || _sources![number].IsTold)
            return false;
        _sources[number].IsTold = true;
        return true;
    }

    /// <summary>Whether the log is to be told that the server is full: once an hour.</summary>
    public bool TellsFull(Instant now)
    {
        if (_fullTold is { } told && now - told < FullPause)
            return false;
        _fullTold = now;
        return true;
    }

    /// <summary>Carries what the log has been told, which a fingerprint leaves out.</summary>
    public void Carry(StateCodec codec)
    {
        if (!codec.IsFingerprint)
            codec.Carry(ref _fullTold);
    }

    /// <summary>Whether the log has been told the same of the server in both.</summary>
    public bool HasSameStateAs(ServerQuotas other) => _fullTold == other._fullTold;

    private ushort Find(Ipv4Address source) => _sources?.Find(source) ?? SourceTable.None;
}
