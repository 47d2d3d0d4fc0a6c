using System.Globalization;
using NbnsSim.Messages;
using NbnsSim.Wire;

namespace NbnsSim.Cli;

/// <summary>A packet in the few words that a ladder has room for: <c>register JSMITH&lt;03&gt;</c>, <c>refused, ACT_ERR: JSMITH&lt;03&gt;</c>.</summary>
internal static class PacketWords
{
    /// <summary>What the packet does, to what, and the key that its repeats share: its octets.</summary>
    public static (LadderKind Kind, string Verb, string Subject, string? Key) Describe(ReadOnlySpan<byte> payload)
    {
        if (!NbnsPacket.TryParseLenient(payload, out var packet, out var error))
            return (LadderKind.Note, $"unreadable: {error}", "", null);
        var kind = NbnsClassification.Classify(packet);
        string name = packet.Name.ToString();
        string key = Convert.ToHexString(payload); // two different packets are never one row
        var entry = packet.Record.FirstEntry;
        string claimed = entry.Flags.IsGroup ? name + " (group)" : name;
        var (direction, verb, subject) = kind switch
        {
            NbnsMessageKind.NameRegistrationRequest => (LadderKind.Request, "register", claimed),
            NbnsMessageKind.MultihomedNameRegistrationRequest => (LadderKind.Request, "register (multi-homed)", claimed),
            NbnsMessageKind.NameOverwriteRequest => (LadderKind.Request, "update", claimed),
            NbnsMessageKind.NameOverwriteDemand => (LadderKind.Demand, "claim (overwrite demand)", claimed),
            NbnsMessageKind.NameRefreshRequest => (LadderKind.Request, "refresh", claimed),
            NbnsMessageKind.PositiveNameRegistrationResponse => (LadderKind.Positive, "granted:", claimed),
            NbnsMessageKind.NegativeNameRegistrationResponse => (LadderKind.Negative, $"refused, {packet.Rcode.Symbol()}:", name),
            NbnsMessageKind.EndNodeChallengeNameRegistrationResponse => (LadderKind.Note, $"challenge {entry.Address} for", name),
            NbnsMessageKind.NameConflictDemand => (LadderKind.Negative, "conflict demand", name),
            NbnsMessageKind.NameReleaseRequest or NbnsMessageKind.NameReleaseDemand => (LadderKind.Demand, "release", claimed),
            NbnsMessageKind.PositiveNameReleaseResponse => (LadderKind.Positive, "released:", name),
            NbnsMessageKind.NegativeNameReleaseResponse => (LadderKind.Negative, $"release refused, {packet.Rcode.Symbol()}:", name),
            NbnsMessageKind.NameQueryRequest => (LadderKind.Request, "query", name),
            NbnsMessageKind.PositiveNameQueryResponse => (LadderKind.Positive, $"at {Addresses(packet.Record)}:", claimed),
            NbnsMessageKind.NegativeNameQueryResponse => (LadderKind.Negative, $"no, {packet.Rcode.Symbol()}:", name),
            NbnsMessageKind.RedirectNameQueryResponse => (LadderKind.Note, "ask another server for", name),
            NbnsMessageKind.WaitForAcknowledgementResponse => (LadderKind.Note, string.Create(CultureInfo.InvariantCulture, $"wait {packet.Record.TimeToLive} s for"), name),
            NbnsMessageKind.NodeStatusRequest => (LadderKind.Request, "node status?", name),
            NbnsMessageKind.NodeStatusResponse => (LadderKind.Positive, string.Create(CultureInfo.InvariantCulture, $"node status: {packet.Record.NodeNameCount} names,"), name),
            _ => (LadderKind.Note, kind.Title().ToLowerInvariant(), name),
        };
        return (direction, verb, subject, key);
    }

    private static string Addresses(NbnsResourceRecord record) => record.EntryCount == 1
        ? record.FirstEntry.Address.ToString()
        : string.Create(CultureInfo.InvariantCulture, $"{record.FirstEntry.Address} and {record.EntryCount - 1} more");
}
