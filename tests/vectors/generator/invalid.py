"""Packets that are none: octets that cannot be read, and what can be read but is no packet of RFC 1002 §4.2."""
from forms import *
from wire import A, NB, NBSTAT, NS, NULL, Data, Name, Packet, host, nb, netbios, raw, status

NAMED = lambda suffix, flags, text="FRED": (netbios(text, suffix), flags)
SCOPED = Name("FRED", 0x20, ["LAB", "EXAMPLE"])
QUESTION, RECORD = 5, 11  # the fewest octets that they take: a name of one octet and the fixed fields, RFC 1002 §4.2.1.2 and §4.2.1.3


def cut_error(packet, length):
    """What a cut packet shows first, and where: a count that promises more than the octets can hold, data shorter than RDLENGTH, else an end inside a field."""
    if length < 12:
        return "Truncated", length
    starts = [question["name"]["offset"] for question in packet.questions] + [record["name"]["offset"] for record in packet.records]
    at = max(index for index, start in enumerate(starts) if start <= length) if length >= starts[0] else 0
    questions = max(0, len(packet.questions) - at)
    records = len(packet.records) - max(0, at - len(packet.questions))
    if at >= len(packet.questions) and (data := packet.marks[f"rdata{at - len(packet.questions)}"]) <= length:
        return "RecordDataOverrun", data
    if QUESTION * questions + RECORD * records > length - starts[at]:
        return "CountsOverrun", 4 if questions else {"answer": 6, "authority": 8, "additional": 10}[packet.records[at - len(packet.questions)]["section"]]
    return "Truncated", length


def cuts(v):
    for length in (0, 1, 2, 3, 4, 5, 6, 8, 10, 11):
        v.unreadable(f"cut/header-{length}", query(0x0110).octets[:length], "Truncated", length, "RFC 1002 §4.2.1.1: the header has twelve octets")
    redirect = Packet(0x8100).redirect(FRED, Name("WINS2", 0), "10.0.0.9")
    for slug, packet in [("query-request", query(0x0110)), ("scoped-query-request", query(0x0110, SCOPED)), ("node-status-request", query(0, ANY, NBSTAT)), ("registration-request", claim(0x2910)),
                         ("overwrite-demand", claim(0x2810)), ("refresh-request", claim(0x4000)), ("multihomed-registration-request", claim(0x7900)), ("release-request", claim(0x3000)),
                         ("positive-registration-response", answer(0xAD80)), ("conflict-demand", answer(0xAD87, host="0.0.0.0")), ("positive-query-response", answer(0x8580)),
                         ("negative-query-response", denial(0x8583)), ("wack", wait(0x2900, 9)), ("redirect", redirect), ("node-status-response", table([NAMED(0, 0x0400), NAMED(0x20, 0x0400)]))]:
        whole = len(packet.octets)
        marks = packet.marks
        lengths = {12, 13, 44, whole - 1}
        if packet.questions:
            lengths |= {marks["questionType"], marks["questionType"] + 3}
        for number in range(len(packet.records)):
            lengths |= {marks[f"type{number}"], marks[f"rdlength{number}"] + 1, marks[f"rdata{number}"], marks[f"rdata{number}"] + 1}
        for length in sorted(lengths):
            if length >= whole or packet.octets[:length] in v.known:
                continue  # nothing is missing, or what is there is the same as of another kind
            error, octet = cut_error(packet, length)
            v.unreadable(f"cut/{slug}-{length}", packet.octets[:length], error, octet, "RFC 1002 §4.2.1.1 counts, §4.2.1.2, §4.2.1.3")


def labels(v):
    clause = "RFC 1002 §4.1: bits 01 and 10 are reserved"
    for octet in (0x40, 0x41, 0x60, 0x7F, 0x80, 0xA0, 0xBF):
        v.unreadable(f"label/reserved-{octet:02x}", Packet(0x0110, counts=(1, 0, 0, 0)).then(bytes([octet]) + query(0).octets[13:]).octets, "ReservedLabelType", 12, clause,
                     why="41 is an EDNS label of RFC 2673." if octet == 0x41 else None)
        v.unreadable(f"label/reserved-{octet:02x}-in-the-scope", Packet(0x0110, counts=(1, 0, 0, 0)).then(b"\x20" + FRED.labels[0] + bytes([octet]) + b"LAB\0\0\x20\0\x01").octets, "ReservedLabelType", 45, clause)
    v.unreadable("label/reserved-in-a-record", Packet(0x8580, counts=(0, 1, 0, 0)).then(b"\x60" + answer(0x8580).octets[13:]).octets, "ReservedLabelType", 12, clause)
    v.unreadable("label/reserved-behind-a-question", claim(0x2910).octets.replace(bytes.fromhex("c00c"), bytes.fromhex("800c")), "ReservedLabelType", 50, clause)
    v.unreadable("label/reserved-behind-a-pointer", Packet(0x8580, counts=(0, 2, 0, 0)).record("answer", FRED, NB, 0, nb((0x8000, HOST))).record("answer", FRED, NB, 0, nb((0, HOST)), at=56).octets,
                 "ReservedLabelType", 56, clause, why="The pointer leads to NB_FLAGS 8000.")
    clause = "RFC 1002 §4.1: 255 octets or less"
    for more in (1, 2, 20, 64, 238):
        name = Name("FRED", 0x20, ["S" * 63] * 3 + ["T" * 28] + ["U" * (more - 1)] if more > 1 else ["S" * 63] * 3 + ["T" * 29])
        if more > 64:
            name = Name("FRED", 0x20, ["S" * 63] * 7 + ["T" * 10])
        packet = query(0x0110, name)
        v.unreadable(f"label/name-of-{name.size}-octets", packet.octets, "NameTooLong", 12, clause, why="Name servers of Windows and Samba keep scopes of up to 237 octets." if more == 1 else None,
                     lenient=(packet, ["LongName"]))
    packet = claim(0x2900, Name("FRED", 0x20, ["S" * 63] * 3 + ["T" * 29]), 300000)
    v.unreadable("label/claim-of-a-long-name", packet.octets, "NameTooLong", 12, clause, lenient=(packet, ["LongName"]))
    packet = answer(0x8580, Name("FRED", 0x20, ["S" * 63] * 3 + ["T" * 29]))
    v.unreadable("label/answer-of-a-long-name", packet.octets, "NameTooLong", 12, clause, lenient=(packet, ["LongName"]))
    longest = Name("FRED", 0x20, ["S" * 63] * 3 + ["T" * 28])
    both = Packet(0x8580).record("answer", longest, NB, 0, nb((0, HOST)))
    at = both.here
    both.record("answer", Name(octets=FRED.octets, labels=[FRED.labels[0], *longest.labels]), NB, 0, nb((0, HOST)), at=12, labels=1)
    v.unreadable("label/long-by-a-pointer", both.octets, "NameTooLong", at, clause, why="The name that the pointer leads to is as long as may be; with one more label it is not.", lenient=(both, ["LongName"]))


def counts(v):
    clause = "RFC 1002 §4.2.1.1: the counts are those of the entries"
    def over(slug, packet, octet, told):
        packet.counts = told
        v.unreadable(f"count/{slug}", packet.octets, "CountsOverrun", octet, clause)

    for told in (2, 3, 255, 65535):
        over(f"qdcount-{told}-of-1", query(0x0110), 4, (told, 0, 0, 0))
        over(f"ancount-{told}-of-1", answer(0x8580), 6, (0, told, 0, 0))
        over(f"arcount-{told}-of-1", claim(0x2910), 10, (1, 0, 0, told))
        if told not in (2, 65535):
            over(f"nscount-{told}-of-0", Packet(0x8100), 8, (0, 0, told, 0))
    for number, (slug, octet) in enumerate([("qdcount", 4), ("ancount", 6), ("nscount", 8), ("arcount", 10)]):
        told = [0, 0, 0, 0]
        told[number] = 2
        over(f"{slug}-2-of-nothing", Packet(0x8580 if number else 0x0110), octet, tuple(told))
        told[number] = 0xFFFF
        over(f"{slug}-65535-of-nothing", Packet(0x8580 if number else 0x0110), octet, tuple(told))
    over("all-65535", Packet(0x0110), 4, (0xFFFF,) * 4)
    over("query-that-promises-a-record", query(0x0110), 10, (1, 0, 0, 1))
    over("answer-that-promises-authority", answer(0x8580), 8, (0, 1, 1, 0))
    over("redirect-without-its-address", Packet(0x8100).redirect(FRED, Name("WINS2", 0), "10.0.0.9"), 10, (0, 0, 1, 2))


def data(v):
    for length in (7, 60, 0x7FFF, 0xFFFF):
        v.unreadable(f"rdlength/claim-{length}-of-6", Packet(0x2910).question(FRED).record("additional", FRED, NB, 0, nb((0, HOST)), at=12, length=length).octets, "RecordDataOverrun", 62, "RFC 1002 §4.2.1.3 RDLENGTH")
        v.unreadable(f"rdlength/answer-{length}-of-6", Packet(0x8580).record("answer", FRED, NB, 0, nb((0, HOST)), length=length).octets, "RecordDataOverrun", 56, "RFC 1002 §4.2.1.3 RDLENGTH")
    v.unreadable("rdlength/denial-1-of-0", Packet(0x8583).record("answer", FRED, NULL, length=1).octets, "RecordDataOverrun", 56, "RFC 1002 §4.2.14: RDLENGTH 0x0000")
    v.unreadable("rdlength/wack-3-of-2", Packet(0xBC00).record("answer", FRED, NB, 9, raw("2900"), length=3).octets, "RecordDataOverrun", 56, "RFC 1002 §4.2.16: RDLENGTH 0x0002")
    v.unreadable("rdlength/node-status-1-more", Packet(0x8400).record("answer", ANY, NBSTAT, 0, status([NAMED(0, 0x0400)]), length=66).octets, "RecordDataOverrun", 56, "RFC 1002 §4.2.18 RDLENGTH")
    v.unreadable("rdlength/type-of-no-meaning", Packet(0x8580).record("answer", FRED, 0x10, 0, raw("0474657874"), length=6).octets, "RecordDataOverrun", 56, "RFC 1002 §4.2.1.3 RDLENGTH")
    clause = "RFC 1002 §4.2.18 NUM_NAMES"
    for told, there, cut in [(1, 0, 0), (1, 0, 17), (2, 1, 0), (2, 1, 17), (4, 1, None), (9, 2, None), (26, 25, 0), (255, 5, None), (255, 0, 0)]:
        packet = Packet(0x8400).record("answer", ANY, NBSTAT, 0, status([NAMED(i, 0x0400) for i in range(there)], count=told, cut=cut))
        v.unreadable(f"num-names/{told}-of-{there}-{'with' if cut is None else cut or 'without'}-statistics", packet.octets, "NodeNamesOverrun", 56, clause)


def strangers(v):
    clause = "RFC 1002 §4.2.1.1 OPCODE: none of the table's"
    for opcode in (1, 2, 3, 4, 10, 11, 12, 13, 14):
        v.meaningless(f"unknown/request-opcode-{opcode}", query(opcode << 11), "UnknownPacket", 2, clause, why="2 is DNS' STATUS, 4 its NOTIFY." if opcode in (2, 4) else None)
        v.meaningless(f"unknown/response-opcode-{opcode}", answer(0x8000 | opcode << 11), "UnknownPacket", 2, clause)
    v.meaningless("unknown/wack-request", Packet(0x3800).question(FRED).record("additional", FRED, NB, 9, raw("290000000000"), at=12), "UnknownPacket", 2, "RFC 1002 §4.2.16: a WACK is a response")
    for type, name in [(A, "a"), (NS, "ns"), (NULL, "null"), (0x0C, "ptr"), (0xFF, "any"), (0, "0")]:
        v.meaningless(f"unknown/question-type-{name}", query(0x0110, type=type), "UnknownPacket", 2, "RFC 1002 §4.2.1.2 QUESTION_TYPE: NB or NBSTAT")
    for type, data_of, name in [(A, host(HOST), "a"), (NULL, raw(""), "null"), (0x10, raw("0474657874"), "text")]:
        v.meaningless(f"unknown/answer-type-{name}", Packet(0x8580).record("answer", FRED, type, 0, data_of), "UnknownPacket", 2, "RFC 1002 §4.2.13, §4.2.15, §4.2.18: NB, NS or NBSTAT")


def missing(v):
    all_claims = [(0x2910, "registration-request", "§4.2.2"), (0x2800, "overwrite-request", "§4.2.3"), (0x4000, "refresh-request", "§4.2.4"), (0x4800, "refresh-request-opcode-9", "§4.2.4"),
                  (0x3000, "release-request", "§4.2.9"), (0x7900, "multihomed-registration-request", "§4.2.2, MS-NBTE §2.2.2")]
    one = nb((0, HOST))
    for flags, slug, clause in all_claims:
        v.meaningless(f"no-question/{slug}", Packet(flags).record("additional", FRED, NB, 0, one), "QuestionMissing", 4, f"RFC 1002 {clause}; §4.2.1.1 QDCOUNT: non-zero for requests")
        v.meaningless(f"no-record/{slug}", query(flags), "RecordMissing", 10, f"RFC 1002 {clause}: ARCOUNT 0x0001")
        v.meaningless(f"no-address/{slug}-type-null", Packet(flags).question(FRED).record("additional", FRED, NULL, 0, raw(""), at=12), "AddressMissing", 52, f"RFC 1002 {clause}: RR_TYPE NB")
        v.meaningless(f"no-address/{slug}-no-data", Packet(flags).question(FRED).record("additional", FRED, NB, 0, nb(), at=12), "AddressMissing", 60, f"RFC 1002 {clause}: RDLENGTH 0x0006")
    for octets in range(1, 6):
        odd = nb(odd=bytes(octets))
        v.meaningless(f"no-address/registration-request-{octets}-octets", Packet(0x2910).question(FRED).record("additional", FRED, NB, 0, odd, at=12), "AddressMissing", 60, "RFC 1002 §4.2.2: RDLENGTH 0x0006", odd=["OddNbLength"])
        v.meaningless(f"no-address/query-response-{octets}-octets", Packet(0x8580).record("answer", FRED, NB, 0, odd), "AddressMissing", 54, "RFC 1002 §4.2.13: ADDR_ENTRYs of six octets", odd=["OddNbLength"])
    v.meaningless("no-address/registration-request-type-a", Packet(0x2910).question(FRED).record("additional", FRED, A, 0, host(HOST), at=12), "AddressMissing", 52, "RFC 1002 §4.2.2: RR_TYPE NB")
    v.meaningless("no-address/query-response-no-entry", Packet(0x8580).record("answer", FRED, NB, 0, nb()), "AddressMissing", 54, "RFC 1002 §4.2.13: \"zero or more\", yet each \"represents an owner\"",
                  why="No owner is no answer.")
    v.meaningless("no-question/query-request", Packet(0x0110), "QuestionMissing", 4, "RFC 1002 §4.2.12: QDCOUNT 0x0001")
    v.meaningless("no-question/query-request-with-a-record", Packet(0x0110).record("additional", FRED, NB, 0, one), "QuestionMissing", 4, "RFC 1002 §4.2.12: QDCOUNT 0x0001")
    v.meaningless("no-question/all-zero", Packet(0, 0), "QuestionMissing", 4, "RFC 1002 §4.2.1.1 QDCOUNT: non-zero for requests", "habit of scanners: twelve zeros")
    for flags, slug, clause in [(0xAD80, "positive-registration-response", "§4.2.5"), (0xAD86, "negative-registration-response", "§4.2.6"), (0xAD00, "end-node-challenge", "§4.2.7"),
                                (0xAD87, "conflict-demand", "§4.2.8"), (0xB400, "positive-release-response", "§4.2.10"), (0xB406, "negative-release-response", "§4.2.11"),
                                (0x8580, "positive-query-response", "§4.2.13"), (0x8583, "negative-query-response", "§4.2.14"), (0xBC00, "wack", "§4.2.16")]:
        v.meaningless(f"no-record/{slug}", Packet(flags), "RecordMissing", 6, f"RFC 1002 {clause}", why="Twelve octets: which name is meant only the transaction id can tell, to whoever asked." if flags == 0x8583 else None)
    v.meaningless("no-record/router-node-status", Packet(0x8580, counts=(1, 0, 0, 0)).question(ANY, NBSTAT).then(b"\0\0\0\0" + bytes([0, len(status([NAMED(0, 0x0400)]).octets)]) + status([NAMED(0, 0x0400)]).octets),
                  "RecordMissing", 6, "RFC 1002 §4.2.18: ANCOUNT 0x0001, QDCOUNT 0", "habit of MikroTik's responder (nmap's service probes): the record is counted as a question, re-made",
                  "A lenient reader finds the record behind the \"question\".", odd=["TrailingOctets"])


def names(v):
    clause = "RFC 1002 §4.1: the first octet of a name is 20, length must be 32"
    for length in (1, 15, 16, 30, 31, 33, 34, 63):
        label = (FRED.labels[0] * 2)[:length]
        bad = Name(labels=[label])
        v.meaningless(f"bad-name/label-of-{length}", query(0x0110, bad), "UnreadableName", 12, clause, odd=["IllegalName"])
    v.meaningless("bad-name/root", query(0x0110, Name(labels=[])), "UnreadableName", 12, clause, odd=["IllegalName"])
    v.meaningless("bad-name/dns", query(0x0110, Name(labels=[b"www", b"example", b"com"])), "UnreadableName", 12, clause, "habit of a resolver that was given port 137", odd=["IllegalName"])
    clause = "RFC 1001 §14.1: letters 'A' to 'P'"
    for letter in ("Q", "Z", "@", "[", "0", " ", "\0", "\x7f", "\xff", "\xc1"):
        for at in ((0, 31) if letter in "Q@" else (0,)):
            label = bytearray(FRED.labels[0])
            label[at] = ord(letter)
            v.meaningless(f"bad-name/letter-{ord(letter):02x}-at-{at}", query(0x0110, Name(labels=[bytes(label)])), "UnreadableName", 12, clause, odd=["IllegalName"])
    lower = Name(labels=[FRED.labels[0].lower()])
    v.meaningless("bad-name/lower-case", query(0x0110, lower), "UnreadableName", 12, clause, odd=["LowerCaseName"], why="A reader that folds case takes another name for its own.")
    v.meaningless("bad-name/mixed-case", query(0x0110, Name(labels=[FRED.labels[0][:16] + FRED.labels[0][16:].lower()])), "UnreadableName", 12, clause, odd=["LowerCaseName"])
    for slug, packet in [("registration-request", claim(0x2910, lower)), ("positive-query-response", answer(0x8580, lower)), ("release-demand", claim(0x3010, lower))]:
        v.meaningless(f"bad-name/lower-case-{slug}", packet, "UnreadableName", 12, clause, odd=["LowerCaseName"])
    for slug, packet in [("registration-request", claim(0x2910, Name(labels=[b"FRED"]))), ("negative-query-response", denial(0x8583, Name(labels=[b"FRED"]))), ("node-status-response", table([NAMED(0, 0x0400)], name=Name(labels=[]))),
                         ("conflict-demand", answer(0xAD87, Name(labels=[b"FRED"]), host="0.0.0.0"))]:
        v.meaningless(f"bad-name/{slug}", packet, "UnreadableName", 12, "RFC 1002 §4.1", odd=["IllegalName"])
    bad = Packet(0x8100).record("authority", FRED, NS, 0, Data(b"\x04FRED\0", server={
        "offset": 56, "pointers": [], "octets": None, "firstLabel": b"FRED".hex(), "scope": []})).record("additional", FRED, A, 0, host("10.0.0.9"), at=12)
    v.meaningless("bad-name/redirect-to-no-name", bad, "UnreadableName", 56, "RFC 1002 §4.2.15 NSD_NAME")
    bad = Packet(0x8100).record("authority", FRED, NS, 0, Data(b"\xc0\x38")).record("additional", FRED, A, 0, host("10.0.0.9"), at=12)
    v.meaningless("bad-name/redirect-to-itself", bad, "UnreadableName", 56, "RFC 1002 §4.2.15 NSD_NAME, §4.1", why="NSD_NAME is a pointer to itself; the records around it can be read.")
    bad = Packet(0x8100).record("authority", FRED, NS, 0, Data(b"\x20" + FRED.labels[0][:20])).record("additional", FRED, A, 0, host("10.0.0.9"), at=12)
    v.meaningless("bad-name/redirect-to-half-a-name", bad, "UnreadableName", 56, "RFC 1002 §4.2.15 NSD_NAME", why="The name runs out of its RDATA.")


def add(v):
    for part in (cuts, labels, counts, data, strangers, missing, names):
        part(v)
