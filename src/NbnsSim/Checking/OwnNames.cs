using NbnsSim.Nodes;
using NbnsSim.Simulation;

namespace NbnsSim.Checking;

/// <summary>The names of all machines that are on, host by host, each in the order of its table. A structure, since it is gone through for every state.</summary>
/// <param name="simulator">The network.</param>
internal struct OwnNames(Simulator simulator)
{
    private EndNode? _node;
    private int _host = -1;
    private int _next;

    /// <summary>Whose the name is.</summary>
    public readonly record struct Row(HostId Host, EndNode Node, LocalNameInfo Own);

    /// <summary>The name.</summary>
    public Row Current { readonly get; private set; }

    /// <summary>Itself, for <c>foreach</c>.</summary>
    public readonly OwnNames GetEnumerator() => this;

    /// <summary>Goes on to the next.</summary>
    public bool MoveNext()
    {
        while (_node is null || _next == _node.NameCount)
        {
            if (++_host >= simulator.HostCount)
                return false;
            (_node, _next) = (NetworkView.NodeThatIsOn(simulator, _host), 0);
        }

        Current = new Row(new HostId(_host), _node, _node.GetName(_next++));
        return true;
    }
}
