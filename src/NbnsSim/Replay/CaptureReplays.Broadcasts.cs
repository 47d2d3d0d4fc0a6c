using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NbnsSim.Names;
using NbnsSim.Protocol;

namespace NbnsSim.Replay;

/// <content>Who has to look at a broadcast.</content>
public sealed partial class CaptureReplays
{
    /// <summary>For so many broadcast addresses it is kept who hears them and whose names these are, as long as no host hears many; for a further one everybody is asked.</summary>
    private const int MaxDomains = 16_384;

    private const int MaxDomainsEach = 64;

    private readonly Dictionary<Ipv4Address, Domain> _domains = [];
    private readonly Dictionary<NetBiosName, HashSet<int>> _asking = []; // whose node may be asking about a name, without its scope
    private readonly Stack<HashSet<int>> _spareSets = new();
    private long _memberships;
    private int[] _receivers = [];
    private int _askingRoom = -1; // nobody is kept before the first response that is broadcast: few captures have one

    /// <summary>A node is told to do something about a name, or still has to do with one that it has lost.</summary>
    internal void Asks(int index, NetBiosName name)
    {
        if (_askingRoom < 0)
            return;
        if (_askingRoom-- == 0)
            GatherAsking();
        AddAsking(index, name);
    }

    private void Broadcast(int sender, in Datagram datagram)
    {
        var destination = datagram.Destination.Address;
        bool hearsItself = sender >= 0 && _replays[sender].Host.AddressCount > 1; // its other adapters do
        if (!_domains.TryGetValue(destination, out var domain) && _domains.Count < MaxDomains && _memberships <= (long)MaxDomainsEach * _replays.Length)
            domain = MakeDomain(destination);
        if (domain is null)
        {
            for (int i = 0; i < _replays.Length; i++)
            {
                if ((i != sender || hearsItself) && _replays[i].Host.Hears(destination))
                    Deliver(i, datagram);
            }

            return;
        }

        // Receivers are copied first: what one does of it may move names.
        domain.Datagrams++;
        int count = CopyReceivers(domain, datagram);
        for (int i = 0; i < count; i++)
        {
            int receiver = _receivers[i];
            if (receiver == sender && !hearsItself)
                continue;
            Deliver(receiver, datagram);
            if (receiver != sender)
                domain.NoteKnown(receiver); // counted where it came in
        }

        if (sender >= 0)
            domain.NoteKnown(sender); // its own
    }

    /// <summary>
    /// Whoever has to look at the packet. A node lets every other broadcast go: a request about no name of its own (RFC 1002 §5.1), a response about no name of its own and none
    /// that it asks about. It may say that it does, so that where decisions are kept every response reaches all.
    /// </summary>
    /// <returns>How many there are.</returns>
    private int CopyReceivers(Domain domain, in Datagram datagram)
    {
        ref readonly var packet = ref datagram.Packet;
        if (!CaptureReplay.IsRead(datagram) || !packet.TryGetNameOctets(out ulong high, out ulong low))
            return 0; // nobody can read it
        var name = new NetBiosName(high, low);
        if (name.IsWildcard || (packet.IsResponse && _decisions is not null))
        {
            MakeRoom(domain.Members.Count);
            domain.Members.CopyTo(_receivers, 0);
            return domain.Members.Count;
        }

        if (packet.IsResponse && _askingRoom < 0)
            GatherAsking();
        var holders = domain.HoldersOf(name);
        var asking = packet.IsResponse ? _asking.GetValueOrDefault(name) : null;
        int count = holders?.Count ?? 0;
        MakeRoom(count + (asking?.Count ?? 0));
        holders?.CopyTo(_receivers);
        if (asking is null)
            return count;
        foreach (int index in asking)
        {
            if (domain.Has(index) && holders?.Contains(index) != true)
                _receivers[count++] = index;
        }

        return count;
    }

    private void MakeRoom(int receivers)
    {
        if (_receivers.Length < receivers)
            _receivers = new int[Math.Max(receivers, _receivers.Length * 2)];
    }

    /// <summary>Begins anew with what the nodes are really asking about, so that who asks for ever new names costs no more and more.</summary>
    private void GatherAsking()
    {
        foreach (var set in _asking.Values)
        {
            set.Clear();
            _spareSets.Push(set);
        }

        _asking.Clear();
        int running = 0;
        for (int i = 0; i < _replays.Length; i++)
        {
            foreach (var transaction in _replays[i].Node.Transactions)
            {
                AddAsking(i, transaction.Name);
                running++;
            }
        }

        _askingRoom = (2 * running) + (16 * _replays.Length) + 1024;
    }

    private void AddAsking(int index, NetBiosName name)
    {
        ref var asking = ref CollectionsMarshal.GetValueRefOrAddDefault(_asking, name.WithScope(null), out _);
        (asking ??= _spareSets.TryPop(out var spare) ? spare : []).Add(index);
    }

    private Domain MakeDomain(Ipv4Address broadcast)
    {
        var domain = new Domain();
        for (int i = 0; i < _replays.Length; i++)
        {
            if (!_replays[i].Host.Hears(broadcast))
                continue;
            domain.Join(i);
            _heardBy[i].Add(domain);
            foreach (var name in _replays[i].Names)
                domain.Add(name, i);
        }

        _memberships += domain.Members.Count;
        _domains[broadcast] = domain;
        return domain;
    }

    /// <summary>Who hears a broadcast address, and which of them have which name.</summary>
    private sealed class Domain
    {
        private readonly Dictionary<int, long> _members = []; // with the datagrams that need no more counting
        private readonly Dictionary<NetBiosName, HashSet<int>> _byName = []; // without scope

        /// <summary>How many went to it.</summary>
        public long Datagrams { get; set; }

        public Dictionary<int, long>.KeyCollection Members => _members.Keys;

        public void Join(int index) => _members[index] = 0;

        public bool Has(int index) => _members.ContainsKey(index);

        public long Known(int index) => _members[index];

        public void NoteKnown(int index)
        {
            ref long known = ref CollectionsMarshal.GetValueRefOrNullRef(_members, index);
            if (!Unsafe.IsNullRef(ref known))
                known++;
        }

        public HashSet<int>? HoldersOf(NetBiosName name) => _byName.GetValueOrDefault(name);

        public void Add(NetBiosName name, int index)
        {
            ref var holders = ref CollectionsMarshal.GetValueRefOrAddDefault(_byName, name.WithScope(null), out _);
            (holders ??= []).Add(index);
        }

        public void Remove(NetBiosName name, int index)
        {
            name = name.WithScope(null);
            if (_byName.TryGetValue(name, out var holders) && holders.Remove(index) && holders.Count == 0)
                _byName.Remove(name);
        }
    }
}
