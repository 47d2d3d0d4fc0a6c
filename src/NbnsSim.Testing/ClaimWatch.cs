using NbnsSim.Names;
using NbnsSim.Nodes;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;

namespace NbnsSim.Testing;

/// <summary>Every claim ends: no name is being registered for longer than a time by a machine that is on.</summary>
internal sealed class ClaimWatch
{
    private Dictionary<(HostId Host, NetBiosName Name), Instant> _since = [];

    /// <summary>Whether a name was being registered at the last look.</summary>
    public bool IsAny => _since.Count > 0;

    /// <summary>Looks at every machine's names; called after each step of time.</summary>
    /// <param name="simulator">The simulation.</param>
    /// <param name="longest">How long a claim may take.</param>
    /// <returns>Which claim has not ended, in a sentence; null where all have.</returns>
    public string? Look(Simulator simulator, TimeSpan longest)
    {
        var now = new Dictionary<(HostId, NetBiosName), Instant>();
        for (int host = 0; host < simulator.HostCount; host++)
        {
            var id = new HostId(host);
            if (simulator.NodeOf(id) is not { } node || !simulator.IsUp(id))
                continue;
            for (int i = 0; i < node.NameCount; i++)
            {
                var own = node.GetName(i);
                if (own.State != LocalNameState.Registering)
                    continue;
                var since = _since.GetValueOrDefault((id, own.Name), simulator.Now);
                if (simulator.Now - since >= longest)
                    return $"{simulator.NameOf(id)} claims {own.Name} and does not come to an end.";
                now.Add((id, own.Name), since);
            }
        }

        _since = now;
        return null;
    }
}
