using NbnsSim.Rules;

namespace NbnsSim.NameServers;

/// <content>What time does to names: active → released → tombstone → gone (TechNet cc959221; RFC 1002 §5.1.4: active → gone).</content>
public sealed partial class NameServer
{
    /// <summary>How many names one call looks at: what is left over is due at once, so that no datagram waits behind a million names.</summary>
    private const int ScavengingBudget = 4096;

    /// <summary>How long a name waits for its owner's answer, or for its turn to be asked, before it is looked at again.</summary>
    private static readonly TimeSpan AskingPause = TimeSpan.FromMinutes(1);

    private void Scavenge(Instant now)
    {
        int budget = ScavengingBudget;
        for (int slot; (slot = _names.TakeDue(now, ref budget)) != NameSlot.None;)
        {
            if (Age(slot, now))
                _names.Schedule(slot, now);
        }
    }

    /// <summary>Takes a name through every state whose time has run out.</summary>
    /// <returns>False when nothing is left of it.</returns>
    private bool Age(int slot, Instant now)
    {
        if (_names[slot].Deadline > now.Nanoseconds)
            return true;
        var outer = _voice.BeginLapse(slot); // a name that somebody asks for ages first, and not because of that
        bool isLeft = AgeThrough(slot, now);
        _voice.Begin(outer.Kind, outer.Decision);
        return isLeft;
    }

    private bool AgeThrough(int slot, Instant now)
    {
        bool isLeft = true;
        while (isLeft && _names[slot].Deadline <= now.Nanoseconds)
        {
            _statistics.Expired++;
            isLeft = Obey(Ageing.Next(CaseOf(slot, now)), slot, now);
        }

        return isLeft;
    }

    private AgeingCase CaseOf(int slot, Instant now)
    {
        ref var name = ref _names[slot];
        return new AgeingCase
        {
            Dialect = Dialect,
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
        if (rule == ServerRules.VerifyDue)
        {
            name.Deadline = long.MaxValue;
            Say(now, slot, rule);
            name.Flags |= SlotFlags.VerifyDue;
            Changed(slot, isRefresh: true);
        }
        else if (rule == ServerRules.MemberLapsed)
        {
            _records.RemoveLapsed(slot, now, _voice.IsHeard ? SayLapsed(now, slot) : null);
        }
        else if (rule == ServerRules.Postponed || rule == ServerRules.AskedBeforeRemoval)
        {
            name.Deadline = (now + AskingPause).Nanoseconds;
            if (rule == ServerRules.Postponed)
                Say(now, slot, rule);
            else
                AskBeforeRemoval(slot, now);
        }
        else if (rule == ServerRules.AgedToTombstone)
        {
            Say(now, slot, rule);
            _records.Bury(slot, due, now);
        }
        else
        {
            Say(now, slot, rule);
            if (name.Challenge != NameSlot.None)
                Conclude(now, name.Challenge, isHeld: false, default); // the owner's time has run out while another waits for it
            else if (rule == ServerRules.AgedToReleased)
                _records.GiveUp(slot, due);
            else
                _records.Delete(slot);
            return IsRecord(_names[slot]); // gone, by itself or by a release that waited
        }

        return true;
    }

    /// <summary>Says of each member that goes that it does; made only where somebody listens.</summary>
    private Action<Ipv4Address> SayLapsed(Instant now, int slot) => member => Say(now, slot, ServerRules.MemberLapsed, member, member);
}
