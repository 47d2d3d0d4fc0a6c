using NbnsSim.Protocol;

namespace NbnsSim.Simulation;

/// <content>Datagrams that link rules keep back.</content>
public sealed partial class Simulator
{
    /// <summary>A datagram that a rule keeps, with its sender's and its receiver's interface, and its event in the queue or −1.</summary>
    private readonly record struct Kept(int Packet, int Sender, int Receiver, int Event);

    /// <summary>
    /// Those that one rule keeps. One that waits to be overtaken has an event, and is the only one from its sender for its receiver; it is found by them at once, since on a large segment a broadcast is
    /// kept back for each of its receivers.
    /// </summary>
    private sealed class KeptDatagrams
    {
        private readonly LinkedList<Kept> _inOrder = [];
        [NotState("finds those in order")]
        private readonly Dictionary<(int Sender, int Receiver), LinkedListNode<Kept>> _waiting = [];

        /// <summary>All of them, in the order in which they were kept.</summary>
        public LinkedList<Kept> InOrder => _inOrder;

        /// <summary>Keeps one more.</summary>
        /// <returns>False where one from the same sender for the same receiver waits to be overtaken already.</returns>
        public bool TryAdd(Kept kept)
        {
            var node = new LinkedListNode<Kept>(kept);
            if (kept.Event >= 0 && !_waiting.TryAdd((kept.Sender, kept.Receiver), node))
                return false;
            _inOrder.AddLast(node);
            return true;
        }

        /// <summary>The one that waits to be overtaken by its sender's next for that receiver.</summary>
        public Kept? Find(int sender, int receiver) => _waiting.TryGetValue((sender, receiver), out var node) ? node.Value : null;

        /// <summary>Forgets it.</summary>
        public void Remove(int sender, int receiver)
        {
            if (_waiting.Remove((sender, receiver), out var node))
                _inOrder.Remove(node);
        }

        /// <summary>Forgets all.</summary>
        public void Clear()
        {
            _inOrder.Clear();
            _waiting.Clear();
        }

        public KeptDatagrams Clone()
        {
            var clone = new KeptDatagrams();
            foreach (var kept in _inOrder)
                clone.TryAdd(kept);
            return clone;
        }
    }
}
