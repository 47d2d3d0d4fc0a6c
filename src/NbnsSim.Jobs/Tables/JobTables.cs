using NbnsSim.Messages;
using NbnsSim.Narrative;

namespace NbnsSim.Jobs.Tables;

/// <summary>
/// The tables that jobs write: an archive's captures, datagrams, holdings, decisions and incidents, and what an audit goes by; a campaign's runs. The README of this package has their columns.
/// </summary>
public static class JobTables
{
    /// <summary>The captures of an archive.</summary>
    public static Table<CaptureRow> Captures { get; } = new(
        "captures", "The captures of the archive, in the order of their paths",
        Make<CaptureRow>.Value("capture", "its number, from 1", (in row) => row.Capture),
        Make<CaptureRow>.UniqueText("path", "where it lies", (in row) => row.Path),
        Make<CaptureRow>.OptionalText("sha256", "the SHA-256 of what was read of it, in hexadecimal", (in row) => row.Sha256),
        Make<CaptureRow>.Value("octets", "octets read, before they were decompressed", (in row) => row.Octets),
        Make<CaptureRow>.Value("frames", "frames", (in row) => row.Frames),
        Make<CaptureRow>.Value("datagrams", "datagrams of the name service", (in row) => row.Datagrams),
        Make<CaptureRow>.OptionalTime("first_time", "the earliest time of a datagram", (in row) => row.FirstTime),
        Make<CaptureRow>.OptionalTime("last_time", "the latest time of a datagram", (in row) => row.LastTime),
        Make<CaptureRow>.Optional("clock_offset_ns", "by how many nanoseconds its clock was ahead at its first datagram, which is taken off its times; 0 where its clock counts; NULL where it shares too few datagrams with others to tell, and its own counts", (in row) => row.ClockOffset),
        Make<CaptureRow>.Optional("clock_offset_end_ns", "the same at its last frame: clocks drift", (in row) => row.ClockOffsetAtEnd),
        Make<CaptureRow>.Optional("clock_shared", "how many datagrams that another capture saw too agree about it", (in row) => row.ClockShared),
        Make<CaptureRow>.Optional("same_as", "the capture with the same content, whose datagrams stand for its own", (in row) => row.SameAs),
        Make<CaptureRow>.OptionalText("damage", "what could not be read, and why", (in row) => row.Damage));

    /// <summary>The datagrams of an archive, each once however many taps saw it.</summary>
    public static Table<DatagramRow> Datagrams { get; } = new(
        "datagrams", "The datagrams of the name service, in the order of time, each once however many taps saw it",
        Make<DatagramRow>.Value("datagram", "its number, from 1; other tables name datagrams by it", (in row) => row.Number),
        Make<DatagramRow>.Time("time", "when it was captured, on the clock that counts for all captures", (in row) => row.Time),
        Make<DatagramRow>.Optional("captured_ns", "when by the capture's own clock, in nanoseconds since 1970, as Wireshark shows it; NULL where that is `time_ns`", (in row) => row.Captured),
        Make<DatagramRow>.Value("capture", "the capture that it is in", (in row) => row.Capture),
        Make<DatagramRow>.Value("frame", "its frame there, from 1, as Wireshark numbers them", (in row) => row.Frame),
        Make<DatagramRow>.Text("source", "the address that sent it", (in row) => row.Source),
        Make<DatagramRow>.Value("source_port", "the port that it was sent from", (in row) => row.SourcePort),
        Make<DatagramRow>.Text("destination", "the address that it was sent to", (in row) => row.Destination),
        Make<DatagramRow>.Value("destination_port", "the port that it was sent to", (in row) => row.DestinationPort),
        Make<DatagramRow>.OptionalText("source_mac", "the station that put it on the link; NULL where the capture does not say", (in row) => row.SourceMac),
        Make<DatagramRow>.Value("is_broadcast", "whether it went to every station", (in row) => row.IsBroadcast),
        Make<DatagramRow>.OptionalText("kind", "what it is, in RFC 1002's words, such as `NAME REGISTRATION REQUEST`; NULL where it cannot be read", (in row) => row.Kind?.Title()),
        Make<DatagramRow>.OptionalText("problem", "what is wrong with it; NULL where nothing is", (in row) => row.Problem),
        Make<DatagramRow>.Optional("flags", "the flags word, with opcode and rcode (RFC 1002 §4.2.1.1)", (in row) => row.Flags?.Value),
        Make<DatagramRow>.Optional("opcode", "OPCODE: 0 query, 5 registration, 6 release, 7 WACK, 8 and 9 refresh, 15 multi-homed registration", (in row) => (byte?)row.Flags?.Opcode),
        Make<DatagramRow>.Optional("is_response", "R: whether it is a response", (in row) => row.Flags?.IsResponse),
        Make<DatagramRow>.Optional("rcode", "RCODE: 0 success, 3 no such name, 5 refused, 6 active, 7 conflict", (in row) => (byte?)row.Flags?.Rcode),
        Make<DatagramRow>.Optional("transaction_id", "NAME_TRN_ID", (in row) => row.TransactionId),
        Make<DatagramRow>.OptionalText("name", "the name that it is about, without suffix and scope; octets that do not print as `<hh>`", (in row) => row.Name),
        Make<DatagramRow>.Optional("suffix", "the name's sixteenth octet; NULL where it has not sixteen", (in row) => row.Suffix),
        Make<DatagramRow>.OptionalText("scope", "the name's scope, empty for none; octets that do not print as `<hh>`", (in row) => row.Scope),
        Make<DatagramRow>.Value("entries", "how many addresses its first record has", (in row) => row.Entries),
        Make<DatagramRow>.OptionalText("entry_address", "NB_ADDRESS of the first", (in row) => row.EntryAddress),
        Make<DatagramRow>.Optional("entry_is_group", "G of the first: whether it is a group name's", (in row) => row.EntryFlags?.IsGroup),
        Make<DatagramRow>.OptionalText("owner_node_type", "ONT of the first: `B`, `P`, `M` or `H`", (in row) => row.EntryFlags?.OwnerNodeType.ToString()),
        Make<DatagramRow>.Optional("ttl", "the first record's TTL in seconds; 0 for ever", (in row) => row.TimeToLive),
        Make<DatagramRow>.Value("payload_length", "octets of UDP payload that were captured", (in row) => row.PayloadLength),
        Make<DatagramRow>.Value("payload_hash", "the first eight octets of the payload's SHA-256, as a number", (in row) => row.PayloadHash));

    /// <summary>The datagrams that an audit of an archive goes by; only where one was asked for.</summary>
    public static Table<AuditDatagramRow> AuditDatagrams { get; } = new(
        "audit_datagrams", "The datagrams that an audit goes by, in the order of time, each once however many taps saw it: those of the name service, of DNS, mDNS and LLMNR, and broadcasts to a subnet; only with an audit, whose frames are these",
        Make<AuditDatagramRow>.Value("audit_datagram", "its number, from 1: what the audit calls a frame", (in row) => row.Number),
        Make<AuditDatagramRow>.Time("time", "when it was captured, on the clock that counts for all captures", (in row) => row.Time),
        Make<AuditDatagramRow>.Value("capture", "the capture that it is in", (in row) => row.Capture),
        Make<AuditDatagramRow>.Value("frame", "its frame there, from 1, as Wireshark numbers them", (in row) => row.Frame),
        Make<AuditDatagramRow>.Text("source", "the address that sent it", (in row) => row.Source.Address.ToString()),
        Make<AuditDatagramRow>.Value("source_port", "the port that it was sent from", (in row) => row.Source.Port),
        Make<AuditDatagramRow>.Text("destination", "the address that it was sent to", (in row) => row.Destination.Address.ToString()),
        Make<AuditDatagramRow>.Value("destination_port", "the port that it was sent to", (in row) => row.Destination.Port));

    /// <summary>Who held what from when to when, as far as packets tell; its frames are numbers of datagrams.</summary>
    public static Table<NameHolding> Holdings { get; } = new(
        "holdings", "Who held what name from when to when, as far as packets tell",
        Make<NameHolding>.Text("name", "the name, without suffix and scope", (in row) => row.Name.BaseName),
        Make<NameHolding>.Value("suffix", "its sixteenth octet", (in row) => (byte)row.Name.Suffix),
        Make<NameHolding>.Text("scope", "its scope, empty for none", (in row) => row.Name.Scope.ToString()),
        Make<NameHolding>.Text("host", "the machine: its address; of several the first seen", (in row) => row.Host),
        Make<NameHolding>.Text("address", "the address that the name is held with", (in row) => row.Address.ToString()),
        Make<NameHolding>.Value("is_group", "whether it is held as a group name", (in row) => row.IsGroup),
        Make<NameHolding>.Time("since", "when it came to be held, or was first seen to be", (in row) => row.Since.Time),
        Make<NameHolding>.Value("since_datagram", "the datagram that shows it", (in row) => row.Since.Frame),
        Make<NameHolding>.OptionalText("since_rule", "the rule that explains it", (in row) => row.Since.Rule?.Id),
        Make<NameHolding>.Time("last_seen", "when it was last seen to be held", (in row) => row.LastSeen.Time),
        Make<NameHolding>.Value("last_seen_datagram", "the datagram that shows it", (in row) => row.LastSeen.Frame),
        Make<NameHolding>.OptionalTime("until", "when it ended; NULL where nothing ended it", (in row) => row.Until?.Time),
        Make<NameHolding>.Optional("until_datagram", "the datagram that shows it", (in row) => row.Until?.Frame),
        Make<NameHolding>.OptionalText("until_rule", "the rule that explains it", (in row) => row.Until?.Rule?.Id));

    /// <summary>What the diagnosis found, in the order of time.</summary>
    public static Table<DecisionRow> Decisions { get; } = new(
        "decisions", "What the diagnosis found, in the order of time",
        Make<DecisionRow>.Value("decision", "its number, from 1", (in row) => row.Number),
        Make<DecisionRow>.Time("time", "when it showed", (in row) => row.Finding.Time),
        Make<DecisionRow>.Text("kind", "what it is about, such as `RegistrationRefused`", (in row) => row.Finding.Kind.ToString()),
        Make<DecisionRow>.Text("name", "the name, without suffix and scope", (in row) => row.Finding.Name.BaseName),
        Make<DecisionRow>.Value("suffix", "its sixteenth octet", (in row) => (byte)row.Finding.Name.Suffix),
        Make<DecisionRow>.Text("scope", "its scope, empty for none", (in row) => row.Finding.Name.Scope.ToString()),
        Make<DecisionRow>.Text("host", "the machine concerned; `0.0.0.0` where no packet shows it", (in row) => row.Finding.Host.ToString()),
        Make<DecisionRow>.Text("other", "the other one: who refused, released, demanded, or holds the name too", (in row) => row.Finding.Other.ToString()),
        Make<DecisionRow>.UniqueText("text", "a sentence that says it", (in row) => row.Finding.Text),
        Make<DecisionRow>.Optional("event_id", "the NetBT event that `host` logs: 4319, 4320 or 4321; NULL for none", (in row) => row.Finding.Event?.Id),
        Make<DecisionRow>.OptionalText("rule", "the rule by which it does", (in row) => row.Finding.Event?.Rule.Id),
        Make<DecisionRow>.OptionalText("clause", "the text that the rule rests on", (in row) => row.Finding.Event?.Rule.Source),
        Make<DecisionRow>.Numbers("datagrams", "the datagrams that show it", (in row) => row.Finding.Frames));

    /// <summary>What is behind what was found, the gravest first.</summary>
    public static Table<IncidentRow> Incidents { get; } = new(
        "incidents", "What is behind what was found: one for each cause and the machines that it concerns, the gravest first",
        Make<IncidentRow>.Value("incident", "its number, from 1", (in row) => row.Number),
        Make<IncidentRow>.Time("since", "when the first datagram showed it", (in row) => row.Incident.Since),
        Make<IncidentRow>.Time("until", "when the last did", (in row) => row.Incident.Until),
        Make<IncidentRow>.Text("cause", "what is behind it, such as `same-user`", (in row) => row.Incident.Cause.Id),
        Make<IncidentRow>.Text("title", "the cause in a few words", (in row) => row.Incident.Cause.Title),
        Make<IncidentRow>.Text("certainty", "`Possible`, `Likely` or `Proven`", (in row) => row.Incident.Certainty.ToString()),
        Make<IncidentRow>.Text("harm", "`None`, `Nuisance`, `Service` or `Security`", (in row) => row.Incident.Cause.Harm.ToString()),
        Make<IncidentRow>.Value("findings", "how many findings went into it", (in row) => row.Incident.Count),
        Make<IncidentRow>.Texts("names", "the names, such as `JSMITH<03>`; at most 64", (in row) => [.. row.Incident.Names.Select(name => name.ToString())]),
        Make<IncidentRow>.Texts("parties", "the machines' addresses, first whom it comes from; at most 64", (in row) => [.. row.Incident.Parties.Select(party => party.Address.ToString())]),
        Make<IncidentRow>.Texts("computers", "what these are called, in the same order; empty where no packet tells", (in row) => [.. row.Incident.Parties.Select(party => party.ComputerName ?? "")]),
        Make<IncidentRow>.Numbers("event_ids", "the NetBT events that machines log because of it, each once", (in row) => [.. row.Incident.Events.Select(one => (long)one.Finding.Event!.Id).Distinct().Order()]),
        Make<IncidentRow>.Numbers("datagrams", "the datagrams that show it; at most 1,024", (in row) => row.Incident.Frames),
        Make<IncidentRow>.Texts("grounds", "what they show, and what speaks for the cause", (in row) => row.Incident.Grounds),
        Make<IncidentRow>.Texts("unknown", "what would settle it and is not shown", (in row) => row.Incident.Unknown),
        Make<IncidentRow>.Text("meaning", "what happens there", (in row) => row.Incident.Cause.Meaning),
        Make<IncidentRow>.Text("advice", "what to do", (in row) => row.Incident.Cause.Advice),
        Make<IncidentRow>.Text("clause", "the text or observation that the cause rests on", (in row) => row.Incident.Cause.Source));

    /// <summary>The runs of a campaign.</summary>
    public static Table<RunRow> Runs { get; } = new(
        "runs", "The runs of the campaign",
        Make<RunRow>.Text("scenario", "the scenario", (in row) => row.Scenario),
        Make<RunRow>.OptionalText("dialect", "the dialect of its machines; NULL where the scenario's own stand", (in row) => row.Dialect),
        Make<RunRow>.OptionalText("faults", "the faults of its network; NULL where the scenario's own stand", (in row) => row.Faults),
        Make<RunRow>.Value("seed", "the seed", (in row) => row.Seed),
        Make<RunRow>.Value("held", "whether all that is expected and invariant held", (in row) => row.Held),
        Make<RunRow>.Texts("broken", "what did not hold; a sentence each", (in row) => row.Broken),
        Make<RunRow>.Value("packets", "packets sent", (in row) => row.Packets),
        Make<RunRow>.Value("events", "events logged", (in row) => row.Events),
        Make<RunRow>.Optional("settled_ms", "how long after the scenario's last step the network came to rest, in milliseconds of virtual time; NULL where it did not", (in row) => (long?)row.Settled?.TotalMilliseconds),
        Make<RunRow>.UniqueText("repeat", "the command line that repeats it", (in row) => row.Repeat));

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ITable> All { get; } = [Captures, Datagrams, Holdings, Decisions, Incidents, AuditDatagrams, Runs];
}
