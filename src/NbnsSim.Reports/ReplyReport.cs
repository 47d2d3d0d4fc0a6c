using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Reports;

/// <summary>What came of name queries, registrations and releases, in text or in NDJSON.</summary>
public static class ReplyReport
{
    /// <summary>Writes who has a name as text: a line for each address, and a word where several machines hold a unique name.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="replies">The answers to one query.</param>
    public static void WriteAnswers(ReportWriter writer, ImmutableArray<NbnsReply> replies)
    {
        ArgumentNullException.ThrowIfNull(writer);
        foreach (var (reply, entry) in replies.SelectMany(reply => reply.Entries, (reply, entry) => (reply, entry)))
        {
            writer.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{entry.Address,-15} {reply.Name}  {(entry.Flags.IsGroup ? "group" : "unique")}, {entry.Flags.OwnerNodeType} node, TTL {reply.TimeToLive}, says {reply.Responder}"));
        }

        int owners = replies.Count(reply => reply.Entries.Any(entry => !entry.Flags.IsGroup));
        if (owners > 1 && !replies[0].Name.IsWildcard)
        {
            writer.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{owners} answers, and the name is unique: a duplicate, unless they are one machine's or a proxy's (the node status of each tells)."));
        }
    }

    /// <summary>Why a query found nobody, in a sentence.</summary>
    /// <param name="name">The name that was asked for.</param>
    /// <param name="replies">The answers; none of them positive.</param>
    public static string NotFound(NetBiosName name, ImmutableArray<NbnsReply> replies) => replies is [{ Outcome: NbnsReplyOutcome.Refused } refusal]
        ? $"{refusal.Responder} says that there is no {name} ({refusal.Rcode.Symbol()})."
        : $"nobody answered for {name}.";

    /// <summary>What came of a registration or a release, in a sentence.</summary>
    /// <param name="server">The name server that was asked.</param>
    /// <param name="reply">The answer.</param>
    /// <param name="own">The address that was registered or released.</param>
    /// <param name="isRelease">Whether it was a release.</param>
    public static string Describe(Ipv4Endpoint server, NbnsReply reply, Ipv4Address own, bool isRelease)
    {
        ArgumentNullException.ThrowIfNull(reply);
        return reply.Outcome switch
        {
            NbnsReplyOutcome.NoAnswer => $"{server} does not answer.",
            NbnsReplyOutcome.Refused => $"{server} refuses ({reply.Rcode.Symbol()}{(reply.Address is { } owner && owner != own ? $": {owner} has it" : "")}).",
            _ when isRelease => $"{reply.Name} of {own} is released.",
            _ => string.Create(CultureInfo.InvariantCulture, $"{reply.Name} is registered for {own}, TTL {reply.TimeToLive}."),
        };
    }

    /// <summary>Writes the answers to a query as NDJSON, a line each.</summary>
    /// <param name="ndjson">Where to.</param>
    /// <param name="replies">The answers.</param>
    public static void WriteAnswers(NdjsonWriter ndjson, ImmutableArray<NbnsReply> replies)
    {
        ArgumentNullException.ThrowIfNull(ndjson);
        foreach (var reply in replies)
        {
            ndjson.Write("answer", reply, static (json, it) =>
            {
                json.WriteName(it.Name);
                json.WriteString("outcome", JsonNamingPolicy.CamelCase.ConvertName(it.Outcome.ToString()));
                if (it.Outcome != NbnsReplyOutcome.NoAnswer)
                {
                    json.WriteString("responder", it.Responder.Address.ToString());
                    WriteCode(json, it);
                }

                WriteEntries(json, it.Entries);
            });
        }
    }

    /// <summary>Writes what came of a registration or a release as NDJSON.</summary>
    /// <param name="ndjson">Where to.</param>
    /// <param name="reply">The answer.</param>
    /// <param name="own">The address that was registered or released.</param>
    /// <param name="isRelease">Whether it was a release.</param>
    public static void WriteOutcome(NdjsonWriter ndjson, NbnsReply reply, Ipv4Address own, bool isRelease)
    {
        ArgumentNullException.ThrowIfNull(ndjson);
        ndjson.Write(isRelease ? "release" : "registration", (reply, own), static (json, it) =>
        {
            json.WriteName(it.reply.Name);
            json.WriteString("address", it.own.ToString());
            json.WriteString("outcome", JsonNamingPolicy.CamelCase.ConvertName(it.reply.Outcome.ToString()));
            WriteCode(json, it.reply);
            WriteEntries(json, it.reply.Entries);
        });
    }

    private static void WriteCode(Utf8JsonWriter json, NbnsReply reply)
    {
        json.WriteNumber("rcode", (int)reply.Rcode);
        json.WriteNumber("ttl", reply.TimeToLive.Seconds);
    }

    private static void WriteEntries(Utf8JsonWriter json, ImmutableArray<NbEntry> entries)
    {
        json.WriteStartArray("entries");
        foreach (var entry in entries)
        {
            json.WriteStartObject();
            json.WriteString("address", entry.Address.ToString());
            json.WriteBoolean("group", entry.Flags.IsGroup);
            json.WriteString("nodeType", entry.Flags.OwnerNodeType.ToString());
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
