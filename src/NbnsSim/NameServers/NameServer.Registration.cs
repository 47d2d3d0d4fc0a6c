using NbnsSim.Names;
using NbnsSim.Rules;
using NbnsSim.Wire;

namespace NbnsSim.NameServers;

/// <content>Registration, overwrite and refresh (RFC 1002 §5.1.4; WINS: TechNet cc959221).</content>
public sealed partial class NameServer
{
    private int MaxMembers => Dialect.MaxAddresses;

    private void Register(in Request request)
    {
        if (IsTooLong(request))
        {
            // By the RFC no name is so long (§4.1); WINS, which takes longer ones, has no room (observed through Samba).
            Refuse(request, Dialect.MaxNameOctets <= NbnsHeader.MaxNameLength ? NbnsRcode.FormatError : NbnsRcode.ServerFailure, ServerRules.TooLong);
            return;
        }

        if (Dialect.ChecksSuffixes && !FitsSuffix(request.Suffix, request.IsGroup))
        {
            Refuse(request, NbnsRcode.Refused, ServerRules.WrongSuffix);
            return;
        }

        if (IsIgnored(request.Suffix))
        {
            Accept(request, ServerRules.MasterBrowser);
            return;
        }

        int slot = Find(request);
        if (slot == NameSlot.None)
            AddNew(request);
        else
            Claim(slot, request);
    }

    private void Overwrite(in Request request)
    {
        if (Dialect.Overwrites == OverwritePolicy.AsRegistration)
        {
            Register(request);
            return;
        }

        if (Dialect.Overwrites == OverwritePolicy.Refuse)
        {
            Refuse(request, NbnsRcode.NotImplemented, ServerRules.UpdateRefused); // RFC 1002 §5.1.4: a secured server takes no update
            return;
        }

        int slot = Find(request);
        if (slot == NameSlot.None || IsTooLong(request))
        {
            Register(request);
        }
        else if (_names[slot].IsStatic || (_names[slot].IsGroup && request.IsGroup))
        {
            Claim(slot, request); // a member joins: by the letter it would put all others out, against RFC 1001 §15.1.3.4
        }
        else
        {
            EndDispute(request.Now, slot); // what is in dispute is not there any more
            Take(slot, request);
            Accept(request, ServerRules.UpdateReplaces);
        }
    }

    private void Refresh(in Request request)
    {
        if (Dialect.RefreshRegisters && Dialect.RefreshChallenges)
        {
            Register(request); // WINS makes no difference
            return;
        }

        int slot = IsTooLong(request) ? NameSlot.None : Find(request);
        if (slot == NameSlot.None || !_names[slot].IsActive)
        {
            if (Dialect.RefreshRegisters)
                Register(request);
            else
                Refuse(request, NbnsRcode.Refused, ServerRules.RefreshUnknown);
            return;
        }

        // RFC 1002 §5.1.4.1: NEGATIVE to a "node not allowed to have name". Anybody may be a member of a group.
        ref var name = ref _names[slot];
        bool entitled = name.IsGroup == request.IsGroup && (name.IsGroup || _names.HasAddress(name, request.Entry.Address));
        if (entitled || Dialect.RefreshChallenges)
            Claim(slot, request);
        else
            Refuse(request, NbnsRcode.ActiveError, ServerRules.NotEntitled);
    }

    private void AddNew(in Request request)
    {
        if (IsOverNames(request, out ushort source))
        {
            RefuseShare(request, source);
            return;
        }

        int scope = _names.Count < Options.MaxNames ? _names.Scopes.Acquire(request.EncodedScope) : -1;
        if (scope < 0)
        {
            RefuseFull(request);
            return;
        }

        Take(_names.Add(request.High, request.Low, scope), request);
        Accept(request, request.IsGroup ? ServerRules.GroupAdded : ServerRules.Added);
    }

    /// <summary>A claim on a name that the server has.</summary>
    private void Claim(int slot, in Request request)
    {
        ref var name = ref _names[slot];
        bool isItsAddress = name.IsActive && name.IsGroup == request.IsGroup && (KeepsNoMembers(name) || _names.HasAddress(name, request.Entry.Address));
        bool isOwners = isItsAddress && !(Dialect.ChallengesSameAddress && !name.IsGroup && request.Flags.Opcode is not (NbnsOpcode.Refresh or NbnsOpcode.RefreshAlternate));
        if (name.Challenge != NameSlot.None && isOwners)
        {
            Say(request, ServerRules.OwnerShowsItself);
            Conclude(request.Now, name.Challenge, isHeld: true, default);
        }
        else if (name.Challenge != NameSlot.None && Dialect.OwnershipCheck == OwnershipCheck.ByServer)
        {
            JoinDispute(name.Challenge, slot, request);
            return;
        }

        if (name.IsStatic && !(Options.MigrateOn && !name.IsGroup))
        {
            // cc959221: what the administrator entered is never overwritten; its own owner may well "register" it.
            if (name.IsGroup ? request.IsGroup : isItsAddress)
                Accept(request, ServerRules.StaticOwners);
            else if (request.IsGroup && !name.IsGroup && Dialect.StaticGroupClaims != StaticGroupClaimPolicy.Refuse)
                OverwriteStatic(slot, request);
            else
                Refuse(request, NbnsRcode.ActiveError, ServerRules.StaticKept);
        }
        else if (!name.IsActive)
        {
            ClaimInactive(slot, request);
        }
        else if (name.IsGroup)
        {
            ClaimGroup(slot, request);
        }
        else if (isOwners)
        {
            if (request.Flags.Opcode == NbnsOpcode.MultihomedRegistration && name.Type == NameRecordType.Unique)
            {
                name.Type = NameRecordType.Multihomed;
                Changed(slot);
            }

            Restamp(slot, request);
            Accept(request, ServerRules.OwnersClaim);
        }
        else if (Dialect.OwnershipCheck == OwnershipCheck.ByClaimant)
        {
            // END-NODE CHALLENGE: the claimant is given the owner's address and asks there itself (RFC 1002 §4.2.7).
            _names.TryGetAddress(name, 0, out var owner);
            Say(request, ServerRules.ClaimantAsks, owner);
            Answer(request, NbnsFlagWords.EndNodeChallenge, 0, new NbEntry(FlagsOf(name), owner));
        }
        else
        {
            StartChallenge(slot, request);
        }
    }

    private void ClaimInactive(int slot, in Request request)
    {
        // cc959221: a group is never overwritten by a unique name; here as long as it still answers queries (inference).
        if (_names[slot].Type == NameRecordType.NormalGroup && Dialect.AnswersReleasedGroups && !request.IsGroup)
        {
            Refuse(request, NbnsRcode.ActiveError, ServerRules.ReleasedGroupKept);
            return;
        }

        Take(slot, request); // whoever comes: same address (cc959221, version + 1) or as new
        Accept(request, ServerRules.InactiveTaken);
    }

    private void ClaimGroup(int slot, in Request request)
    {
        ref var name = ref _names[slot];
        if (!request.IsGroup)
        {
            Refuse(request, NbnsRcode.ActiveError, ServerRules.GroupKept);
            return;
        }

        var rule = ServerRules.MemberAdded;
        if (KeepsNoMembers(name) || _names.HasAddress(name, request.Entry.Address))
        {
            Restamp(slot, request);
            rule = ServerRules.MemberAgain;
        }
        else if (name.Type == NameRecordType.NormalGroup && Dialect.Groups == GroupStorage.LastMember)
        {
            Take(slot, request); // the pseudo-code of RFC 1002 §5.1.4: the entry is replaced
            rule = ServerRules.LastMember;
        }
        else
        {
            if (IsOverNames(request, out ushort source))
            {
                RefuseShare(request, source);
                return;
            }

            AddAddress(slot, request.Entry, request.TimeToLive, request.Now, request.Source.Address);
        }

        Accept(request, rule);
    }

    /// <summary>A group claim against a static unique record, as WINS took it before its fixes.</summary>
    private void OverwriteStatic(int slot, in Request request)
    {
        ref var name = ref _names[slot];
        if (Dialect.StaticGroupClaims == StaticGroupClaimPolicy.MoveRecord)
        {
            _names.ClearMembers(slot);
            name.Address = request.Entry.Address.Value; // Q166502
            Own(ref name);
            Changed(slot);
        }
        else
        {
            _names.MakeChain(slot); // Q161432: both addresses
            name.Type = NameRecordType.InternetGroup;
            name.Flags &= ~SlotFlags.Static;
            _names.Member(name.FirstMember).Deadline = DeadlineOf(request.TimeToLive, request.Now);
            int member = _names.FindMember(name, request.Entry.Address);
            if (member == NameSlot.None)
            {
                AddAddress(slot, request.Entry, request.TimeToLive, request.Now, request.Source.Address);
            }
            else
            {
                _names.Member(member).Deadline = DeadlineOf(request.TimeToLive, request.Now); // the mapping's own machine: it has that address already
                Own(ref name);
                name.Deadline = _names.EarliestDeadline(name);
                Changed(slot);
                _names.Schedule(slot, request.Now);
            }
        }

        Accept(request, ServerRules.StaticGroup);
    }

    /// <summary>POSITIVE NAME REGISTRATION RESPONSE (RFC 1002 §4.2.5).</summary>
    private void Accept(in Request request, Rule rule)
    {
        bool isRefresh = request.Flags.Opcode is NbnsOpcode.Refresh or NbnsOpcode.RefreshAlternate;
        Say(request, isRefresh && (rule == ServerRules.OwnersClaim || rule == ServerRules.MemberAgain) ? ServerRules.Refreshed : rule);
        Answer(request, NbnsFlagWords.RegistrationResponse, Granted(request.TimeToLive), request.Entry);
    }

    /// <summary>NEGATIVE NAME REGISTRATION RESPONSE (RFC 1002 §4.2.6), and what RFC 1001 §15.5.3 adds to a refused refresh.</summary>
    private void Refuse(in Request request, NbnsRcode rcode, Rule rule, Ipv4Address address = default)
    {
        if (_teller is not null)
            Say(request, rule, address != default ? address : OwnerOr(request).Address);
        _statistics.Refused++;
        if (rcode == NbnsRcode.ActiveError && Dialect.RefusalsCarryOwner)
            Answer(request, NbnsFlagWords.RegistrationResponse | (int)NbnsRcode.ActiveError, request.TimeToLive, OwnerOr(request));
        else
            Answer(request, NbnsFlagWords.RegistrationResponse, rcode);
        if (request.Flags.Opcode is NbnsOpcode.Refresh or NbnsOpcode.RefreshAlternate && rcode is NbnsRcode.ActiveError or NbnsRcode.Refused)
            Demand(request.Now, Dialect.RefusedRefreshDemand, request.High, request.Low, request.EncodedScope, request.Entry.Address);
    }

    /// <summary>
    /// The NB_FLAGS and NB_ADDRESS of a name's owner (RFC 1002 §4.2.6), the first where there are several; of a group no member's (RFC 1001 §15.1.3.4); the
    /// request's own where there is no such name.
    /// </summary>
    private NbEntry OwnerOr(in Request request)
    {
        int slot = _names.Find(request.High, request.Low, request.Scope);
        if (slot == NameSlot.None || !_names.TryGetAddress(_names[slot], 0, out var owner))
            return request.Entry;
        ref var name = ref _names[slot];
        return new NbEntry(FlagsOf(name), name.IsGroup && !KeepsNoMembers(name) ? default : owner);
    }

    private NameRecordType TypeOf(NameSuffix suffix, bool isGroup, NbnsOpcode opcode) => isGroup switch
    {
        true when suffix == NameSuffix.DomainControllers && Dialect.KeepsDomainControllers => NameRecordType.InternetGroup,
        true => NameRecordType.NormalGroup, // opcode F with G is an ordinary group registration (MS-NBTE §3.2.5)
        false => opcode == NbnsOpcode.MultihomedRegistration ? NameRecordType.Multihomed : NameRecordType.Unique,
    };

    private bool IsIgnored(NameSuffix suffix) => suffix == NameSuffix.MasterBrowser && Dialect.IgnoresMasterBrowsers;

    private static bool FitsSuffix(NameSuffix suffix, bool isGroup) => suffix switch
    {
        NameSuffix.DomainMasterBrowser => !isGroup,
        NameSuffix.DomainControllers or NameSuffix.BrowserElections => isGroup,
        _ => true,
    };

    private bool KeepsNoMembers(in NameSlot name) => name.Type == NameRecordType.NormalGroup && Dialect.Groups == GroupStorage.LimitedBroadcast;

    private NbFlags FlagsOf(in NameSlot name) => new(name.IsGroup, Dialect.ReportsNodeType ? name.NodeType : default);

    /// <summary>Where a name is, what its time has run out of done first.</summary>
    private int Find(in Request request) => Find(request.High, request.Low, request.Scope, request.Now);

    private int Find(ulong high, ulong low, int scope, Instant now)
    {
        int slot = _names.Find(high, low, scope);
        return slot == NameSlot.None || _names[slot].Deadline > now.Nanoseconds || Age(slot, now) ? slot : NameSlot.None;
    }
}
