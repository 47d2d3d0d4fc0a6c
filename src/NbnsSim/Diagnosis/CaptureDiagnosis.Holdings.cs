using System.Collections;
using System.Runtime.InteropServices;
using NbnsSim.Names;
using NbnsSim.Narrative;
using NbnsSim.Protocol;
using NbnsSim.Rules;

namespace NbnsSim.Diagnosis;

/// <content>
/// Who holds what, in flat tables: names and hosts are numbered as they come, holdings refer to them by number, and those of a name that
/// have not ended are chained. The keys that come from outside are hashed under a secret one.
/// </content>
public sealed partial class CaptureDiagnosis
{
    /// <summary>A holder is held against so many others of the same name; whoever has more has understood, and the account says that it is not complete.</summary>
    private const int MaxCompared = 256;

    private readonly List<Holding> _holdings = [];
    private readonly Dictionary<CurrentKey, int> _current = [];
    private readonly Dictionary<NetBiosName, int> _nameIndex = [];
    private readonly List<NameChains> _names = [];
    private readonly MachineTable _machines = new();

    /// <summary>The number of a name; -1 where it is new and there is no room.</summary>
    private int NameIndex(NetBiosName name, long frame = 0)
    {
        if (_nameIndex.TryGetValue(name, out int index))
            return index;
        if (_names.Count >= MaxHoldings)
        {
            NotKept(frame);
            return -1;
        }

        _nameIndex[name] = _names.Count;
        _names.Add(new NameChains { Name = name, Unique = Chain.Empty, Group = Chain.Empty });
        return _names.Count - 1;
    }

    /// <summary>The holding that a host has now; -1 for none.</summary>
    private int FindCurrent(NetBiosName name, Ipv4Address host) =>
        _nameIndex.TryGetValue(name, out int index) && _current.TryGetValue(new CurrentKey(index, host), out int holding) ? holding : -1;

    /// <summary>By what rule a host first showed that it holds a name; <see langword="null"/> where it does not.</summary>
    private Rule? FirstRuleOf(NetBiosName name, Ipv4Address host) => FindCurrent(name, host) is >= 0 and var index ? _holdings[index].SinceRule : null;

    /// <summary>Whether a machine has claimed a name as its own, or held it.</summary>
    private bool IsSomebodys(NetBiosName name) => _nameIndex.TryGetValue(name, out int index) && (_names[index].FirstClaimant != Ipv4Address.Any || _names[index].LastUnique != Ipv4Address.Any);

    /// <summary>Whether a machine has claimed a name itself, or held it last.</summary>
    private bool IsOwn(NetBiosName name, Ipv4Address host) => _nameIndex.TryGetValue(name, out int index) && _names[index] is var chains
        && (_machines.SameMachine(chains.FirstClaimant, host) || _machines.SameMachine(chains.SecondClaimant, host) || _machines.SameMachine(chains.LastUnique, host));

    /// <summary>Whether a machine came to hold a name last, whether or not it still does.</summary>
    private bool WasLastHeldBy(NetBiosName name, Ipv4Address host) =>
        _nameIndex.TryGetValue(name, out int index) && _names[index].LastUnique is var last && last != Ipv4Address.Any && _machines.SameMachine(last, host);

    /// <summary>Who holds a name now, oldest first; what the loop ends of them may be the one at hand.</summary>
    private HolderEnumerator HoldersOf(Sighting at, NetBiosName name, bool group)
    {
        if (!_nameIndex.TryGetValue(name, out int index))
            return new HolderEnumerator(this, -1, at.Frame);
        var chains = _names[index];
        return new HolderEnumerator(this, group ? chains.Group.First : chains.Unique.First, at.Frame);
    }

    private void Hold(Sighting at, NetBiosName name, Ipv4Address host, bool group, Rule rule, PendingClaim? claim = null)
    {
        if (NameIndex(name, at.Frame) is not (>= 0 and var nameIndex))
            return;
        var key = new CurrentKey(nameIndex, host);
        if (_current.TryGetValue(key, out int index))
        {
            ref var held = ref CollectionsMarshal.AsSpan(_holdings)[index];
            if (at.Time < held.Since) // a claim counts from its own time, though it shows only later that nobody opposed it
                (held.Since, held.SinceFrame, held.SinceRule) = (at.Time, at.Frame, rule);
            if (at.Time >= held.LastSeen)
                (held.LastSeen, held.LastSeenFrame, held.LastSeenRule) = (at.Time, at.Frame, rule);
            if (rule == NodeRules.NobodyObjected || rule == NodeRules.DemandName || rule == NodeRules.ServerGranted)
                held.Told = 0; // claimed anew: what was logged before is over
            return;
        }

        if (_holdings.Count >= MaxHoldings)
        {
            NotKept(at.Frame);
            return;
        }

        if (rule != NodeRules.AnswerQuery) // whoever answers for everything is not called so
            _machines.NoteName(host, name, group);
        if (!group)
            NoteLastHolder(at, nameIndex, name, host);
        CompareHolders(at, name, host, group, rule, claim);
        index = _holdings.Count;
        ref var chain = ref ChainOf(nameIndex, group);
        _holdings.Add(new Holding
        {
            Name = name,
            NameIndex = nameIndex,
            Host = host,
            IsGroup = group,
            SinceRule = rule,
            LastSeenRule = rule,
            Since = at.Time,
            SinceFrame = at.Frame,
            LastSeen = at.Time,
            LastSeenFrame = at.Frame,
            Before = chain.Last,
            Next = -1,
        });
        if (chain.Last >= 0)
            CollectionsMarshal.AsSpan(_holdings)[chain.Last].Next = index;
        else
            chain.First = index;
        chain.Last = index;
        _current[key] = index;
    }

    /// <summary>The same station comes to hold a name at another address: it has two, or has moved.</summary>
    private void NoteLastHolder(Sighting at, int nameIndex, NetBiosName name, Ipv4Address host)
    {
        ref var chains = ref CollectionsMarshal.AsSpan(_names)[nameIndex];
        var (before, holding) = (chains.LastUnique, chains.LastHolding);
        (chains.LastUnique, chains.LastHolding) = (host, _holdings.Count);
        if (before == Ipv4Address.Any || before == host || IsMarker(name))
            return;
        if (!_machines.SameMachine(before, host) && (_machines.FactsOf(before).Mac is not { } mac || _machines.FactsOf(host).Mac != mac))
            return;
        _machines.AreOneMachine(before, host);
        ReportSameMachine(at, name, before, host, _holdings[holding].SinceFrame);
    }

    private void ReportSameMachine(Sighting at, NetBiosName name, Ipv4Address before, Ipv4Address host, long frame) => Report(new Finding(
        FindingKind.SameMachine, at.Time, name, before, host, [frame, at.Frame],
        $"{before} and {host} hold {name} one after the other or both, and are one machine"));

    private void End(Sighting at, NetBiosName name, Ipv4Address host, Rule rule)
    {
        if (!_nameIndex.TryGetValue(name, out int nameIndex) || !_current.Remove(new CurrentKey(nameIndex, host), out int index))
            return;
        var holdings = CollectionsMarshal.AsSpan(_holdings);
        ref var held = ref holdings[index];
        (held.UntilRule, held.Until, held.UntilFrame) = (rule, at.Time, at.Frame);
        ref var chain = ref ChainOf(nameIndex, held.IsGroup);
        if (held.Before >= 0)
            holdings[held.Before].Next = held.Next;
        else
            chain.First = held.Next;
        if (held.Next >= 0)
            holdings[held.Next].Before = held.Before;
        else
            chain.Last = held.Before;
    }

    private ref Chain ChainOf(int nameIndex, bool group)
    {
        ref var chains = ref CollectionsMarshal.AsSpan(_names)[nameIndex];
        return ref group ? ref chains.Group : ref chains.Unique;
    }

    /// <summary>A host logs a name's conflict once: in it, or without the name, it hears no more of it until it claims the name anew.</summary>
    private Finding WithoutWhoLoggedItBefore(Finding finding, Ipv4Address holder)
    {
        if (finding.Event is not { } logged || logged.Id == Events.NetBtEventId.DuplicateNameError || FindCurrent(finding.Name, holder) is not (>= 0 and var index))
            return finding;
        byte mask = 0;
        for (int i = 0; i < NetBtDialect.All.Length; i++)
            mask |= (byte)(logged.Presets.Contains(NetBtDialect.All[i]) ? 1 << i : 0);
        ref var held = ref CollectionsMarshal.AsSpan(_holdings)[index];
        byte told = held.Told;
        held.Told |= mask;
        return (told & mask) == 0 ? finding : finding with { LoggedBy = [.. logged.Presets.Where(preset => (told >> NetBtDialect.All.IndexOf(preset) & 1) == 0)] };
    }

    private struct Holding
    {
        public NetBiosName Name;
        public Rule SinceRule;
        public Rule LastSeenRule;
        public Rule? UntilRule;
        public Instant Since;
        public long SinceFrame;
        public Instant LastSeen;
        public long LastSeenFrame;
        public Instant Until;
        public long UntilFrame;
        public int NameIndex;
        public Ipv4Address Host;
        public int Before;
        public int Next;
        public bool IsGroup;
        public byte Told; // a bit for each of NetBtDialect.All that has logged its conflict

        public readonly NameHolding ToNameHolding() => new(
            Name,
            Host.ToString(),
            Host,
            IsGroup,
            new NameMoment(Since, SinceRule, Frame: SinceFrame),
            new NameMoment(LastSeen, LastSeenRule, Frame: LastSeenFrame),
            UntilRule is null ? null : new NameMoment(Until, UntilRule, Frame: UntilFrame));
    }

    private struct Chain
    {
        public int First;
        public int Last;

        public static Chain Empty => new() { First = -1, Last = -1 };
    }

    private struct NameChains
    {
        public NetBiosName Name;
        public Chain Unique;
        public Chain Group;
        public Ipv4Address LastUnique; // who came to hold it last, also where it does not any more
        public int LastHolding;
        public Ipv4Address FirstClaimant;
        public Ipv4Address FirstServer; // that it claimed it from; 0.0.0.0 for a broadcast
        public Instant FirstClaimed;
        public ushort FirstId;
        public Ipv4Address SecondClaimant; // another machine
        public Ipv4Address SecondServer;
        public Instant SecondClaimed;
    }

    private readonly record struct CurrentKey(int Name, Ipv4Address Host)
    {
        public override int GetHashCode() => KeyedHash.Of(((ulong)(uint)Name << 32) | Host.Value);
    }

    /// <summary>Goes through a chain of holders; the one at hand may be ended meanwhile.</summary>
    private struct HolderEnumerator(CaptureDiagnosis diagnosis, int first, long frame)
    {
        private int _next = first;
        private int _steps;

        public int Current { get; private set; } = -1;

        public readonly HolderEnumerator GetEnumerator() => this;

        public bool MoveNext()
        {
            if (_next < 0)
                return false;
            if (++_steps > MaxCompared)
            {
                diagnosis.NotKept(frame);
                return false;
            }

            Current = _next;
            _next = diagnosis._holdings[_next].Next;
            return true;
        }
    }

    /// <summary>The holdings as they are given out, made when they are asked for.</summary>
    private sealed class HoldingList(CaptureDiagnosis diagnosis) : IReadOnlyList<NameHolding>
    {
        public int Count => diagnosis._holdings.Count;

        public NameHolding this[int index] => diagnosis._holdings[index].ToNameHolding();

        public IEnumerator<NameHolding> GetEnumerator()
        {
            for (int i = 0; i < Count; i++)
                yield return this[i];
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
