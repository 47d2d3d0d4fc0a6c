using NbnsSim.Protocol;
using NbnsSim.Rules;

namespace NbnsSim.NameServers;

/// <content>What time does to names: active → released → tombstone → gone (TechNet cc959221; RFC 1002 §5.1.4: active → gone).</content>
public sealed partial class NameServer
{
    /// <summary>How many names one call looks at: what is left over is due at once, so that no datagram waits behind a million names.</summary>
    private const int ScavengingBudget = 4096;

    /// <summary>How long a name waits for its owner's answer, or for its turn to be asked, before it is looked at again.</summary>
    private static readonly TimeSpan AskingPause = TimeSpan.FromMinutes(1);

    private Instant? _started; // when the service started, as far as it can tell: what ScavengingInterval counts from

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
        while (_names[slot].Deadline <= now.Nanoseconds)
        {
            _statistics.Expired++;
            var due = new Instant(_names[slot].Deadline);
            ref var name = ref _names[slot];
            switch (name.State)
            {
                case not NameRecordState.Tombstone when name.Owner != 0:
                    name.Deadline = long.MaxValue;
                    Say(now, slot, ServerRules.VerifyDue);
                    name.Flags |= SlotFlags.VerifyDue; // MS-WINSRA §3.1.6: the next exchange with its owner tells
                    Changed(slot, isRefresh: true);
                    break;
                case NameRecordState.Active when name.FirstMember != NameSlot.None && _names.RemoveLapsed(slot, now.Nanoseconds, _voice.IsHeard ? SayLapsed(now, slot) : null):
                    name.Deadline = _names.EarliestDeadline(name);
                    Own(ref name);
                    Changed(slot);
                    break;
                case NameRecordState.Active when Dialect.AsksBeforeRemoval && !name.IsGroup:
                    // RFC 1001 §15.1.7(5): its owner is asked first; a challenge that is under way for another reason does as well.
                    name.Deadline = (now + AskingPause).Nanoseconds;
                    if (name.Challenge == NameSlot.None)
                        AskBeforeRemoval(slot, now);
                    else
                        Say(now, slot, ServerRules.Postponed);
                    break;
                case NameRecordState.Active when name.Challenge != NameSlot.None:
                    Say(now, slot, Dialect.KeepsReleasedNames ? ServerRules.AgedToReleased : ServerRules.Expired);
                    Conclude(now, name.Challenge, isHeld: false, default); // the owner's time has run out while another waits for it
                    if (!IsRecord(_names[slot]))
                        return false; // what waited was a release, and no released names are kept
                    break;
                case NameRecordState.Active when Dialect.KeepsReleasedNames:
                    Say(now, slot, ServerRules.AgedToReleased);
                    GiveUp(slot, due);
                    break;
                case NameRecordState.Released:
                    Say(now, slot, ServerRules.AgedToTombstone);
                    name.State = NameRecordState.Tombstone;
                    name.Deadline = AgedAt(due + Dialect.ExtinctionTimeout, now);
                    Own(ref name); // MS-WINSRA §3.1.1.2: a new version, so that partners learn of it
                    Changed(slot);
                    break;
                default:
                    Say(now, slot, name.State == NameRecordState.Tombstone ? ServerRules.AgedAway : ServerRules.Expired);
                    Delete(slot);
                    return false;
            }
        }

        return true;
    }

    /// <summary>Says of each member that goes that it does; made only where somebody listens.</summary>
    private Action<Ipv4Address> SayLapsed(Instant now, int slot) => member => Say(now, slot, ServerRules.MemberLapsed, member, member);

    private void Delete(int slot)
    {
        _voice.Forget(slot);
        _names.Remove(slot);
        _journal.WriteRemoved(slot);
    }
}
