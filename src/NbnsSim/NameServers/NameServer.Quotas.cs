using NbnsSim.Rules;
using NbnsSim.Wire;

namespace NbnsSim.NameServers;

/// <content>
/// What one source may hold, so that nobody can fill the server for all others. RFC 1002 §4.2.6 has the codes: RFS_ERR, "for policy reasons server will not
/// register this name from this host", where the source has used up its share; SRV_ERR, "cannot process name", where the server's own tables are full.
/// </content>
public sealed partial class NameServer
{
    /// <summary>How long the log is silent after it has said that the server is full: nobody can fill the log so.</summary>
    private static readonly TimeSpan FullPause = TimeSpan.FromHours(1);

    private Instant? _fullTold; // when the log last said so

    /// <summary>Refuses a claim whose source has had its share. Logged once for each source as long as it holds anything.</summary>
    private void RefuseShare(in ServerRequest request, ushort source)
    {
        _statistics.Limited++;
        if (source != SourceTable.None && !_names.Sources![source].IsTold)
        {
            _names.Sources[source].IsTold = true;
            Log(request, WinsEventId.SourceLimited);
        }

        Refuse(request, NbnsRcode.Refused, ServerRules.ShareUsed);
    }

    /// <summary>Refuses a claim for which the server itself has no room. Logged once an hour.</summary>
    private void RefuseFull(in ServerRequest request)
    {
        _statistics.Limited++;
        if (_fullTold is not { } told || request.Now - told >= FullPause)
        {
            _fullTold = request.Now;
            Log(request, WinsEventId.ServerFull);
        }

        Refuse(request, NbnsRcode.ServerFailure, ServerRules.Full);
    }

    /// <summary>Whether a source may not have one more name, or one more address of a name.</summary>
    private bool IsOverNames(in ServerRequest request, out ushort source)
    {
        source = Options.NamesPerSource > 0 ? _names.Sources!.Find(request.Source.Address) : SourceTable.None;
        return source != SourceTable.None && _names.Sources![source].Names >= Options.NamesPerSource;
    }

    /// <summary>Whether a source may not have one more claim waiting.</summary>
    private bool IsOverClaims(in ServerRequest request, out ushort source)
    {
        source = Options.ClaimsPerSource > 0 ? _names.Sources!.Find(request.Source.Address) : SourceTable.None;
        return source != SourceTable.None && _names.Sources![source].Claims >= Options.ClaimsPerSource;
    }

    /// <summary>Whether an address is being asked about as many names as it may be.</summary>
    private bool IsAskedEnough(Ipv4Address owner)
    {
        ushort source = Options.ChallengesPerOwner > 0 ? _names.Sources!.Find(owner) : SourceTable.None;
        return source != SourceTable.None && _names.Sources![source].Challenges >= Options.ChallengesPerOwner;
    }

    private void Log(in ServerRequest request, WinsEventId id)
    {
        int scope = _names.Scopes.Acquire(request.EncodedScope);
        if (scope < 0)
            return;
        Log(request.Now, id, request.High, request.Low, scope, request.Source.Address);
        _names.Scopes.Release(scope);
    }
}
