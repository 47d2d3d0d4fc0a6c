using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace NbnsSim.Testing.Traffic;

/// <summary>A run as a case for Suricata, laid out as its project's own tests are: rules, and how often each alerts.</summary>
internal static class SuricataCase
{
    private const string ToPort = "udp any any -> any 137";
    private const string FromPort = "udp any 137 -> any any";
    private const string Wpad = "|20|FHFAEBEECACACACACACACACACACACA"; // half-ASCII (RFC 1001 §14.1), whatever the suffix

    // Octet 2 has R and OPCODE in its upper five bits, octet 3 has B and RCODE (RFC 1002 §4.2.1.1). Without a scope the name ends at octet 45; then come type, class and TTL (§4.2.1.2, §4.2.1.3).
    private static readonly SuricataRule[] s_rules =
    [
        new(9137001, "NBNS name release, said to be broadcast", ToPort, Word(6) + " byte_test:1,&,0x10,3;",
            (it, _) => ToNames(it) && Is(it, 6) && At(it, 3, 0x10) == 0x10,
            "every machine that shuts down and every user that logs off sends it; that another one holds the name shows in no single packet"),
        new(9137002, "NBNS name release to who is no name server, B bit clear", "udp !$NBNS_SERVERS any -> !$NBNS_SERVERS 137", Word(6) + " byte_test:1,!&,0x10,3;",
            (it, servers) => ToNames(it) && Neither(it, servers) && Is(it, 6) && At(it, 3, 0x10) == 0,
            "between end nodes nobody sends it (RFC 1002 §5.1.2.4 releases at the name server); under the name server's address it is not seen"),
        new(9137003, "NBNS name conflict demand", "udp !$NBNS_SERVERS any -> any 137", Word(21) + " byte_test:1,=,7,3,bitmask 0x0f;",
            (it, servers) => ToNames(it) && !servers.Contains(it.Packet.Source.Address) && Is(it, 21) && At(it, 3, 0x0F) == 7,
            "also sent in good faith by who gets two answers to one query (RFC 1001 §15.1.3.5)"),
        new(9137004, "NBNS refusals one after the other, ids guessed?", ToPort, Word(21) + " byte_test:1,=,6,3,bitmask 0x0f;",
            (it, _) => ToNames(it) && Is(it, 21) && At(it, 3, 0x0F) == 6,
            "a holder that refuses several machines is a fault, not an attack; that the ids differ shows in no rule") { Count = 12, Seconds = 10 },
        new(9137005, "NBNS answer with TTL 165, as Responder gives it", FromPort, Word(16) + " content:\"|00 20 00 01 00 00 00 a5|\"; offset:46; depth:8;",
            (it, _) => FromNames(it) && Is(it, 16) && Has(it, 46, [0, 0x20, 0, 1, 0, 0, 0, 0xA5]),
            "the mark of one program, which takes one line to change"),
        new(9137006, "NBNS node status requests to one machine after the other", ToPort, Word(0) + " content:\"|00 21 00 01|\"; offset:46; depth:4;",
            (it, _) => ToNames(it) && Is(it, 0) && Has(it, 46, [0, 0x21, 0, 1]),
            "an inventory looks the same; requests to one machine count as well") { Count = 15, Seconds = 60 },
        new(9137007, "NBNS node status answers to one machine, asked for in its name?", FromPort, Word(16) + " content:\"|00 21 00 01|\"; offset:46; depth:4;",
            (it, _) => FromNames(it) && Is(it, 16) && Has(it, 46, [0, 0x21, 0, 1]),
            "who asks many machines gets as many answers: see whether it asked") { Count = 30, Seconds = 10, ByDestination = true },
        new(9137008, "NBNS registrations at a name server, very many", ToPort, Word(5) + " byte_test:1,!&,0x10,3;",
            (it, _) => ToNames(it) && Is(it, 5) && At(it, 3, 0x10) == 0,
            "a terminal server with many users may come near it") { Count = 50, Seconds = 10 },
        new(9137009, "NBNS WACK from who is no name server", "udp !$NBNS_SERVERS any -> any any", Word(23),
            (it, servers) => !servers.Contains(it.Packet.Source.Address) && (ToNames(it) || FromNames(it)) && Is(it, 23),
            "under the name server's address it is not seen"),
        new(9137010, "NBNS WACK for more than ten minutes", FromPort, Word(23) + " byte_test:4,>,600,50;",
            (it, _) => FromNames(it) && Is(it, 23) && it.Payload.Length >= 54 && BinaryPrimitives.ReadUInt32BigEndian(it.Payload.Span[50..]) > 600,
            "RFC 1002 §4.2.16 sets no bound"),
        new(9137011, "NBNS registration of WPAD", ToPort, Word(5) + $" content:\"{Wpad}\"; offset:12; depth:31;",
            (it, _) => ToNames(it) && Is(it, 5) && IsWpad(it),
            "the machine that is meant to be called so registers it as well"),
        new(9137012, "NBNS answer for WPAD", FromPort, Word(16) + $" byte_test:1,=,0,3,bitmask 0x0f; content:\"{Wpad}\"; offset:12; depth:31;",
            (it, _) => FromNames(it) && Is(it, 16) && At(it, 3, 0x0F) == 0 && IsWpad(it),
            "right where there is such a machine"),
        new(9137013, "NBNS packet shorter than its header", ToPort, "dsize:<12;",
            (it, _) => ToNames(it) && it.Payload.Length < 12,
            "nothing good is as short"),
        new(9137014, "NBNS first label is not 32 octets", ToPort, "byte_test:1,!=,32,12;",
            (it, _) => ToNames(it) && it.Payload.Length > 12 && it.Payload.Span[12] != 32,
            "nothing good has another (RFC 1001 §14.1); wrong lengths further on are not seen"),
        new(9137015, "NBNS answers one after the other, ids guessed?", FromPort, Word(16) + " content:\"|00 20 00 01|\"; offset:46; depth:4;",
            (it, _) => FromNames(it) && Is(it, 16) && Has(it, 46, [0, 0x20, 0, 1]),
            "a busy name server answers as often: leave it out by its address") { Count = 40, Seconds = 5 },
        new(9137016, "NBNS names that are not there, asked for one after the other", FromPort, Word(16) + " byte_test:1,=,3,3,bitmask 0x0f;",
            (it, _) => FromNames(it) && Is(it, 16) && At(it, 3, 0x0F) == 3,
            "a machine with many dead mappings does so as well") { Count = 30, Seconds = 10, ByDestination = true },
    ];

    private static readonly string s_text = MakeRules();

    /// <summary>The rule file, the same for all cases: what a rule says to other traffic is worth as much.</summary>
    public static string Rules => s_text;

    /// <summary>How often each rule alerts, and on what.</summary>
    public static string Test(TrafficRun run)
    {
        var servers = new HashSet<Ipv4Address>(ServersOf(run));
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# {TrafficFile.Title(run)}\n# made by {TrafficFile.Generator}; labels of all frames: {TrafficFile.NameOf(run)}.ndjson\n");
        text.Append("requires:\n  min-version: 6\n\nargs:\n  - -k none\n  - --runmode=single\n");
        text.Append(CultureInfo.InvariantCulture, $"  - --set vars.address-groups.NBNS_SERVERS=[{(servers.Count > 0 ? string.Join(',', servers) : "192.0.2.1")}]\n\nchecks:\n");
        foreach (var rule in s_rules)
        {
            var labels = run.Mirror.Where(sighting => rule.Matches(sighting, servers)).Select(sighting => run.LabelOf(sighting.Packet)).ToArray();
            int own = labels.Count(label => label.Role is TrafficRole.Evidence or TrafficRole.Supporting);
            text.Append(CultureInfo.InvariantCulture, $"  # {rule.Title}: matches {own} frames of the incident and {labels.Length - own} others\n");
            text.Append(CultureInfo.InvariantCulture, $"  - filter:\n      count: {rule.Alerts(run, servers)}\n      match:\n        event_type: alert\n        alert.signature_id: {rule.Id}\n");
        }

        return text.ToString();
    }

    /// <summary>The addresses of all that are meant to be name servers.</summary>
    private static IEnumerable<Ipv4Address> ServersOf(TrafficRun run) => run.Servers.Select(server => server.Address);

    private static string MakeRules()
    {
        var text = new StringBuilder("# NBNS (RFC 1002, UDP 137). Stateless, but for counts: who holds a name, and whether an answer was asked for, no rule here knows.\n# $NBNS_SERVERS: the addresses of the name servers (WINS).\n");
        foreach (var rule in s_rules)
            text.Append(CultureInfo.InvariantCulture, $"\n# But: {rule.Note}.\n{rule.Text}\n");
        return text.ToString();
    }

    /// <summary>R and OPCODE of octet 2.</summary>
    private static string Word(int responseAndOpcode) => FormattableString.Invariant($"byte_test:1,=,{responseAndOpcode},2,bitmask 0xf8;");

    private static bool ToNames(in TrafficSighting it) => it.Packet.Destination.Port == Ipv4Endpoint.NameServicePort;

    private static bool FromNames(in TrafficSighting it) => it.Packet.Source.Port == Ipv4Endpoint.NameServicePort;

    private static bool Neither(in TrafficSighting it, IReadOnlySet<Ipv4Address> servers) => !servers.Contains(it.Packet.Source.Address) && !servers.Contains(it.Packet.Destination.Address);

    private static bool Is(in TrafficSighting it, int responseAndOpcode) => it.Payload.Length > 2 && it.Payload.Span[2] >> 3 == responseAndOpcode;

    private static int At(in TrafficSighting it, int offset, byte mask) => it.Payload.Length > offset ? it.Payload.Span[offset] & mask : -1;

    private static bool Has(in TrafficSighting it, int offset, ReadOnlySpan<byte> octets) => it.Payload.Length >= offset + octets.Length && it.Payload.Span[offset..].StartsWith(octets);

    private static bool IsWpad(in TrafficSighting it) => Has(it, 12, " FHFAEBEECACACACACACACACACACACA"u8);
}
