"""Odd packets that real stacks and hostile ones send, and that can be read all the same: what is odd has a name."""
from forms import *
from wire import NB, NBSTAT, NS, NULL, STATISTICS, Data, Name, Packet, nb, netbios, statistics, status, wack

NAMED = lambda suffix, flags, text="FRED": (netbios(text, suffix), flags)


def uncounted(v):
    odd = {"UncountedRecord"}
    clause = "whose diagram draws a record under ANCOUNT 0"
    for rcode in (1, 2, 3, 4, 5):
        for flags, who in [(0x8500, "end-node"), (0x8580, "name-server")]:
            v.valid(f"uncounted/negative-query-response-{who}-{rcode}", denial(flags | rcode, section="uncounted"), NOT_FOUND, f"RFC 1002 §4.2.14, {clause}", "RFC 1002 §4.2.14 diagram", odd=odd)
    v.valid("uncounted/scoped", denial(0x8583, Name("FRED", 0x20, ["LAB"]), section="uncounted"), NOT_FOUND, f"RFC 1002 §4.2.14, {clause}", odd=odd)
    for flags, kind, slug in [(0xAD86, NOT_REGISTERED, "negative-registration-response"), (0xB406, NOT_RELEASED, "negative-release-response"), (0xAD80, REGISTERED, "positive-registration-response"),
                              (0x8580, FOUND, "positive-query-response")]:
        v.valid(f"uncounted/{slug}", Packet(flags, counts=(0, 0, 0, 0)).record("uncounted", FRED, NB, 0, nb((0, HOST))), kind, "RFC 1002 §4.2.14 draws so; as tolerable elsewhere", odd=odd)


def trailing(v):
    odd = {"TrailingOctets"}
    clause = "RFC 1002 §4.2.1: the counts say where the packet ends"
    for slug, packet, kind in [("query-request", query(0x0110), QUERY), ("registration-request", claim(0x2910), REGISTRATION), ("release-demand", claim(0x3010), RELEASE_DEMAND),
                               ("positive-query-response", answer(0x8500), FOUND), ("negative-query-response", denial(0x8583), NOT_FOUND), ("wack", wait(0x2900, 9), WACK),
                               ("node-status-request", query(0, ANY, NBSTAT), STATUS), ("node-status-response", table([NAMED(0, 0x0400)]), STATUS_IS)]:
        v.valid(f"trailing/{slug}", packet.then("00"), kind, clause, odd=odd)
    v.valid("trailing/text", query(0x0110).then(b"trailing octets"), QUERY, clause, odd=odd)
    v.valid("trailing/up-to-600-octets", query(0x0110).then(b"\xaa" * 550), QUERY, clause + "; more than 576 octets are no datagram of §6, yet Ethernet carries them", odd=odd)
    v.valid("trailing/second-packet", query(0x0110).then(query(0x0110, tid=0x1235).octets), QUERY, clause, odd=odd, why="One datagram is one packet.")
    v.valid("trailing/record-of-a-request", Packet(0x2900, counts=(1, 0, 0, 1)).question(FRED).record("additional", FRED, NB, 0, nb((0, HOST)), at=12)
            .then(claim(0x2900).octets[50:]), REGISTRATION, clause, odd=odd)
    v.valid("trailing/half-a-record-in-a-response", denial(0x8583).then("0000"), NOT_FOUND, clause, odd=odd)


def reserved(v):
    for bits in (0x20, 0x40, 0x60):
        v.valid(f"reserved/header-bits-{bits:02x}", query(0x0110 | bits), QUERY, "RFC 1002 §4.2.1.1 NM_FLAGS: 0 0", odd={"ReservedHeaderBits"})
    v.valid("reserved/header-bits-of-a-response", answer(0x8560), FOUND, "RFC 1002 §4.2.1.1 NM_FLAGS: 0 0", odd={"ReservedHeaderBits"})
    for bits in (0x0001, 0x0400, 0x1000, 0x1FFF):
        v.valid(f"reserved/nb-flags-{bits:04x}", answer(0x8580, nb_flags=bits), FOUND, "RFC 1002 §4.2.1.3 NB_FLAGS: RESERVED must be zero", odd={"ReservedNbFlags"})
    v.valid("reserved/nb-flags-of-a-claim", claim(0x2910, nb_flags=0x0001), REGISTRATION, "RFC 1002 §4.2.1.3 NB_FLAGS", odd={"ReservedNbFlags"})
    v.valid("reserved/nb-flags-of-one-in-three", answer(0x8580, entries=[(0, HOST), (0x1000, "10.0.0.3"), (0, "10.0.0.4")]), FOUND, "RFC 1002 §4.2.1.3 NB_FLAGS", odd={"ReservedNbFlags"})
    v.valid("reserved/nb-flags-in-conflict-demand", answer(0xAD87, nb_flags=0x0FFF, host="0.0.0.0"), CONFLICT, "RFC 1002 §4.2.8: 0x000 in the diagram", odd={"ReservedNbFlags"})
    v.valid("reserved/name-flags", table([NAMED(0, 0x05FF)]), STATUS_IS, "RFC 1002 §4.2.18 NAME_FLAGS: bits 7 to 15 must be zero", odd={"ReservedNameFlags"})


def lengths(v):
    clause = "RFC 1002 §4.2.13: RDATA is whole ADDR_ENTRYs of six octets"
    for more in (1, 2, 4, 5):
        packet = Packet(0x8580).record("answer", FRED, NB, 0, nb((0, HOST), odd=b"\x0a\0\0\3\0"[:more]))
        v.valid(f"nb-length/query-response-{6 + more}", packet, FOUND, clause, odd={"OddNbLength"})
        packet = Packet(0x2900).question(FRED).record("additional", FRED, NB, 0, nb((0, HOST), odd=b"\x0a\0\0\3\0"[:more]), at=12)
        v.valid(f"nb-length/registration-request-{6 + more}", packet, REGISTRATION, "RFC 1002 §4.2.2: RDLENGTH 0x0006", odd={"OddNbLength"})
    v.valid("nb-length/claim-with-two-entries", claim(0x2900, entries=[(0, HOST), (0, "10.0.0.3")]), REGISTRATION, "RFC 1002 §4.2.2: RDLENGTH 0x0006", odd={"SeveralAddressesInClaim"},
            why="The first address is the claimant's.")
    clause = "RFC 1002 §4.2.18: STATISTICS are 46 octets"
    for cut in (0, 1, 5, 6, 7, 20, 45):
        v.valid(f"statistics/{cut}-octets", table([NAMED(0, 0x0400)], statistics("02:00:0a:00:00:02"), cut=cut), STATUS_IS, clause, odd={"ShortStatistics"},
                why="UNIT_ID is there." if cut >= 6 else None)
    v.valid("statistics/none-and-no-names", table([], cut=0), STATUS_IS, clause, odd={"ShortStatistics"})
    v.valid("statistics/no-rdata", Packet(0x8400).record("answer", ANY, NBSTAT, 0, Data(b"", names=[], statisticsLength=0)), STATUS_IS, clause + "; NUM_NAMES is missing too", odd={"ShortStatistics"})
    two = status([NAMED(0, 0x0400), NAMED(0x20, 0x0400)])
    octets = b"\x01" + two.octets[1:]
    told = status([NAMED(0, 0x0400)]).says["names"]
    behind = octets[19:]
    unit = ":".join(f"{octet:02x}" for octet in behind[:6])
    fields, at = {"unitId": unit}, 6
    for field, size in STATISTICS[1:]:
        fields[field] = int.from_bytes(behind[at:at + size], "big")
        at += size
    v.valid("num-names/one-less-than-listed", Packet(0x8400).record("answer", ANY, NBSTAT, 0, Data(octets, names=told, statisticsLength=len(behind), statistics=fields)), STATUS_IS,
            "RFC 1002 §4.2.18 NUM_NAMES", odd={"OctetsBehindStatistics"}, why="Nothing in the packet tells: what was meant for a name is read as statistics.")


def classes(v):
    for cls in (0, 2, 3, 255, 0xFFFF):
        v.valid(f"class/question-{cls}", Packet(0x0110).question(FRED, cls=cls), QUERY, "RFC 1002 §4.2.1.2: IN is the only class", odd={"UnknownClass"})
    v.valid("class/record-of-a-claim", Packet(0x2900).question(FRED).record("additional", FRED, NB, 0, nb((0, HOST)), cls=2, at=12), REGISTRATION, "RFC 1002 §4.2.1.3: IN is the only class", odd={"UnknownClass"})
    v.valid("class/answer", Packet(0x8580).record("answer", FRED, NB, 0, nb((0, HOST)), cls=0x8001), FOUND, "RFC 1002 §4.2.1.3: IN is the only class", odd={"UnknownClass"}, why="Bit 15 is multicast DNS' cache flush.")
    v.valid("class/node-status", Packet(0x0000).question(ANY, NBSTAT, cls=255), STATUS, "RFC 1002 §4.2.1.2", odd={"UnknownClass"})


def header(v):
    for bits, slug, what in [(0x0400, "aa", "AuthoritativeRequest"), (0x0200, "tc", "TruncatedRequest"), (0x0080, "ra", "RecursionAvailableInRequest"), (0x0005, "rcode", "RcodeInRequest")]:
        v.valid(f"header/request-with-{slug}", query(0x0110 | bits), QUERY, f"RFC 1002 §4.2.1.1 and §4.2.12, which draws 0", odd={what})
        v.valid(f"header/registration-with-{slug}", claim(0x2910 | bits), REGISTRATION, f"RFC 1002 §4.2.1.1 and §4.2.2, which draws 0", odd={what})
    v.valid("header/response-with-b", answer(0x8590), FOUND, "RFC 1002 §4.2.13, which draws B 0", odd={"BroadcastResponse"})
    v.valid("header/response-without-aa", answer(0x8180), FOUND, "RFC 1002 §4.2.13, which draws AA 1", odd={"UnauthoritativeAnswer"})
    v.valid("header/response-with-its-question", Packet(0x8580).question(FRED).record("answer", FRED, NB, 300000, nb((0, HOST)), at=12), FOUND, "RFC 1002 §4.2.1.1 QDCOUNT: always zero for responses",
            "habit of DNS-like stacks: the question is repeated", odd={"QuestionInResponse"})
    v.valid("header/negative-response-with-its-question", Packet(0x8583).question(FRED).record("answer", FRED, NULL, at=12), NOT_FOUND, "RFC 1002 §4.2.1.1 QDCOUNT", odd={"QuestionInResponse"})
    v.valid("header/registration-response-with-its-question", Packet(0xAD80).question(FRED).record("answer", FRED, NB, 300000, nb((0, HOST)), at=12), REGISTERED, "RFC 1002 §4.2.1.1 QDCOUNT", odd={"QuestionInResponse"})
    v.valid("header/claim-in-the-answer-section", Packet(0x2910).question(FRED).record("answer", FRED, NB, 0, nb((0, HOST)), at=12), REGISTRATION, "RFC 1002 §4.2.2: the record is additional", odd={"RecordInOtherSection"})
    v.valid("header/claim-in-the-authority-section", Packet(0x2910).question(FRED).record("authority", FRED, NB, 0, nb((0, HOST)), at=12), REGISTRATION, "RFC 1002 §4.2.2: the record is additional", odd={"RecordInOtherSection"})
    v.valid("header/answer-in-the-additional-section", Packet(0x8580).record("additional", FRED, NB, 0, nb((0, HOST))), FOUND, "RFC 1002 §4.2.13: the record is an answer", odd={"RecordInOtherSection"})
    v.valid("header/two-questions", Packet(0x0110).question(FRED).question(Name("JANE")), QUERY, "RFC 1002 §4.2.12: QDCOUNT 0x0001", odd={"SeveralQuestions"})
    v.valid("header/two-claims", Packet(0x2910).question(FRED).record("additional", FRED, NB, 0, nb((0, HOST)), at=12).record("additional", FRED, NB, 0, nb((0, "10.0.0.3")), at=12), REGISTRATION,
            "RFC 1002 §4.2.2: ARCOUNT 0x0001", odd={"SeveralRecords"})
    v.valid("header/query-with-a-record", Packet(0x0110).question(FRED).record("additional", FRED, NB, 0, nb((0, HOST)), at=12), QUERY, "RFC 1002 §4.2.12: ARCOUNT 0", odd={"RecordInQuery"})
    for rcode in range(8, 16):
        v.valid(f"header/query-response-rcode-{rcode}", denial(0x8580 | rcode), NOT_FOUND, "RFC 1002 §4.2.14 RCODE: the value is none of the table's; anything but 0 is a refusal", odd={"UnknownRcode"})
    for rcode, flags, kind in [(6, 0x8580, NOT_FOUND), (7, 0x8580, NOT_FOUND)]:
        v.valid(f"header/query-response-rcode-{rcode}", denial(flags | rcode), kind, "RFC 1002 §4.2.14, whose table ends at 5", odd={"UnknownRcode"})
    v.valid("header/release-response-rcode-3", answer(0xB403), NOT_RELEASED, "RFC 1002 §4.2.11, whose table has no 3", "habit of Samba's nmbd", odd={"UnknownRcode"})
    v.valid("header/registration-response-rcode-3", answer(0xAD83), NOT_REGISTERED, "RFC 1002 §4.2.6, whose table has no 3", odd={"UnknownRcode"})
    v.valid("header/denial-of-type-nb", Packet(0x8583).record("answer", FRED, NB, 0, nb()), NOT_FOUND, "RFC 1002 §4.2.14: type NULL", odd={"DenialOfOtherType"})
    v.valid("header/denial-with-an-address", answer(0x8583), NOT_FOUND, "RFC 1002 §4.2.14: type NULL, RDLENGTH 0", odd={"DenialOfOtherType"})
    v.valid("header/wack-with-rcode", wait(0x2900, 9, flags=0xBC06), WACK, "RFC 1002 §4.2.16, which draws 0", odd={"RcodeInWack"})
    v.valid("header/wack-without-data", Packet(0xBC00).record("answer", FRED, NB, 9), WACK, "RFC 1002 §4.2.16: RDLENGTH 0x0002", odd={"WackDataLength"})
    v.valid("header/redirect-without-address", Packet(0x8100, counts=(0, 0, 1, 0)).record("authority", FRED, NS, 0, Data(b"\x20" + FRED.labels[0] + b"\0", server={
        "offset": 56, "pointers": [], "octets": FRED.octets[:15].hex(), "suffix": 0x20, "scope": []})), REDIRECT, "RFC 1002 §4.2.15 NSD_IP_ADDR", odd={"RedirectWithoutAddress"}, why="There is nobody to ask.")


    for flags, kind, slug, clause in [(0xAD80, REGISTERED, "registration", "§4.2.5"), (0xAD86, NOT_REGISTERED, "refusal", "§4.2.6"), (0xB400, RELEASED, "release", "§4.2.10")]:
        v.valid(f"header/{slug}-response-without-address", Packet(flags).record("answer", FRED, NB, 300, nb()), kind, f"RFC 1002 {clause}: RDLENGTH 0x0006", odd={"AnswerWithoutAddress"})
    v.valid("header/release-request-with-ttl", claim(0x3000, ttl=300000), RELEASE, "RFC 1002 §4.2.9: TTL 0x00000000", odd={"TtlInRelease"})
    v.valid("header/node-status-with-ttl", table([NAMED(0, 0x0400)], ttl=300000), STATUS_IS, "RFC 1002 §4.2.18: TTL 0x00000000", odd={"TtlInNodeStatus"})
    null = Name(labels=[])
    v.valid("header/wack-of-no-name", Packet(0xBC00).record("answer", null, NB, 9, wack(0x2900)), WACK, "RFC 1002 §4.2.16: \"a null name, single byte of zero\" where the request has none",
            odd={"IllegalName"}, why="The one packet that may come without a name.")


def stacks(v):
    """Habits of real stacks, made anew with our own names and addresses."""
    padded = lambda text, suffix, flags: (netbios(text, suffix, b"\0"), flags)
    v.valid("stack/printer-names-padded-with-zeros", table([padded("BRN_1", 0, 0x4400)], name=Name("BRN_1", 0x20), ttl=300000), STATUS_IS, "RFC 1002 §4.2.18; MS-NBTE §2.2.1: any sixteen octets",
            "habit of a Brother printer (nmap's service probes), re-made", odd={"TtlInNodeStatus"})
    v.valid("stack/embedded-one-name", table([NAMED(0, 0x0400, "DEVICE")], statistics("02:00:0a:00:00:07")), STATUS_IS, "RFC 1002 §4.2.18", "habit of lwIP's responder: one name, B node, re-made")
    v.valid("stack/embedded-answer", answer(0x8500, Name("DEVICE", 0x00), 300000, 0, "10.0.0.7"), FOUND, "RFC 1002 §4.2.13", "habit of lwIP's responder: 8500, TTL 300000, re-made")
    v.valid("stack/xp-node-status", table([NAMED(0, 0x0400, "XP"), NAMED(0x20, 0x0400, "XP"), NAMED(0, 0x8400, "LAB"), NAMED(0x1E, 0x8400, "LAB"), NAMED(0x1D, 0x0400, "LAB"),
            (b"\x01\x02__MSBROWSE__\x02\x01", 0x8400)], statistics("02:00:0a:00:00:09")), STATUS_IS, "RFC 1002 §4.2.18", "habit of Windows XP: zeros but for UNIT_ID, re-made")
    v.valid("stack/xp-registration", claim(0x2910, Name("XP", 0x20), 300000, 0, "10.0.0.9"), REGISTRATION, "RFC 1002 §4.2.2, §5.1.1.1, which has TTL 0 in broadcasts", "habit of Windows: TTL 300000 in a broadcast too, re-made")
    v.valid("stack/xp-overwrite-demand", claim(0x2810, Name("LAB", 0x1E), 300000, GROUP, "10.0.0.9"), OVERWRITE_DEMAND, "RFC 1002 §4.2.3, §5.1.1.1", "habit of Windows: a fourth broadcast, re-made")
    v.valid("stack/windows-h-node-registration", claim(0x2900, Name("PC", 0x20), 300000, ONT["H"], "10.0.0.9"), REGISTRATION, "RFC 1002 §4.2.2; Q189101: ONT 11 is an H node", "habit of Windows, re-made")
    v.valid("stack/windows-h-node-calls-itself-m", table([NAMED(0, 0x4400, "PC"), NAMED(0, 0xC400, "LAB")]), STATUS_IS, "RFC 1002 §4.2.18", "habit of Windows H nodes (nmap's service probes), re-made")
    v.valid("stack/query-response-without-rd", answer(0x8400, Name("XP", 0x20), 3572, 0, "10.0.0.9"), FOUND, "RFC 1002 §4.2.13, §4.2.1.1: RD is copied from the request", "habit of Windows XP asked with RD 0, re-made")
    v.valid("stack/answer-with-name-flags", answer(0x8580, Name("NAS", 0x20), 300000, 0x4400, "10.0.0.8"), FOUND, "RFC 1002 §4.2.1.3 NB_FLAGS: RESERVED must be zero",
            "habit of an embedded stack that copies NAME_FLAGS into NB_FLAGS (seen in mercury's capture), re-made", odd={"ReservedNbFlags"})
    v.valid("stack/group-answer-with-name-flags", answer(0x8580, Name("LAB", 0x1E), 300000, 0xC400, "10.0.0.8"), FOUND, "RFC 1002 §4.2.1.3 NB_FLAGS: RESERVED must be zero",
            "habit of an embedded stack that copies NAME_FLAGS into NB_FLAGS (seen in mercury's capture), re-made", odd={"ReservedNbFlags"})
    v.valid("stack/registration-ttl-900", claim(0x2910, Name("STORAGE", 0x20), 900, ONT["H"], "10.0.0.10"), REGISTRATION, "RFC 1002 §4.2.2", "habit seen in ipfixprobe's capture: TTL 900 and an H node by broadcast, re-made")
    v.valid("stack/group-release-by-broadcast", claim(0x3010, Name("LAB", 0x1E), 0, GROUP, "10.0.0.9"), RELEASE_DEMAND, "RFC 1002 §4.2.9", "habit of Windows at shutdown, re-made")
    v.valid("stack/broadcast-query-recursion-not-desired", query(0x0010, Name("PC", 0x20)), QUERY, "RFC 1002 §4.2.12, which draws RD 1; §4.2.1.1 has it for name servers alone", "habit seen in mercury's capture, re-made")
    v.valid("stack/wins-negative-answer", denial(0x8583, Name("NOSUCH", 0x20)), NOT_FOUND, "RFC 1002 §4.2.14; the record counted", "habit of WINS, re-made")
    v.valid("stack/wins-domain-controllers", answer(0x8580, Name("DOM", 0x1C), 0, entries=[(GROUP, f"10.0.0.{i}") for i in range(1, 26)]), FOUND, "RFC 1002 §4.2.13; MS-NBTE §3.2.1: 25 addresses", "habit of WINS, re-made")
    v.valid("stack/wins-proxy-answer", answer(0x8580, Name("PC", 0x20), 300000, 0, "10.1.0.9"), FOUND, "RFC 1002 §4.2.13; RFC 1001 §15.3.1", "habit of a proxy: RA 1 in a broadcast's answer, re-made")
    v.valid("stack/wpad-query", query(0x0110, Name("WPAD", 0x00)), QUERY, "RFC 1002 §4.2.12", "habit of Windows browsers, re-made")
    v.valid("stack/isatap-query", query(0x0110, Name("ISATAP", 0x00)), QUERY, "RFC 1002 §4.2.12", "habit of Windows Vista and later, re-made")
    v.valid("stack/poisoner-answer", answer(0x8500, Name("WPAD", 0x00), 165, 0, "10.0.0.66"), FOUND, "RFC 1002 §4.2.13", "habit of a poisoner: TTL 165, re-made")
    v.valid("stack/scanner-status-request", query(0x0010, ANY, NBSTAT, 0x80F0), STATUS, "RFC 1002 §4.2.17", "habit of nmap's nbstat probe: id 80F0, B 1 to one host, re-made")
    v.valid("stack/zero-transaction-status", query(0x0000, ANY, NBSTAT, 0), STATUS, "RFC 1002 §4.2.17", "habit of scanners: id 0, re-made")
    v.valid("stack/dc-registers-1c", claim(0x2910, Name("DOM", 0x1C), 300000, GROUP, "10.0.0.5"), REGISTRATION, "RFC 1002 §4.2.2; MS-NBTE <2>", "habit of a domain controller, re-made")
    v.valid("stack/primary-dc-registers-1b", claim(0x7900, Name("DOM", 0x1B), 300000, ONT["H"], "10.0.0.5"), MULTIHOMED, "MS-NBTE §2.2.2", "habit of a domain controller, re-made")


def add(v):
    for part in (uncounted, trailing, reserved, lengths, classes, header, stacks):
        part(v)
