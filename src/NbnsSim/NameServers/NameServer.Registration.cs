using NbnsSim.Names;
using NbnsSim.Rules;
using NbnsSim.Wire;

namespace NbnsSim.NameServers;

/// <content>Registration, overwrite and refresh (RFC 1002 §5.1.4; WINS: TechNet cc959221).</content>
public sealed partial class NameServer
{
    private int MaxMembers => _records.MaxMembers;

    private bool IsTooLong(in ServerRequest request) => request.EncodedName.Length > Dialect.MaxNameOctets;

    /// <summary>A claim, an update or a refresh: what <see cref="Admission"/> says of it is done.</summary>
    private void Admit(in ServerRequest request, AdmissionKind kind)
    {
        var situation = CaseOf(request, kind);
        int slot = NameSlot.None;
        var rule = Admission.BeforeLookUp(situation);
        if (rule is null)
        {
            slot = Find(request);
            situation = CaseOf(situation, request, slot);
            rule = Admission.AfterLookUp(situation);
        }

        if (Admission.ShowsOwner(situation, rule))
        {
            Say(request, ServerRules.OwnerShowsItself);
            Conclude(request.Now, _names[slot].Challenge, isHeld: true, default);
        }

        Obey(rule, slot, request);
    }

    /// <summary>Does what a rule of <see cref="Admission"/> says.</summary>
    private void Obey(Rule rule, int slot, in ServerRequest request)
    {
        if (rule == ServerRules.Added || rule == ServerRules.GroupAdded)
            AddNew(request, rule);
        else if (rule == ServerRules.Refreshed || rule == ServerRules.OwnersClaim || rule == ServerRules.MemberAgain)
            GrantAgain(slot, request, rule);
        else if (rule == ServerRules.MemberAdded)
            AddMember(slot, request);
        else if (rule == ServerRules.Dispute)
            StartChallenge(slot, request);
        else if (rule == ServerRules.JoinsDispute)
            JoinDispute(_names[slot].Challenge, slot, request);
        else if (rule == ServerRules.ClaimantAsks)
            _replies.SendToOwner(slot, request);
        else if (rule == ServerRules.StaticGroup)
        {
            _records.OverwriteStatic(slot, request);
            _replies.Accept(request, rule);
        }
        else if (rule == ServerRules.InactiveTaken || rule == ServerRules.LastMember || rule == ServerRules.UpdateReplaces)
            GrantAnew(slot, request, rule);
        else if (rule.Kind == DecisionKind.Refused)
            _replies.Refuse(request, rule, rule == ServerRules.NotAHost ? request.Entry.Address : default);
        else
            _replies.Accept(request, rule);
    }

    /// <summary>What <see cref="Admission"/> has to know of a request.</summary>
    private AdmissionCase CaseOf(in ServerRequest request, AdmissionKind kind) => new()
    {
        Dialect = Dialect,
        Kind = kind,
        IsRefresh = request.Flags.Opcode is NbnsOpcode.Refresh or NbnsOpcode.RefreshAlternate,
        Suffix = request.Suffix,
        IsTooLong = IsTooLong(request),
        SaysGroup = request.IsGroup,
        IsAtNoHost = !IsHosts(request.Entry.Address, request.Source.Address),
        MigratesStatic = Options.MigrateOn,
    };

    /// <summary>The same with what it has to know of the name.</summary>
    private AdmissionCase CaseOf(in AdmissionCase ofRequest, in ServerRequest request, int slot)
    {
        if (slot == NameSlot.None)
            return ofRequest;
        ref var name = ref _names[slot];
        return ofRequest with
        {
            State = name.State,
            Type = name.Type,
            IsStatic = name.IsStatic,
            IsReplica = name.Owner != 0,
            IsDisputed = name.Challenge != NameSlot.None,
            HasAddress = _names.HasAddress(name, request.Entry.Address),
            HasSource = ofRequest.Kind == AdmissionKind.Release && _names.HasAddress(name, request.Source.Address),
            HasOthers = name.FirstMember != NameSlot.None && _names.AddressCount(name) > 1,
        };
    }

    /// <summary>
    /// Whether a host can have an address: one host's, and not "this host" from another one (RFC 1122 §3.2.1.3). Other loopback addresses are taken: smbtorture
    /// registers 127.64.64.1 as one that does not answer, and expects a POSITIVE response.
    /// </summary>
    private static bool IsHosts(Ipv4Address address, Ipv4Address source) =>
        address.IsUnicast && (address != Ipv4Address.Loopback || source.Value >> 24 == Ipv4Address.Loopback.Value >> 24);

    private void AddNew(in ServerRequest request, Rule rule)
    {
        if (_quotas.IsOverNames(request.Source.Address))
        {
            _replies.RefuseShare(request);
            return;
        }

        int scope = _names.Count < Options.MaxNames ? _names.Scopes.Acquire(request.EncodedScope) : -1;
        if (scope < 0)
        {
            _replies.RefuseFull(request);
            return;
        }

        _records.Take(_names.Add(request.High, request.Low, scope), request);
        _replies.Accept(request, rule);
    }

    /// <summary>The owner's, or a member's, own claim or refresh.</summary>
    private void GrantAgain(int slot, in ServerRequest request, Rule rule)
    {
        ref var name = ref _names[slot];
        if (request.Flags.Opcode == NbnsOpcode.MultihomedRegistration && name.Type == NameRecordType.Unique)
        {
            name.Type = NameRecordType.Multihomed;
            Changed(slot);
        }

        _records.Restamp(slot, request);
        _replies.Accept(request, rule);
    }

    /// <summary>Whoever comes has the name from now on: same address (cc959221, version + 1) or as new.</summary>
    private void GrantAnew(int slot, in ServerRequest request, Rule rule)
    {
        if (rule == ServerRules.UpdateReplaces)
            EndDispute(request.Now, slot); // what is in dispute is not there any more
        _records.Take(slot, request);
        _replies.Accept(request, rule);
    }

    private void AddMember(int slot, in ServerRequest request)
    {
        if (_quotas.IsOverNames(request.Source.Address))
        {
            _replies.RefuseShare(request);
            return;
        }

        _records.AddAddress(slot, request.Entry, request.TimeToLive, request.Now, request.Source.Address);
        _replies.Accept(request, ServerRules.MemberAdded);
    }

    private bool IsIgnored(NameSuffix suffix) => suffix == NameSuffix.MasterBrowser && Dialect.IgnoresMasterBrowsers;

    private bool KeepsNoMembers(in NameSlot name) => _records.KeepsNoMembers(name);

    /// <summary>Where a name is, what its time has run out of done first.</summary>
    private int Find(in ServerRequest request) => Find(request.High, request.Low, request.Scope, request.Now);

    private int Find(ulong high, ulong low, int scope, Instant now)
    {
        int slot = _names.Find(high, low, scope);
        return slot == NameSlot.None || _names[slot].Deadline > now.Nanoseconds || Age(slot, now) ? slot : NameSlot.None;
    }
}
