using NbnsSim.Names;
using NbnsSim.Rules;

namespace NbnsSim.NameServers;

/// <summary>
/// What time does to names: those whose time has run out are aged as <see cref="Ageing"/> says (TechNet cc959221), by a timer, or before anybody who asks sees them.
/// </summary>
/// <param name="state">The server's.</param>
/// <param name="records">What is done with its records.</param>
/// <param name="disputes">Where owners are asked before their names go.</param>
internal sealed class Scavenger(ServerState state, RecordKeeper records, Disputes disputes)
{
    /// <summary>How many names one call looks at: what is left over is due at once, so that no datagram waits behind a million names.</summary>
    private const int Budget = 4096;

    /// <summary>How long a name waits for its owner's answer, or for its turn to be asked, before it is looked at again.</summary>
    private static readonly TimeSpan AskingPause = TimeSpan.FromMinutes(1);

    private readonly NameDatabase _names = state.Names;
    private readonly ServerVoice _voice = state.Voice;

    /// <summary>Ages what is due.</summary>
    public void HandleTimeout(Instant now)
    {
        int budget = Budget;
        for (int slot; (slot = _names.TakeDue(now, ref budget)) != NameSlot.None;)
        {
            if (TryKeep(slot, now))
                _names.Schedule(slot, now);
        }
    }

    /// <summary>Where the name of a request is, or <see cref="NameSlot.None"/>; what its time has run out of is done first.</summary>
    public int Find(in ServerRequest request) => Find(request.High, request.Low, request.Scope, request.Now);

    /// <summary>Where a name is, or <see cref="NameSlot.None"/>; what its time has run out of is done first.</summary>
    public int Find(in NetBiosName name, Instant now) => Find(name.High, name.Low, state.Names.Scopes.Find(name.Scope.Encoded), now);

    /// <summary>The same by the octets of the name.</summary>
    public int Find(ulong high, ulong low, int scope, Instant now)
    {
        int slot = _names.Find(high, low, scope);
        return slot == NameSlot.None || TryKeep(slot, now) ? slot : NameSlot.None;
    }

    /// <summary>Takes a name through every state whose time has run out.</summary>
    /// <returns>False when nothing is left of it.</returns>
    public bool TryKeep(int slot, Instant now)
    {
        if (_names[slot].Deadline > now.Nanoseconds)
            return true;
        var outer = _voice.BeginLapse(slot); // a name that somebody asks for ages first, and not because of that
        bool isLeft = true;
        while (isLeft && _names[slot].Deadline <= now.Nanoseconds)
        {
            state.Counters.Expired++;
            isLeft = Obey(Ageing.Next(CaseOf(slot, now)), slot, now);
        }

        _voice.Begin(outer.Kind, outer.Decision);
        return isLeft;
    }

    private AgeingCase CaseOf(int slot, Instant now)
    {
        ref var name = ref _names[slot];
        return new AgeingCase
        {
            Dialect = state.Dialect,
            State = name.State,
            IsGroup = name.IsGroup,
            IsReplica = name.Owner != 0,
            HasLapsedMember = _names.HasLapsed(name, now.Nanoseconds),
            IsDisputed = name.Challenge != NameSlot.None,
        };
    }

    /// <summary>Does with a name what a rule of <see cref="Ageing"/> says.</summary>
    /// <returns>False when nothing is left of it.</returns>
    private bool Obey(Rule rule, int slot, Instant now)
    {
        ref var name = ref _names[slot];
        var due = new Instant(name.Deadline);
        if (rule == ServerRules.MemberLapsed)
        {
            records.RemoveLapsed(slot, now, _voice.IsHeard ? SayLapsed(now, slot) : null);
            return true;
        }

        if (rule == ServerRules.AskedBeforeRemoval)
        {
            name.Deadline = (now + AskingPause).Nanoseconds;
            disputes.AskBeforeRemoval(slot, now);
            return true;
        }

        _voice.Say(now, slot, rule);
        if (rule == ServerRules.VerifyDue)
        {
            name.Deadline = long.MaxValue;
            name.Flags |= SlotFlags.VerifyDue;
            state.Journal.Write(slot, isRefresh: true);
        }
        else if (rule == ServerRules.Postponed)
        {
            name.Deadline = (now + AskingPause).Nanoseconds;
        }
        else if (rule == ServerRules.AgedToTombstone)
        {
            records.Bury(slot, due, now);
        }
        else
        {
            if (name.Challenge != NameSlot.None)
                disputes.Conclude(now, slot, isHeld: false); // the owner's time has run out while another waits for it
            else if (rule == ServerRules.AgedToReleased)
                records.GiveUp(slot, due);
            else
                records.Delete(slot);
            return _names[slot].IsRecord; // gone, by itself or by a release that waited
        }

        return true;
    }

    /// <summary>Says of each member that goes that it does; made only where somebody listens.</summary>
    private Action<Ipv4Address> SayLapsed(Instant now, int slot) => member => _voice.Say(now, slot, ServerRules.MemberLapsed, member, member);
}
