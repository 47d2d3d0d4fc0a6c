using System.Collections;
using NbnsSim.Wire;

namespace NbnsSim.Messages;

/// <summary>The names of a node status response, in the order of the packet; read from its octets when asked for.</summary>
public readonly struct NodeStatusNames : IReadOnlyList<NodeStatusName>
{
    private readonly byte[]? _octets;

    internal NodeStatusNames(byte[] octets, int count)
    {
        _octets = octets;
        Count = count;
    }

    /// <summary>NUM_NAMES: how many there are.</summary>
    public int Count { get; }

    /// <summary>One name; its scope is that of the response and not repeated.</summary>
    /// <param name="index">0 to <see cref="Count"/> − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is outside that range.</exception>
    public NodeStatusName this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            return NodeStatusName.Read(_octets.AsSpan(index * NodeStatusName.Size, NodeStatusName.Size));
        }
    }

    /// <summary>Walks through them.</summary>
    public Enumerator GetEnumerator() => new(this);

    IEnumerator<NodeStatusName> IEnumerable<NodeStatusName>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Walks through the names.</summary>
    public struct Enumerator : IEnumerator<NodeStatusName>
    {
        private readonly NodeStatusNames _names;
        private int _index;

        internal Enumerator(NodeStatusNames names)
        {
            _names = names;
            _index = -1;
        }

        /// <inheritdoc/>
        public readonly NodeStatusName Current => _names[_index];

        readonly object IEnumerator.Current => Current;

        /// <inheritdoc/>
        public bool MoveNext() => ++_index < _names.Count;

        /// <inheritdoc/>
        public void Reset() => _index = -1;

        /// <inheritdoc/>
        public readonly void Dispose()
        {
        }
    }
}
