using System.Collections;
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

    private readonly Slab<Holding> _holdings = new();
    private readonly KeyedSlab<CurrentKey, Current> _current = new();
    private readonly KeyedSlab<NetBiosName, NameState> _names = new();
    private readonly MachineTable _machines = new();

    /// <summary>The number of the name that a datagram is about; -1 where it is new and there is no room.</summary>
    private int NumberOf(in Sighting at, in NetBiosName name) => at.Name >= 0 ? at.Name : NumberOf(name, at.Frame);

    /// <summary>The number of a name; -1 where it is new and there is no room.</summary>
    private int NumberOf(in NetBiosName name, long frame)
    {
        int number = _names.Find(name);
        if (number >= 0)
            return number;
        if (_names.Count >= MaxHoldings)
        {
            NotKept(frame);
            return Unknown;
        }

        return _names.Add(new NameState { Name = name, Unique = Chain.Empty, Group = Chain.Empty, Recent = Unknown });
    }

    /// <summary>The holding that a host has now; -1 for none.</summary>
    private int FindCurrent(int name, Ipv4Address host)
    {
        if (name < 0)
            return Unknown;
        int recent = _names[name].Recent;
        if (recent >= 0 && _holdings[recent].Host == host)
            return recent;
        int place = _current.Find(new CurrentKey(name, host));
        int holding = place < 0 ? Unknown : _current[place].Holding;
        if (holding >= 0)
            _names[name].Recent = holding; // a name is mostly one machine's
        return holding;
    }

    /// <summary>The holding that somebody has of the name that a datagram is about; -1 for none.</summary>
    private int FindCurrent(in Sighting at, Ipv4Address host) => FindCurrent(at.Name, host);

    /// <summary>By what rule a host first showed that it holds a name; <see langword="null"/> where it does not.</summary>
    private Rule? FirstRuleOf(NetBiosName name, Ipv4Address host) => FindCurrent(_names.Find(name), host) is >= 0 and var index ? _holdings[index].SinceRule : null;

    /// <summary>Whether a machine has claimed a name as its own, or held it.</summary>
    private bool IsSomebodys(NetBiosName name) => _names.Find(name) is >= 0 and var number && (_names[number].FirstClaimant != Ipv4Address.Any || _names[number].LastUnique != Ipv4Address.Any);

    /// <summary>Whether a machine has claimed a name itself, or held it last.</summary>
    private bool IsOwn(NetBiosName name, Ipv4Address host)
    {
        if (_names.Find(name) is not (>= 0 and var number))
            return false;
        ref readonly var state = ref _names[number];
        return _machines.SameMachine(state.FirstClaimant, host) || _machines.SameMachine(state.SecondClaimant, host) || _machines.SameMachine(state.LastUnique, host);
    }

    /// <summary>Whether a machine is one of the two that are known to have claimed a name.</summary>
    private bool IsClaimant(int name, Party host)
    {
        ref readonly var state = ref _names[name];
        return (state.FirstClaimant != Ipv4Address.Any && _machines.SameMachine(state.FirstClaimant, host)) || (state.SecondClaimant != Ipv4Address.Any && _machines.SameMachine(state.SecondClaimant, host));
    }

    /// <summary>Whether a machine has claimed a name; <see langword="null"/> where nobody is seen to have.</summary>
    private bool? HasClaimed(NetBiosName name, Ipv4Address host) =>
        _names.Find(name) is >= 0 and var number && _names[number].FirstClaimant != Ipv4Address.Any ? IsClaimant(number, _machines.Find(host)) : null;

    /// <summary>Whether a machine came to hold a name last, whether or not it still does.</summary>
    private bool WasLastHeldBy(int name, Party host) => name >= 0 && _names[name].LastUnique is var last && last != Ipv4Address.Any && _machines.SameMachine(last, host);

    /// <summary>Who has a holding.</summary>
    private Party HolderOf(int holding)
    {
        ref var held = ref _holdings[holding];
        if (held.HostNumber < 0)
            held.HostNumber = _machines.Find(held.Host).Number; // it may have got one since
        return new Party(held.Host, held.HostNumber);
    }

    /// <summary>Who holds a name now, oldest first; what the loop ends of them may be the one at hand.</summary>
    private HolderEnumerator HoldersOf(in Sighting at, bool group) => HoldersOf(at.Name, at.Frame, group);

    private HolderEnumerator HoldersOf(int name, long frame, bool group) =>
        new(this, name < 0 ? Unknown : group ? _names[name].Group.First : _names[name].Unique.First, frame);

    private void Hold(in Sighting at, in NetBiosName name, Party host, bool group, Rule rule, PendingClaim? claim = null)
    {
        if (NumberOf(at, name) is not (>= 0 and var number))
            return;
        int index = FindCurrent(number, host.Address);
        if (index >= 0)
        {
            ref var held = ref _holdings[index];
            if (at.Time < held.Since) // a claim counts from its own time, though it shows only later that nobody opposed it
                (held.Since, held.SinceFrame, held.SinceRule) = (at.Time, at.Frame, rule);
            if (at.Time >= held.LastSeen)
                (held.LastSeen, held.LastSeenFrame) = (at.Time, at.Frame);
            if (at.Time >= held.LastSeen && !ReferenceEquals(held.LastSeenRule, rule)) // mostly the same: writing a reference costs more
                held.LastSeenRule = rule;
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
            _machines.NoteName(host.Address, name, group);
        host = host.Number >= 0 ? host : _machines.Find(host.Address);
        if (!group)
            NoteLastHolder(at, number, name, host);
        CompareHolders(at, number, name, host, group, rule, claim);
        index = _holdings.Count;
        ref var chain = ref ChainOf(number, group);
        _holdings.Add(new Holding
        {
            Name = number,
            Host = host.Address,
            HostNumber = host.Number,
            IsGroup = group,
            SinceRule = rule,
            LastSeenRule = rule,
            Since = at.Time,
            SinceFrame = at.Frame,
            LastSeen = at.Time,
            LastSeenFrame = at.Frame,
            Before = chain.Last,
            Next = Unknown,
        });
        if (chain.Last >= 0)
            _holdings[chain.Last].Next = index;
        else
            chain.First = index;
        chain.Last = index;
        _names[number].Recent = index;
        var key = new CurrentKey(number, host.Address);
        if (_current.Find(key) is >= 0 and var place)
            _current[place].Holding = index;
        else
            _current.Add(new Current { Key = key, Holding = index });
    }

    /// <summary>The same station comes to hold a name at another address: it has two, or has moved.</summary>
    private void NoteLastHolder(in Sighting at, int number, in NetBiosName name, Party host)
    {
        ref var state = ref _names[number];
        var (before, holding) = (state.LastUnique, state.LastHolding);
        (state.LastUnique, state.LastHolding) = (host.Address, _holdings.Count);
        if (before == Ipv4Address.Any || before == host.Address || IsMarker(name))
            return;
        var last = _machines.Find(before);
        if (!_machines.SameMachine(last, host) && (_machines.FactsOf(last).Mac is not { } mac || _machines.FactsOf(host).Mac != mac))
            return;
        _machines.AreOneMachine(before, host.Address);
        if (IsNews(FindingKind.SameMachine, at.Time, name, before, host.Address, _holdings[holding].SinceFrame, at.Frame))
            Tell($"{before} and {host.Address} hold {name} one after the other or both, and are one machine");
    }

    private void End(in Sighting at, Ipv4Address host, Rule rule)
    {
        int index = FindCurrent(at, host);
        if (index < 0)
            return;
        ref var held = ref _holdings[index];
        (held.UntilRule, held.Until, held.UntilFrame) = (rule, at.Time, at.Frame);
        _names[at.Name].Recent = Unknown;
        _current[_current.Find(new CurrentKey(at.Name, host))].Holding = Unknown;
        ref var chain = ref ChainOf(at.Name, held.IsGroup);
        if (held.Before >= 0)
            _holdings[held.Before].Next = held.Next;
        else
            chain.First = held.Next;
        if (held.Next >= 0)
            _holdings[held.Next].Before = held.Before;
        else
            chain.Last = held.Before;
    }

    private ref Chain ChainOf(int name, bool group)
    {
        ref var state = ref _names[name];
        return ref group ? ref state.Group : ref state.Unique;
    }

    /// <summary>A host logs a name's conflict once: in it, or without the name, it hears no more of it until it claims the name anew.</summary>
    private Finding WithoutWhoLoggedItBefore(Finding finding, Ipv4Address holder)
    {
        if (finding.Event is not { } logged || logged.Id == Events.NetBtEventId.DuplicateNameError || FindCurrent(_names.Find(finding.Name), holder) is not (>= 0 and var index))
            return finding;
        byte mask = 0;
        for (int i = 0; i < NetBtDialect.All.Length; i++)
            mask |= (byte)(logged.Presets.Contains(NetBtDialect.All[i]) ? 1 << i : 0);
        ref var held = ref _holdings[index];
        byte told = held.Told;
        held.Told |= mask;
        return (told & mask) == 0 ? finding : finding with { LoggedBy = [.. logged.Presets.Where(preset => (told >> NetBtDialect.All.IndexOf(preset) & 1) == 0)] };
    }

    private struct Holding
    {
        public Rule SinceRule;
        public Rule LastSeenRule;
        public Rule? UntilRule;
        public Instant Since;
        public long SinceFrame;
        public Instant LastSeen;
        public long LastSeenFrame;
        public Instant Until;
        public long UntilFrame;
        public int Name;
        public Ipv4Address Host;
        public int HostNumber; // -1 for none
        public int Before;
        public int Next;
        public bool IsGroup;
        public byte Told; // a bit for each of NetBtDialect.All that has logged its conflict

        public readonly NameHolding ToNameHolding(NetBiosName name) => new(
            name,
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

    /// <summary>What is known of a name.</summary>
    private struct NameState : IKeyed<NetBiosName>
    {
        public NetBiosName Name;
        public Chain Unique;
        public Chain Group;
        public Ipv4Address LastUnique; // who came to hold it last, also where it does not any more
        public int LastHolding;
        public Ipv4Address FirstClaimant;
        public Ipv4Address FirstServer; // that it claimed it from; 0.0.0.0 for a broadcast
        public Instant FirstClaimed;
        public Instant FirstTried; // the last of its broadcast tries
        public long FirstFrame;
        public ushort FirstId;
        public Ipv4Address SecondClaimant; // another machine
        public Ipv4Address SecondServer;
        public Instant SecondClaimed;
        public Instant SecondTried;
        public long SecondFrame;
        public Ipv4Address AskedBy; // a name server, which asked this machine whether it still has the name
        public Ipv4Address AskedHolder;
        public Instant AskedAt;
        public long AskedFrame;
        public int Recent; // the holding that was looked at last, where it has not ended; else -1
        public int Apart; // how many networks that do not hear one another were told of it

        public readonly NetBiosName Key => Name;
    }

    /// <summary>The holding that a host has of a name; -1 where it has none any more.</summary>
    private struct Current : IKeyed<CurrentKey>
    {
        public CurrentKey Key { get; set; }

        public int Holding;
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

        public NameHolding this[int index] => diagnosis._holdings[index].ToNameHolding(diagnosis._names[diagnosis._holdings[index].Name].Name);

        public IEnumerator<NameHolding> GetEnumerator()
        {
            for (int i = 0; i < Count; i++)
                yield return this[i];
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
