using NbnsSim.Rules;
using NbnsSim.Wire;

namespace NbnsSim.NameServers;

/// <content>What is refused because there is no room for it: see <see cref="ServerQuotas"/>.</content>
public sealed partial class NameServer
{
    private readonly ServerQuotas _quotas;

    /// <summary>Refuses a claim whose source has had its share.</summary>
    private void RefuseShare(in ServerRequest request)
    {
        _statistics.Limited++;
        if (_quotas.TellsShare(request.Source.Address))
            Log(request, WinsEventId.SourceLimited);
        Refuse(request, NbnsRcode.Refused, ServerRules.ShareUsed);
    }

    /// <summary>Refuses a claim for which the server itself has no room.</summary>
    private void RefuseFull(in ServerRequest request)
    {
        _statistics.Limited++;
        if (_quotas.TellsFull(request.Now))
            Log(request, WinsEventId.ServerFull);
        Refuse(request, NbnsRcode.ServerFailure, ServerRules.Full);
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
