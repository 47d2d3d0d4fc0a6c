using NbnsSim.Jobs;

namespace NbnsSim.Cluster.Workers;

/// <summary>What does the jobs that were last at work here: what it has read of a specification or a scenario serves all shards. A worker sees many jobs in its life, and keeps a few.</summary>
/// <param name="most">How many it keeps.</param>
/// <param name="make">Makes what does a job, of its specification.</param>
internal sealed class WorkCache(int most, Func<string, IJobWork> make)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<(string Spec, IJobWork Work)> _works = []; // the last used first: so few are found by looking at each

    /// <summary>What does the job of this specification.</summary>
    internal IJobWork this[string spec]
    {
        get
        {
            lock (_gate)
            {
                var node = _works.First;
                while (node is not null && node.Value.Spec != spec)
                    node = node.Next;
                if (node is null)
                    node = new LinkedListNode<(string, IJobWork)>((spec, make(spec)));
                else
                    _works.Remove(node);
                _works.AddFirst(node);
                if (_works.Count > most)
                    _works.RemoveLast();
                return node.Value.Work;
            }
        }
    }
}
