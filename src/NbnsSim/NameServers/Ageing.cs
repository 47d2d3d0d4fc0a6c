using NbnsSim.Rules;

namespace NbnsSim.NameServers;

/// <summary>
/// What becomes of a record when its time has run out: active → released → tombstone → gone (TechNet cc959221; RFC 1002 §5.1.4: active → gone). Pure: each record has
/// one rule for an answer, and <see cref="Scavenger"/> does what the rule says. Whether an owner can be asked at all now is decided where that is known.
/// </summary>
internal static class Ageing
{
    /// <summary>The rule for a record whose time has run out.</summary>
    public static Rule Next(in AgeingCase c) => c switch
    {
        { IsReplica: true, State: not NameRecordState.Tombstone } => ServerRules.VerifyDue, // MS-WINSRA §3.1.6: the next exchange with its owner tells
        { State: NameRecordState.Active, HasLapsedMember: true } => ServerRules.MemberLapsed,

        // RFC 1001 §15.1.7(5): its owner is asked first; a challenge that is under way for another reason does as well.
        { State: NameRecordState.Active, IsGroup: false, Dialect.AsksBeforeRemoval: true } => c.IsDisputed ? ServerRules.Postponed : ServerRules.AskedBeforeRemoval,
        { State: NameRecordState.Active } => Unrefreshed(c.Dialect),
        { State: NameRecordState.Released } => ServerRules.AgedToTombstone,
        _ => ServerRules.AgedAway,
    };

    /// <summary>The rule for a name that nobody has refreshed, and that nobody holds any more.</summary>
    /// <param name="dialect">The server's.</param>
    public static Rule Unrefreshed(NameServerDialect dialect) => dialect.KeepsReleasedNames ? ServerRules.AgedToReleased : ServerRules.Expired;
}
