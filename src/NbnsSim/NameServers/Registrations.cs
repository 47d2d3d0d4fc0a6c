using NbnsSim.Rules;
using NbnsSim.Wire;

namespace NbnsSim.NameServers;

/// <summary>Registrations, updates and refreshes (RFC 1002 §5.1.4; WINS: TechNet cc959221): what <see cref="Admission"/> says of each is done.</summary>
/// <param name="state">The server's.</param>
/// <param name="scavenger">Its names in time.</param>
/// <param name="disputes">Where owners are asked.</param>
/// <param name="records">What is done with its records.</param>
/// <param name="replies">What claimants are answered.</param>
internal sealed class Registrations(ServerState state, Scavenger scavenger, Disputes disputes, RecordKeeper records, ServerReplies replies)
{
    private readonly NameDatabase _names = state.Names;

    /// <summary>A claim, an update or a refresh comes.</summary>
    public void Admit(in ServerRequest request, AdmissionKind kind)
    {
        var situation = AdmissionCase.Of(state.Options, request, kind);
        int slot = NameSlot.None;
        var rule = Admission.BeforeLookUp(situation);
        if (rule is null)
        {
            slot = scavenger.Find(request);
            situation = situation.With(_names, slot, request);
            rule = Admission.AfterLookUp(situation);
        }

        if (Admission.ShowsOwner(situation, rule))
        {
            state.Voice.Say(request, ServerRules.OwnerShowsItself);
            disputes.Conclude(request.Now, slot, isHeld: true);
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
            disputes.Start(slot, request);
        else if (rule == ServerRules.JoinsDispute)
            disputes.Join(slot, request);
        else if (rule == ServerRules.ClaimantAsks)
            replies.SendToOwner(slot, request);
        else if (rule == ServerRules.StaticGroup)
        {
            records.OverwriteStatic(slot, request);
            replies.Accept(request, rule);
        }
        else if (rule == ServerRules.InactiveTaken || rule == ServerRules.LastMember || rule == ServerRules.UpdateReplaces)
            GrantAnew(slot, request, rule);
        else if (rule.Kind == DecisionKind.Refused)
            replies.Refuse(request, rule, rule == ServerRules.NotAHost ? request.Entry.Address : default);
        else
            replies.Accept(request, rule);
    }

    private void AddNew(in ServerRequest request, Rule rule)
    {
        if (state.Quotas.IsOverNames(request.Source.Address))
        {
            replies.RefuseShare(request);
        }
        else if (!records.TryAdd(request.High, request.Low, request.EncodedScope, out int slot))
        {
            replies.RefuseFull(request);
        }
        else
        {
            records.Take(slot, request);
            replies.Accept(request, rule);
        }
    }

    /// <summary>The owner's, or a member's, own claim or refresh.</summary>
    private void GrantAgain(int slot, in ServerRequest request, Rule rule)
    {
        ref var name = ref _names[slot];
        if (request.Flags.Opcode == NbnsOpcode.MultihomedRegistration && name.Type == NameRecordType.Unique)
        {
            name.Type = NameRecordType.Multihomed;
            state.Journal.Write(slot);
        }

        records.Restamp(slot, request);
        replies.Accept(request, rule);
    }

    /// <summary>Whoever comes has the name from now on: same address (cc959221, version + 1) or as new.</summary>
    private void GrantAnew(int slot, in ServerRequest request, Rule rule)
    {
        if (rule == ServerRules.UpdateReplaces)
            disputes.End(request.Now, slot); // what is in dispute is not there any more
        records.Take(slot, request);
        replies.Accept(request, rule);
    }

    private void AddMember(int slot, in ServerRequest request)
    {
        if (state.Quotas.IsOverNames(request.Source.Address))
        {
            replies.RefuseShare(request);
            return;
        }

        records.AddAddress(slot, request.Entry, request.TimeToLive, request.Now, request.Source.Address);
        replies.Accept(request, ServerRules.MemberAdded);
    }
}
