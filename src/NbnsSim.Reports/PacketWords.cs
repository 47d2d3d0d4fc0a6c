using System.Globalization;
using NbnsSim.Messages;
using NbnsSim.Wire;

namespace NbnsSim.Reports;

/// <summary>A packet in the few words that a ladder has room for: <c>register JSMITH&lt;03&gt;</c>, <c>refused, ACT_ERR: JSMITH&lt;03&gt;</c>.</summary>
internal static class PacketWords
{
    /// <summary>What the packet does, to what, and the key that its repeats share: its octets.</summary>
    public static (ReportRole Role, string Verb, string Subject, string? Key) Describe(ReadOnlySpan<byte> payload)
    {
        if (!NbnsPacket.TryParseLenient(payload, out var packet, out var error))
            return (ReportRole.Aside, $"unreadable: {error}", "", null);
        var kind = NbnsClassification.Classify(packet);
        string name = packet.Name.ToString();
        string key = Convert.ToHexString(payload); // two different packets are never one row
        var entry = packet.Record.FirstEntry;
        string claimed = entry.Flags.IsGroup ? name + " (group)" : name;
        var (role, verb, subject) = kind switch
        {
            NbnsMessageKind.NameRegistrationRequest => (ReportRole.Plain, "register", claimed),
            NbnsMessageKind.MultihomedNameRegistrationRequest => (ReportRole.Plain, "register (multi-homed)", claimed),
            NbnsMessageKind.NameOverwriteRequest => (ReportRole.Plain, "update", claimed),
            NbnsMessageKind.NameOverwriteDemand => (ReportRole.Demand, "claim (overwrite demand)", claimed),
            NbnsMessageKind.NameRefreshRequest => (ReportRole.Plain, "refresh", claimed),
            NbnsMessageKind.PositiveNameRegistrationResponse => (ReportRole.Positive, "granted:", claimed),
            NbnsMessageKind.NegativeNameRegistrationResponse => (ReportRole.Negative, $"refused, {packet.Rcode.Symbol()}:", name),
            NbnsMessageKind.EndNodeChallengeNameRegistrationResponse => (ReportRole.Aside, $"challenge {entry.Address} for", name),
            NbnsMessageKind.NameConflictDemand => (ReportRole.Negative, "conflict demand", name),
            NbnsMessageKind.NameReleaseRequest or NbnsMessageKind.NameReleaseDemand => (ReportRole.Demand, "release", claimed),
            NbnsMessageKind.PositiveNameReleaseResponse => (ReportRole.Positive, "released:", name),
            NbnsMessageKind.NegativeNameReleaseResponse => (ReportRole.Negative, $"release refused, {packet.Rcode.Symbol()}:", name),
            NbnsMessageKind.NameQueryRequest => (ReportRole.Plain, "query", name),
            NbnsMessageKind.PositiveNameQueryResponse => (ReportRole.Positive, $"at {Addresses(packet.Record)}:", claimed),
            NbnsMessageKind.NegativeNameQueryResponse => (ReportRole.Negative, $"no, {packet.Rcode.Symbol()}:", name),
            NbnsMessageKind.RedirectNameQueryResponse => (ReportRole.Aside, "ask another server for", name),
            NbnsMessageKind.WaitForAcknowledgementResponse => (ReportRole.Aside, string.Create(CultureInfo.InvariantCulture, $"wait {packet.Record.TimeToLive} s for"), name),
            NbnsMessageKind.NodeStatusRequest => (ReportRole.Plain, "node status?", name),
            NbnsMessageKind.NodeStatusResponse => (ReportRole.Positive, string.Create(CultureInfo.InvariantCulture, $"node status: {packet.Record.NodeNameCount} names,"), name),
            _ => (ReportRole.Aside, kind.Title().ToLowerInvariant(), name),
        };
        return (role, verb, subject, key);
    }

    private static string Addresses(NbnsResourceRecord record) => record.EntryCount == 1
        ? record.FirstEntry.Address.ToString()
        : string.Create(CultureInfo.InvariantCulture, $"{record.FirstEntry.Address} and {record.EntryCount - 1} more");
}
