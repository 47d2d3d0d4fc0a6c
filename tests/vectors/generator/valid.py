"""Packets as the clauses have them: every kind, with every field at its values and limits."""
from forms import *
from wire import MAX_NAME, NBSTAT, NULL, Name, Packet, half_ascii, netbios, statistics

TTLS = [1, 259200, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF]


def claims(v):
    for kind, slug, flags, clause in [
            (REGISTRATION, "registration-request", 0x2900, "RFC 1002 §4.2.2"), (OVERWRITE, "overwrite-request", 0x2800, "RFC 1002 §4.2.3"),
            (RELEASE, "release-request", 0x3000, "RFC 1002 §4.2.9"), (REFRESH, "refresh-request", 0x4000, "RFC 1002 §4.2.4; opcode 8 as in §4.2.1.1"),
            (REFRESH, "refresh-request-opcode-9", 0x4800, "RFC 1002 §4.2.4, whose diagram has 9 where §4.2.1.1 has 8"),
            (MULTIHOMED, "multihomed-registration-request", 0x7900, "MS-NBTE §2.2.2")]:
        for way, bit in [("unicast", 0), ("broadcast", 0x10)]:
            if slug.startswith("refresh") and bit:
                continue  # below, once
            told = {OVERWRITE: OVERWRITE_DEMAND, RELEASE: RELEASE_DEMAND}.get(kind, kind) if bit else kind
            slug_here = slug.replace("request", "demand") if told != kind else slug
            for group in (0, GROUP):
                for node in "BPMH":
                    ttl = 0 if bit or kind == RELEASE else 300000
                    origin = f"{clause.split(';')[0].split(',')[0]} diagram" if node == "B" and not group else "made"
                    v.valid(f"{slug_here}/{way}-{'group' if group else 'unique'}-{node.lower()}-node", claim(flags | bit, ttl=ttl, nb_flags=group | ONT[node]),
                            told, clause, origin)
        if kind not in (RELEASE,):
            for ttl in [0, *TTLS]:
                v.valid(f"{slug}/ttl-{ttl}", claim(flags, ttl=ttl, nb_flags=ONT["P"]), kind, clause + ", §4.2.1.3 TTL, §6 INFINITE_TTL")
    v.valid("refresh-request/broadcast", claim(0x4010, ttl=300000, nb_flags=ONT["M"]), REFRESH, "RFC 1002 §4.2.4, whose diagram has a B bit")
    v.valid("multihomed-registration-request/recursion-not-desired", claim(0x7800, ttl=300000, nb_flags=ONT["H"]), MULTIHOMED, "MS-NBTE §2.2.2: the opcode alone tells it",
            "habit of Samba's smbtorture")
    v.valid("registration-request/transaction-0", claim(0x2910, tid=0), REGISTRATION, "RFC 1002 §4.2.1.1 NAME_TRN_ID")
    v.valid("registration-request/transaction-ffff", claim(0x2910, tid=0xFFFF), REGISTRATION, "RFC 1002 §4.2.1.1 NAME_TRN_ID")
    for host in ("0.0.0.0", "255.255.255.255", "127.0.0.1", "224.0.0.1"):
        v.valid(f"registration-request/address-{host}", claim(0x2900, ttl=300000, host=host), REGISTRATION, "RFC 1002 §4.2.1.3 NB_ADDRESS",
                why="The format knows no bad address; whether a name server takes it is policy.")


def replies(v):
    for opcode, what in [(5, "registration"), (8, "refresh"), (9, "refresh-opcode-9"), (15, "multihomed-registration")]:
        base = 0x8000 | opcode << 11
        odd, drawn = ((), "") if opcode == 5 else ({"OpcodeOfRequest"}, ", which draws opcode 5 whatever was asked")
        for group in (0, GROUP):
            v.valid(f"positive-registration-response/{what}-{'group' if group else 'unique'}", answer(base | 0x0580, ttl=300000, nb_flags=group | ONT["P"]), REGISTERED, "RFC 1002 §4.2.5" + drawn,
                    "RFC 1002 §4.2.5 diagram" if opcode == 5 and not group else "made", odd=odd)
        for rcode in (1, 2, 4, 5, 6):
            v.valid(f"negative-registration-response/{what}-{RCODES[rcode].lower().replace('_', '-')}", answer(base | 0x0580 | rcode, nb_flags=ONT["P"]), NOT_REGISTERED,
                    f"RFC 1002 §4.2.6 {RCODES[rcode]}" + drawn, "RFC 1002 §4.2.6 diagram" if opcode == 5 else "made", odd=odd)
    for ttl in [0, *TTLS]:
        v.valid(f"positive-registration-response/ttl-{ttl}", answer(0xAD80, ttl=ttl, nb_flags=ONT["H"]), REGISTERED, "RFC 1002 §4.2.5, §4.2.1.3 TTL")
    for group in (0, GROUP):
        for node in "BPMH":
            v.valid(f"end-node-challenge/{'group' if group else 'unique'}-{node.lower()}-node", answer(0xAD00, ttl=300000, nb_flags=group | ONT[node]), CHALLENGE,
                    "RFC 1002 §4.2.7", "RFC 1002 §4.2.7 diagram" if node == "P" and not group else "made")
    v.valid("end-node-challenge/multihomed", answer(0xFD00, ttl=300000, nb_flags=ONT["H"]), CHALLENGE, "RFC 1002 §4.2.7, which draws opcode 5 whatever was asked", odd={"OpcodeOfRequest"})
    for node in "BPMH":
        v.valid(f"conflict-demand/{node.lower()}-node", answer(0xAD87, nb_flags=ONT[node], host="0.0.0.0"), CONFLICT, "RFC 1002 §4.2.8: G 0, TTL 0, NB_ADDRESS 0",
                "RFC 1002 §4.2.8 diagram" if node == "B" else "made")
    v.valid("conflict-demand/with-address", answer(0xAD87, nb_flags=ONT["P"]), CONFLICT, "RFC 1002 §4.2.8, §4.2.6 CFT_ERR: the packet is a NEGATIVE NAME REGISTRATION RESPONSE",
            why="As a refusal it carries the owner's address; the demand alone says 0.0.0.0.")
    for group in (0, GROUP):
        for node in "BPMH":
            v.valid(f"positive-release-response/{'group' if group else 'unique'}-{node.lower()}-node", answer(0xB400, nb_flags=group | ONT[node]), RELEASED, "RFC 1002 §4.2.10",
                    "RFC 1002 §4.2.10 diagram" if node == "P" and not group else "made")
    for rcode in (1, 2, 5, 6):
        v.valid(f"negative-release-response/{RCODES[rcode].lower().replace('_', '-')}", answer(0xB400 | rcode, nb_flags=ONT["P"]), NOT_RELEASED, f"RFC 1002 §4.2.11 {RCODES[rcode]}",
                "RFC 1002 §4.2.11 diagram")
    for word, request in [(0x2900, "registration"), (0x2910, "broadcast-registration"), (0x2800, "overwrite"), (0x3000, "release"), (0x4000, "refresh"), (0x4800, "refresh-opcode-9"),
                          (0x7900, "multihomed-registration"), (0x0100, "query")]:
        v.valid(f"wack/of-{request}", wait(word, 9), WACK, "RFC 1002 §4.2.16: RDATA is the request's OPCODE and NM_FLAGS", "RFC 1002 §4.2.16 diagram" if word == 0x2900 else "made")
    v.valid("wack/type-null", wait(0x2900, 9, type=NULL), WACK, "RFC 1002 §4.2.16, whose diagram prints NULL (0x0020); §4.2.1.3 has NULL 0x000A",
            why="Name and number contradict each other: a reader takes both.")
    for ttl in (0, 1, 60, 0xFFFFFFFF):
        v.valid(f"wack/ttl-{ttl}", wait(0x2900, ttl), WACK, "RFC 1002 §4.2.16: TTL is the seconds to wait, 0 where the server cannot tell")


def queries(v):
    for flags, slug in [(0x0100, "unicast"), (0x0110, "broadcast"), (0x0000, "recursion-not-desired"), (0x0010, "broadcast-recursion-not-desired")]:
        clause = "RFC 1002 §4.2.12" if flags & 0x100 else "RFC 1002 §4.2.1.1 RD: only to a name server; RFC 1001 §15.5.2 asks an owner so"
        v.valid(f"query-request/{slug}", query(flags), QUERY, clause, "RFC 1002 §4.2.12 diagram" if flags == 0x0100 else "made")
    v.valid("query-request/any", query(0x0110, ANY), QUERY, "RFC 1002 §4.2.12; \"*\" as a NB question is nowhere forbidden", "habit of nmblookup '*'")
    for flags, who in [(0x8500, "end-node"), (0x8580, "name-server")]:
        clause = "RFC 1002 §4.2.13" + ("" if flags & 0x80 else "; RA 0 by §4.2.1.1, as end nodes send it")
        for group in (0, GROUP):
            for node in "BPMH":
                v.valid(f"positive-query-response/{who}-{'group' if group else 'unique'}-{node.lower()}-node", answer(flags, ttl=300000, nb_flags=group | ONT[node]), FOUND, clause,
                        "RFC 1002 §4.2.13 diagram" if node == "P" and not group and flags & 0x80 else "made")
    for count in (2, 3, 25, 26, 85, 86):
        members = [(GROUP | ONT["BPMH"[i % 4]], f"10.0.{i // 200}.{i % 200 + 1}") for i in range(count)]
        v.valid(f"positive-query-response/{count}-addresses", answer(0x8580, Name("DOM", 0x1C), 300000, entries=members), FOUND,
                "RFC 1002 §4.2.13 ADDR_ENTRY ARRAY" + ("; 86 fill 576 octets, §6 MAX_DATAGRAM_LENGTH" if count == 86 else "; 25 is what a name server keeps (MS-NBTE §3.2.1)" if count == 25 else ""))
    members = [(GROUP, f"10.0.0.{i + 1}") for i in range(86)]
    v.valid("positive-query-response/truncated", answer(0x8780, Name("DOM", 0x1C), 300000, entries=members), FOUND, "RFC 1002 §4.2.13 T, §4.2.1.1 TC")
    v.valid("positive-query-response/group-of-everybody", answer(0x8580, Name("LAB", 0x1E), 0, GROUP, "255.255.255.255"), FOUND, "RFC 1002 §4.2.13; MS-NBTE §3.2.5.1",
            "habit of WINS: a group's address is 255.255.255.255")
    for ttl in [0, *TTLS]:
        v.valid(f"positive-query-response/ttl-{ttl}", answer(0x8580, ttl=ttl, nb_flags=ONT["P"]), FOUND, "RFC 1002 §4.2.13 TTL")
    for flags, who in [(0x8500, "end-node"), (0x8580, "name-server")]:
        for rcode in (1, 2, 3, 4, 5):
            v.valid(f"negative-query-response/{who}-{RCODES[rcode].lower().replace('_', '-')}", denial(flags | rcode), NOT_FOUND, f"RFC 1002 §4.2.14 {RCODES[rcode]}; the record counted, as stacks send it")
    other, domain = Name("WINS2", 0x00), Name("FRED", 0x20)
    v.valid("redirect/pointer-to-nsd-name", Packet(0x8100).redirect(domain, other, "10.0.0.9", 300000, 300000), REDIRECT,
            "RFC 1002 §4.2.15: RR_NAME of the A record may point into NSD_NAME", "RFC 1002 §4.2.15 diagram")
    v.valid("redirect/name-in-full", Packet(0x8100).redirect(domain, other, "10.0.0.9", pointed=False), REDIRECT, "RFC 1002 §4.2.15")
    v.valid("redirect/scoped", Packet(0x8100).redirect(Name("FRED", 0x20, ["LAB", "EXAMPLE"]), Name("WINS2", 0, ["LAB", "EXAMPLE"]), "10.0.0.9"), REDIRECT, "RFC 1002 §4.2.15, §4.1")
    for ttl in (0, 0xFFFFFFFF):
        v.valid(f"redirect/ttl-{ttl}", Packet(0x8100).redirect(domain, other, "255.255.255.255", ttl, ttl), REDIRECT, "RFC 1002 §4.2.15 TTL")


def node_status(v):
    for flags, slug in [(0x0000, "unicast"), (0x0010, "broadcast"), (0x0100, "recursion-desired")]:
        for name, what in [(ANY, "any"), (FRED, "name"), (Name("*", 0x20), "any-padded-with-spaces"), (Name("LAB", 0x1E), "group")]:
            clause = "RFC 1002 §4.2.17" if flags != 0x0100 else "RFC 1002 §4.2.1.1 RD; §4.2.17 draws 0"
            v.valid(f"node-status-request/{slug}-{what}", query(flags, name, NBSTAT), STATUS, clause, "RFC 1002 §4.2.17 diagram" if flags == 0 and what == "any" else "made")
    named = lambda suffix, flags, text="FRED": (netbios(text, suffix), flags)
    v.valid("node-status-response/no-names", table([]), STATUS_IS, "RFC 1002 §4.2.18: \"zero or more NUM_NAMES entries\"")
    v.valid("node-status-response/one-name", table([named(0, 0x0600)], statistics("02:00:0a:00:00:02")), STATUS_IS, "RFC 1002 §4.2.18", "RFC 1002 §4.2.18 diagram")
    v.valid("node-status-response/own-name-asked", table([named(0x20, 0x0400)], name=FRED), STATUS_IS, "RFC 1002 §4.2.18: RR_NAME is the requesting name")
    for node in "BPMH":
        for group in (0, GROUP):
            v.valid(f"node-status-response/{'group' if group else 'unique'}-{node.lower()}-node", table([named(0, group | ONT[node] | 0x0400)]), STATUS_IS, "RFC 1002 §4.2.18 NAME_FLAGS ONT, G")
    for bits, slug in [(0x1000, "deregistering"), (0x0800, "conflict"), (0x0200, "permanent"), (0x1800, "deregistering-and-conflict"), (0x1A00, "all")]:
        v.valid(f"node-status-response/{slug}", table([named(3, 0x0400 | bits)]), STATUS_IS, "RFC 1002 §4.2.18 NAME_FLAGS DRG, CNF, PRM")
    many = [named(i, 0x0400 | (GROUP if i % 3 == 0 else 0), f"NAME{i:02}") for i in range(26)]
    for count in (2, 5, 18, 26):
        v.valid(f"node-status-response/{count}-names", table(many[:count]), STATUS_IS, "RFC 1002 §4.2.18 NODE_NAME ARRAY" + ("; no 27th fits into 576 octets" if count == 26 else ""))
    v.valid("node-status-response/truncated", table(many, flags=0x8600), STATUS_IS, "RFC 1002 §4.2.1.1 TC, §4.2.18")
    full = dict(jumpers=1, testResult=2, versionNumber=0x0304, periodOfStatistics=5, numberOfCrcs=6, numberAlignmentErrors=7, numberOfCollisions=8, numberSendAborts=9,
                numberGoodSends=0x0A0B0C0D, numberGoodReceives=0x0E0F1011, numberRetransmits=12, numberNoResourceConditions=13, numberFreeCommandBlocks=14, totalNumberCommandBlocks=15,
                maxTotalNumberCommandBlocks=16, numberPendingSessions=17, maxNumberPendingSessions=18, maxTotalSessionsPossible=19, sessionDataPacketSize=20)
    v.valid("node-status-response/every-statistic", table([named(0, 0x0400)], statistics("02:00:0a:00:00:02", **full)), STATUS_IS, "RFC 1002 §4.2.18 STATISTICS")
    most = {field: 0xFFFFFFFF if field.startswith("numberGood") else 0xFF if field in ("jumpers", "testResult") else 0xFFFF for field in full}
    v.valid("node-status-response/statistics-at-most", table([named(0, 0x0400)], statistics("ff:ff:ff:ff:ff:ff", **most)), STATUS_IS, "RFC 1002 §4.2.18 STATISTICS")
    v.valid("node-status-response/scoped", table([named(0, 0x0400)], name=Name("FRED", 0, ["LAB", "EXAMPLE"])), STATUS_IS, "RFC 1002 §4.2.18: names of the requesting name's scope, without it")
    v.valid("node-status-response/octets-beyond-statistics", table([named(0, 0x0400)], more=b"\0\0"), STATUS_IS, "RFC 1002 §4.2.18 RDLENGTH: the length is the sender's",
            "habit of Windows XP and others: zeros behind STATISTICS, counted by RDLENGTH")


def names(v):
    clause = "RFC 1001 §14.1, MS-NBTE §2.2.1: any sixteen octets"
    for row in range(16):
        v.valid(f"name/octets-{row:x}0-to-{row:x}f", query(0x0110, Name(octets=bytes(range(row * 16, row * 16 + 16)))), QUERY, clause)
    for octet in (0x00, 0x20, 0x2A, 0xFF):
        v.valid(f"name/all-{octet:02x}", query(0x0110, Name(octets=bytes([octet]) * 16)), QUERY, clause)
    for suffix, what in [(0x00, "workstation"), (0x01, "messenger-nt"), (0x03, "messenger"), (0x06, "ras-server"), (0x1B, "domain-master-browser"), (0x1C, "domain-controllers"),
                         (0x1D, "master-browser"), (0x1E, "browser-elections"), (0x1F, "netdde"), (0x20, "server"), (0x21, "ras-client"), (0xBE, "network-monitor-agent"), (0xFF, "highest")]:
        v.valid(f"name/suffix-{suffix:02x}-{what}", query(0x0110, Name("LAB", suffix)), QUERY, "MS-NBTE §2.2.1, product behaviour <2>")
    v.valid("name/browsers", query(0x0110, Name(octets=b"\x01\x02__MSBROWSE__\x02\x01")), QUERY, "MS-NBTE product behaviour <2>", "habit of browsers: 01 02 __MSBROWSE__ 02 <01>")
    v.valid("name/padded-with-plus", query(0x0110, Name("MON", 0xBF, pad=b"+")), QUERY, "MS-NBTE product behaviour <2>", "habit of Network Monitor: '+' where others have spaces")
    v.valid("name/padded-with-zeros", query(0x0110, Name("FRED", 0x20, pad=b"\0")), QUERY, clause)
    v.valid("name/lower-case", query(0x0110, Name("fred", 0x20)), QUERY, "RFC 1001 §14.1, MS-NBTE §2.2.1: compared octet by octet", why="fred<20> is not FRED<20>.")
    v.valid("name/fifteen-characters", query(0x0110, Name("ABCDEFGHIJKLMNO", 0x20)), QUERY, "MS-NBTE §2.2.1")
    v.valid("name/latin-1", query(0x0110, Name("B\u00dcRO-\u00c4\u00d6\u00df", 0x20)), QUERY, clause)
    v.valid("name/code-page-437", query(0x0110, Name(b"B\x9aRO-\x8e\x99\xe1", 0x20)), QUERY, clause)
    v.valid("name/dots-and-spaces", query(0x0110, Name("A.B C..D", 0x20)), QUERY, clause)
    v.valid("name/control-characters", query(0x0110, Name(b"\x1b[31mRED\x07\r\n", 0x20)), QUERY, clause, why="Whoever prints a name must escape it.")
    v.valid("name/rfc-1002-example", query(0x0110, Name(octets=b"FRED" + b" " * 12, scope=["NETBIOS", "COM"])), QUERY, "RFC 1002 §4.1", "RFC 1002 §4.1 diagram")
    v.valid("name/rfc-1001-example", query(0x0110, Name(octets=b"The NetBIOS name", scope=["SCOPE", "ID", "COM"])), QUERY, "RFC 1001 §14.1",
            "RFC 1001 §14.1 example, two misprinted letters corrected")


def scopes(v):
    clause = "RFC 1002 §4.1"
    for length in (1, 2, 31, 32, 33, 62, 63):
        v.valid(f"scope/label-of-{length}", query(0x0110, Name("FRED", 0x20, ["S" * length])), QUERY, clause + ": a label of 63 octets or less")
    for total in (100, 254, 255):
        room, scope = total - 34, []
        while room:
            take = min(64, room)
            take -= 1 if room - take == 1 else 0  # a label has at least one octet
            scope.append("S" * (take - 1))
            room -= take
        name = Name("FRED", 0x20, scope)
        assert name.size == total <= MAX_NAME
        v.valid(f"scope/name-of-{total}-octets", query(0x0110, name), QUERY, clause + ": 255 octets or less")
    v.valid("scope/110-labels-of-one", query(0x0110, Name("FRED", 0x20, ["S"] * 110)), QUERY, clause)
    v.valid("scope/lower-case", query(0x0110, Name("FRED", 0x20, ["lab", "example"])), QUERY, clause + "; compared as it is (Q163112)")
    v.valid("scope/dot-inside-a-label", query(0x0110, Name("FRED", 0x20, ["A.B", "C"])), QUERY, clause, why="Two labels, not three: text with dots cannot tell.")
    v.valid("scope/octets-that-are-no-text", query(0x0110, Name("FRED", 0x20, [bytes([0, 0x1B, 0x7F, 0x80, 0xFF]), b" "])), QUERY, clause)
    v.valid("scope/looks-like-a-name", query(0x0110, Name("FRED", 0x20, [half_ascii(netbios("JANE"))])), QUERY, clause, why="Only the first label is half-ASCII.")
    scoped = Name("FRED", 0x20, ["LAB", "EXAMPLE"])
    for slug, packet, kind in [("registration-request", claim(0x2910, scoped), REGISTRATION), ("release-request", claim(0x3000, scoped), RELEASE), ("refresh-request", claim(0x4000, scoped), REFRESH),
                               ("positive-registration-response", answer(0xAD80, scoped, 300000), REGISTERED), ("negative-query-response", denial(0x8583, scoped), NOT_FOUND),
                               ("positive-query-response", answer(0x8580, scoped, 300000), FOUND), ("wack", wait(0x2900, 9, scoped), WACK),
                               ("conflict-demand", answer(0xAD87, scoped, host="0.0.0.0"), CONFLICT), ("node-status-request", query(0, Name(octets=ANY.octets, scope=["LAB", "EXAMPLE"]), NBSTAT), STATUS)]:
        v.valid(f"scope/{slug}", packet, kind, clause)
    v.valid("scope/longest-in-a-claim", claim(0x2900, Name("FRED", 0x20, ["S" * 63] * 3 + ["T" * 28]), 300000), REGISTRATION, clause + ", §4.2.2: the pointer keeps the datagram below 576 octets")


def add(v):
    for part in (claims, replies, queries, node_status, names, scopes):
        part(v)
